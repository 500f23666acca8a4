// Whether a log is what was written, and how to keep it small.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { VerifyReport } from "scribe-store";
import { type ProjectWithMetrics, useApp } from "../app/context.ts";
import { CopyButton } from "../shared/copy-button.tsx";
import { entries, explain, isAbort, number } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";

const REASONS = {
  line_hash: "Its SHA-256 is not the hash of its raw line.",
  chain: "The hash chain up to it is not the stored one: it, or one before it, was changed.",
  missing: "It is missing, though there are later ones.",
};

export function Integrity({ selected: { project, metrics } }: { selected: ProjectWithMetrics }) {
  const app = useApp();
  const running = useRef<AbortController | null>(null);
  const busy = useSignal(false);
  const report = useSignal<VerifyReport | null>(null);
  const problem = useSignal("");
  useEffect(() => () => running.current?.abort(), []);

  const verify = async () => {
    const mine = new AbortController();
    running.current = mine;
    busy.value = true;
    report.value = null;
    problem.value = "";
    try {
      report.value = await app.store.verifyProject(project, { signal: mine.signal });
    } catch (error) {
      problem.value = isAbort(error) ? "Cancelled." : explain(error);
    }
    busy.value = false;
  };
  return (
    <div class="page">
      <section class="block" aria-labelledby="verify-title">
        <h2 id="verify-title">Verify</h2>
        <p>
          Every entry is linked into a hash chain. Verifying reads the whole log as it is stored and
          recomputes every hash of it; what was changed behind the store's back shows.
        </p>
        <p class="actions">
          <button type="button" class="main" disabled={busy.value} onClick={verify}>
            Verify {entries(metrics.totalEntries)}
          </button>
          {busy.value && (
            <button
              type="button"
              onClick={() => running.current?.abort(new DOMException("cancelled", "AbortError"))}
            >
              Cancel
            </button>
          )}
        </p>
        <div role="status">
          {busy.value && <progress aria-label="Verifying" />}
          {problem.value !== "" && <p class="notice error">{problem.value}</p>}
          {report.value && <Verdict report={report.value} />}
        </div>
      </section>
      <section class="block" aria-labelledby="prune-title">
        <h2 id="prune-title">Prune</h2>
        <p>
          Removes the oldest entries for good. What remains can still be verified, from its first entry on.
        </p>
        <p class="actions">
          <button
            type="button"
            onClick={() => {
              app.dialog.value = "prune";
            }}
          >
            Prune old entries …
          </button>
        </p>
      </section>
    </div>
  );
}

function Verdict({ report }: { report: VerifyReport }) {
  return (
    <div class={report.ok ? "notice success" : "notice error"}>
      <div>
        {report.ok ? (
          <p>
            <b>✓ All is as it was written.</b> {entries(report.entries)} recomputed
            {report.fromSeq > 1 && `, from entry ${number(report.fromSeq)} on; older ones were pruned`}.
          </p>
        ) : (
          <p>
            <b>✗ Entry {number(report.firstBad?.seq ?? 0)} is not as it should be.</b>{" "}
            {report.firstBad && REASONS[report.firstBad.reason]}{" "}
            {report.firstBad?.entryId && (
              <>
                Identifier:{" "}
                <code>
                  <Plain text={report.firstBad.entryId} />
                </code>
              </>
            )}
          </p>
        )}
        <p class="head-hash">
          Head <code>{report.head}</code> <CopyButton text={report.head} what="the head" />
        </p>
        <p class="quiet">
          Keep a copy of the head elsewhere to notice a log that was cut off or written anew.
        </p>
      </div>
    </div>
  );
}
