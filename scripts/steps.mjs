// Runs named steps one after the other, all of them, and tells at the end what came of each.

import { sum } from "./counts.mjs";
import { elapsed, run } from "./process.mjs";

/**
 * What came of a step.
 *
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} problems Why it failed, as phrases.
 * @property {string[]} [remarks] What else to know of it, as phrases.
 * @property {string} [notRun] Why it did not run, where that is not a failure.
 */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} needs Names of steps that must have succeeded before.
 * @property {() => Promise<Outcome>} run
 */

/**
 * A program that a step runs.
 *
 * @typedef {object} Command
 * @property {string} command
 * @property {string[]} args
 * @property {Record<string, string>} [env]
 * @property {string} [title] What it is called when it fails; default: itself.
 * @property {number} [minutes] Its time limit; default 10.
 */

const DEFAULT_MINUTES = 10;

/** Nothing ran, nothing failed. */
const NOTHING = Object.freeze({ passed: 0, failed: 0, skipped: 0 });

/**
 * A step that is one check: it counts as one test, which passes if every command exits with 0.
 *
 * @param {string} name
 * @param {Command[]} commands
 * @param {{ needs?: string[] }} [options]
 * @returns {Step}
 */
export function check(name, commands, { needs = [] } = {}) {
  return {
    name,
    needs,
    run: async () => {
      const problems = [];
      for (const one of commands) {
        const { problem } = await execute(one);
        if (problem) problems.push(`${describe(one)}: ${problem}`);
      }
      const failed = problems.length > 0;
      return { passed: failed ? 0 : 1, failed: failed ? 1 : 0, skipped: 0, problems };
    },
  };
}

/**
 * Runs a command that runs tests, and counts them.
 *
 * @param {Command} one
 * @param {(result: import("./process.mjs").Result) => import("./counts.mjs").Counts} count
 * @param {(result: import("./process.mjs").Result) => boolean} [isVoid] Tells whether a run ended without a result,
 *   through what its tests run in. Such a run is made once more, and that is remarked.
 * @returns {Promise<Outcome>} Failed also if the command fails though none of its tests did, or if it has none.
 */
export async function runTests(one, count, isVoid = () => false) {
  const remarks = [];
  let result = await execute(one);
  if (result.problem && !result.timedOut && isVoid(result)) {
    remarks.push(`${describe(one)}: ${result.problem}, with no result of its tests; it ran once more`);
    result = await execute(one);
  }
  const counts = count(result);
  const problems = [];
  if (result.problem) problems.push(`${describe(one)}: ${result.problem}`);
  if (counts.passed + counts.failed + counts.skipped === 0) problems.push(`${describe(one)}: ran no test`);
  const failed = problems.length > 0 ? Math.max(1, counts.failed) : counts.failed;
  return { ...counts, failed, problems, remarks };
}

/**
 * @param {Outcome[]} outcomes
 * @returns {Outcome}
 */
export function together(outcomes) {
  return {
    ...sum(outcomes),
    problems: outcomes.flatMap((outcome) => outcome.problems),
    remarks: outcomes.flatMap((outcome) => outcome.remarks ?? []),
  };
}

/**
 * A step that cannot even begin.
 *
 * @param {string} problem
 * @returns {Outcome}
 */
export function failure(problem) {
  return { ...NOTHING, failed: 1, problems: [problem] };
}

/**
 * A step that does not run here, and need not.
 *
 * @param {string} reason
 * @returns {Outcome}
 */
export function notRun(reason) {
  return { ...NOTHING, problems: [], notRun: reason };
}

/**
 * Runs steps, prints each one's output and, at the end, a summary whose last line is "N passed, N failed".
 *
 * @param {Step[]} steps
 * @param {{ print?: (line: string) => void }} [options]
 * @returns {Promise<boolean>} Whether nothing failed.
 */
export async function runSteps(steps, { print = console.log } = {}) {
  const done = new Map();
  for (const [index, step] of steps.entries()) {
    print(`\n━━ ${index + 1}/${steps.length}  ${step.name}\n`);
    const started = Date.now();
    const outcome = await outcomeOf(step, done);
    done.set(step.name, { outcome, time: elapsed(started) });
    for (const problem of outcome.problems) print(`\nFAILED  ${step.name}: ${problem}`);
    if (outcome.notRun) print(`not run: ${outcome.notRun}`);
  }
  return summarise(done, print);
}

/** Chooses the steps that `wanted` names, by any part of their names, and those that these need. */
export function chooseSteps(steps, wanted) {
  const chosen = new Set();
  const add = (step) => {
    chosen.add(step.name);
    for (const name of step.needs) add(steps.find((other) => other.name === name));
  };
  for (const part of wanted) {
    const matching = steps.filter((step) => step.name.toLowerCase().includes(part.toLowerCase()));
    if (matching.length === 0) {
      throw new Error(
        `no step has "${part}" in its name; there are: ${steps.map((step) => step.name).join(", ")}`,
      );
    }
    matching.forEach(add);
  }
  return steps.filter((step) => chosen.has(step.name));
}

async function outcomeOf(step, done) {
  const lacking = step.needs.filter((name) => !succeeded(done.get(name)?.outcome));
  if (lacking.length > 0) return failure(`it needs ${lacking.join(" and ")}, which failed`);
  try {
    return await step.run();
  } catch (error) {
    return failure(error.stack ?? String(error));
  }
}

function succeeded(outcome) {
  return outcome !== undefined && outcome.failed === 0 && !outcome.notRun;
}

function summarise(done, print) {
  print("\n━━ summary\n");
  const width = Math.max(0, ...[...done.keys()].map((name) => name.length));
  for (const [name, { outcome, time }] of done) {
    const state = outcome.notRun ? "not run" : outcome.failed > 0 ? "FAILED " : "ok     ";
    print(`${state}  ${name.padEnd(width)}  ${outcome.notRun ?? `${tally(outcome)}, ${time}`}`);
    for (const line of [...outcome.problems, ...(outcome.remarks ?? [])])
      print(`         ${" ".repeat(width)}  ${line.split("\n", 1)[0]}`);
  }
  const { passed, failed } = sum([...done.values()].map(({ outcome }) => outcome));
  print("");
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

function tally({ passed, failed, skipped }) {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(", ");
}

function execute({ command, args, env, minutes = DEFAULT_MINUTES }) {
  return run(command, args, { env, limitMs: minutes * 60_000 });
}

function describe({ title, command, args }) {
  return title ?? [command, ...args].map((word) => word.split("/").at(-1)).join(" ");
}
