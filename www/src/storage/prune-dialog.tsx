// Removing the oldest entries, after it is clear how many.

import { useSignal } from "@preact/signals";
import { type ProjectWithMetrics, useApp } from "../app/context.ts";
import { Dialog } from "../shared/dialog.tsx";
import { entries, explain } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";

export function PruneDialog({ selected, onClose }: { selected: ProjectWithMetrics; onClose: () => void }) {
  const app = useApp();
  const { project, metrics } = selected;
  const by = useSignal<"before" | "keep">("before");
  const before = useSignal("");
  const keep = useSignal("10000");
  const problem = useSignal("");
  const busy = useSignal(false);
  const count = Number(keep.value);
  const valid =
    by.value === "before" ? before.value !== "" : /^\d+$/.test(keep.value) && Number.isSafeInteger(count);

  const prune = async (event: Event) => {
    event.preventDefault();
    if (!valid || busy.value) return;
    busy.value = true;
    problem.value = "";
    try {
      const report = await app.store.pruneEntries({
        project,
        ...(by.value === "before" ? { before: before.value } : { keepNewest: count }),
      });
      await app.refresh();
      app.notify("success", `${entries(report.removed)} removed, ${entries(report.remaining)} left.`);
      onClose();
    } catch (error) {
      problem.value = explain(error);
      busy.value = false;
    }
  };
  return (
    <Dialog
      title={
        <>
          Prune <Plain text={project.name} />
        </>
      }
      onClose={onClose}
      busy={busy.value}
    >
      <form onSubmit={prune} noValidate>
        <p>
          Of its {entries(metrics.totalEntries)}, the oldest are removed for good. Export them first if they
          may be wanted again.
        </p>
        <fieldset>
          <legend>Remove</legend>
          <label class="choice">
            <input
              type="radio"
              name="prune-by"
              checked={by.value === "before"}
              onChange={() => {
                by.value = "before";
              }}
            />
            <span>entries before a time (UTC)</span>
          </label>
          {by.value === "before" && (
            <input
              type="datetime-local"
              step="1"
              aria-label="Before"
              value={before.value}
              onInput={(event) => {
                before.value = event.currentTarget.value;
              }}
            />
          )}
          <label class="choice">
            <input
              type="radio"
              name="prune-by"
              checked={by.value === "keep"}
              onChange={() => {
                by.value = "keep";
              }}
            />
            <span>all but the newest</span>
          </label>
          {by.value === "keep" && (
            <input
              inputMode="numeric"
              aria-label="Entries to keep"
              value={keep.value}
              onInput={(event) => {
                keep.value = event.currentTarget.value;
              }}
            />
          )}
        </fieldset>
        <p class="problem" aria-live="polite">
          {problem.value}
        </p>
        <p class="actions">
          <button type="submit" class="danger" disabled={!valid || busy.value}>
            Remove them
          </button>
          <button type="button" disabled={busy.value} onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
