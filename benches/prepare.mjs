// Brings what the benchmark needs: the peers, this package as it is packed, and the page with all of them.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "../scripts/process.mjs";
import { npmCommand, ROOT } from "../scripts/toolchain.mjs";

/** The folder of the benchmark, which is a project of its own. */
export const HERE = path.join(ROOT, "benches");

const WORK = path.join(ROOT, "target", "bench");
const PACKED = path.join(WORK, "package");
const SITE = path.join(WORK, "site");
const MODULES = path.join(HERE, "node_modules");

/**
 * Installs the peers and makes the page. The package must have been built.
 *
 * @param {(line: string) => void} say
 * @returns {Promise<{ site: string, versions: Record<string, string> }>} The folder to serve, and what is in it.
 */
export async function prepare(say) {
  mkdirSync(WORK, { recursive: true });
  await bringPeers(say);
  say("packing scribe-store and bundling the page …");
  await unpack();
  await bundle();
  return { site: SITE, versions: versions() };
}

/** Installs what the lock file names, unless that very lock file was installed already. */
async function bringPeers(say) {
  const lock = createHash("sha256")
    .update(readFileSync(path.join(HERE, "package-lock.json")))
    .digest("hex");
  const stamp = path.join(MODULES, ".installed-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  say("installing the npm packages of benches/package-lock.json …");
  // None of them needs its install script. What is in npm's cache is not asked for again.
  await npm(HERE, "ci", "--ignore-scripts", "--prefer-offline");
  writeFileSync(stamp, lock);
}

/** Packs what was built as npm would publish it, and unpacks that. */
async function unpack() {
  rmSync(PACKED, { recursive: true, force: true });
  mkdirSync(PACKED, { recursive: true });
  await npm(ROOT, "pack", "--pack-destination", PACKED, "--ignore-scripts");
  const archives = readdirSync(PACKED).filter((name) => name.endsWith(".tgz"));
  if (archives.length !== 1) throw new Error(`npm pack made ${archives.length} archives`);
  await demand("tar", ["-xzf", archives[0], "--strip-components=1"], PACKED);
}

async function bundle() {
  rmSync(SITE, { recursive: true, force: true });
  // Imported here and not above: it is one of the packages that are installed first.
  const { build } = await import("esbuild");
  const page = path.join(HERE, "page");
  await build({
    entryPoints: [path.join(page, "main.js"), path.join(page, "sqlite-worker.js")],
    outdir: SITE,
    bundle: true,
    format: "esm",
    splitting: true,
    minify: true,
    target: "es2022",
    alias: { "scribe-store": path.join(PACKED, "dist", "index.js") },
    logLevel: "warning",
  });
  cpSync(path.join(page, "index.html"), path.join(SITE, "index.html"));
  // Modules lie beside the scripts that fetch them.
  cpSync(path.join(PACKED, "dist", "scribe_store.wasm"), path.join(SITE, "scribe_store.wasm"));
  const sqlite = path.join(MODULES, "@sqlite.org", "sqlite-wasm", "dist", "sqlite3.wasm");
  cpSync(sqlite, path.join(SITE, "sqlite3.wasm"));
}

function versions() {
  const read = (folder) => JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).version;
  const peers = ["dexie", "@sqlite.org/sqlite-wasm"];
  return Object.fromEntries([
    ["scribe-store", read(PACKED)],
    ...peers.map((name) => [name, read(path.join(MODULES, name))]),
  ]);
}

function npm(cwd, ...args) {
  const { command, first } = npmCommand();
  return demand(command, [...first, ...args, "--no-audit", "--no-fund", "--loglevel=error"], cwd);
}

async function demand(command, args, cwd) {
  const { problem, output } = await run(command, args, { cwd, show: "quiet", limitMs: 300_000 });
  if (problem) throw new Error(`${path.basename(command)} ${args.join(" ")}: ${problem}\n${output}`);
}
