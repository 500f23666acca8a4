// The frame: what is on top, the projects at the side, and the room that is looked at.

import { useEffect } from "preact/hooks";
import { Agents } from "../agents/agents.tsx";
import { AppendDialog } from "../projects/append-dialog.tsx";
import { DeleteDialog } from "../projects/delete-dialog.tsx";
import { NewProjectDialog } from "../projects/new-project-dialog.tsx";
import { ProjectList } from "../projects/project-list.tsx";
import { ProjectRoom } from "../projects/project-room.tsx";
import { Welcome } from "../projects/welcome.tsx";
import { Dialog } from "../shared/dialog.tsx";
import { Icon } from "../shared/icon.tsx";
import { PruneDialog } from "../storage/prune-dialog.tsx";
import { Storage } from "../storage/storage.tsx";
import { listenForDrops } from "../transfer/drop.ts";
import { ExportDialog } from "../transfer/export-dialog.tsx";
import { ImportDialog } from "../transfer/import-dialog.tsx";
import { useApp } from "./context.ts";
import { HelpDialog } from "./help-dialog.tsx";
import { onShortcuts } from "./shortcuts.ts";
import { plainView } from "./view.ts";

export function Explorer() {
  const app = useApp();
  const view = app.view.value;
  const projects = app.projects.value;
  const selected = projects?.find(({ project }) => project.name === view.project);
  const open = (name: typeof app.dialog.value) => () => {
    app.dialog.value = name;
  };

  onShortcuts({
    "?": open("help"),
    i: open("import"),
    e: () => selected && open("export")(),
    n: open("new-project"),
    a: () => selected && open("append")(),
    f: () => selected && app.change({ room: "entries", follow: !app.view.value.follow }, { replace: true }),
    "[": () => step(-1),
    "]": () => step(1),
  });
  const step = (by: number) => {
    const names = (app.projects.value ?? []).map(({ project }) => project.name);
    const at = names.indexOf(app.view.value.project ?? "");
    const next = names[at < 0 ? 0 : (at + by + names.length) % names.length];
    if (next !== undefined) app.go(plainView(next));
  };
  useEffect(
    () =>
      listenForDrops((files) => {
        app.dropped.value = files;
        app.dialog.value = "import";
      }),
    [],
  );
  useEffect(() => {
    document.title = view.project ? `${view.project} – scribe-store explorer` : "scribe-store explorer";
  }, [view.project]);

  return (
    <>
      <button
        type="button"
        class="skip"
        onClick={() => {
          (document.getElementById("entries") ?? document.getElementById("main"))?.focus();
        }}
      >
        Skip to the entries
      </button>
      <header class="top">
        <button type="button" class="plain icon only-narrow" aria-label="Projects" onClick={open("projects")}>
          <Icon name="menu" />
        </button>
        <button type="button" class="plain brand" onClick={() => app.go(plainView(null))}>
          <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
            <rect width="32" height="32" rx="7" />
            <path d="M9 10h14M9 16h14M9 22h8" stroke-width="3" stroke-linecap="round" />
          </svg>
          <span>scribe-store</span>
        </button>
        <span class="spring" />
        <nav aria-label="The store">
          <button
            type="button"
            class="plain"
            aria-current={view.room === "agents" ? "page" : undefined}
            onClick={() => app.go(plainView(null, { room: "agents" }))}
          >
            <Icon name="agents" /> <span class="label">Agents</span>
          </button>
          <button
            type="button"
            class="plain"
            aria-current={view.room === "storage" ? "page" : undefined}
            onClick={() => app.go(plainView(null, { room: "storage" }))}
          >
            <Icon name="storage" /> <span class="label">Storage</span>
          </button>
          <button type="button" class="plain" onClick={open("import")}>
            <Icon name="import" /> <span class="label">Import</span>
          </button>
          <button
            type="button"
            class="plain icon"
            aria-label="Help"
            title="Keys and help (?)"
            onClick={open("help")}
          >
            <Icon name="help" />
          </button>
        </nav>
      </header>
      <div class="frame">
        <nav class="side" aria-label="Projects">
          <ProjectList />
        </nav>
        <main id="main" tabIndex={-1}>
          {app.problem.value !== "" && (
            <div class="notice error" role="alert">
              <p>{app.problem.value}</p>
              <button type="button" onClick={() => void app.refresh()}>
                Try again
              </button>
            </div>
          )}
          {view.room === "agents" ? (
            <Agents />
          ) : view.room === "storage" ? (
            <Storage />
          ) : projects === null ? (
            <p class="quiet centred">Reading the projects …</p>
          ) : selected ? (
            <ProjectRoom key={selected.project.id} selected={selected} />
          ) : (
            <Welcome missing={view.project} empty={projects.length === 0} />
          )}
        </main>
      </div>
      <Dialogs />
      <Notices />
    </>
  );
}

function Dialogs() {
  const app = useApp();
  const selected = app.projects.value?.find(({ project }) => project.name === app.view.value.project);
  const close = () => {
    app.dialog.value = null;
  };
  switch (app.dialog.value) {
    case "help":
      return <HelpDialog onClose={close} />;
    case "import":
      return <ImportDialog onClose={close} />;
    case "export":
      return <ExportDialog onClose={close} />;
    case "new-project":
      return <NewProjectDialog onClose={close} />;
    case "append":
      return selected ? <AppendDialog project={selected.project} onClose={close} /> : null;
    case "delete":
      return selected ? <DeleteDialog selected={selected} onClose={close} /> : null;
    case "prune":
      return selected ? <PruneDialog selected={selected} onClose={close} /> : null;
    case "projects":
      return (
        <Dialog title="Projects" onClose={close}>
          <ProjectList onChosen={close} />
        </Dialog>
      );
    default:
      return null;
  }
}

function Notices() {
  const app = useApp();
  return (
    <div class="notices" role="status">
      {app.notices.value.map(({ id, kind, text }) => (
        <div key={id} class={`notice ${kind}`}>
          <p>{text}</p>
          <button type="button" class="plain icon" aria-label="Dismiss" onClick={() => app.dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
