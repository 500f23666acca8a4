// What every part of the explorer works with: the store, what is looked at, and the way to look elsewhere.

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Project, ProjectMetrics, ScribeStore } from "scribe-store";
import { explain } from "../shared/format.ts";
import { type Changes, watchChanges } from "./changes.ts";
import { readView, type View, writeView } from "./view.ts";

export interface ProjectWithMetrics {
  project: Project;
  metrics: ProjectMetrics;
}

/** Something to tell once. */
export interface Notice {
  id: number;
  kind: "success" | "warning" | "error";
  text: string;
}

/** A dialog that lies over the page. */
export type DialogName =
  | "help"
  | "import"
  | "export"
  | "new-project"
  | "append"
  | "delete"
  | "prune"
  | "projects";

export interface App {
  readonly store: ScribeStore;
  readonly view: ReadonlySignal<View>;
  /** All projects; `null` until they are read. */
  readonly projects: ReadonlySignal<ProjectWithMetrics[] | null>;
  /** Why they could not be read; "" if they could. */
  readonly problem: ReadonlySignal<string>;
  readonly dialog: Signal<DialogName | null>;
  readonly notices: ReadonlySignal<Notice[]>;
  /** Files that were dropped on the page, for the import dialog to take. */
  readonly dropped: Signal<File[]>;
  /** Tells of what is written, here and in other tabs. */
  readonly changes: Changes;
  /** Goes to a view; `replace` makes that no step for "back". */
  go(view: View, options?: { replace?: boolean }): void;
  /** Goes to the present view with some changes. */
  change(changes: Partial<View>, options?: { replace?: boolean }): void;
  /** Reads the projects and their counts anew. */
  refresh(): Promise<void>;
  notify(kind: Notice["kind"], text: string): void;
  dismiss(id: number): void;
}

const LONGEST_NOTICE_MS = 8_000;

/** Makes the one object that the explorer's parts share. */
export function createApp(store: ScribeStore): App {
  const view = signal(readView(location.hash));
  const projects = signal<ProjectWithMetrics[] | null>(null);
  const problem = signal("");
  const notices = signal<Notice[]>([]);
  const dialog = signal<DialogName | null>(null);
  const changes = watchChanges(store);
  let noticeCount = 0;

  const go = (next: View, { replace = false } = {}) => {
    const address = writeView(next);
    if (address !== writeView(view.value)) {
      history[replace ? "replaceState" : "pushState"](null, "", address);
    }
    view.value = next;
  };
  window.addEventListener("popstate", () => {
    view.value = readView(location.hash);
  });

  let reading = 0;
  const refresh = async () => {
    reading += 1;
    const mine = reading;
    try {
      const found = await readProjects(store);
      if (mine !== reading) return;
      projects.value = found;
      problem.value = "";
    } catch (error) {
      if (mine === reading) problem.value = explain(error);
    }
  };
  changes.listen(() => void refresh());

  const dismiss = (id: number) => {
    notices.value = notices.value.filter((one) => one.id !== id);
  };

  return {
    store,
    view,
    projects,
    problem,
    dialog,
    notices,
    changes,
    dropped: signal<File[]>([]),
    go,
    change: (given, options) => go({ ...view.value, ...given }, options),
    refresh,
    dismiss,
    notify(kind, text) {
      noticeCount += 1;
      const id = noticeCount;
      notices.value = [...notices.value.slice(-3), { id, kind, text }];
      if (kind !== "error") setTimeout(() => dismiss(id), LONGEST_NOTICE_MS);
    },
  };
}

async function readProjects(store: ScribeStore): Promise<ProjectWithMetrics[]> {
  const projects = await store.listProjects();
  const read = await Promise.all(
    projects.map(async (project) => {
      try {
        return { project, metrics: await store.fetchMetrics(project) };
      } catch (error) {
        // It was deleted since.
        if ((error as { code?: string }).code === "not_found") return undefined;
        throw error;
      }
    }),
  );
  return read.filter((one) => one !== undefined);
}

export const AppContext = createContext<App | null>(null);

/** The explorer's shared object, in a component. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("a component stands outside of the explorer");
  return app;
}
