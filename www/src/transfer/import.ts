// Importing one file.

import { type ImportReport, isScribeError, type ScribeStore } from "scribe-store";
import { counted, entries, explain } from "../shared/format.ts";
import { withNamedProjects } from "./named-projects.ts";

export type Format = "jsonl" | "markdown" | "store";

export interface Progress {
  bytes: number;
  text: string;
}

export interface Outcome {
  text: string;
  /** Whether there was nothing in the file that could be taken, or not all could be. */
  doubtful: boolean;
  /** Projects that entries came to. */
  projects: string[];
  rejected: number;
  /** The first bad lines. */
  errors: ImportReport["errors"];
}

interface Options {
  format: Format;
  /** Project of a Markdown log. */
  project: string | undefined;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

const BEGINNING_BYTES = 65_536;

/** What a file seems to be, by its beginning and its name. */
export async function formatOf(file: File): Promise<Format> {
  const beginning = (await file.slice(0, BEGINNING_BYTES).text()).trimStart();
  const [line = ""] = beginning.split("\n", 1);
  try {
    const first = JSON.parse(line.replace(/^\uFEFF/, "")) as object;
    return "format" in first && !("entryId" in first) ? "store" : "jsonl";
  } catch {
    return /\.(md|markdown|log|txt)$/i.test(file.name) || /^[#[*-]/.test(line) ? "markdown" : "jsonl";
  }
}

export async function importFile(store: ScribeStore, file: File, options: Options): Promise<Outcome> {
  const { format, signal } = options;
  const onProgress = ({ lines, bytes, inserted }: { lines: number; bytes: number; inserted: number }) =>
    options.onProgress({
      bytes,
      text: `${counted(lines, "line", "lines")}, ${entries(inserted)} imported …`,
    });
  if (format === "store") {
    const report = await store.importStore(file, { signal, onProgress });
    return {
      text: `${counted(report.projects, "project", "projects")}, ${entries(report.entries)} restored${report.duplicates > 0 ? `, ${counted(report.duplicates, "duplicate", "duplicates")} left alone` : ""}.`,
      doubtful: false,
      projects: [],
      rejected: 0,
      errors: [],
    };
  }
  if (format === "markdown") {
    const project = options.project ?? "";
    const isNew = (await store.fetchProject(project)) === null;
    if (isNew) await store.upsertProject({ name: project, repoRoot: "", progressLogPath: file.name });
    const report = await store.importProgressLog(file, { project, signal, onProgress });
    return outcomeOf(report, [project], isNew ? 1 : 0);
  }
  const { stream, named, made } = await withNamedProjects(store, file, file.name);
  const report = await store.importJsonl(stream, { signal, onProgress });
  return outcomeOf(report, [...named], made.size);
}

function outcomeOf(report: ImportReport, projects: string[], made: number): Outcome {
  const { inserted, duplicates, skipped, rejected, errors } = report;
  const parts = [`${entries(inserted)} imported`];
  if (made > 0) parts.push(`${counted(made, "project", "projects")} created`);
  if (duplicates > 0) parts.push(`${counted(duplicates, "duplicate", "duplicates")} left alone`);
  if (skipped > 0)
    parts.push(`${counted(skipped, "line that is no entry", "lines that are no entries")} skipped`);
  if (rejected > 0) parts.push(`${counted(rejected, "bad line", "bad lines")} left out`);
  if (report.lines === 0) parts.splice(0, 1, "The file is empty");
  const doubtful = rejected > 0 || inserted + duplicates === 0;
  return { text: `${parts.join(", ")}.`, doubtful, projects, rejected, errors };
}

/** Why an import failed, as a sentence or two: here it is the file that is damaged or too new, not the store. */
export function explainImport(error: unknown): string {
  if (!isScribeError(error)) return explain(error);
  if (error.code === "corrupt")
    return `Not all of it could be read: ${error.message}. What came before stays.`;
  if (error.code === "too_new") return `Reload this page for a newer release of it: ${error.message}.`;
  return explain(error);
}
