// Exporting entries, or all there is, to a file.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { criteriaOf, filterCount } from "../app/view.ts";
import { Dialog } from "../shared/dialog.tsx";
import { bytes, explain, isAbort } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import { saveStream } from "./save.ts";

type What = "shown" | "project" | "store";
type Form = "jsonl" | "markdown";

export function ExportDialog({ onClose }: { onClose: () => void }) {
  const app = useApp();
  const view = app.view.value;
  const filtered = filterCount(view) > 0;
  const what = useSignal<What>(view.project === null ? "store" : filtered ? "shown" : "project");
  const form = useSignal<Form>("jsonl");
  const written = useSignal<number | null>(null);
  const outcome = useSignal<{ kind: "success" | "warning" | "error"; text: string } | null>(null);
  const running = useRef<AbortController | null>(null);
  const start = useRef<HTMLButtonElement>(null);
  useEffect(() => () => running.current?.abort(), []);
  useLayoutEffect(() => start.current?.focus(), []);

  const run = async () => {
    const mine = new AbortController();
    running.current = mine;
    written.value = 0;
    outcome.value = null;
    const query = what.value === "shown" ? criteriaOf(view) : { project: view.project ?? "" };
    const { signal } = mine;
    try {
      const stream =
        what.value === "store"
          ? app.store.exportStore({ signal })
          : form.value === "jsonl"
            ? app.store.exportJsonl({ ...query, signal })
            : app.store.exportProgressLog({ ...query, signal });
      const name = what.value === "store" ? "store.scribe.jsonl" : fileName(view.project ?? "", form.value);
      const size = await saveStream(stream as ReadableStream<Uint8Array>, name, {
        signal,
        onProgress: (count) => {
          written.value = count;
        },
      });
      outcome.value = { kind: "success", text: `${name}, ${bytes(size)}, is with your downloads.` };
    } catch (error) {
      outcome.value = isAbort(error)
        ? { kind: "warning", text: "Cancelled: no file was written." }
        : { kind: "error", text: explain(error) };
    } finally {
      running.current = null;
      written.value = null;
    }
  };
  const busy = written.value !== null;
  const choice = (value: What, label: preact.ComponentChildren, disabled = false) => (
    <label class="choice">
      <input
        type="radio"
        name="export-what"
        checked={what.value === value}
        disabled={busy || disabled}
        onChange={() => {
          what.value = value;
        }}
      />
      <span>{label}</span>
    </label>
  );
  return (
    <Dialog title="Export" onClose={onClose} busy={busy}>
      <fieldset>
        <legend>What</legend>
        {view.project !== null && (
          <>
            {choice("shown", "The entries that match the filters", !filtered)}
            {choice(
              "project",
              <>
                All entries of <Plain text={view.project} />
              </>,
            )}
          </>
        )}
        {choice("store", "The whole store: projects, entries, documents, sessions")}
      </fieldset>
      {what.value !== "store" && (
        <fieldset>
          <legend>As</legend>
          {(
            [
              ["jsonl", "Lines of JSON, which can be imported again as they are"],
              ["markdown", "Markdown log, as agents and people read it"],
            ] as const
          ).map(([value, label]) => (
            <label key={value} class="choice">
              <input
                type="radio"
                name="export-form"
                checked={form.value === value}
                disabled={busy}
                onChange={() => {
                  form.value = value;
                }}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
      )}
      {busy && (
        <>
          <progress aria-label="Export" />
          <p class="quiet" role="status">
            {bytes(written.value ?? 0)} …
          </p>
        </>
      )}
      {outcome.value && (
        <p class={`notice ${outcome.value.kind}`} role="status">
          {outcome.value.text}
        </p>
      )}
      <p class="actions">
        {busy ? (
          <button
            type="button"
            onClick={() => running.current?.abort(new DOMException("cancelled", "AbortError"))}
          >
            Cancel
          </button>
        ) : (
          <button ref={start} type="button" class="main" onClick={run}>
            Export
          </button>
        )}
      </p>
    </Dialog>
  );
}

/** A name that every file system takes. */
function fileName(project: string, form: Form): string {
  const plain = project.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 60) || "log";
  return `${plain}.${form === "jsonl" ? "jsonl" : "md"}`;
}
