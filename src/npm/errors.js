/**
 * The errors that the package rejects with.
 * @module
 */

/** Marks the package's errors, so that copies of the package know each other's. */
const BRAND = Symbol.for("scribe-store.error");

/** Codes with which the same call may succeed later. */
const RETRYABLE = new Set(["blocked", "quota_exceeded", "unavailable"]);

export class ScribeError extends Error {
  // Minifiers rename classes.
  static name = "ScribeError";

  /**
   * @param {string} code
   * @param {string} message
   * @param {{ cause?: unknown }} [options]
   */
  constructor(code, message, options) {
    super(shorten(message), options);
    this.name = "ScribeError";
    this.code = code;
    this.retryable = RETRYABLE.has(code);
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Logs keep errors as JSON, which leaves out the message of any error. */
  toJSON() {
    return { ...this, message: this.message };
  }
}

export class ConflictError extends ScribeError {
  static name = "ConflictError";

  /**
   * @param {string} message
   * @param {{ expected?: number | null, actual?: number | null } | null} versions
   * @param {{ cause?: unknown }} [options]
   */
  constructor(message, versions, options) {
    super("conflict", message, options);
    this.name = "ConflictError";
    this.expectedVersion = versions?.expected ?? null;
    this.actualVersion = versions?.actual ?? null;
  }
}

export function isScribeError(value) {
  try {
    return typeof value === "object" && value !== null && value[BRAND] === true;
  } catch {
    // A proxy may throw.
    return false;
  }
}

/** Makes the error of what is done with a store that was closed. */
export function closed() {
  return new ScribeError("closed", "this store was closed");
}

/** Makes an error of the package from whatever was thrown. */
export function toScribeError(thrown) {
  if (isScribeError(thrown)) return thrown;
  if (typeof thrown?.code === "string" && Array.isArray(thrown.causes)) {
    const { code, message, causes, versions } = thrown;
    const cause = causes.reduceRight((cause, text) => new Error(text, cause && { cause }), undefined);
    const options = cause && { cause };
    return code === "conflict"
      ? new ConflictError(message, versions, options)
      : new ScribeError(code, message, options);
  }
  return new ScribeError("internal", `the WebAssembly module failed: ${reasonOf(thrown)}`, { cause: thrown });
}

/**
 * What something says that was thrown, or passed, whatever it is: it may throw itself when it is asked. An object that is
 * no error is not asked: a list of nothing would take minutes for its commas.
 */
export function reasonOf(thrown) {
  try {
    const said = thrown?.message ?? thrown;
    return Object(said) === said ? Object.prototype.toString.call(said) : String(said);
  } catch {
    return "what was thrown does not tell";
  }
}

/** Cuts the middle out of a message that repeats a long argument. */
function shorten(message) {
  const MOST = 500;
  return message.length > 2 * MOST ? `${message.slice(0, MOST)}…${message.slice(-MOST)}` : message;
}
