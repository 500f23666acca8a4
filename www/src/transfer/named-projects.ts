// Making the projects that the lines of a log name, before the lines are imported.

import type { ScribeStore } from "scribe-store";

/** What was made on the way. */
export interface NamedProjects {
  /** The log as it is, to be imported. */
  stream: ReadableStream<Uint8Array>;
  /** The projects that were named, in their order in the log. */
  named: Set<string>;
  /** Those of them that were made. */
  made: Set<string>;
}

/** Lets a log of JSON lines through, and makes each project that an entry names before the entry is let through. */
export async function withNamedProjects(
  store: ScribeStore,
  log: Blob,
  logName: string,
): Promise<NamedProjects> {
  const known = new Set((await store.listProjects()).map(({ name }) => name));
  const named = new Set<string>();
  const made = new Set<string>();
  const decoder = new TextDecoder();
  let rest = "";
  const take = async (lines: string[]) => {
    for (const line of lines) {
      const name = projectOf(line);
      if (name === undefined || named.has(name)) continue;
      named.add(name);
      if (known.has(name)) continue;
      await store.upsertProject({ name, repoRoot: "", progressLogPath: logName });
      made.add(name);
    }
  };
  const stream = (log.stream() as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      async transform(chunk, controller) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        // A line that ends in the next chunk is imported no sooner than that is let through.
        await take(lines);
        controller.enqueue(chunk);
      },
      async flush() {
        await take([rest + decoder.decode()]);
      },
    }),
  );
  return { stream, named, made };
}

/** The project that a line names, if the line is an entry at first sight. */
function projectOf(line: string): string | undefined {
  if (!line.includes('"project"')) return undefined;
  try {
    const { project, message } = JSON.parse(line.replace(/^\uFEFF/, "")) as Record<string, unknown>;
    return typeof project === "string" && project !== "" && typeof message === "string" ? project : undefined;
  } catch {
    return undefined;
  }
}
