// Whether figures level off: a straight line through them.

/**
 * @typedef {object} Growth
 * @property {number} level The mean.
 * @property {number} growth By how much the line rises.
 * @property {number} perStep By how much it rises for each step of `at`.
 */

/**
 * Fits a line through samples, by least squares.
 *
 * @param {number[]} at Where each sample was taken, ascending.
 * @param {number[]} values
 * @returns {Growth}
 */
export function growthOf(at, values) {
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const [x0, level] = [mean(at), mean(values)];
  const rise = at.reduce((sum, x, index) => sum + (x - x0) * (values[index] - level), 0);
  const run = at.reduce((sum, x) => sum + (x - x0) ** 2, 0);
  const perStep = rise / run;
  return { level, growth: perStep * (at.at(-1) - at[0]), perStep };
}
