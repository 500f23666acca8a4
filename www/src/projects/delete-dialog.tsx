// Deleting a project, which takes typing its name.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type ProjectWithMetrics, useApp } from "../app/context.ts";
import { plainView } from "../app/view.ts";
import { Dialog } from "../shared/dialog.tsx";
import { entries, explain } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";

export function DeleteDialog({ selected, onClose }: { selected: ProjectWithMetrics; onClose: () => void }) {
  const app = useApp();
  const { name } = selected.project;
  const typed = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const remove = async (event: Event) => {
    event.preventDefault();
    if (typed.value !== name || busy.value) return;
    busy.value = true;
    try {
      await app.store.deleteProject(name);
      onClose();
      app.go(plainView(null));
      await app.refresh();
      app.notify("success", "The project is deleted.");
    } catch (error) {
      problem.value = explain(error);
      busy.value = false;
    }
  };
  return (
    <Dialog
      title={
        <>
          Delete <Plain text={name} />?
        </>
      }
      onClose={onClose}
    >
      <form onSubmit={remove}>
        <p>
          Its {entries(selected.metrics.totalEntries)}, its documents' changes and its report cards will be
          gone for good. Sessions and events of agents stay.
        </p>
        <label class="field">
          <span>
            To confirm, type{" "}
            <b class="name-to-type">
              <Plain text={name} />
            </b>
          </span>
          <input
            ref={field}
            autocomplete="off"
            spellcheck={false}
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        </label>
        <p class="problem" aria-live="polite">
          {problem.value}
        </p>
        <p class="actions">
          <button type="submit" class="danger" disabled={typed.value !== name || busy.value}>
            Delete the project
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
