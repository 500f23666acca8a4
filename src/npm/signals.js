/**
 * Calls that end early when an `AbortSignal` says so.
 * @module
 */

import { invalid, onlyMember } from "./encode.js";

/**
 * The signal in an options object, if there is one.
 * @param {{ signal?: AbortSignal } | undefined} options
 * @returns {AbortSignal | undefined}
 * @throws {ScribeError} `invalid_argument` if it is something else.
 */
export function signalOf(options) {
  return asSignal(options?.signal);
}

/**
 * A signal, or none.
 * @throws {ScribeError} `invalid_argument` if it is something else.
 */
export function asSignal(signal) {
  if (signal === undefined) return undefined;
  try {
    // Works for signals alone, of whatever realm.
    Reflect.get(AbortSignal.prototype, "aborted", signal);
  } catch {
    throw invalid("`signal` must be an AbortSignal");
  }
  return signal;
}

/**
 * The signal in an options object that may have nothing else.
 * @throws {ScribeError} `invalid_argument` if it has something else.
 */
export function onlySignalOf(options) {
  return asSignal(onlyMember("signal", options));
}

/** Throws the reason of a signal that aborted. */
export function throwIfAborted(signal) {
  if (signal?.aborted) throw reasonOf(signal);
}

/**
 * Does some work until a signal aborts; then rejects at once, with the signal's reason itself. With one that aborted
 * before, nothing is done.
 *
 * The work gets a function, unless there is no signal, that tells whether the signal aborted. Called with `true` it
 * decides: if it says no, the work goes on to its end whatever becomes of the signal.
 *
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {(isAborted?: (decides: boolean) => boolean) => Promise<T>} work
 * @returns {Promise<T>}
 */
export function abortable(signal, work) {
  if (!signal) return work();
  return new Promise((resolve, reject) => {
    const abort = () => reject(reasonOf(signal));
    const forget = () => signal.removeEventListener("abort", abort);
    let isDecided = false;
    const isAborted = (decides) => {
      if (isDecided || signal.aborted) return !isDecided;
      if (decides) {
        isDecided = true;
        forget();
      }
      return false;
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    work(isAborted).finally(forget).then(resolve, reject);
  });
}

/** Why a signal aborted. */
export function reasonOf(signal) {
  // Engines of 2021 have no reasons.
  return "reason" in signal ? signal.reason : new DOMException("the call was aborted", "AbortError");
}
