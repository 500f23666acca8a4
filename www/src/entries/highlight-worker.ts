// Finds patterns beside the page: one that takes too long holds up nobody, and is ended from outside.

import { findPattern, type Needle } from "./highlight.ts";

addEventListener("message", ({ data }: MessageEvent<{ id: number; needle: Needle; messages: string[] }>) => {
  try {
    postMessage({ id: data.id, ranges: findPattern(data.messages, data.needle) });
  } catch {
    // The store knows this pattern, but the browser does not: nothing is marked.
    postMessage({ id: data.id, ranges: [] });
  }
});
