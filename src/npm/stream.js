/**
 * Streams of text that is made as it is read.
 * @module
 */

import { reasonOf } from "./signals.js";

const encoder = new TextEncoder();

/**
 * Makes a stream of texts that are made one by one, as they are read.
 * @param {AsyncGenerator<string>} texts Ended when the stream is cancelled.
 * @param {AbortSignal} [signal] The stream fails with its reason.
 * @returns {ReadableStream<Uint8Array>}
 */
export function streamOf(texts, signal) {
  const end = () => texts.return().catch(() => {});
  let abort;
  const forget = () => signal?.removeEventListener("abort", abort);
  const source = {
    start(controller) {
      abort = () => {
        controller.error(reasonOf(signal));
        end();
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
    },
    async pull(controller) {
      try {
        const { done, value } = await texts.next();
        if (signal?.aborted) return;
        if (!done) return controller.enqueue(encoder.encode(value));
        controller.close();
        forget();
      } catch (error) {
        forget();
        throw error;
      }
    },
    cancel() {
      forget();
      return end();
    },
  };
  // Nothing is read ahead.
  return new ReadableStream(source, { highWaterMark: 0 });
}
