// Writing an entry by hand.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { AppendEntry, Project } from "scribe-store";
import { useApp } from "../app/context.ts";
import { Dialog } from "../shared/dialog.tsx";
import { explain } from "../shared/format.ts";

type Status = NonNullable<AppendEntry["status"]>;
const STATUSES: [Status, string][] = [
  ["info", "ℹ️ Info"],
  ["success", "✅ Success"],
  ["warn", "⚠️ Warning"],
  ["error", "❌ Error"],
  ["bug", "🐞 Bug"],
  ["plan", "🧭 Plan"],
];

export function AppendDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const app = useApp();
  const problem = useSignal({ message: "", meta: "" });
  const message = useRef<HTMLTextAreaElement>(null);
  const status = useRef<HTMLSelectElement>(null);
  const agent = useRef<HTMLInputElement>(null);
  const meta = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => message.current?.focus(), []);
  const append = async (event: Event) => {
    event.preventDefault();
    const text = message.current?.value ?? "";
    if (text.trim() === "") {
      problem.value = { message: "An entry needs a message.", meta: "" };
      return;
    }
    const read = readMeta(meta.current?.value ?? "");
    if (read.problem !== undefined) {
      problem.value = { message: "", meta: read.problem };
      return;
    }
    try {
      await app.store.appendEntry({
        project,
        message: text,
        status: status.current?.value as Status,
        agent: agent.current?.value || null,
        meta: read.meta,
      });
      await app.refresh();
      app.notify("success", "The entry is in the log.");
      onClose();
    } catch (error) {
      problem.value = { message: explain(error), meta: "" };
    }
  };
  return (
    <Dialog title="Append an entry" onClose={onClose}>
      <form onSubmit={append} noValidate>
        <label class="field">
          <span>Message</span>
          <textarea
            ref={message}
            rows={3}
            aria-invalid={problem.value.message !== ""}
            aria-describedby="append-problem"
          />
        </label>
        <p id="append-problem" class="problem" aria-live="polite">
          {problem.value.message}
        </p>
        <div class="fields">
          <label class="field">
            <span>Status</span>
            <select ref={status}>
              {STATUSES.map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>
              Agent <span class="quiet">(optional)</span>
            </span>
            <input ref={agent} autocomplete="off" />
          </label>
        </div>
        <label class="field">
          <span>
            Metadata <span class="quiet">(optional, a JSON object)</span>
          </span>
          <textarea
            ref={meta}
            class="code"
            rows={3}
            spellcheck={false}
            placeholder='{ "phase": "tests", "passed": 12 }'
            aria-invalid={problem.value.meta !== ""}
            aria-describedby="append-meta-problem"
          />
        </label>
        <p id="append-meta-problem" class="problem" aria-live="polite">
          {problem.value.meta}
        </p>
        <p class="actions">
          <button type="submit" class="main">
            Append
          </button>
        </p>
      </form>
    </Dialog>
  );
}

function readMeta(text: string): { meta: { [key: string]: unknown } | null; problem?: string } {
  if (text.trim() === "") return { meta: null };
  try {
    const meta: unknown = JSON.parse(text);
    return typeof meta === "object" && meta !== null && !Array.isArray(meta)
      ? { meta: meta as { [key: string]: unknown } }
      : { meta: null, problem: 'The metadata must be a JSON object, as in { "passed": 12 }.' };
  } catch (error) {
    return { meta: null, problem: `The metadata is no JSON: ${(error as Error).message}` };
  }
}
