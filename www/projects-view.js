// The list of projects with their metrics, and the making of a new one.

import { byId, element, markField } from "./element.js";
import { counted, explain, number, shortTime } from "./format.js";
import { plainView, writeView } from "./location.js";

/**
 * @typedef {object} ProjectWithMetrics
 * @property {import("./scribe-store/index.js").Project} project
 * @property {import("./scribe-store/index.js").ProjectMetrics} metrics
 */

/** The four numbers of a project, in the order in which they are shown. */
export const METRICS = [
  { key: "totalEntries", name: "Entries", mark: "", className: "total" },
  { key: "successCount", name: "Success", mark: "✅", className: "success" },
  { key: "warnCount", name: "Warnings", mark: "⚠️", className: "warning" },
  { key: "errorCount", name: "Errors", mark: "❌", className: "error" },
];

/** Shows the list; `selected` is a project's name. */
export function showProjects(/** @type {ProjectWithMetrics[]} */ projects, selected) {
  const entries = projects.reduce((sum, { metrics }) => sum + metrics.totalEntries, 0);
  byId("projects-state").textContent =
    projects.length === 0
      ? "None yet."
      : `${counted(projects.length, "project", "projects")}, ${counted(entries, "entry", "entries")}`;
  byId("projects").replaceChildren(...projects.map((one) => card(one, one.project.name === selected)));
}

function card({ project, metrics }, isSelected) {
  const link = element("a", { href: writeView(plainView(project.name)) });
  if (isSelected) link.setAttribute("aria-current", "true");
  const counts = METRICS.slice(1).map(({ key, name, className }) =>
    element(
      "span",
      { className: `count ${className}`, title: name },
      element("span", { className: "dot", "aria-hidden": "true" }),
      number(metrics[key]),
      element("span", { className: "unseen" }, ` ${name}`),
    ),
  );
  link.append(
    element("span", { className: "name" }, project.name),
    element("span", { className: "counts" }, counted(metrics.totalEntries, "entry", "entries"), ...counts),
    element(
      "span",
      { className: "quiet" },
      metrics.lastUpdate === null
        ? "nothing written yet"
        : `last update ${shortTime(metrics.lastUpdate)} UTC`,
    ),
  );
  return element("li", {}, link);
}

/**
 * @param {import("./scribe-store/index.js").ScribeStore} store
 * @param {(name: string) => Promise<void>} onCreated
 */
export function createNewProjectForm(store, onCreated) {
  const form = byId("new-project-form");
  const name = byId("new-project-name");
  const problem = byId("new-project-problem");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if (name.value === "") return markField(name, problem, "A project needs a name.");
      if (await store.fetchProject(name.value)) {
        return markField(name, problem, "There is a project of this name already.");
      }
      const { name: created } = await store.upsertProject({
        name: name.value,
        repoRoot: byId("new-project-root").value,
        progressLogPath: byId("new-project-log").value,
      });
      markField(name, problem, "");
      form.reset();
      byId("new-project").open = false;
      await onCreated(created);
    } catch (error) {
      markField(name, problem, explain(error));
    }
  });
  // Until now the browser would have sent the form to the server.
  form.querySelector("button").disabled = false;
}
