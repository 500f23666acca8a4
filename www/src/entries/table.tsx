// The table of entries: as high as all of them, but made of the rows in sight.

import { effect, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Entry } from "scribe-store";
import { touchesEntries } from "../app/changes.ts";
import { useApp } from "../app/context.ts";
import { onShortcuts } from "../app/shortcuts.ts";
import { criteriaOf, filterCount, NO_FILTERS, type View } from "../app/view.ts";
import { entries as countEntries, counted, explain } from "../shared/format.ts";
import { useNarrow } from "../shared/narrow.ts";
import { EntryList } from "./entry-list.ts";
import { Highlighter } from "./highlighter.ts";
import { rankOf } from "./rank.ts";
import { Row } from "./row.tsx";
import { TallScroll } from "./tall-scroll.ts";

/** Heights of a row in pixels; the style sheet has the same. */
const ROW = 30;
const NARROW_ROW = 52;

/** Rows that are read before it is known how many are in sight. */
const FIRST_ROWS = 40;

/** Rows that are made beyond those in sight. */
const OVERSCAN = 6;

/** A query with its answer so far. */
interface Shown {
  list: EntryList;
  highlighter: Highlighter;
  view: View;
}

interface Props {
  view: View;
  /** Shows an error beside the filter that caused it, and says whether there is one; `null` takes that back. */
  onFilterError: (error: unknown) => boolean;
}

/** The table of one project. What is shown stays until something else can be: nothing flickers while one types. */
export function EntriesTable({ view, onFilterError }: Props) {
  const app = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useNarrow() ? NARROW_ROW : ROW;
  const height = useRef(rowHeight);
  const scroll = useMemo(() => new TallScroll(), []);
  const sight = useSignal({ first: 0, last: 0, tick: 0 });
  const active = useSignal(-1);
  const fresh = useSignal<ReadonlySet<string>>(new Set());
  const shown = useSignal<Shown | null>(null);
  const problem = useSignal<unknown>(null);

  const key = JSON.stringify(criteriaOf(view));
  useEffect(() => {
    const shifted = (rows: number) => {
      if (active.value >= 0) active.value += rows;
      place(scroll.position + rows * height.current);
    };
    const next: Shown = {
      list: new EntryList(app.store, criteriaOf(view), shifted),
      highlighter: new Highlighter({ text: view.text, mode: view.mode, caseSensitive: view.caseSensitive }),
      view,
    };
    next.list.show(0, FIRST_ROWS, false);
    let taken = false;
    const stop = effect(() => {
      const { value: error } = next.list.error;
      if (taken || (next.list.total.value === null && error === null)) return;
      problem.value = error;
      if (error !== null) return;
      taken = true;
      end(shown.peek());
      shown.value = next;
    });
    return () => {
      stop();
      if (!taken) end(next);
    };
  }, [key]);
  useEffect(() => () => end(shown.peek()), []);

  const now = shown.value;
  const list = now?.list;
  const total = list?.total.value ?? 0;

  /** Whether new entries are to show as they come, above those in sight. */
  const anchored = () => scroll.position > 0 && !app.view.value.follow;

  const look = () => {
    const element = scroller.current;
    if (!element) return;
    const first = Math.floor(scroll.position / height.current);
    const last = Math.ceil((scroll.position + element.clientHeight) / height.current);
    shown.peek()?.list.show(Math.max(0, first - OVERSCAN), last + OVERSCAN, anchored());
    sight.value = { first, last, tick: sight.value.tick + 1 };
  };
  const place = (position: number) => {
    const element = scroller.current;
    if (!element) return;
    scroll.resize((shown.peek()?.list.total.peek() ?? 0) * height.current, element.clientHeight);
    const top = scroll.moveTo(position);
    const space = element.firstElementChild as HTMLElement | null;
    // At once: the element cannot be scrolled to where it does not yet reach.
    if (space) space.style.height = `${scroll.height}px`;
    if (element.scrollTop !== top) element.scrollTop = top;
    look();
  };
  const scrolled = () => {
    const element = scroller.current;
    if (!element) return;
    const instead = scroll.moved(element.scrollTop);
    if (instead !== undefined) element.scrollTop = instead;
    look();
  };

  // The size of the window and the number of entries decide what is in sight.
  useLayoutEffect(() => {
    const ratio = rowHeight / height.current;
    height.current = rowHeight;
    place(scroll.position * ratio);
  }, [rowHeight, total]);
  useLayoutEffect(() => {
    if (!list) return;
    const { entry } = app.view.peek();
    active.value = entry === null ? -1 : (list.rowOf(entry) ?? -1);
    place(0);
  }, [list]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => place(scroll.position));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // New entries, from here and elsewhere.
  useEffect(
    () =>
      app.changes.listen(async (changes) => {
        const list = shown.peek()?.list;
        if (!list || !touchesEntries(changes, view.project)) return;
        const known = list.at(0);
        await list.refresh();
        if (app.view.value.follow) place(0);
        const coming = new Set<string>();
        for (let row = 0; row < 50; row += 1) {
          const entry = list.at(row);
          if (!entry || entry.entryId === known?.entryId) break;
          coming.add(entry.entryId);
        }
        if (known && coming.size < 50) fresh.value = coming;
      }),
    [],
  );
  const follow = app.view.value.follow;
  useEffect(() => {
    if (follow) place(0);
  }, [follow]);

  // A link to an entry leads to its row.
  useEffect(() => {
    const { entry } = app.view.peek();
    if (!list || entry === null || list.rowOf(entry) !== undefined) return;
    let over = false;
    void (async () => {
      const row = await rankOf(app.store, view, entry).catch(() => undefined);
      if (over || row === undefined) return;
      await list.load(row);
      if (over) return;
      active.value = row;
      reveal(row);
    })();
    return () => {
      over = true;
    };
  }, [list === undefined]);

  // ---------------------------------------------------------------- the active row

  const reveal = (row: number) => {
    const element = scroller.current;
    if (!element) return;
    const top = row * height.current;
    const bottom = top + height.current;
    if (top < scroll.position) place(top);
    else if (bottom > scroll.position + element.clientHeight) place(bottom - element.clientHeight);
  };
  const open = (entry: Entry | undefined) => {
    if (entry) app.change({ entry: entry.entryId }, { replace: app.view.value.entry !== null });
  };
  const activate = async (row: number) => {
    if (total === 0) return;
    const target = Math.max(0, Math.min(row, total - 1));
    active.value = target;
    reveal(target);
    if (app.view.value.entry !== null) {
      const entry = list?.at(target) ?? (await list?.load(target));
      if (active.value === target && app.view.value.entry !== null) open(entry);
    }
  };
  const pageRows = () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height.current) - 1);

  onShortcuts({
    j: () => activate(active.value + 1),
    k: () => activate(Math.max(0, active.value - 1)),
    g: () => activate(0),
    G: () => activate(total - 1),
  });
  const keyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, () => unknown> = {
      ArrowDown: () => activate(active.value + 1),
      ArrowUp: () => activate(Math.max(0, active.value - 1)),
      PageDown: () => activate(active.value + pageRows()),
      PageUp: () => activate(Math.max(0, active.value - pageRows())),
      Home: () => activate(0),
      End: () => activate(total - 1),
      Enter: () => open(list?.at(active.value)),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  // ---------------------------------------------------------------- what is shown

  const error = problem.value ?? list?.error.value ?? null;
  const known = list?.total.value ?? null;
  const elsewhere = error !== null && onFilterError(error);
  useEffect(() => {
    if (error === null) onFilterError(null);
  }, [error]);
  const busy =
    error === null && (now === null || known === null || JSON.stringify(criteriaOf(now.view)) !== key);
  void list?.version.value;
  void now?.highlighter.version.value;

  const first = Math.max(0, sight.value.first - OVERSCAN);
  const last = Math.min(total, sight.value.last + OVERSCAN);
  const rows = [];
  for (let row = first; row < last; row += 1) {
    const entry = list?.at(row);
    rows.push(
      <Row
        key={row}
        row={row}
        top={row * rowHeight - scroll.offset}
        entry={entry}
        active={row === active.value}
        open={entry !== undefined && entry.entryId === app.view.value.entry}
        fresh={entry !== undefined && fresh.value.has(entry.entryId)}
        marks={entry && now ? now.highlighter.marks(entry.message) : []}
        onOpen={() => {
          active.value = row;
          open(entry);
        }}
      />,
    );
  }
  const filtered = filterCount(now?.view ?? view) > 0;
  return (
    <section class="entries" aria-labelledby="entries-title" aria-busy={busy}>
      <div class="entries-head">
        <h2 id="entries-title" class="unseen">
          Entries
        </h2>
        <p id="entries-count" role="status">
          {elsewhere
            ? "The filter is not applied."
            : known === null
              ? "Reading …"
              : filtered
                ? counted(known, "entry matches", "entries match")
                : countEntries(known)}
        </p>
        {filtered && (
          <button type="button" class="plain" onClick={() => app.change(NO_FILTERS)}>
            Clear filters
          </button>
        )}
        <span class="spring" />
        <label class="switch" title="Keep the newest entries in sight (f)">
          <input
            id="follow"
            type="checkbox"
            checked={follow}
            onChange={(event) => app.change({ follow: event.currentTarget.checked }, { replace: true })}
          />
          <span>Follow</span>
        </label>
      </div>
      {error !== null && !elsewhere && (
        <div class="notice error" role="alert">
          <p>{explain(error)}</p>
          <button type="button" onClick={() => void list?.refresh()}>
            Try again
          </button>
        </div>
      )}
      <div
        ref={scroller}
        id="entries"
        class={elsewhere ? "scroller stale" : "scroller"}
        role="grid"
        aria-label="Entries, newest first"
        aria-rowcount={total}
        aria-colcount={4}
        aria-activedescendant={
          active.value >= first && active.value < last ? `row-${active.value}` : undefined
        }
        tabIndex={0}
        onScroll={scrolled}
        onKeyDown={keyDown}
      >
        <div class="space" role={rows.length > 0 ? "rowgroup" : "presentation"}>
          {rows}
          {rows.length === 0 && (
            <div class="unseen" role="row">
              <span role="gridcell">no entries</span>
            </div>
          )}
        </div>
      </div>
      {known === 0 && error === null && <Nothing filtered={filtered} />}
    </section>
  );
}

function end(one: Shown | null): void {
  one?.list.end();
  one?.highlighter.end();
}

function Nothing({ filtered }: { filtered: boolean }) {
  const app = useApp();
  return (
    <div class="empty">
      {filtered ? (
        <>
          <p>No entry matches these filters.</p>
          <button type="button" onClick={() => app.change(NO_FILTERS)}>
            Clear all filters
          </button>
        </>
      ) : (
        <>
          <p>Nothing is written here yet.</p>
          <p class="quiet">Entries show here the moment an agent writes them, in this tab or another one.</p>
          <button
            type="button"
            onClick={() => {
              app.dialog.value = "append";
            }}
          >
            Append an entry …
          </button>
        </>
      )}
    </div>
  );
}
