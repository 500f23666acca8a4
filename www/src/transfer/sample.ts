// The sample log: three projects of some days.

import type { ScribeStore } from "scribe-store";
import sampleLog from "../../sample-log.jsonl?url";
import { withNamedProjects } from "./named-projects.ts";

/** Imports the sample log; doing it again changes nothing. Resolves to the name of a project in it. */
export async function loadSample(store: ScribeStore): Promise<string> {
  const response = await fetch(sampleLog);
  if (!response.ok) throw new Error(`the server answered with status ${response.status}`);
  const { stream, named } = await withNamedProjects(store, await response.blob(), "sample-log.jsonl");
  await store.importJsonl(stream);
  const [first] = [...named].sort();
  if (first === undefined) throw new Error("it is empty");
  return first;
}
