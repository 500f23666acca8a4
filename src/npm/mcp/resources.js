/**
 * Projects and their logs as resources.
 * @module
 */

import { ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { isScribeError } from "../errors.js";

/** Where all projects are listed; each is below it. */
export const PROJECTS = "scribe://projects";

/** How many entries a log shows at once. */
const PAGE_SIZE = 200;

/** Most names that are proposed for one that was begun. */
const MOST_COMPLETIONS = 100;

/** The protocol's code of an address where there is nothing. */
const NOT_FOUND = -32002;

/**
 * Adds the resources to a server.
 *
 * @param {import("@modelcontextprotocol/sdk/server/mcp.js").McpServer} server
 * @param {import("../index.js").ScribeStore} store
 */
export function addResources(server, store) {
  const complete = {
    name: async (start) => {
      const projects = await store.listProjects();
      const names = projects.map(({ name }) => name).filter((name) => name.startsWith(start));
      return names.slice(0, MOST_COMPLETIONS);
    },
  };
  const listOf = (make) => async () => ({
    resources: (await store.listProjects()).filter(hasAddress).map(make),
  });

  server.registerResource(
    "projects",
    PROJECTS,
    { title: "Projects", description: "All projects, sorted by name.", mimeType: "application/json" },
    async ({ href }) => json(href, (await store.listProjects()).map(plain)),
  );

  const project = { mimeType: "application/json", description: "A project, and how its log stands." };
  server.registerResource(
    "project",
    new ResourceTemplate(`${PROJECTS}/{name}`, {
      list: listOf(({ name }) => ({ name, title: name, uri: addressOf(name), ...project })),
      complete,
    }),
    { title: "Project", ...project },
    ({ href }) => found(href, () => readProject(store, href)),
  );

  const log = {
    mimeType: "text/plain",
    description: `The newest ${PAGE_SIZE} lines of a project's progress log, newest first; what follows is at the address \`next\` of its metadata.`,
  };
  const readPage = ({ href }) => found(href, () => readLog(store, href));
  server.registerResource(
    "log",
    new ResourceTemplate(`${PROJECTS}/{name}/log`, {
      list: listOf(({ name }) => ({
        name: `${name}: log`,
        title: `${name}: log`,
        uri: `${addressOf(name)}/log`,
        ...log,
      })),
      complete,
    }),
    { title: "Progress log", ...log },
    readPage,
  );
  server.registerResource(
    "log page",
    new ResourceTemplate(`${PROJECTS}/{name}/log?cursor={cursor}`, { list: undefined, complete }),
    {
      title: "Progress log, further page",
      mimeType: log.mimeType,
      description: "Older lines of a progress log.",
    },
    readPage,
  );
}

async function readProject(store, href) {
  const { name } = placeOf(href);
  const project = await store.fetchProject(name);
  if (project === null) throw missing(href, `project ${JSON.stringify(name)} does not exist`);
  const { totalEntries, successCount, warnCount, errorCount, lastUpdate } = await store.fetchMetrics(project);
  const entries = { total: totalEntries, success: successCount, warn: warnCount, error: errorCount };
  return json(href, { ...plain(project), entries, last_entry_at: lastUpdate });
}

async function readLog(store, href) {
  const { name, cursor } = placeOf(href);
  const window = cursor === null ? { pageSize: PAGE_SIZE } : { cursor };
  const page = await store.fetchRecentEntriesPaginated({ project: name, ...window });
  const next = page.nextCursor && `${addressOf(name)}/log?cursor=${encodeURIComponent(page.nextCursor)}`;
  const lines = page.items.map(({ rawLine }) => `${rawLine}\n`);
  return contents(href, "text/plain", lines.join(""), { total: page.totalCount, next });
}

/** A project's address. */
function addressOf(name) {
  return `${PROJECTS}/${encodeURIComponent(name)}`;
}

/** The addresses of a project and of its log. */
export function addressesOf(name) {
  return [addressOf(name), `${addressOf(name)}/log`];
}

/** Addresses lose path segments that are dots, however they are written. */
function hasAddress({ name }) {
  return name !== "." && name !== "..";
}

/** The project, and the place in its log, that an address names. */
function placeOf(href) {
  const { pathname, searchParams } = new URL(href);
  try {
    return { name: decodeURIComponent(pathname.split("/")[1]), cursor: searchParams.get("cursor") };
  } catch {
    throw missing(href, "the address is malformed");
  }
}

/** Makes errors of the protocol of those that tell what is not there. */
async function found(href, read) {
  try {
    return await read();
  } catch (error) {
    const codes = ["not_found", "invalid_cursor", "invalid_argument"];
    throw isScribeError(error) && codes.includes(error.code) ? missing(href, error.message) : error;
  }
}

function missing(uri, message) {
  return new McpError(NOT_FOUND, `${uri}: ${message}`, { uri });
}

function plain({ name, repoRoot, progressLogPath, createdAt, updatedAt }) {
  return {
    project: name,
    root: repoRoot,
    log_path: progressLogPath,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

function json(uri, value) {
  return contents(uri, "application/json", JSON.stringify(value));
}

function contents(uri, mimeType, text, _meta) {
  return { contents: [{ uri, mimeType, text, ...(_meta && { _meta }) }] };
}
