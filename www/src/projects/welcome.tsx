// What is shown when no project is chosen.

import { useSignal } from "@preact/signals";
import { useApp } from "../app/context.ts";
import { plainView } from "../app/view.ts";
import { explain } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import { loadSample } from "../transfer/sample.ts";
import { ProjectList } from "./project-list.tsx";

export function Welcome({ missing, empty }: { missing: string | null; empty: boolean }) {
  const app = useApp();
  const busy = useSignal(false);
  const sample = async () => {
    busy.value = true;
    try {
      const first = await loadSample(app.store);
      await app.refresh();
      app.go(plainView(first));
    } catch (error) {
      app.notify("error", `The sample log could not be loaded: ${explain(error)}`);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="welcome">
      {missing !== null && (
        <div class="notice warning">
          <p>
            There is no project “<Plain text={missing} />” here. Perhaps it is in another browser, or was
            deleted.
          </p>
        </div>
      )}
      {empty ? (
        <>
          <h1>No log here yet</h1>
          <p>
            This page shows what agents write with scribe-store, on this site and in this browser. Nothing
            leaves the browser.
          </p>
          <p class="actions">
            <button type="button" class="main" disabled={busy.value} onClick={sample}>
              {busy.value ? "Loading …" : "Load the sample log"}
            </button>
            <button
              type="button"
              onClick={() => {
                app.dialog.value = "import";
              }}
            >
              Import a file …
            </button>
            <button
              type="button"
              onClick={() => {
                app.dialog.value = "new-project";
              }}
            >
              New project …
            </button>
          </p>
          <p class="quiet">Or drop a log anywhere on this page: JSONL, a Markdown log, or a whole store.</p>
        </>
      ) : (
        <>
          <h1>Choose a project</h1>
          <p class="quiet">
            Or press <kbd>]</kbd> for the next one; <kbd>?</kbd> shows all keys.
          </p>
          <div class="only-narrow">
            <ProjectList />
          </div>
          <p>
            <button type="button" disabled={busy.value} onClick={sample}>
              {busy.value ? "Loading …" : "Load the sample log"}
            </button>
          </p>
        </>
      )}
    </div>
  );
}
