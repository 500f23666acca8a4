// How many tests ran, from what the test runners print.

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * Adds up the last lines of cargo's test binaries, as "test result: ok. 2 passed; 0 failed; 0 ignored; …". The
 * runner for WebAssembly writes the same.
 *
 * @param {string} output
 * @returns {Counts}
 */
export function cargoCounts(output) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const line of output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored;/gm)) {
    counts.passed += Number(line[1]);
    counts.failed += Number(line[2]);
    counts.skipped += Number(line[3]);
  }
  return counts;
}

/**
 * Tells whether the runner for WebAssembly lost its browser or its driver before any test had failed or taken too long:
 * it then tells of no result.
 *
 * @param {string} output
 */
export function lostItsBrowser(output) {
  return (
    /^Running headless tests in /m.test(output) && !/^test result: |^test .* FAIL$|timed out/m.test(output)
  );
}

/**
 * Reads the last lines of Node's test runner in the format TAP, as "# pass 3". A cancelled test counts as failed.
 *
 * @param {string} report
 * @returns {Counts}
 */
export function tapCounts(report) {
  // The last one: a test's own output stands in the report as a comment, too, and may look the same.
  const number = (name) =>
    Number([...report.matchAll(new RegExp(`^# ${name} (\\d+)$`, "gm"))].at(-1)?.[1] ?? 0);
  return {
    passed: number("pass"),
    failed: number("fail") + number("cancelled"),
    skipped: number("skipped") + number("todo"),
  };
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) for (const key of Object.keys(total)) total[key] += counts[key];
  return total;
}
