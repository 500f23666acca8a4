/** The type of `AbortSignal`; `never` where the environment's types lack it. */
type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Instance } } ? Instance : never;

/** What every method takes that can be ended early. */
export interface SignalOptions {
  /**
   * Ends the call early: its promise rejects at once with `signal.reason` itself, and the work stops as soon as it
   * lets others have their turn. With a signal that is aborted already nothing is done. Anything but an `AbortSignal`
   * is an `invalid_argument`.
   */
  signal?: Signal;
}
