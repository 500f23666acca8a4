// The time that passes while the page is open, so that "3 minutes ago" stays true.

import { signal } from "@preact/signals";

const HALF_MINUTE_MS = 30_000;

const passed = signal(0);
setInterval(() => {
  passed.value += 1;
}, HALF_MINUTE_MS);

/** Shows a component anew as time passes. */
export function useClock(): void {
  void passed.value;
}
