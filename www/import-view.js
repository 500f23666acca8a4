// Picking, dropping and loading logs, and telling what came of it.

import { byId, element } from "./element.js";
import { counted, explain } from "./format.js";
import { importLog } from "./import.js";

const SAMPLE = "sample-log.jsonl";

/**
 * @param {import("./scribe-store/index.js").ScribeStore} store
 * @param {(report: import("./import.js").ImportReport) => void | Promise<void>} onImported
 * @returns {{ loadSample: () => Promise<void>, open: (open: boolean) => void }}
 */
export function createImportView(store, onImported) {
  const panel = byId("import");
  const zone = byId("drop-zone");
  const input = byId("log-file");
  const sample = byId("load-sample");
  const progress = byId("import-progress");
  const reports = byId("import-reports");

  // One after the other: two imports at once would only slow each other down.
  let last = Promise.resolve();
  const queue = (names, open) => {
    last = last.then(async () => {
      panel.open = true;
      reports.replaceChildren();
      input.disabled = sample.disabled = true;
      for (const name of names) await run(name, await open(name));
      input.disabled = sample.disabled = false;
      progress.textContent = "";
    });
    return last;
  };

  const run = async (name, content) => {
    if (content instanceof Error) {
      reports.append(failure(name, content));
      return;
    }
    progress.textContent = `Importing ${name} …`;
    let report;
    try {
      const onProgress = ({ inserted, duplicates, badCount }) => {
        progress.textContent = `Importing ${name}: ${counted(inserted + duplicates + badCount, "line", "lines")} …`;
      };
      report = await importLog(store, content, { name, onProgress });
      reports.append(reportOn(name, report));
    } catch (error) {
      report = error.report;
      reports.append(failure(name, error, report));
    }
    if (report) await onImported(report);
  };

  const importFiles = (files) => {
    const byName = new Map([...files].map((file) => [file.name, file]));
    return queue([...byName.keys()], (name) => byName.get(name));
  };
  const loadSample = () => queue([SAMPLE], fetchSample);

  input.addEventListener("change", () => {
    const files = [...input.files];
    // So that the same file can be picked again.
    input.value = "";
    if (files.length > 0) importFiles(files);
  });
  sample.addEventListener("click", loadSample);
  listenForDrops(zone, importFiles);
  input.disabled = sample.disabled = false;

  return {
    loadSample,
    open: (open) => {
      panel.open = open;
    },
  };
}

async function fetchSample() {
  try {
    const response = await fetch(new URL(SAMPLE, import.meta.url));
    return response.ok
      ? await response.blob()
      : new Error(`the server answered with status ${response.status}`);
  } catch (error) {
    return error;
  }
}

/** Files may be dropped anywhere: beside the zone, the browser would leave the page and show the file. */
function listenForDrops(zone, importFiles) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  window.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    zone.classList.add("target");
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) zone.classList.remove("target");
  });
  window.addEventListener("drop", (event) => {
    zone.classList.remove("target");
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) importFiles(event.dataTransfer.files);
  });
}

function reportOn(name, report) {
  const { inserted, duplicates, badCount, badLines, created } = report;
  const parts = [`${counted(inserted, "entry", "entries")} imported`];
  if (created > 0) parts.push(`${counted(created, "project", "projects")} created`);
  if (duplicates > 0) parts.push(`${counted(duplicates, "duplicate", "duplicates")} left alone`);
  if (badCount > 0) parts.push(`${counted(badCount, "bad line", "bad lines")} left out`);
  if (inserted + duplicates + badCount === 0) parts.splice(0, 1, "the file is empty");
  const box = element("div", {
    className: badCount > 0 ? "notice warning" : "notice success",
    role: "status",
  });
  box.append(element("p", {}, element("strong", {}, name), `: ${parts.join(", ")}.`));
  if (badCount > 0) box.append(badLineList(badLines, badCount));
  return box;
}

function badLineList(badLines, badCount) {
  const items = badLines.map(({ line, reason }) => element("li", {}, `Line ${line}: ${reason}`));
  const list = element("ul", { className: "bad-lines" }, ...items);
  const left = badCount - badLines.length;
  if (left > 0) list.append(element("li", {}, `… and ${counted(left, "more bad line", "more bad lines")}`));
  return list;
}

function failure(name, error, report) {
  const stored = report?.inserted
    ? ` Until then ${counted(report.inserted, "entry was", "entries were")} stored.`
    : "";
  const text = element("p", {}, element("strong", {}, name), `: ${explain(error)}${stored}`);
  return element("div", { className: "notice error", role: "alert" }, text);
}
