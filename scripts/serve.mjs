// A small static server for the page and for tests; it listens on this machine only.

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { pipeline } from "node:stream";

/** What a browser has to be told; `instantiateStreaming` demands the type of .wasm, modules that of .js. */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".jsonl": "application/jsonl; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** Sent with every answer. The policy is the strictest under which a page can use the package. */
const HEADERS = {
  "cache-control": "no-cache",
  "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  "x-content-type-options": "nosniff",
};

/**
 * @typedef {object} RunningServer
 * @property {string} url Where it listens, as in "http://127.0.0.1:8080/".
 * @property {() => Promise<void>} close Stops it; open connections are cut.
 */

/**
 * Serves folders on 127.0.0.1.
 *
 * @param {object} options
 * @param {string} options.root The folder that is served at "/".
 * @param {number} [options.port] Default 0: any free one.
 * @param {Record<string, string | null>} [options.headers] On top of the default ones; `null` leaves one out.
 * @param {Record<string, string>} [options.mounts] More folders, by the path they are served at, which begins and
 *   ends with a slash.
 * @returns {Promise<RunningServer>} Rejects, with the code "EADDRINUSE", when the port is taken.
 */
export async function startServer({ root, port = 0, headers = {}, mounts = {} }) {
  const places = Object.entries({ "/": root, ...mounts }).sort(([a], [b]) => b.length - a.length);
  const sent = Object.entries({ ...HEADERS, ...headers }).filter(([, value]) => value !== null);

  const server = createServer((request, response) => {
    for (const [name, value] of sent) response.setHeader(name, value);
    answer(places, request, response).catch((error) => {
      console.error(error);
      refuse(response, 500, "the server failed");
    });
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(places, request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return refuse(response, 405, "only GET and HEAD are answered");
  }
  const asked = pathOf(request.url);
  if (asked === undefined) return refuse(response, 400, "the address cannot be read");

  // The slash decides what a page's relative addresses mean, so a folder's address always ends with one.
  if (places.some(([at]) => at === `${asked}/`)) return redirect(response, `${asked}/`);
  const [at, folder] = places.find(([prefix]) => asked.startsWith(prefix));
  const found = await fileAt(folder, asked.slice(at.length));
  if (found === "folder") return redirect(response, `${asked}/`);
  if (found === undefined) return refuse(response, 404, `there is no ${asked}`);

  response.setHeader(
    "content-type",
    TYPES[path.extname(found.file).toLowerCase()] ?? "application/octet-stream",
  );
  response.setHeader("content-length", found.size);
  response.writeHead(200);
  if (request.method === "HEAD") return response.end();
  // A browser that leaves early is no error; a file that cannot be read to its end breaks the connection.
  return pipeline(createReadStream(found.file), response, () => {});
}

/** The path that a request asks for, decoded; `undefined` if it is malformed or climbs out of the root. */
function pathOf(url) {
  try {
    const asked = decodeURIComponent(url.split(/[?#]/, 1)[0]);
    const climbs = asked.split(/[/\\]/).includes("..");
    return asked.startsWith("/") && !climbs && !asked.includes("\0") && !asked.includes("\\")
      ? asked
      : undefined;
  } catch {
    return undefined;
  }
}

/** The file that a path names below a folder, "folder" for one that lacks its slash, `undefined` for nothing. */
async function fileAt(folder, relative) {
  try {
    const base = await realpath(folder);
    // Symbolic links are followed first, so that one cannot lead out of the folder either.
    const file = await realpath(
      path.join(base, relative.endsWith("/") || relative === "" ? `${relative}index.html` : relative),
    );
    if (!file.startsWith(base + path.sep)) return undefined;
    const about = await stat(file);
    if (about.isDirectory()) return "folder";
    return about.isFile() ? { file, size: about.size } : undefined;
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"].includes(error.code)) return undefined;
    throw error;
  }
}

function redirect(response, to) {
  // Two slashes at the front would name another host.
  response.setHeader("location", encodeURI(to.replace(/^\/+/, "/")));
  response.writeHead(301).end();
}

function refuse(response, status, why) {
  if (response.headersSent) return response.destroy();
  response.setHeader("content-type", "text/plain; charset=utf-8");
  return response.writeHead(status).end(`${status}: ${why}\n`);
}
