/**
 * Arguments as JSON text, the form in which they reach the module.
 *
 * The module checks them; here is caught what would get lost on the way there, so that nothing that a caller
 * wrote is dropped in silence. Metadata is free-form and follows the rules of `JSON.stringify`.
 * @module
 */

import { isScribeError, ScribeError } from "./errors.js";

const FREE_FORM = new Set(["meta", "metadata"]);

/**
 * Writes an argument as JSON text.
 * @throws {ScribeError} `invalid_argument` for what JSON cannot hold.
 */
export function encode(argument) {
  /** Metadata, and what it holds. */
  const freeForm = new WeakSet();
  /** Objects in which a member that is `undefined` is a mistake. */
  const complete = new WeakSet();

  function check(key, value) {
    const isFree = freeForm.has(this);
    switch (typeof value) {
      case "number":
        if (!Number.isFinite(value)) throw invalid(`\`${key}\` is ${value}, which is not a finite number`);
        return value;
      case "bigint":
        throw invalid(`\`${key}\` is a BigInt, which JSON cannot hold`);
      case "function":
      case "symbol":
        if (!isFree) throw invalid(`\`${key}\` must not be a ${typeof value}`);
        return value;
      case "undefined":
        if (complete.has(this)) throw invalid(`\`${key}\` must not be undefined`);
        return value;
      case "object":
        break;
      default:
        return value;
    }
    if (value === null) {
      // What `toJSON` makes of a date that is none; as a bound, `null` would mean that there is no bound.
      if (!isFree && tag(this[key]) === "Date") throw invalid(`\`${key}\` is an invalid Date`);
    } else if (isFree || FREE_FORM.has(key)) {
      freeForm.add(value);
    } else if (!Array.isArray(value) && tag(value) !== "Object") {
      throw invalid(`\`${key}\` must not be a ${tag(value)}`);
    } else if (key === "metaFilters") {
      complete.add(value);
    }
    return value;
  }

  try {
    return JSON.stringify(argument, check) ?? "null";
  } catch (error) {
    if (isScribeError(error)) throw error;
    // A cycle, a getter or `toJSON` that threw, or more than a string can hold.
    const why = error instanceof Error ? error.message : String(error);
    throw new ScribeError("invalid_argument", `the argument cannot be written as JSON: ${why}`, {
      cause: error,
    });
  }
}

/**
 * Passes the elements of an iterable on, as texts of JSON arrays of some length.
 * @throws {ScribeError} `invalid_argument`, which names the element's index, for what JSON cannot hold, and
 *   when the iterable throws.
 */
export function encodeEach(iterable, pass) {
  const CHUNK = 500;
  let texts = [];
  let index = 0;
  const passOn = () => {
    pass(`[${texts.join(",")}]`);
    texts = [];
  };
  if (typeof iterable !== "object" || typeof iterable?.[Symbol.iterator] !== "function") {
    throw invalid("`entries` must be an iterable of entries");
  }
  try {
    for (const element of iterable) {
      try {
        texts.push(encode(element));
      } catch (error) {
        throw new ScribeError(error.code, `entries[${index}]: ${error.message}`, { cause: error });
      }
      index += 1;
      if (texts.length === CHUNK) passOn();
    }
    passOn();
  } catch (error) {
    if (isScribeError(error) || typeof error?.code === "string") throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ScribeError("invalid_argument", `the iterable of entries threw at entries[${index}]: ${why}`, {
      cause: error,
    });
  }
}

function invalid(message) {
  return new ScribeError("invalid_argument", message);
}

/** The built-in kind of a value, also of one from another realm: "Object", "Date", "Map", … */
function tag(value) {
  return Object.prototype.toString.call(value).slice(8, -1);
}
