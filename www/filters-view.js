// The form of the filters. It shows a view and tells of changes to it.

import { createChoices } from "./choices.js";
import { byId, element, markField } from "./element.js";
import { hasFilters, plainView } from "./location.js";
import { createMetaConditions } from "./meta-conditions.js";

/** How long typing may pause before it is searched for. */
const PAUSE_MS = 200;

/**
 * @param {(changes: Partial<import("./location.js").View>, options?: { replace?: boolean }) => void} onChange
 *   `replace`: this is not worth a step of its own for "back".
 */
export function createFilters(onChange) {
  const text = byId("filter-text");
  const mode = byId("filter-mode");
  const matchCase = byId("filter-case");
  const agents = createChoices(byId("filter-agents"), (chosen) => onChange({ agents: chosen }));
  const emojis = createChoices(byId("filter-emojis"), (chosen) => onChange({ emojis: chosen }));
  const range = { from: createMoment("from", onChange), to: createMoment("to", onChange) };
  const meta = createMetaConditions(
    byId("filter-meta"),
    (conditions) => onChange({ meta: conditions }),
    (problem) => byId("filter-meta-problem").replaceChildren(problem),
  );
  let facets = { agents: new Map(), emojis: new Map() };
  let shown = plainView(null);

  let pause;
  const endPause = () => {
    clearTimeout(pause);
    pause = undefined;
  };
  const applyText = (options) => {
    endPause();
    if (text.value !== shown.text) onChange({ text: text.value }, options);
  };
  text.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(applyText, PAUSE_MS, { replace: shown.text !== "" });
  });
  text.addEventListener("change", () => applyText());
  // A text that has just been typed goes with them.
  const withText = (change) => {
    endPause();
    onChange({ ...change, text: text.value });
  };
  mode.addEventListener("change", () => withText({ mode: mode.value }));
  matchCase.addEventListener("change", () => withText({ caseSensitive: matchCase.checked }));
  byId("filters").addEventListener("submit", (event) => {
    event.preventDefault();
    applyText();
    meta.read();
  });
  byId("filter-meta-add").addEventListener("click", () => meta.addRow());
  byId("filter-clear").addEventListener("click", () => {
    endPause();
    text.value = "";
    meta.clear();
    const { agents, emojis, text: none, mode, caseSensitive, from, to, meta: conditions } = plainView(null);
    onChange({ agents, emojis, text: none, mode, caseSensitive, from, to, meta: conditions });
    text.focus();
  });

  const showChoices = () => {
    agents.show(facets.agents, shown.agents);
    emojis.show(facets.emojis, shown.emojis);
  };

  return {
    /** @param {import("./location.js").View} view */
    show(view) {
      // What is just being typed is newer than the view, unless this is another place altogether.
      if (view.project !== shown.project) endPause();
      if (pause === undefined && text.value !== view.text) text.value = view.text;
      shown = view;
      mode.value = view.mode;
      matchCase.checked = view.caseSensitive;
      range.from.show(view.from);
      range.to.show(view.to);
      meta.show(view.meta);
      showChoices();
      // What takes effect must be seen; what was opened by hand stays open.
      if (view.from !== "" || view.to !== "" || Object.keys(view.meta).length > 0)
        byId("filter-more").open = true;
      byId("filter-clear").disabled = !hasFilters(view);
    },
    /** @param {import("./facets.js").Facets} found */
    offer(found) {
      facets = found;
      showChoices();
    },
    clearProblems() {
      markField(text, byId("filter-text-problem"), "");
      byId("filter-range-problem").replaceChildren();
    },
    /**
     * Shows an error beside the filter that caused it.
     *
     * @param {unknown} error
     * @returns {boolean} Whether there is such a filter.
     */
    showProblem(error) {
      if (error?.code !== "invalid_argument") return false;
      const [, member] = /^`(\w+)/.exec(error.message) ?? [];
      if (member === "message") {
        markField(text, byId("filter-text-problem"), explainPattern(shown.text, error.message));
        return true;
      }
      if (member === "start" || member === "end") {
        byId("filter-range-problem").replaceChildren(error.message);
        return true;
      }
      return false;
    },
  };
}

/** The store's words about a pattern, and where in it the trouble is. */
function explainPattern(pattern, message) {
  const [, position, why] = /at position (\d+): (.*)$/s.exec(message) ?? [];
  if (position === undefined) return message;
  // The store repeats the pattern behind its reason; here it is shown with the place marked.
  const reason = why.replace(/: "(?:[^"\\]|\\.)*"?$/s, "");
  const at = Number(position);
  const shownFrom = Math.max(0, at - 40);
  return element(
    "div",
    {},
    element("p", {}, `This pattern cannot be searched: ${reason} (at character ${at + 1}).`),
    element(
      "code",
      { className: "pattern" },
      pattern.slice(shownFrom, at),
      element("mark", {}, pattern.slice(at, at + 1) || " "),
      pattern.slice(at + 1, at + 40),
    ),
  );
}

/** A date with a time that may be left out, in two fields. */
function createMoment(name, onChange) {
  const date = byId(`filter-${name}-date`);
  const time = byId(`filter-${name}-time`);
  const read = () => {
    time.disabled = date.value === "";
    return date.value === "" || time.value === "" ? date.value : `${date.value}T${time.value}`;
  };
  for (const field of [date, time]) {
    field.addEventListener("change", () => onChange({ [name]: read() }));
  }
  return {
    show(moment) {
      if (moment !== read()) [date.value, time.value = ""] = moment.split("T");
      time.disabled = date.value === "";
    },
  };
}
