// Assertions that run in Node and in browsers alike. Each message begins with what was promised.

/** An assertion that does not hold. */
export class AssertionError extends Error {
  name = "AssertionError";
}

/**
 * @param {unknown} condition
 * @param {string} promise What is promised, as in "the page has a next one".
 */
export function ok(condition, promise) {
  if (!condition) throw new AssertionError(`${promise}: does not hold`);
}

/**
 * Compares two values: primitives by `Object.is`; arrays and plain objects by their own members, in any order, and
 * by their prototypes.
 *
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} promise
 */
export function equal(actual, expected, promise) {
  const difference = differenceOf(actual, expected, "");
  if (difference) throw new AssertionError(`${promise}: ${difference}`);
}

/**
 * Expects a rejection with an error of the package.
 *
 * @param {Promise<unknown> | (() => unknown)} call A promise, or a function that returns one and must not throw.
 * @param {string} code
 * @param {string | RegExp} says Part of the message.
 * @param {string} promise
 * @returns {Promise<Error>} The error.
 */
export async function rejects(call, code, says, promise) {
  let pending = call;
  if (typeof call === "function") {
    try {
      pending = call();
    } catch (error) {
      throw new AssertionError(`${promise}: threw ${describe(error)} instead of rejecting`);
    }
  }
  let result;
  try {
    result = await pending;
  } catch (error) {
    if (!(error instanceof Error) || error.code !== code) {
      throw new AssertionError(`${promise}: rejected with ${describe(error)} instead of ${code}`);
    }
    const fits = typeof says === "string" ? error.message.includes(says) : says.test(error.message);
    if (!fits) throw new AssertionError(`${promise}: the message "${error.message}" does not say ${says}`);
    return error;
  }
  throw new AssertionError(`${promise}: resolved to ${show(result)} instead of rejecting with ${code}`);
}

function differenceOf(actual, expected, path) {
  if (Object.is(actual, expected)) return undefined;
  const at = path === "" ? "" : `at ${path}: `;
  if (!isContainer(actual) || !isContainer(expected)) {
    return `${at}${show(actual)} instead of ${show(expected)}`;
  }
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) {
    return `${at}another prototype than expected`;
  }
  if (Array.isArray(actual) && actual.length !== expected.length) {
    return `${at}${actual.length} elements instead of ${expected.length}: ${show(actual)}`;
  }
  const [own, wanted] = [Reflect.ownKeys(actual), Reflect.ownKeys(expected)];
  const lost = wanted.find((key) => !own.includes(key));
  if (lost !== undefined) return `${at}no member ${show(lost)}`;
  const added = own.find((key) => !wanted.includes(key));
  if (added !== undefined) return `${at}a member ${show(added)} too many`;
  for (const key of wanted) {
    const inner = `${path}[${show(key)}]`;
    const difference = differenceOf(ownMember(actual, key), ownMember(expected, key), inner);
    if (difference) return difference;
  }
  return undefined;
}

function isContainer(value) {
  return typeof value === "object" && value !== null;
}

/** A member of the object itself, also one called `__proto__`. */
function ownMember(object, key) {
  return Object.getOwnPropertyDescriptor(object, key).value;
}

function describe(error) {
  if (!(error instanceof Error)) return show(error);
  return error.code === undefined ? String(error) : `${error.code} ("${error.message}")`;
}

function show(value) {
  if (typeof value === "string") return shorten(JSON.stringify(value));
  if (Object.is(value, -0)) return "-0";
  if (!isContainer(value)) return String(value);
  try {
    return shorten(JSON.stringify(value));
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function shorten(text) {
  const MOST = 200;
  return text.length > MOST ? `${text.slice(0, MOST)}… (${text.length} characters)` : text;
}
