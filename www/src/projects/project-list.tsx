// All projects, each with what there is to know of it at a glance.

import { useSignal } from "@preact/signals";
import { type ProjectWithMetrics, useApp } from "../app/context.ts";
import { plainView, writeView } from "../app/view.ts";
import { useClock } from "../shared/clock.ts";
import { ago, counted, entries, fullTime, share, shortNumber } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { Plain } from "../shared/plain.tsx";
import { COUNTED, ShareBar } from "./shares.tsx";

/** From so many on, the projects can be searched. */
const SEARCHABLE = 8;

export function ProjectList({ onChosen }: { onChosen?: () => void }) {
  const app = useApp();
  const search = useSignal("");
  useClock();
  const projects = app.projects.value;
  const all = (projects ?? []).reduce((sum, { metrics }) => sum + metrics.totalEntries, 0);
  const wanted = search.value.toLowerCase();
  const shown = (projects ?? []).filter(({ project }) => project.name.toLowerCase().includes(wanted));
  return (
    <>
      <div class="side-head">
        <p class="quiet projects-state">
          {projects === null
            ? "Reading …"
            : projects.length === 0
              ? "No projects yet"
              : `${counted(projects.length, "project", "projects")}, ${entries(all)}`}
        </p>
        <button
          type="button"
          class="plain icon"
          aria-label="New project"
          title="New project (n)"
          onClick={() => {
            app.dialog.value = "new-project";
          }}
        >
          <Icon name="plus" />
        </button>
      </div>
      {(projects?.length ?? 0) >= SEARCHABLE && (
        <input
          type="search"
          class="project-search"
          aria-label="Find a project"
          placeholder="Find a project"
          value={search.value}
          onInput={(event) => {
            search.value = event.currentTarget.value;
          }}
        />
      )}
      <ul class="projects">
        {shown.map((one) => (
          <ProjectCard key={one.project.id} one={one} onChosen={onChosen} />
        ))}
      </ul>
    </>
  );
}

function ProjectCard({ one, onChosen }: { one: ProjectWithMetrics; onChosen: (() => void) | undefined }) {
  const app = useApp();
  const { project, metrics } = one;
  const current = app.view.value.project === project.name;
  return (
    <li>
      <a
        href={writeView(plainView(project.name))}
        aria-current={current ? "true" : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          app.go(plainView(project.name));
          onChosen?.();
        }}
      >
        <span class="name">
          <Plain text={project.name} />
        </span>
        <span class="total" title={entries(metrics.totalEntries)}>
          {shortNumber(metrics.totalEntries)}
          <span class="unseen"> entries</span>
        </span>
        <ShareBar metrics={metrics} />
        <span class="counts">
          {COUNTED.map(({ key, name, className }) => (
            <span key={key} class={className} title={name}>
              <span class="dot" aria-hidden="true" />
              {share(metrics[key], metrics.totalEntries)}
              <span class="unseen"> {name}</span>
            </span>
          ))}
        </span>
        <span
          class="last quiet"
          title={metrics.lastUpdate === null ? undefined : fullTime(metrics.lastUpdate)}
        >
          {metrics.lastUpdate === null ? "empty" : ago(metrics.lastUpdate, true)}
        </span>
      </a>
    </li>
  );
}
