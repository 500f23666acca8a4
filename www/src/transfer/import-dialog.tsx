// Importing files: what each is, where its entries go, how far it is, and what came of it.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { plainView } from "../app/view.ts";
import { Dialog } from "../shared/dialog.tsx";
import { bytes, counted, isAbort } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import { explainImport, type Format, formatOf, importFile, type Outcome, type Progress } from "./import.ts";

const FORMATS: Record<Format, string> = {
  jsonl: "Lines of JSON",
  markdown: "Markdown log",
  store: "Whole store",
};

interface Item {
  id: number;
  file: File;
  format: Format;
  state: "ready" | "running" | "done" | "failed" | "cancelled";
  progress?: Progress;
  outcome?: Outcome;
  problem?: string;
}

let itemCount = 0;

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const app = useApp();
  const items = useSignal<Item[]>([]);
  const target = useSignal(app.view.peek().project ?? "");
  const running = useRef<AbortController | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const projects = app.projects.value ?? [];

  const take = async (files: File[]) => {
    for (const file of files) {
      itemCount += 1;
      const id = itemCount;
      const format = await formatOf(file);
      items.value = [...items.value, { id, file, format, state: "ready" }];
    }
  };
  const dropped = app.dropped.value;
  useEffect(() => {
    if (dropped.length === 0) return;
    app.dropped.value = [];
    void take(dropped);
  }, [dropped]);
  useEffect(() => () => running.current?.abort(), []);
  useLayoutEffect(() => picker.current?.focus(), []);

  const set = (id: number, changes: Partial<Item>) => {
    items.value = items.value.map((one) => (one.id === id ? { ...one, ...changes } : one));
  };
  const run = async () => {
    const mine = new AbortController();
    running.current = mine;
    let first: string | undefined;
    for (const { id, file, format } of items.value.filter(({ state }) => state === "ready")) {
      if (mine.signal.aborted) break;
      set(id, { state: "running" });
      try {
        const outcome = await importFile(app.store, file, {
          format,
          project: format === "markdown" ? target.value : undefined,
          signal: mine.signal,
          onProgress: (progress) => set(id, { progress }),
        });
        set(id, { state: "done", outcome });
        first ??= [...outcome.projects].sort()[0];
      } catch (error) {
        set(id, isAbort(error) ? { state: "cancelled" } : { state: "failed", problem: explainImport(error) });
      }
    }
    running.current = null;
    await app.refresh();
    if (app.view.peek().project === null && first !== undefined) app.go(plainView(first));
  };

  const busy = items.value.some(({ state }) => state === "running");
  const ready = items.value.filter(({ state }) => state === "ready");
  const markdown = ready.some(({ format }) => format === "markdown");
  return (
    <Dialog title="Import" onClose={onClose} busy={busy}>
      <div class="drop-zone">
        <label>
          <span>Pick files, or drop them anywhere on the page</span>
          <input
            ref={picker}
            type="file"
            multiple
            accept=".jsonl,.ndjson,.json,.md,.markdown,.log,.txt,.scribe"
            disabled={busy}
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])];
              // So that the same file can be picked again.
              event.currentTarget.value = "";
              void take(files);
            }}
          />
        </label>
        <p class="quiet">Lines of JSON, a Markdown log, or a whole store. Nothing leaves this browser.</p>
      </div>
      <ul class="transfers">
        {items.value.map((item) => (
          <li key={item.id} data-state={item.state}>
            <div class="transfer-head">
              <b>
                <Plain text={item.file.name} />
              </b>{" "}
              <span class="quiet">{bytes(item.file.size)}</span>
              {item.state === "ready" && (
                <select
                  aria-label={`What ${item.file.name} is`}
                  value={item.format}
                  onChange={(event) => set(item.id, { format: event.currentTarget.value as Format })}
                >
                  {Object.entries(FORMATS).map(([format, name]) => (
                    <option key={format} value={format}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
            </div>
            <ItemState item={item} />
          </li>
        ))}
      </ul>
      {markdown && (
        <label class="field">
          <span>Project that a Markdown log's entries go to</span>
          <input
            list="import-projects"
            autocomplete="off"
            value={target.value}
            placeholder="made if there is none of this name"
            onInput={(event) => {
              target.value = event.currentTarget.value;
            }}
          />
          <datalist id="import-projects">
            {projects.map(({ project }) => (
              <option key={project.id} value={project.name} />
            ))}
          </datalist>
        </label>
      )}
      <p class="actions">
        {busy ? (
          <button type="button" onClick={() => running.current?.abort()}>
            Cancel
          </button>
        ) : ready.length > 0 ? (
          <button type="button" class="main" disabled={markdown && target.value === ""} onClick={run}>
            Import {counted(ready.length, "file", "files")}
          </button>
        ) : (
          items.value.length > 0 && (
            <button type="button" class="main" onClick={onClose}>
              Done
            </button>
          )
        )}
      </p>
    </Dialog>
  );
}

function ItemState({ item }: { item: Item }) {
  const { state, progress, outcome, problem } = item;
  const share = progress ? progress.bytes / Math.max(1, item.file.size) : 0;
  switch (state) {
    case "running":
      return (
        <>
          <progress aria-label={`Import of ${item.file.name}`} value={share} />
          <p class="quiet" role="status">
            {progress ? progress.text : "Beginning …"}
          </p>
        </>
      );
    case "done":
      return (
        <div class={outcome?.doubtful ? "notice warning" : "notice success"} role="status">
          <p>{outcome?.text}</p>
          {outcome && outcome.errors.length > 0 && (
            <ul class="bad-lines">
              {outcome.errors.map(({ line, message }) => (
                <li key={line}>
                  Line {line}: <Plain text={message} />
                </li>
              ))}
              {outcome.rejected > outcome.errors.length && (
                <li>
                  … and {counted(outcome.rejected - outcome.errors.length, "more bad line", "more bad lines")}
                </li>
              )}
            </ul>
          )}
        </div>
      );
    case "failed":
      return (
        <p class="notice error" role="alert">
          {problem}
        </p>
      );
    case "cancelled":
      return (
        <p class="notice warning">
          Cancelled. What was stored until then stays; importing again is harmless.
        </p>
      );
    default:
      return null;
  }
}
