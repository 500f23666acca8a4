// The entries of a view, page by page.

import { byId, element } from "./element.js";
import { entryItem } from "./entry-view.js";
import { counted, explain, number } from "./format.js";
import { hasFilters, PAGE_SIZES, toCriteria } from "./location.js";

/** Reads quicker than this need no word about loading. */
const PATIENCE_MS = 150;

/**
 * @param {import("./scribe-store/index.js").ScribeStore} store
 * @param {object} on
 * @param {(changes: Partial<import("./location.js").View>, options?: { replace?: boolean }) => void} on.turn Another
 *   page was asked for.
 * @param {(key: string, value: string | number | boolean | null) => void} on.condition
 * @param {(error: unknown) => boolean} on.filterProblem Shows an error where it belongs, if that is not here.
 */
export function createEntriesView(store, on) {
  const section = byId("entries-section");
  const list = byId("entries");
  const state = byId("entries-state");
  const pager = byId("pager");
  const count = byId("entries-count");
  const size = byId("page-size");
  const buttons = {
    first: byId("page-first"),
    previous: byId("page-previous"),
    next: byId("page-next"),
    last: byId("page-last"),
  };
  size.append(...PAGE_SIZES.map((one) => element("option", { value: String(one) }, String(one))));
  size.addEventListener("change", () => on.turn({ pageSize: Number(size.value), page: null, cursor: null }));

  /** @type {import("./scribe-store/index.js").Page<import("./scribe-store/index.js").Entry>} */
  let page;
  const turn = (to) => {
    on.turn(to);
    section.scrollIntoView({ block: "nearest" });
  };
  buttons.first.addEventListener("click", () => turn({ page: null, cursor: null }));
  buttons.previous.addEventListener("click", () => turn({ page: null, cursor: page.prevCursor }));
  buttons.next.addEventListener("click", () => turn({ page: null, cursor: page.nextCursor }));
  buttons.last.addEventListener("click", () => turn({ page: page.totalPages, cursor: null }));

  const say = (text, kind = "quiet") => {
    state.className = kind;
    state.textContent = text;
    state.hidden = text === "";
  };

  /** Keeps what is shown, but marks it as out of date: no flicker while a pattern is typed. */
  const keepAsStale = () => {
    list.classList.add("stale");
    pager.hidden = true;
    count.textContent = "The filter is not applied.";
    say("");
  };

  const showPage = (view) => {
    list.classList.remove("stale");
    list.replaceChildren(...page.items.map((entry) => entryItem(entry, on.condition)));
    const filtered = hasFilters(view);
    count.textContent = filtered
      ? counted(page.totalCount, "entry matches", "entries match")
      : counted(page.totalCount, "entry", "entries");
    if (page.items.length > 0) say("");
    else if (page.totalCount > 0) say("There is nothing on this page any more: go to the first one.");
    else say(filtered ? "No entry matches these filters." : "Nothing is written here yet.");
    pager.hidden = page.totalCount === 0;
    byId("page-place").textContent = `Page ${number(page.page)} of ${number(page.totalPages)}`;
    buttons.first.disabled = page.page === 1;
    buttons.previous.disabled = !page.hasPrev;
    buttons.next.disabled = !page.hasNext;
    buttons.last.disabled = page.page === page.totalPages;
    size.value = String(view.pageSize);
  };

  let asked = 0;
  return {
    /**
     * Reads and shows the page of a view. A later call overtakes an earlier one.
     *
     * @param {import("./location.js").View} view
     */
    async show(view) {
      asked += 1;
      const mine = asked;
      section.setAttribute("aria-busy", "true");
      const waiting = setTimeout(() => mine === asked && say("Loading …"), PATIENCE_MS);
      try {
        const place = view.cursor !== null ? { cursor: view.cursor } : { page: view.page ?? 1 };
        const found = await store.queryEntriesPaginated({
          ...toCriteria(view),
          pageSize: view.pageSize,
          ...place,
        });
        if (mine !== asked) return;
        page = found;
        showPage(view);
      } catch (error) {
        if (mine !== asked) return;
        if (error?.code === "invalid_cursor") {
          // An old address, or the project was made anew: the same entries from their first page.
          on.turn({ page: null, cursor: null }, { replace: true });
        } else if (on.filterProblem(error)) {
          keepAsStale();
        } else {
          list.replaceChildren();
          pager.hidden = true;
          count.textContent = "";
          say(explain(error), "notice error");
        }
      } finally {
        clearTimeout(waiting);
        if (mine === asked) section.removeAttribute("aria-busy");
      }
    },
  };
}
