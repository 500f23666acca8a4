// The answer to a question that changes: the newest one counts, and nobody waits for older ones.

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { isAbort } from "./format.ts";

export interface Answer<T> {
  /** The last answer; it stays until there is another one. */
  value: T | undefined;
  error: unknown;
  busy: boolean;
}

/**
 * Asks whenever `key` changes. An answer stays until there is the next one, so that nothing flickers.
 *
 * @param ask Is to give up when the signal says so.
 */
export function useAnswer<T>(
  key: string,
  ask: (signal: AbortSignal) => Promise<T>,
): ReadonlySignal<Answer<T>> {
  const answer = useSignal<Answer<T>>({ value: undefined, error: null, busy: true });
  useEffect(() => {
    const request = new AbortController();
    answer.value = { ...answer.peek(), busy: true };
    ask(request.signal).then(
      (value) => {
        if (!request.signal.aborted) answer.value = { value, error: null, busy: false };
      },
      (error: unknown) => {
        if (request.signal.aborted || isAbort(error)) return;
        answer.value = { value: answer.peek().value, error, busy: false };
      },
    );
    return () => request.abort(new DOMException("nobody waits for this any more", "AbortError"));
  }, [key]);
  return answer;
}
