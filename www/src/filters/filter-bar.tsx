// The filters of a project's entries: what is looked for, by whom, of which kind, when, and with which metadata.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { onShortcuts } from "../app/shortcuts.ts";
import type { Mode, View } from "../app/view.ts";
import { kindOf } from "../entries/kind.ts";
import { KindIcon } from "../entries/kind-icon.tsx";
import { Icon } from "../shared/icon.tsx";
import { Plain } from "../shared/plain.tsx";
import { Popover } from "../shared/popover.tsx";
import { Choices } from "./choices.tsx";
import type { Facets } from "./facets.ts";
import { MetaConditions } from "./meta-conditions.tsx";
import { PatternProblem } from "./pattern-problem.tsx";
import { TimeRange } from "./time-range.tsx";

/** How long typing may pause before it is searched for. */
const PAUSE_MS = 120;

/** An error that belongs to a filter. */
export interface FilterProblem {
  filter: "message" | "time";
  message: string;
}

/** Which filter an error of the store is about; `null` if none. */
export function filterProblem(error: unknown): FilterProblem | null {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  if (code !== "invalid_argument" || message === undefined) return null;
  const [, member] = /^`(\w+)/.exec(message) ?? [];
  if (member === "message") return { filter: "message", message };
  if (member === "start" || member === "end") return { filter: "time", message };
  return null;
}

interface Props {
  view: View;
  facets: Facets | undefined;
  problem: FilterProblem | null;
}

export function FilterBar({ view, facets, problem }: Props) {
  const app = useApp();
  const textProblem = problem?.filter === "message" ? problem.message : "";
  return (
    <search class="filters" aria-label="Filter the entries">
      <SearchField view={view} problem={textProblem} />
      <div class="facets">
        <Popover
          class="pick-agents"
          on={view.agents.length > 0}
          label={<FacetLabel name="Agents" count={view.agents.length} />}
        >
          <Choices
            legend="Agents"
            counts={facets?.agents}
            chosen={view.agents}
            onChange={(agents) => app.change({ agents })}
          />
        </Popover>
        <Popover
          class="pick-emojis"
          on={view.emojis.length > 0}
          label={<FacetLabel name="Kinds" count={view.emojis.length} />}
        >
          <Choices
            legend="Kinds"
            counts={facets?.emojis}
            chosen={view.emojis}
            show={(emoji) => (
              <>
                <KindIcon emoji={emoji} /> {kindOf(emoji).word}
              </>
            )}
            onChange={(emojis) => app.change({ emojis })}
          />
        </Popover>
        <Popover
          class="pick-time"
          on={view.from !== "" || view.to !== ""}
          label={<FacetLabel name="Time" count={0} />}
        >
          <TimeRange
            view={view}
            problem={problem?.filter === "time" ? problem.message : ""}
            onChange={(changes) => app.change(changes)}
          />
        </Popover>
        <Popover
          class="pick-meta"
          on={Object.keys(view.meta).length > 0}
          label={<FacetLabel name="Metadata" count={Object.keys(view.meta).length} />}
        >
          <MetaConditions conditions={view.meta} onChange={(meta) => app.change({ meta })} />
        </Popover>
      </div>
      <Chips view={view} />
      <div id="filter-text-problem" class="problem" aria-live="polite">
        {textProblem !== "" && <PatternProblem pattern={view.text} message={textProblem} />}
      </div>
    </search>
  );
}

function FacetLabel({ name, count }: { name: string; count: number }) {
  return (
    <>
      {name}
      {count > 0 && <span class="badge">{count}</span>}
    </>
  );
}

function SearchField({ view, problem }: { view: View; problem: string }) {
  const app = useApp();
  const field = useRef<HTMLInputElement>(null);
  const typed = useSignal(view.text);
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  // What is just being typed is newer than the view.
  useEffect(() => {
    if (pause.current === undefined) typed.value = view.text;
  }, [view.text]);
  useEffect(() => () => clearTimeout(pause.current), []);

  const apply = (changes: Partial<View> = {}) => {
    const typing = pause.current !== undefined && Object.keys(changes).length === 0;
    clearTimeout(pause.current);
    pause.current = undefined;
    const { mode, caseSensitive } = { ...app.view.peek(), ...changes };
    const before = app.view.peek();
    if (typed.value === before.text && mode === before.mode && caseSensitive === before.caseSensitive) return;
    // Letter after letter is no step of its own for "back".
    app.change({ ...changes, text: typed.value }, { replace: typing && before.text !== "" });
  };
  onShortcuts({
    "/": () => {
      field.current?.focus();
      field.current?.select();
    },
  });
  return (
    <div class="search-field">
      <Icon name="search" />
      <input
        ref={field}
        id="filter-text"
        type="search"
        aria-label="Search the messages"
        aria-describedby="filter-text-problem"
        aria-invalid={problem !== ""}
        placeholder={view.mode === "regex" ? "Search messages by pattern" : "Search messages"}
        autocomplete="off"
        spellcheck={false}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          clearTimeout(pause.current);
          pause.current = setTimeout(apply, PAUSE_MS);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") apply();
          if (event.key === "Escape" && typed.value === "") event.currentTarget.blur();
          if (event.key === "ArrowDown") {
            event.preventDefault();
            document.getElementById("entries")?.focus();
          }
        }}
      />
      <span class="key-hint" aria-hidden="true">
        /
      </span>
      <select
        id="filter-mode"
        aria-label="How the message is compared"
        value={view.mode}
        onChange={(event) => apply({ mode: event.currentTarget.value as Mode })}
      >
        <option value="substring">contains</option>
        <option value="exact">is exactly</option>
        <option value="regex">matches</option>
      </select>
      <button
        type="button"
        id="filter-case"
        class="toggle"
        aria-pressed={view.caseSensitive}
        aria-label="Match case"
        title="Match case"
        onClick={() => apply({ caseSensitive: !view.caseSensitive })}
      >
        Aa
      </button>
    </div>
  );
}

/** Every filter that is set, each with a button that takes it away. */
function Chips({ view }: { view: View }) {
  const app = useApp();
  const chips: { key: string; label: string; without: Partial<View> }[] = [
    ...view.agents.map((agent) => ({
      key: `agent ${agent}`,
      label: agent || "(empty)",
      without: { agents: view.agents.filter((one) => one !== agent) },
    })),
    ...view.emojis.map((emoji) => ({
      key: `emoji ${emoji}`,
      label: kindOf(emoji).word || emoji || "(empty)",
      without: { emojis: view.emojis.filter((one) => one !== emoji) },
    })),
    ...Object.entries(view.meta).map(([key, value]) => ({
      key: `meta ${key}`,
      label: `${key} = ${JSON.stringify(value)}`,
      without: { meta: Object.fromEntries(Object.entries(view.meta).filter(([one]) => one !== key)) },
    })),
  ];
  if (view.from !== "" || view.to !== "") {
    chips.push({
      key: "time",
      label: `${readable(view.from) || "…"} – ${readable(view.to) || "…"}`,
      without: { from: "", to: "" },
    });
  }
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters that are set">
      {chips.map(({ key, label, without }) => (
        <li key={key}>
          <span class="chip-text">
            <Plain text={label} />
          </span>
          <button type="button" aria-label={`Remove the filter ${label}`} onClick={() => app.change(without)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function readable(moment: string): string {
  return moment.replace("T", " ");
}
