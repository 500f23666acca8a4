// Whether the page is as narrow as a phone.

import { signal } from "@preact/signals";

const query = window.matchMedia("(max-width: 719px)");
const narrow = signal(query.matches);
query.addEventListener("change", () => {
  narrow.value = query.matches;
});

/** Whether the page is narrow, in a component; the style sheets have the same bound. */
export function useNarrow(): boolean {
  return narrow.value;
}
