// The sample log as the file holds it, and a plain account of what the filters should find in it.

import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../scripts/toolchain.mjs";

/** The entries in the file's order. */
export const SAMPLE = readFileSync(path.join(ROOT, "www", "sample-log.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

/** The projects in the order in which they are shown. */
export const PROJECTS = [...new Set(SAMPLE.map((entry) => entry.project))].sort();

/** What the list shows of the entries of a project that a test accepts, newest first. No two have the same time. */
export function expected(project, accepts = () => true) {
  return SAMPLE.filter((entry) => entry.project === project && accepts(entry))
    .sort((a, b) => (a.ts < b.ts ? 1 : -1))
    .map(({ emoji, ts, agent, message }) => ({ emoji, ts, agent: agent ?? "no agent", message }));
}
