// Brings what building and testing take, and leaves alone what is there.
//
//   node scripts/setup.mjs start    what building and serving take
//   node scripts/setup.mjs test     also what the tests take: linters, browsers, drivers
//
// Node built-ins only: this is what runs `npm ci`. Everything comes from crates.io, the npm registry, rustup and
// Debian's own archive; nothing is fetched as a ready-made program from elsewhere.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeMissing, EMOJI_FONT, ENGINES, engine, missingPieces, pieces } from "./browsers.mjs";
import { ask, elapsed, run } from "./process.mjs";
import {
  CARGO_DENY_VERSION,
  isMain,
  lockedVersion,
  npmCommand,
  ROOT,
  WASM_PACK_VERSION,
  WASM_TARGET,
  which,
} from "./toolchain.mjs";

/** The oldest Node that the scripts work with: that of Vite, which builds the explorer. */
const OLDEST_NODE = [20, 19];

/** Compiled for a short set-up rather than for speed: halves the time, and the tools have little to do. */
const QUICK_PROFILE = {
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
  CARGO_PROFILE_RELEASE_LTO: "off",
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "1",
};

/** Compiling a tool takes minutes; on a small machine many. */
const INSTALL_LIMIT_MS = 45 * 60_000;

/** @type {import("./browsers.mjs").Piece} Rust links with it, also what only runs while something is built. */
const LINKER = {
  name: "a C compiler (cc)",
  find: () => which("cc"),
  debian: "gcc libc6-dev",
  otherwise: "install one",
};

/** Set-up cannot go on. The message says what to do. */
export class SetUpError extends Error {}

/**
 * Brings everything that a mode needs.
 *
 * @param {"start" | "test"} mode
 * @returns {Promise<string[]>} The engines in which no test can run, each with what is missing; also printed.
 * @throws {SetUpError} When something cannot be had without which nothing can be built.
 */
export async function setUp(mode) {
  checkNode();
  await bringSystemPackages(mode === "test" ? [LINKER, ...ENGINES.flatMap(pieces), EMOJI_FONT] : [LINKER]);
  // On Windows Rust finds Visual Studio's by itself, outside PATH.
  if (process.platform !== "win32" && !LINKER.find())
    throw new SetUpError(`${describeMissing([LINKER])}. Install it and start again.`);
  await bringRust(mode);
  await bringCrate("wasm-bindgen-cli", lockedVersion("wasm-bindgen"), [
    "wasm-bindgen",
    "wasm-bindgen-test-runner",
  ]);
  await bringCrate("wasm-pack", WASM_PACK_VERSION, ["wasm-pack"]);
  if (mode === "test") await bringCrate("cargo-deny", CARGO_DENY_VERSION, ["cargo-deny"]);
  await bringNpmPackages();
  return mode === "test" ? bringBrowsers() : [];
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new SetUpError(
      `Node ${OLDEST_NODE.join(".")} or newer is needed; this is ${process.versions.node}.`,
    );
  }
}

// ---------------------------------------------------------------- Debian

/**
 * Installs the Debian packages of what is missing, where that is possible: on Debian, as root.
 *
 * @param {import("./browsers.mjs").Piece[]} wanted
 */
async function bringSystemPackages(wanted) {
  const missing = wanted.filter((piece) => piece.debian && piece.find() === undefined);
  if (missing.length === 0 || process.getuid?.() !== 0 || !isDebian() || !which("apt-get")) return;
  const packages = [...new Set(missing.flatMap((piece) => piece.debian.split(" ")))];
  const apt = { env: { DEBIAN_FRONTEND: "noninteractive" } };
  await step(
    `installing with apt-get: ${packages.join(" ")}`,
    async () => {
      // Lists of packages that are too old name files that the archive no longer has.
      const update = await quietly("apt-get", ["update"], apt);
      if (update.problem) return update;
      return quietly("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], apt);
    },
    { needed: false },
  );
}

function isDebian() {
  try {
    return /^ID=("?)debian\1$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

// ---------------------------------------------------------------- Rust

async function bringRust(mode) {
  if (!which("rustup") || !which("cargo")) {
    throw new SetUpError(
      "rustup and cargo are missing: install them as https://rustup.rs says, then start again.",
    );
  }
  if ((await ask("rustc", ["--version"])) === undefined) {
    await step("installing Rust (stable)", () =>
      quietly("rustup", ["toolchain", "install", "stable", "--profile", "minimal"]),
    );
    // Chosen for these programs only: which toolchain is a user's default is not ours to set.
    process.env.RUSTUP_TOOLCHAIN = "stable";
  }

  const targets = await ask("rustup", ["target", "list", "--installed"]);
  if (!targets?.split(/\s+/).includes(WASM_TARGET)) {
    await step(`adding Rust's target ${WASM_TARGET}`, () =>
      quietly("rustup", ["target", "add", WASM_TARGET]),
    );
  }
  if (mode !== "test") return;

  const components = (await ask("rustup", ["component", "list", "--installed"]))?.split(/\s+/) ?? [];
  for (const wanted of ["rustfmt", "clippy"]) {
    // They are listed with the host's name behind, as in "clippy-x86_64-unknown-linux-gnu".
    if (components.some((name) => name === wanted || name.startsWith(`${wanted}-`))) continue;
    await step(`adding Rust's component ${wanted}`, () => quietly("rustup", ["component", "add", wanted]));
  }
}

/**
 * Installs a crate's programs in one exact version, over any other version.
 *
 * @param {string} crate
 * @param {string | undefined} version `undefined`: whichever there is, or else the newest.
 * @param {string[]} programs Each must say `version` when asked.
 * @param {object} [options]
 * @param {boolean} [options.needed] Whether set-up fails if this fails. Default: true.
 */
async function bringCrate(crate, version, programs, options = {}) {
  const versions = await Promise.all(programs.map((program) => installedVersion(program)));
  const there = versions.every(
    (found) => found !== undefined && (version === undefined || found === version),
  );
  if (there) return;

  const named = version === undefined ? crate : `${crate} ${version}`;
  // Without --force cargo refuses to replace a program that it did not install itself.
  const install = ["install", "--force", crate, ...(version === undefined ? [] : ["--version", version])];
  await step(
    `compiling and installing ${named} (minutes, but only once)`,
    async () => {
      const quick = { env: QUICK_PROFILE };
      const locked = await quietly("cargo", [...install, "--locked"], quick);
      // A version that the crate's lock file names may have been withdrawn since; then any that fits will do.
      return locked.problem ? quietly("cargo", install, quick) : locked;
    },
    options,
  );
}

/** The version a program prints, as the `0.15.1` of "wasm-pack 0.15.1"; `undefined` if it is not there. */
async function installedVersion(program) {
  const printed = which(program) && (await ask(program, ["--version"]));
  return printed?.match(/\d+\.\d+\.\d+\S*/)?.[0];
}

// ---------------------------------------------------------------- npm

/** Installs what package-lock.json names, unless that very lock file was installed already. */
async function bringNpmPackages() {
  const lock = createHash("sha256")
    .update(readFileSync(path.join(ROOT, "package-lock.json")))
    .digest("hex");
  // Inside node_modules, so that it goes when that goes: `npm ci` begins by removing it.
  const stamp = path.join(ROOT, "node_modules", ".installed-lock");
  const npmsOwn = path.join(ROOT, "node_modules", ".package-lock.json");
  if (existsSync(npmsOwn) && existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  const { command, first } = npmCommand();
  await step("installing the npm packages of package-lock.json", () =>
    // None of them needs its install script.
    quietly(command, [...first, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
  );
  writeFileSync(stamp, lock);
}

// ---------------------------------------------------------------- browsers

async function bringBrowsers() {
  // It is compiled because its ready-made program is not on crates.io; only worth while if there is a Firefox.
  if (engine("Firefox").browser.find())
    await bringCrate("geckodriver", undefined, ["geckodriver"], { needed: false });

  const lacking = ENGINES.map((one) => ({ name: one.name, missing: missingPieces(one) }))
    .filter(({ missing }) => missing.length > 0)
    .map(({ name, missing }) => `no tests in ${name}: ${describeMissing(missing)}`);
  for (const report of lacking) console.log(`  ${report}`);
  return lacking;
}

// ---------------------------------------------------------------- telling about it

function quietly(command, args, options = {}) {
  return run(command, args, { show: "quiet", limitMs: INSTALL_LIMIT_MS, ...options });
}

/**
 * Says what is done and how long it took; shows what a program that failed had written.
 *
 * @param {string} what
 * @param {() => Promise<import("./process.mjs").Result>} action
 */
async function step(what, action, { needed = true } = {}) {
  const started = Date.now();
  console.log(`  ${what} …`);
  const { problem, output } = await action();
  if (problem === undefined) {
    console.log(`    done in ${elapsed(started)}`);
    return;
  }
  console.log(shortened(output));
  const message = `${what}: ${problem}`;
  if (needed) throw new SetUpError(message);
  console.log(`  ${message}`);
}

/** The beginning and the end of a long output: the cause is in one of them. */
function shortened(output) {
  const lines = output.trimEnd().split("\n");
  return (lines.length <= 60 ? lines : [...lines.slice(0, 20), "…", ...lines.slice(-40)]).join("\n");
}

// ---------------------------------------------------------------- as a program

if (isMain(import.meta.url)) {
  const mode = process.argv[2] ?? "start";
  if (mode !== "start" && mode !== "test") {
    console.error(`setup.mjs: "${mode}" is no mode; there are "start" and "test"`);
    process.exit(2);
  }
  try {
    const lacking = await setUp(mode);
    if (lacking.length > 0 && process.env.CI === "true") {
      throw new SetUpError("With CI=true every browser engine must be there.");
    }
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
