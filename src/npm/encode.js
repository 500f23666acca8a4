/**
 * Arguments as JSON text, the form in which they reach the module.
 *
 * The module checks them; here is caught what would get lost on the way there, so that nothing that a caller
 * wrote is dropped in silence. Metadata is free-form and follows the rules of `JSON.stringify`.
 * @module
 */

import { reasonOf, ScribeError } from "./errors.js";

const FREE_FORM = new Set(["meta", "metadata"]);

/** How deep an argument may be nested, itself counted: one less than the module takes, for lists of arguments. */
const MAX_LEVELS = 126;

/** How many values an argument may hold: a list may be as long as that without having an element. */
const MAX_VALUES = 5_000_000;

/** How long an argument may be as text: of much more the module would run out of memory. */
const MAX_LENGTH = 2 ** 26;

/** How many prototypes an object may have: a proxy may have new ones for ever. */
const MAX_PROTOTYPES = 100;

/** How many values of an entry are looked at, to see whether it is plain: shared ones count each time. */
const MAX_PLAIN = 100_000;

/**
 * Writes an argument as JSON text.
 * @param {unknown} argument
 * @param {Map<string, unknown>} [apart] Members of it that are not written: what they are is put here.
 * @throws {ScribeError} `invalid_argument` for what JSON cannot hold.
 */
export function encode(argument, apart) {
  /** What this function found wrong, as opposed to what is thrown while the argument is read. */
  let mistake;
  /** Metadata, and what it holds. */
  const freeForm = new WeakSet();
  /** Objects in which a member that is `undefined` is a mistake. */
  const complete = new WeakSet();
  /** How deep objects are nested. */
  const levels = new WeakMap();

  let count = 0;

  const wrong = (message) => {
    mistake = invalid(message);
    return mistake;
  };

  function check(key, value) {
    if (apart?.has(key) && levels.get(this) === 1) {
      // As it is, not what its `toJSON` made of it.
      apart.set(key, this[key]);
      return undefined;
    }
    count += 1;
    if (count > MAX_VALUES) throw wrong(`the argument holds too much: ${MAX_VALUES} values are the most`);
    const isFree = freeForm.has(this);
    switch (typeof value) {
      case "number":
        if (!Number.isFinite(value)) throw wrong(`${named(key)} is ${value}, which is not a finite number`);
        return value;
      case "bigint":
        throw wrong(`${named(key)} is a BigInt, which JSON cannot hold`);
      case "function":
      case "symbol":
        if (!isFree) throw wrong(`${named(key)} must not be a ${typeof value}`);
        return value;
      case "undefined":
        if (complete.has(this)) throw wrong(`${named(key)} must not be undefined`);
        return value;
      case "object":
        break;
      default:
        return value;
    }
    if (value === null) {
      // What `toJSON` makes of a date that is none; as a bound, `null` would mean that there is no bound.
      if (!isFree && tag(this[key]) === "Date") throw wrong(`${named(key)} is an invalid Date`);
      return value;
    }
    const level = (levels.get(this) ?? 0) + 1;
    if (level > MAX_LEVELS)
      throw wrong(`the argument is nested too deeply: ${MAX_LEVELS} levels are the most`);
    levels.set(value, level);
    if (isFree || FREE_FORM.has(key)) {
      // Unwrapped by `JSON.stringify` only after this, and then `null`.
      if (tag(value) === "Number" && !Number.isFinite(Number(value))) {
        throw wrong(`${named(key)} is ${Number(value)}, which is not a finite number`);
      }
      freeForm.add(value);
    } else if (!Array.isArray(value)) {
      if (tag(value) !== "Object") throw wrong(`${named(key)} must not be a ${tag(value)}`);
      const member = inheritedMember(value);
      if (member !== undefined) {
        throw wrong(`${named(key)} inherits \`${member}\`: members must be the object's own`);
      }
      if (key === "metaFilters") complete.add(value);
    }
    return value;
  }

  let text;
  try {
    text = JSON.stringify(argument, check) ?? "null";
  } catch (error) {
    if (mistake) throw mistake;
    // A cycle, a getter or `toJSON` that threw, or more than a string can hold.
    throw invalid(`the argument cannot be written as JSON: ${reasonOf(error)}`, { cause: error });
  }
  if (text.length > MAX_LENGTH)
    throw invalid(`the argument is too long: ${MAX_LENGTH} characters of JSON are the most`);
  return text;
}

/**
 * The one member that an options object may have.
 * @throws {ScribeError} `invalid_argument` if it has something else.
 */
export function onlyMember(key, options = {}) {
  const apart = new Map([[key, undefined]]);
  const rest = encode(options, apart);
  if (rest !== "{}") throw invalid(`the options object may have \`${key}\` alone, not ${rest.slice(0, 60)}`);
  return apart.get(key);
}

/**
 * Writes an entry as JSON text. Most are plain data, for which nothing has to be caught while they are written.
 * @throws {ScribeError} As {@link encode}.
 */
function encodeEntry(entry) {
  return encodePlain([entry])?.slice(1, -1) ?? encode(entry);
}

/** Writes entries as the text of an array if all are plain data: what is not, or throws, is for {@link encode}. */
function encodePlain(entries) {
  try {
    const text = entries.every(isPlainEntry) ? JSON.stringify(entries) : "";
    return text && text.length <= MAX_LENGTH ? text : undefined;
  } catch {
    return undefined;
  }
}

function isPlainEntry(entry) {
  const budget = { left: MAX_PLAIN };
  return isObject(entry) && Object.keys(entry).every((key) => isPlainMember(key, entry[key], budget));
}

function isPlainMember(key, value, budget) {
  switch (typeof value) {
    case "string":
      return true;
    case "object":
      if (key === "meta") return isPlain(value, 0, budget);
      if (key === "ts") return isValidDate(value);
      // A project's record.
      return value === null || (isObject(value) && isPlain(value, 0, budget));
    case "undefined":
      return true;
    default:
      return Number.isFinite(value);
  }
}

/** Tells whether `JSON.stringify` writes all of a value, and as it is. */
function isPlain(value, level, budget) {
  const MOST = 50;
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object": {
      if (value === null) return true;
      budget.left -= Array.isArray(value) ? value.length : 1;
      if (level === MOST || budget.left < 0) return false;
      const isInner = (inner) => isPlain(inner, level + 1, budget);
      if (Array.isArray(value)) return value.toJSON === undefined && value.every(isInner);
      return isObject(value) && Object.values(value).every(isInner);
    }
    default:
      return false;
  }
}

/** Tells whether a value is an object literal's, or such an object, and writes itself as any does. */
function isObject(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    value.toJSON === undefined
  );
}

function isValidDate(value) {
  return (
    value instanceof Date &&
    Object.keys(value).length === 0 &&
    value.toJSON === Date.prototype.toJSON &&
    Number.isFinite(value.getTime())
  );
}

/** How many entries are passed on at once. */
const CHUNK = 500;

/**
 * Passes the elements of an iterable on, as texts of JSON arrays of some length.
 * @throws {ScribeError} `invalid_argument`, which names the element's index, for what JSON cannot hold, and
 *   when the iterable throws; and whatever `pass` throws.
 */
export function encodeEach(iterable, pass) {
  let texts = [];
  let length = 0;
  let index = 0;
  // Of an array, whose elements nobody changes meanwhile, plain ones are written all at once.
  for (let text = plainChunk(iterable, 0); text; text = plainChunk(iterable, index)) {
    pass(text);
    index += CHUNK;
  }
  const passOn = () => {
    pass(`[${texts.join(",")}]`);
    texts = [];
    length = 0;
  };
  for (const element of guarded(index > 0 ? elementsFrom(iterable, index) : iterable, () => index)) {
    try {
      length += texts[texts.push(encodeEntry(element)) - 1].length;
    } catch (error) {
      throw invalid(`entries[${index}]: ${error.message}`, { cause: error });
    }
    index += 1;
    if (texts.length === CHUNK || length > MAX_LENGTH / 4) passOn();
  }
  passOn();
}

/** Writes elements of an array; `undefined` if there are none, or one is not plain, or it is no array as any. */
function plainChunk(array, from) {
  try {
    if (!Array.isArray(array) || array[Symbol.iterator] !== Array.prototype[Symbol.iterator])
      return undefined;
    const length = Math.min(CHUNK, array.length - from);
    return length > 0 ? encodePlain(Array.from({ length }, (_, place) => array[from + place])) : undefined;
  } catch {
    return undefined;
  }
}

function* elementsFrom(array, index) {
  for (let place = index; place < array.length; place += 1) yield array[place];
}

/** Yields what an iterable yields. Whatever the iterable itself throws is a mistake of the argument. */
function* guarded(iterable, index) {
  try {
    if (typeof iterable === "object" && typeof iterable?.[Symbol.iterator] === "function") {
      yield* iterable;
      return;
    }
  } catch (error) {
    const why = reasonOf(error);
    throw invalid(`the iterable of entries threw at entries[${index()}]: ${why}`, { cause: error });
  }
  throw invalid("`entries` must be an iterable of entries");
}

export function invalid(message, options) {
  return new ScribeError("invalid_argument", message, options);
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
  for (let next, count = 0; prototype !== null; prototype = next) {
    count += 1;
    if (count > MAX_PROTOTYPES) throw new RangeError("an object has too many prototypes");
    next = Object.getPrototypeOf(prototype);
    if (next === null) return undefined;
    for (const [key, member] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (member.get || member.enumerable) return key;
    }
  }
  return undefined;
}
