/**
 * Arguments as JSON text, the form in which they reach the module.
 *
 * The module checks them; here is caught what would get lost on the way there, so that nothing that a caller
 * wrote is dropped in silence. Metadata is free-form and follows the rules of `JSON.stringify`.
 * @module
 */

import { isScribeError, ScribeError } from "./errors.js";

const FREE_FORM = new Set(["meta", "metadata"]);

/** How deep an argument may be nested, itself counted: one less than the module takes, for lists of arguments. */
const MAX_LEVELS = 126;

/**
 * Writes an argument as JSON text.
 * @param {unknown} argument
 * @param {string[]} without Members of it to leave out.
 * @throws {ScribeError} `invalid_argument` for what JSON cannot hold.
 */
export function encode(argument, ...without) {
  /** Metadata, and what it holds. */
  const freeForm = new WeakSet();
  /** Objects in which a member that is `undefined` is a mistake. */
  const complete = new WeakSet();
  /** How deep objects are nested. */
  const levels = new WeakMap();

  function check(key, value) {
    if (this === argument && without.includes(key)) return undefined;
    const isFree = freeForm.has(this);
    switch (typeof value) {
      case "number":
        if (!Number.isFinite(value)) throw invalid(`${named(key)} is ${value}, which is not a finite number`);
        return value;
      case "bigint":
        throw invalid(`${named(key)} is a BigInt, which JSON cannot hold`);
      case "function":
      case "symbol":
        if (!isFree) throw invalid(`${named(key)} must not be a ${typeof value}`);
        return value;
      case "undefined":
        if (complete.has(this)) throw invalid(`${named(key)} must not be undefined`);
        return value;
      case "object":
        break;
      default:
        return value;
    }
    if (value === null) {
      // What `toJSON` makes of a date that is none; as a bound, `null` would mean that there is no bound.
      if (!isFree && tag(this[key]) === "Date") throw invalid(`${named(key)} is an invalid Date`);
      return value;
    }
    const level = (levels.get(this) ?? 0) + 1;
    if (level > MAX_LEVELS)
      throw invalid(`the argument is nested too deeply: ${MAX_LEVELS} levels are the most`);
    levels.set(value, level);
    if (isFree || FREE_FORM.has(key)) {
      // Unwrapped by `JSON.stringify` only after this, and then `null`.
      if (tag(value) === "Number" && !Number.isFinite(Number(value))) {
        throw invalid(`${named(key)} is ${Number(value)}, which is not a finite number`);
      }
      freeForm.add(value);
    } else if (!Array.isArray(value)) {
      if (tag(value) !== "Object") throw invalid(`${named(key)} must not be a ${tag(value)}`);
      const member = inheritedMember(value);
      if (member !== undefined) {
        throw invalid(`${named(key)} inherits \`${member}\`: members must be the object's own`);
      }
      if (key === "metaFilters") complete.add(value);
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
 * Writes an entry as JSON text. Most are plain data, for which nothing has to be caught while they are written.
 * @throws {ScribeError} As {@link encode}.
 */
export function encodeEntry(entry) {
  return isPlainEntry(entry) ? JSON.stringify(entry) : encode(entry);
}

function isPlainEntry(entry) {
  try {
    return isObject(entry) && Object.keys(entry).every((key) => isPlainMember(key, entry[key]));
  } catch {
    // A getter that throws is told of by `encode`.
    return false;
  }
}

function isPlainMember(key, value) {
  switch (typeof value) {
    case "string":
      return true;
    case "object":
      if (key === "meta") return isPlain(value, 0);
      if (key === "ts") return isValidDate(value);
      // A project's record.
      return value === null || (isObject(value) && isPlain(value, 0));
    case "undefined":
      return true;
    default:
      return Number.isFinite(value);
  }
}

/** Tells whether `JSON.stringify` writes all of a value, and as it is. */
function isPlain(value, level) {
  const MOST = 50;
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      if (value === null) return true;
      if (level === MOST) return false;
      if (Array.isArray(value)) return value.every((item) => isPlain(item, level + 1));
      return isObject(value) && Object.values(value).every((member) => isPlain(member, level + 1));
    default:
      return false;
  }
}

/** Tells whether a value is an object literal's, or such an object. */
function isObject(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isValidDate(value) {
  return value instanceof Date && Object.keys(value).length === 0 && Number.isFinite(value.getTime());
}

/**
 * Passes the elements of an iterable on, as texts of JSON arrays of some length.
 * @throws {ScribeError} `invalid_argument`, which names the element's index, for what JSON cannot hold, and
 *   when the iterable throws; and whatever `pass` throws.
 */
export function encodeEach(iterable, pass) {
  const CHUNK = 500;
  let texts = [];
  let index = 0;
  // Of an array, whose elements nobody changes meanwhile, plain ones are written all at once.
  if (Array.isArray(iterable) && iterable[Symbol.iterator] === Array.prototype[Symbol.iterator]) {
    for (; index < iterable.length; index += CHUNK) {
      const chunk = iterable.slice(index, index + CHUNK);
      if (!chunk.every(isPlainEntry)) break;
      pass(JSON.stringify(chunk));
    }
    iterable = iterable.slice(index);
  }
  const passOn = () => {
    pass(`[${texts.join(",")}]`);
    texts = [];
  };
  for (const element of guarded(iterable, () => index)) {
    try {
      texts.push(encodeEntry(element));
    } catch (error) {
      throw new ScribeError(error.code, `entries[${index}]: ${error.message}`, { cause: error });
    }
    index += 1;
    if (texts.length === CHUNK) passOn();
  }
  passOn();
}

/** Yields what an iterable yields. Whatever the iterable itself throws is a mistake of the argument. */
function* guarded(iterable, index) {
  try {
    if (typeof iterable === "object" && typeof iterable?.[Symbol.iterator] === "function") {
      yield* iterable;
      return;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ScribeError(
      "invalid_argument",
      `the iterable of entries threw at entries[${index()}]: ${why}`,
      {
        cause: error,
      },
    );
  }
  throw invalid("`entries` must be an iterable of entries");
}

export function invalid(message) {
  return new ScribeError("invalid_argument", message);
}

/** The built-in kind of a value, also of one from another realm: "Object", "Date", "Map", … */
export function tag(value) {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** What an error calls an argument or a member; the argument as a whole has no key. */
function named(key) {
  return key === "" ? "the argument" : `\`${key}\``;
}

/**
 * A member that an object has from its class or prototype: a getter, or a value that `for … in` finds. JSON has
 * own members only, so that a criterion which is one would be lost.
 */
function inheritedMember(value) {
  let prototype = Object.getPrototypeOf(value);
  // The last one is `Object.prototype`, of whatever realm.
  for (let next; prototype !== null; prototype = next) {
    next = Object.getPrototypeOf(prototype);
    if (next === null) return undefined;
    for (const [key, member] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (member.get || member.enumerable) return key;
    }
  }
  return undefined;
}
