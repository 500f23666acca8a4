// Where things are and which versions are wanted. Node built-ins only: this runs before `npm ci` has.

import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The version of wasm-pack that builds and tests the crate. */
export const WASM_PACK_VERSION = "0.15.1";

/** The version of cargo-deny that checks what the crates may be. */
export const CARGO_DENY_VERSION = "0.20.2";

/** The target that the crate is compiled for. */
export const WASM_TARGET = "wasm32-unknown-unknown";

/** The folder in which cargo keeps its registry and, under `bin`, what it installs. */
export function cargoHome() {
  return process.env.CARGO_HOME || path.join(homedir(), ".cargo");
}

/**
 * The environment for every program that the scripts run.
 *
 * Cargo's `bin` stands first in PATH: a shell that is not a login shell often lacks it, and a tool of another
 * version elsewhere must not win over the one that the set-up installed. Node's own folder is there for
 * programs that begin with `#!/usr/bin/env node`.
 *
 * @param {Record<string, string>} [extra] Variables to set on top.
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(extra = {}) {
  const first = [path.join(cargoHome(), "bin")];
  if (process.env.CARGO_INSTALL_ROOT) first.unshift(path.join(process.env.CARGO_INSTALL_ROOT, "bin"));
  const known = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => !first.includes(folder));
  const folders = [...first, ...known];
  const nodeFolder = path.dirname(process.execPath);
  if (!folders.includes(nodeFolder)) folders.push(nodeFolder);
  return { ...process.env, PATH: folders.join(path.delimiter), ...extra };
}

/**
 * Finds a program in PATH (as `environment` sets it).
 *
 * @param {...string} names Tried in this order.
 * @returns {string | undefined} The whole path of the first that exists.
 */
export function which(...names) {
  const folders = environment().PATH?.split(path.delimiter) ?? [];
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  for (const name of names) {
    for (const folder of folders) {
      for (const ending of endings) {
        const candidate = path.join(folder, name + ending);
        if (isProgram(candidate)) return candidate;
      }
    }
  }
  return undefined;
}

/**
 * Tells whether a path leads to a file that may be executed.
 *
 * @param {string} candidate
 */
export function isProgram(candidate) {
  try {
    accessSync(candidate, constants.X_OK);
    return statSync(candidate).isFile();
  } catch {
    return false;
  }
}

/**
 * The version of a crate that Cargo.lock holds.
 *
 * @param {string} crate
 * @returns {string}
 */
export function lockedVersion(crate) {
  const lock = readFileSync(path.join(ROOT, "Cargo.lock"), "utf8");
  const found = lock.match(new RegExp(`^name = "${crate}"\\r?\\nversion = "([^"]+)"`, "m"));
  if (!found) throw new Error(`Cargo.lock does not name the crate ${crate}`);
  return found[1];
}

/** How to run npm: with the npm that runs this script, if one does. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && /\.c?js$/.test(script)) return { command: process.execPath, first: [script] };
  return { command: which("npm") ?? "npm", first: [] };
}

/**
 * Tells whether a module is the program that Node was started with, rather than imported.
 *
 * @param {string} url The module's `import.meta.url`.
 */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(url));
}
