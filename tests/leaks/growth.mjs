// Whether figures go on growing, or only made a leap.

/**
 * @typedef {object} Growth
 * @property {number} level The last value.
 * @property {number} growth By how much the values grow from the first to the last, but for the largest leap.
 * @property {number} perStep The same for each step of `at`.
 */

/**
 * Tells by how much values grow. The largest leap from one to the next does not count: a heap that is in pieces may once
 * need several pages more, at whatever moment, whereas what leaks grows all the time.
 *
 * @param {number[]} at Where each value was taken, ascending.
 * @param {number[]} values
 * @returns {Growth}
 */
export function growthOf(at, values) {
  const leaps = values.slice(1).map((value, index) => value - values[index]);
  const growth = values.at(-1) - values[0] - Math.max(0, ...leaps);
  return { level: values.at(-1), growth, perStep: growth / (at.at(-1) - at[0]) };
}
