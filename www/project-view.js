// The head of the selected project: metrics, deletion.

import { confirm } from "./confirm.js";
import { byId, element } from "./element.js";
import { counted, explain, fullTime, number } from "./format.js";
import { METRICS } from "./projects-view.js";

/**
 * @param {import("./scribe-store/index.js").ScribeStore} store
 * @param {object} on
 * @param {() => Promise<void>} on.refresh
 * @param {(name: string) => Promise<void>} on.deleted
 */
export function createProjectView(store, on) {
  const message = byId("project-message");
  /** @type {import("./projects-view.js").ProjectWithMetrics} */
  let shown;

  const say = (text, kind) => {
    message.className = kind ? `notice ${kind}` : "";
    message.textContent = text;
  };

  byId("refresh").addEventListener("click", () => {
    say("");
    return on.refresh();
  });

  byId("delete-project").addEventListener("click", async () => {
    const { project, metrics } = shown;
    const agreed = await confirm({
      title: `Delete ${project.name}?`,
      text: `Its ${counted(metrics.totalEntries, "entry", "entries")} and all that belongs to it will be gone for good.`,
      yes: "Delete the project",
    });
    if (!agreed) return;
    try {
      await store.deleteProject(project.name);
    } catch (error) {
      say(explain(error), "error");
      return;
    }
    await on.deleted(project.name);
  });

  return {
    /** @param {import("./projects-view.js").ProjectWithMetrics} selected */
    show(selected) {
      if (selected.project.id !== shown?.project.id) say("");
      shown = selected;
      const { project, metrics } = selected;
      byId("project-name").textContent = project.name;
      const places = [
        project.repoRoot && `in ${project.repoRoot}`,
        project.progressLogPath && `from ${project.progressLogPath}`,
      ];
      const created = `created ${fullTime(project.createdAt).slice(0, 16)} UTC`;
      byId("project-place").textContent = [...places.filter(Boolean), created].join(", ");
      const tiles = METRICS.map(({ key, name, mark, className }) =>
        tile(className, `${mark} ${name}`.trim(), number(metrics[key])),
      );
      const last = metrics.lastUpdate === null ? "never" : fullTime(metrics.lastUpdate);
      byId("metrics").replaceChildren(...tiles, tile("last", "Last update", last));
    },
  };
}

function tile(className, name, value) {
  return element("div", { className }, element("dt", {}, name), element("dd", {}, value));
}
