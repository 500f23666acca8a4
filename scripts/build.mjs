// Builds the package into dist/: the hand-written modules, the generated glue, and the WebAssembly module.
//
//   node scripts/build.mjs            unless dist/ is up to date
//   node scripts/build.mjs --force    always

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { bundle } from "./bundle.mjs";
import { nameInOrder } from "./order-functions.mjs";
import { ask, elapsed, run } from "./process.mjs";
import { SetUpError, setUp } from "./setup.mjs";
import { digest, filesUnder, folderDigest, readStamp, writeStamp } from "./stamp.mjs";
import { stripPanics } from "./strip-panics.mjs";
import { cargoHome, isMain, ROOT, WASM_TARGET } from "./toolchain.mjs";

/** What users import. */
export const DIST = path.join(ROOT, "dist");

const HAND_WRITTEN = path.join(ROOT, "src", "npm");
const TARGET = path.join(ROOT, "target");
const PKG = path.join(TARGET, "pkg");
const STAMP = path.join(TARGET, "dist-stamp.json");

/** wasm-pack names its output after this. */
const OUT_NAME = "scribe_store";

/**
 * What rustc's wasm32-unknown-unknown puts into a module by default, and SIMD, with which text is searched faster by
 * less code. Every browser engine of the last years knows them. wasm-opt refuses instructions that it is not told of.
 */
const WASM_FEATURES = [
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-call-indirect-overlong",
  "--enable-multivalue",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
  "--enable-simd",
];

/** No names of functions, and none of the tools that made the module. */
const STRIPPED = ["--strip-debug", "--strip-producers"];

const LIMIT_MS = 20 * 60_000;

/** The package could not be built; what went wrong has been printed. */
export class BuildError extends Error {}

/**
 * Builds the package, unless dist/ already is what its inputs give.
 *
 * @param {object} [options]
 * @param {boolean} [options.force] Builds in any case.
 * @returns {Promise<boolean>} Whether it built anything.
 * @throws {BuildError}
 */
export async function build({ force = false } = {}) {
  const inputs = await inputsDigest();
  const stamp = readStamp(STAMP);
  if (
    !force &&
    stamp.inputs === inputs &&
    stamp.outputs !== undefined &&
    stamp.outputs === folderDigest(DIST)
  ) {
    return false;
  }
  const started = Date.now();
  console.log("building the package (the first time takes minutes) …");
  await compile();
  const names = await optimise();
  await assemble(names);
  writeStamp(STAMP, { inputs, outputs: folderDigest(DIST) });
  console.log(`built the package in ${elapsed(started)}`);
  return true;
}

/** A digest of all that the package is made from. */
async function inputsDigest() {
  const files = [
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json", // the versions of wasm-opt, esbuild and ajv; and that of the package
    "scripts/build.mjs",
    "scripts/bundle.mjs",
    "scripts/order-functions.mjs",
    "scripts/strip-panics.mjs",
    "scripts/wasm-sections.mjs",
    ...filesUnder(path.join(ROOT, "src")).map((file) => `src/${file}`),
  ];
  return digest(ROOT, files, [(await ask("rustc", ["--version"])) ?? ""]);
}

/** Compiles the crate and generates the glue, into target/pkg. */
async function compile() {
  rmSync(PKG, { recursive: true, force: true });
  const options = [
    "--target",
    "web",
    "--release",
    "--mode",
    "no-install",
    "--out-dir",
    PKG,
    "--out-name",
    OUT_NAME,
  ];
  // package.json, types and README are ours; wasm-opt is run below, since wasm-pack would want to download it.
  const without = ["--no-pack", "--no-typescript", "--no-opt"];
  // First, so that the folders whose names are kept out of the module are there.
  await demand("cargo", ["fetch", "--locked", "--target", WASM_TARGET]);
  const flags = ["-Ctarget-feature=+simd128", ...(await pathFlags())];
  const env = { CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  await demand("wasm-pack", ["build", ROOT, ...options, ...without, "--", "--locked"], { env });

  if (existsSync(path.join(PKG, "snippets"))) {
    throw new BuildError("The glue has snippets of JavaScript beside it, which the package does not ship.");
  }
  if (readFileSync(glueFile(), "utf8").includes("import.meta")) {
    // Bundlers would take that for a second reference to the module, and pack it twice.
    throw new BuildError(
      "The glue looks for the module itself: Cargo.toml lacks `omit-default-module-path = true`.",
    );
  }
}

/**
 * Flags that shorten the paths in the module's panic messages, which otherwise tell where on this machine the
 * sources lie, and make the same sources give different modules on different machines.
 */
async function pathFlags() {
  const sources = path.join(cargoHome(), "registry", "src");
  const registries = existsSync(sources) ? readdirSync(sources).map((name) => path.join(sources, name)) : [];
  const sysroot = (await ask("rustc", ["--print", "sysroot"])) ?? "";
  const commit = (await ask("rustc", ["--version", "--verbose"]))?.match(/^commit-hash: (\w+)$/m)?.[1];
  const standard = path.join(sysroot, "lib", "rustlib", "src", "rust");
  return [
    ...registries.map((folder) => `--remap-path-prefix=${folder}=`),
    // What it is called on a machine without the standard library's sources.
    `--remap-path-prefix=${standard}=/rustc/${commit}`,
  ];
}

/** Makes the module smaller, and returns what was printed of the names that were shortened. */
async function optimise() {
  const wasmOpt = path.join(ROOT, "node_modules", "binaryen", "bin", "wasm-opt");
  writeFileSync(strippedFile(), stripPanics(readFileSync(wasmFile())));
  const files = [strippedFile(), "--output", optimisedFile()];
  const options = [
    // Nothing is below address 1024: the end of the stack is there.
    "--low-memory-unused",
    // Control flow made anew is smaller than what the compiler made for speed.
    "--flatten",
    "--rereloop",
    // A large function that is called once stays one: inlined it saves its call, and no longer looks like its like,
    // which costs 10 kB once compressed.
    "--one-caller-inline-max-function-size=25",
    "-Oz",
    "-Oz",
    "--reorder-locals",
    "--minify-imports-and-exports-and-modules",
    ...STRIPPED,
    ...WASM_FEATURES,
  ];
  const { stdout } = await demand(process.execPath, [wasmOpt, ...options, ...files], { show: "quiet" });
  writeFileSync(namedFile(), nameInOrder(readFileSync(optimisedFile())));
  const order = [namedFile(), "--output", orderedFile(), "--reorder-functions-by-name", ...STRIPPED];
  await demand(process.execPath, [wasmOpt, ...order, ...WASM_FEATURES], { show: "quiet" });
  return stdout;
}

/** Puts the package together beside dist/, then in its place: no file of an earlier build stays. */
async function assemble(names) {
  const next = path.join(TARGET, "dist-next");
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  const types = readdirSync(HAND_WRITTEN).filter((file) => file.endsWith(".d.ts"));
  for (const file of types) cpSync(path.join(HAND_WRITTEN, file), path.join(next, file));
  const from = { scripts: HAND_WRITTEN, glue: glueFile(), module: orderedFile(), names };
  await bundle(from, { work: path.join(TARGET, "scripts"), out: next });
  rmSync(DIST, { recursive: true, force: true });
  renameSync(next, DIST);
}

function glueFile() {
  return path.join(PKG, `${OUT_NAME}.js`);
}

function wasmFile() {
  return path.join(PKG, `${OUT_NAME}_bg.wasm`);
}

function strippedFile() {
  return path.join(PKG, `${OUT_NAME}_stripped.wasm`);
}

function optimisedFile() {
  return path.join(PKG, `${OUT_NAME}_optimised.wasm`);
}

function namedFile() {
  return path.join(PKG, `${OUT_NAME}_named.wasm`);
}

function orderedFile() {
  return path.join(PKG, `${OUT_NAME}_ordered.wasm`);
}

async function demand(command, args, options = {}) {
  const result = await run(command, args, { limitMs: LIMIT_MS, ...options });
  if (result.problem) throw new BuildError(`${path.basename(command)} ${args[0]}: ${result.problem}`);
  return result;
}

if (isMain(import.meta.url)) {
  try {
    await setUp("start");
    const built = await build({ force: process.argv.includes("--force") });
    // On standard error: `npm pack --json`, which runs this first, writes its answer to standard output.
    if (!built) console.error("dist/ is up to date");
  } catch (error) {
    if (!(error instanceof SetUpError) && !(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
