// Runs programs: each in a process group of its own, with a time limit, and with nothing left behind.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { environment, ROOT } from "./toolchain.mjs";

/** What ends the scripts from outside. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

const POSIX = process.platform !== "win32";

/** In the environment of every program that is run here, and so of all that it starts. */
const MARK = "SCRIBE_STORE_RUN";

/** How long a finished program's children may take to end by themselves (browsers close a moment late). */
const GRACE_MS = 3000;

/** How often a program that runs quietly is reported as still running. */
const HEARTBEAT_MS = 15_000;

/** @type {Map<number, string>} The groups that run now, and the mark of each. */
const running = new Map();

/**
 * @typedef {object} Result
 * @property {number | null} code The exit code; `null` if a signal ended the program.
 * @property {boolean} timedOut Whether the time limit ended it.
 * @property {string} output What it wrote, standard output and standard error together, without colours.
 * @property {string} stdout What it wrote to standard output, without colours.
 * @property {string | undefined} problem Why this is a failure, as a phrase; `undefined` if it is none.
 */

/**
 * Runs a program to its end. Does not throw when the program fails: see `problem`.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd] Default: the repository's root.
 * @param {Record<string, string>} [options.env] Variables on top of `environment()`.
 * @param {number} [options.limitMs] After this long the program and all that it started are killed.
 * @param {"stream" | "quiet"} [options.show] "stream" (default) passes the output on. "quiet" keeps it, and
 *   says now and then that the program still runs.
 * @returns {Promise<Result>}
 */
export async function run(command, args, { cwd = ROOT, env = {}, limitMs, show = "stream" } = {}) {
  const started = Date.now();
  const mark = randomUUID();
  const child = spawn(command, args, {
    cwd,
    env: environment({ ...colours(show), ...env, [MARK]: mark }),
    stdio: ["ignore", "pipe", "pipe"],
    detached: POSIX,
  });

  let output = "";
  let stdout = "";
  const passOn = (chunk, stream) => {
    output += chunk;
    if (stream === process.stdout) stdout += chunk;
    if (show === "stream") stream.write(chunk);
  };
  child.stdout.setEncoding("utf8").on("data", (chunk) => passOn(chunk, process.stdout));
  child.stderr.setEncoding("utf8").on("data", (chunk) => passOn(chunk, process.stderr));

  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error }));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const closed = new Promise((resolve) => child.once("close", resolve));

  const { pid } = child;
  if (pid !== undefined) {
    if (running.size === 0) for (const name of SIGNALS) process.on(name, endAll);
    running.set(pid, mark);
  }
  let timedOut = false;
  const timer =
    limitMs &&
    setTimeout(() => {
      timedOut = true;
      endRun(pid, mark);
    }, limitMs);
  const heartbeat =
    show === "quiet" &&
    setInterval(() => {
      console.log(`    still at it after ${elapsed(started)}: ${lastLine(output)}`);
    }, HEARTBEAT_MS);

  const { code, signal, error } = await ended;
  clearTimeout(timer);
  clearInterval(heartbeat);
  if (pid !== undefined) {
    await endLeftOvers(pid, mark);
    // Closed only when nobody holds the streams any more, so not for ever.
    await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
    running.delete(pid);
    if (running.size === 0) for (const name of SIGNALS) process.off(name, endAll);
  }

  return {
    code,
    timedOut,
    output: withoutColours(output),
    stdout: withoutColours(stdout),
    problem: problemOf({ command, code, signal, error, timedOut, limitMs }),
  };
}

/**
 * Runs a program quietly and returns what it wrote to standard output; `undefined` if it failed or is missing.
 *
 * @param {string} command
 * @param {string[]} args
 */
export async function ask(command, args) {
  const { problem, stdout } = await run(command, args, { show: "quiet", limitMs: 60_000 });
  return problem === undefined ? stdout.trim() : undefined;
}

/**
 * How long ago that was, for people.
 *
 * @param {number} since As of `Date.now()`.
 */
export function elapsed(since) {
  const seconds = (Date.now() - since) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** @param {string} text */
export function withoutColours(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a colour begins.
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "");
}

/** A program sees a pipe and cannot tell whether a terminal is behind it; some guess wrong, above all under CI. */
function colours(show) {
  const wanted = show === "stream" && process.stdout.isTTY && process.env.NO_COLOR === undefined;
  return wanted
    ? { FORCE_COLOR: "1", CARGO_TERM_COLOR: "always" }
    : { NO_COLOR: "1", CARGO_TERM_COLOR: "never" };
}

function problemOf({ command, code, signal, error, timedOut, limitMs }) {
  if (timedOut) return `still running after ${limitMs / 1000} s, its time limit, and killed`;
  if (error) return `${command} could not be started: ${error.message}`;
  if (signal) return `ended by ${signal}`;
  return code === 0 ? undefined : `exit code ${code}`;
}

function lastLine(output) {
  const lines = withoutColours(output).split(/[\r\n]+/);
  return (
    lines
      .filter((line) => line.trim() !== "")
      .at(-1)
      ?.trim()
      .slice(0, 100) ?? "no output yet"
  );
}

/** Gives what a finished program started a moment to end, then kills it. */
async function endLeftOvers(pid, mark) {
  const deadline = Date.now() + GRACE_MS;
  while (leftOvers(pid, mark).length > 0) {
    if (Date.now() > deadline) {
      endRun(pid, mark);
      return;
    }
    await sleep(50);
  }
}

/** Kills a program and all that it started. */
function endRun(pid, mark) {
  if (pid === undefined) return;
  for (const other of leftOvers(pid, mark)) kill(other);
  kill(POSIX ? -pid : pid);
}

/**
 * The processes that a run has started and that still live.
 *
 * The group alone is not enough: a browser's crash handler, for one, leaves it. The mark is found where the
 * system shows a process's environment in /proc; elsewhere the group has to do.
 */
function leftOvers(pid, mark) {
  if (process.platform !== "linux") return groupLives(pid) ? [-pid] : [];
  const needle = `${MARK}=${mark}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readFileSync(`/proc/${name}/environ`, "latin1").split("\0").includes(needle) || inGroup(name, pid)
        );
      } catch {
        return false; // ended meanwhile, or another user's
      }
    })
    .map(Number);
}

/** Whether a process that still lives (a zombie does not) belongs to a group. */
function inGroup(name, group) {
  // The name in parentheses may hold anything, so the fields are counted from its end: state, parent, group.
  const stat = readFileSync(`/proc/${name}/stat`, "latin1");
  const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(processGroup) === group && state !== "Z";
}

function groupLives(pid) {
  try {
    process.kill(POSIX ? -pid : pid, 0);
    return true;
  } catch {
    return false;
  }
}

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** A program in a group of its own does not get the terminal's Ctrl-C, so that is passed on. */
function endAll(signal) {
  for (const [pid, mark] of running) endRun(pid, mark);
  process.exit(128 + constants.signals[signal]);
}
