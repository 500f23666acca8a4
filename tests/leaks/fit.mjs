// Whether figures level off: a straight line through those of the second half.

/**
 * @typedef {object} Growth
 * @property {number} level The mean of the second half.
 * @property {number} growth By how much the line rises over the second half.
 * @property {number} perStep By how much it rises for each step of `at`.
 */

/**
 * Fits a line through the second half of samples, by least squares.
 *
 * @param {number[]} at Where each sample was taken, ascending.
 * @param {number[]} values
 * @returns {Growth}
 */
export function growthOfSecondHalf(at, values) {
  const middle = (at[0] + at.at(-1)) / 2;
  const points = at.map((x, index) => [x, values[index]]).filter(([x]) => x >= middle);
  const mean = (place) => points.reduce((sum, point) => sum + point[place], 0) / points.length;
  const [x0, level] = [mean(0), mean(1)];
  const rise = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - level), 0);
  const run = points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
  const perStep = rise / run;
  return { level, growth: perStep * (points.at(-1)[0] - points[0][0]), perStep };
}
