// Making a project.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { plainView } from "../app/view.ts";
import { Dialog } from "../shared/dialog.tsx";
import { explain } from "../shared/format.ts";

export function NewProjectDialog({ onClose }: { onClose: () => void }) {
  const app = useApp();
  const problem = useSignal("");
  const name = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLInputElement>(null);
  const log = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => name.current?.focus(), []);
  const create = async (event: Event) => {
    event.preventDefault();
    const wanted = name.current?.value ?? "";
    try {
      if (wanted === "") {
        problem.value = "A project needs a name.";
        return;
      }
      if (await app.store.fetchProject(wanted)) {
        problem.value = "There is a project of this name already.";
        return;
      }
      await app.store.upsertProject({
        name: wanted,
        repoRoot: root.current?.value ?? "",
        progressLogPath: log.current?.value ?? "",
      });
      await app.refresh();
      onClose();
      app.go(plainView(wanted));
    } catch (error) {
      problem.value = explain(error);
    }
  };
  return (
    <Dialog title="New project" onClose={onClose}>
      <form onSubmit={create} noValidate>
        <label class="field">
          <span>Name</span>
          <input
            ref={name}
            autocomplete="off"
            aria-invalid={problem.value !== ""}
            aria-describedby="new-project-problem"
          />
        </label>
        <p id="new-project-problem" class="problem" aria-live="polite">
          {problem.value}
        </p>
        <label class="field">
          <span>
            Repository <span class="quiet">(optional)</span>
          </span>
          <input ref={root} autocomplete="off" />
        </label>
        <label class="field">
          <span>
            Log file <span class="quiet">(optional)</span>
          </span>
          <input ref={log} autocomplete="off" />
        </label>
        <p class="actions">
          <button type="submit" class="main">
            Create the project
          </button>
        </p>
      </form>
    </Dialog>
  );
}
