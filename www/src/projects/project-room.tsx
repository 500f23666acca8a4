// One project: its head, and the rooms that belong to it.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { touchesEntries } from "../app/changes.ts";
import { type ProjectWithMetrics, useApp } from "../app/context.ts";
import { plainView, type Room, writeView } from "../app/view.ts";
import { Details } from "../details/details.tsx";
import { DocChanges } from "../documents/doc-changes.tsx";
import { ReportCards } from "../documents/report-cards.tsx";
import { EntriesTable } from "../entries/table.tsx";
import { findFacets } from "../filters/facets.ts";
import { FilterBar, type FilterProblem, filterProblem } from "../filters/filter-bar.tsx";
import { Histogram } from "../histogram/histogram.tsx";
import { useClock } from "../shared/clock.ts";
import { ago, fullTime, number } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { Plain } from "../shared/plain.tsx";
import { Popover } from "../shared/popover.tsx";
import { useAnswer } from "../shared/use-answer.ts";
import { Integrity } from "../storage/integrity.tsx";
import { Shares } from "./shares.tsx";

/** How often the bars and the choices follow a log that is written all the time. */
const REVISION_MS = 1_000;

const ROOMS: [Room, string][] = [
  ["entries", "Entries"],
  ["documents", "Documents"],
  ["reports", "Report cards"],
  ["integrity", "Integrity"],
];

export function ProjectRoom({ selected }: { selected: ProjectWithMetrics }) {
  const app = useApp();
  const view = app.view.value;
  return (
    <div class={view.room === "entries" && view.entry !== null ? "project with-details" : "project"}>
      <div class="project-main">
        <ProjectHead selected={selected} />
        {view.room === "documents" ? (
          <DocChanges project={selected.project} />
        ) : view.room === "reports" ? (
          <ReportCards project={selected.project} />
        ) : view.room === "integrity" ? (
          <Integrity selected={selected} />
        ) : (
          <EntriesRoom name={selected.project.name} />
        )}
      </div>
      {view.room === "entries" && view.entry !== null && <Details entryId={view.entry} />}
    </div>
  );
}

function EntriesRoom({ name }: { name: string }) {
  const app = useApp();
  const view = app.view.value;
  const revision = useRevision(name);
  const problem = useSignal<FilterProblem | null>(null);
  const facets = useAnswer(`${name} ${revision}`, (signal) => findFacets(app.store, name, signal)).value
    .value;
  const onFilterError = (error: unknown) => {
    const found = filterProblem(error);
    if (JSON.stringify(found) !== JSON.stringify(problem.peek())) {
      queueMicrotask(() => {
        problem.value = found;
      });
    }
    return found !== null;
  };
  return (
    <>
      <FilterBar view={view} facets={facets} problem={problem.value} />
      <Histogram view={view} revision={revision} />
      <EntriesTable view={view} onFilterError={onFilterError} />
    </>
  );
}

/** A number that grows when a project's entries change, but not more often than can be followed. */
function useRevision(name: string): number {
  const app = useApp();
  const revision = useSignal(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const stop = app.changes.listen((changes) => {
      if (timer !== undefined || !touchesEntries(changes, name)) return;
      timer = setTimeout(
        () => {
          timer = undefined;
          last = Date.now();
          revision.value += 1;
        },
        Math.max(0, last + REVISION_MS - Date.now()),
      );
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return revision.value;
}

function ProjectHead({ selected: { project, metrics } }: { selected: ProjectWithMetrics }) {
  const app = useApp();
  const view = app.view.value;
  useClock();
  const places = [project.repoRoot, project.progressLogPath].filter(Boolean).join(" · ");
  return (
    <header class="project-head">
      <div class="title">
        <h1 id="project-name">
          <Plain text={project.name} />
        </h1>
        {places !== "" && (
          <span class="quiet place" title={places}>
            <Plain text={places} />
          </span>
        )}
        <span class="spring" />
        <button
          type="button"
          class="wide-only"
          title="Append an entry (a)"
          onClick={() => {
            app.dialog.value = "append";
          }}
        >
          <Icon name="plus" /> Append
        </button>
        <button
          type="button"
          class="wide-only"
          title="Export (e)"
          onClick={() => {
            app.dialog.value = "export";
          }}
        >
          <Icon name="export" /> Export
        </button>
        <Popover class="right" name="More about this project" label={<span class="label">More</span>}>
          <ul class="menu">
            {(
              [
                ["append", "Append an entry …"],
                ["export", "Export …"],
                ["prune", "Prune old entries …"],
                ["delete", "Delete the project …"],
              ] as const
            ).map(([name, label]) => (
              <li key={name}>
                <button
                  type="button"
                  class={name === "delete" ? "plain danger" : "plain"}
                  onClick={() => {
                    app.dialog.value = name;
                  }}
                >
                  {label}
                </button>
              </li>
            ))}
          </ul>
        </Popover>
      </div>
      <p class="metrics">
        <span class="metric" data-metric="totalEntries">
          <b>{number(metrics.totalEntries)}</b> entries
        </span>
        <Shares metrics={metrics} />
        <span class="metric" data-metric="lastUpdate">
          {metrics.lastUpdate === null ? (
            "nothing written yet"
          ) : (
            <>
              last activity{" "}
              <time dateTime={metrics.lastUpdate} title={fullTime(metrics.lastUpdate)}>
                <b>{ago(metrics.lastUpdate)}</b>
              </time>
            </>
          )}
        </span>
      </p>
      <nav class="rooms" aria-label="Of this project">
        {ROOMS.map(([room, name]) => (
          <a
            key={room}
            href={writeView(plainView(project.name, { room }))}
            aria-current={view.room === room ? "page" : undefined}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              app.change({ room, entry: null });
            }}
          >
            {name}
          </a>
        ))}
      </nav>
    </header>
  );
}
