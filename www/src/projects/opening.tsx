// What is shown before there is a store, or if there is none.

import { explain } from "../shared/format.ts";

export function Opening() {
  return (
    <main class="centred" aria-busy="true">
      <p class="quiet">Opening the store …</p>
    </main>
  );
}

export function OpeningFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <main class="centred">
      <div class="notice error" role="alert">
        <h1>The store could not be opened</h1>
        <p>{explain(error)}</p>
        <button type="button" class="main" onClick={onRetry}>
          Try again
        </button>
      </div>
    </main>
  );
}
