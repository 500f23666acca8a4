// The page: opens the store, and keeps what is shown in step with the address and with what is stored.

import { createAppendForm } from "./append-view.js";
import { byId, element } from "./element.js";
import { createEntriesView } from "./entries-view.js";
import { findFacets } from "./facets.js";
import { createFilters } from "./filters-view.js";
import { explain } from "./format.js";
import { createImportView } from "./import-view.js";
import { plainView, readView, writeView } from "./location.js";
import { createProjectView } from "./project-view.js";
import { createNewProjectForm, showProjects } from "./projects-view.js";
import { openStore } from "./scribe-store/index.js";

async function start() {
  let store;
  try {
    store = await openStore();
  } catch (error) {
    byId("projects-state").textContent = "";
    const again = element("button", { type: "button", onclick: () => location.reload() }, "Try again");
    showProblem(`The store could not be opened. ${explain(error)}`, again);
    return;
  }
  run(store);
}

/** @param {import("./scribe-store/index.js").ScribeStore} store */
function run(store) {
  let view = readView(location.hash);
  /** @type {import("./projects-view.js").ProjectWithMetrics[]} */
  let projects = [];
  /** The other tabs with this page: each tells the others when it has changed something. */
  const otherTabs = new BroadcastChannel("scribe-store-page");
  otherTabs.addEventListener("message", () => refresh());

  const selected = () => projects.find(({ project }) => project.name === view.project);

  // ---------------------------------------------------------------- going somewhere

  const goTo = (next, { replace = false } = {}) => {
    view = next;
    const address = writeView(view);
    if (address !== location.hash) history[replace ? "replaceState" : "pushState"](null, "", address);
    return show();
  };
  const change = (changes, options) => goTo({ ...view, ...changes }, options);
  // Other filters have other pages: go to the first.
  const filter = (changes, options) => change({ page: null, cursor: null, ...changes }, options);
  window.addEventListener("hashchange", () => {
    view = readView(location.hash);
    show();
  });
  // The address of the page has a part behind "#" already, so this is no way to skip to an element by its name.
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main-content").focus();
  });

  // ---------------------------------------------------------------- the parts

  const filters = createFilters(filter);
  const entries = createEntriesView(store, {
    turn: change,
    condition: (key, value) => filter({ meta: { ...view.meta, [key]: value } }),
    filterProblem: (error) => filters.showProblem(error),
  });
  const projectView = createProjectView(store, {
    refresh: () => refresh(),
    deleted: async () => {
      changed();
      await goTo(plainView(null, view.pageSize));
      await refresh();
    },
  });
  const appendForm = createAppendForm(
    store,
    () => selected().project,
    async () => {
      changed();
      // To where the new entry is.
      await change({ page: null, cursor: null });
      await refresh();
    },
  );
  const imports = createImportView(store, async (report) => {
    changed();
    await refresh();
    if (!selected() && report.projects.length > 0) {
      await goTo(plainView([...report.projects].sort()[0], view.pageSize));
    }
  });
  createNewProjectForm(store, async (name) => {
    changed();
    await refresh();
    await goTo(plainView(name, view.pageSize));
  });

  // ---------------------------------------------------------------- showing

  const changed = () => otherTabs.postMessage("changed");

  /** Reads all that is shown anew. */
  const refresh = async () => {
    try {
      projects = await readProjects(store);
      hideProblem();
    } catch (error) {
      const again = element("button", { type: "button", onclick: () => refresh() }, "Try again");
      showProblem(explain(error), again);
      return;
    }
    await show();
  };

  let facetsOf = "";
  let facetSearch = new AbortController();
  const showFacets = async ({ project, metrics }) => {
    const wanted = JSON.stringify([project.id, metrics.totalEntries]);
    if (wanted === facetsOf) return;
    if (!facetsOf.startsWith(`[${project.id},`)) filters.offer({ agents: new Map(), emojis: new Map() });
    facetsOf = wanted;
    facetSearch.abort();
    facetSearch = new AbortController();
    const { signal } = facetSearch;
    try {
      const facets = await findFacets(store, project.name, signal);
      if (signal.aborted) return;
      filters.offer(facets);
      appendForm.offerAgents([...facets.agents.keys()]);
    } catch {
      // The list of entries shows the same trouble; without choices the page still works.
      if (facetsOf === wanted) facetsOf = "";
    }
  };

  let shownProject = null;
  const show = async () => {
    showProjects(projects, view.project);
    const one = selected();
    byId("project").hidden = !one;
    byId("welcome").hidden = Boolean(one);
    document.title = one ? `${one.project.name} – scribe-store` : "scribe-store";
    if (!one) {
      shownProject = null;
      showWelcome(view.project, projects.length, imports.loadSample);
      return;
    }
    if (one.project.id !== shownProject) appendForm.clear();
    shownProject = one.project.id;
    projectView.show(one);
    filters.clearProblems();
    filters.show(view);
    await Promise.all([entries.show(view), showFacets(one)]);
  };

  refresh().then(() => imports.open(projects.length === 0));
}

async function readProjects(store) {
  const all = await store.listProjects();
  const metrics = await Promise.allSettled(all.map((project) => store.fetchMetrics(project)));
  const found = [];
  for (const [index, project] of all.entries()) {
    const { status, value, reason } = metrics[index];
    if (status === "fulfilled") found.push({ project, metrics: value });
    // Deleted between the two reads, by another tab.
    else if (reason?.code !== "not_found") throw reason;
  }
  return found;
}

/** What is shown when no project is. */
function showWelcome(missing, count, loadSample) {
  const place = byId("welcome");
  const parts = [];
  if (missing !== null) {
    parts.push(element("p", { className: "notice warning" }, `There is no project “${missing}” here.`));
  }
  if (count > 0) {
    parts.push(element("p", {}, "Pick a project to read its entries."));
  } else {
    parts.push(
      element("h2", {}, "No log here yet"),
      element("p", {}, "Import a log of your own, or look around in a sample: three projects, three days."),
      element("button", { type: "button", className: "main", onclick: loadSample }, "Load the sample log"),
    );
  }
  place.replaceChildren(...parts);
}

function showProblem(text, ...more) {
  const place = byId("problem");
  place.replaceChildren(element("p", {}, text), ...more);
  place.hidden = false;
}

function hideProblem() {
  byId("problem").hidden = true;
}

start();
