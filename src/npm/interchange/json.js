/**
 * JSON in texts that others wrote.
 * @module
 */

/** What a number that no double holds may look like. `JSON.parse` makes an infinity of it, and `JSON.stringify` `null`. */
const HUGE = /\d{200}|\d[eE]\+?0*[1-9]\d{2}/;

/**
 * Reads JSON whose numbers can be stored.
 * @param {string} text
 * @throws {SyntaxError | RangeError} If it is none, or a number in it is too large.
 */
export function parseJson(text) {
  const value = JSON.parse(text);
  if (HUGE.test(text)) JSON.stringify(value, refuseInfinity);
  return value;
}

function refuseInfinity(_, value) {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError("a number in it is too large");
  return value;
}
