// Makes the scripts that ship: few and small, for a page waits for each of them.

import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The engines that the package promises to work in; "node" is any that npm would install it with. */
const ENGINES = ["chrome96", "firefox91", "safari16.4", "node20"];

/** What users import, each a script of its own; what they have in common is in `SHARED`. */
const ENTRIES = ["index.js", "inline.js", "node.js"];

/** What these load later, if at all, or not by themselves. It shares nothing with them. */
const LATER = ["interchange.js"];

const SHARED = "shared";

/**
 * Bundles the scripts, and writes the module beside them.
 *
 * @param {object} from
 * @param {string} from.scripts The folder of the hand-written scripts.
 * @param {string} from.glue The generated script that they call the module with.
 * @param {string} from.module The WebAssembly module.
 * @param {string} from.names What wasm-opt printed of the names that it shortened.
 * @param {object} to
 * @param {string} to.work A folder to work in.
 * @param {string} to.out The folder of the package.
 */
export async function bundle({ scripts, glue, module, names }, { work, out }) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  cpSync(scripts, work, { recursive: true });

  const script = shortenNames(readFileSync(glue, "utf8"), JSON.parse(names));
  const bytes = readFileSync(module);
  const stamp = createHash("sha256").update(script).update(bytes).digest("hex").slice(0, 8);
  const stamped = Buffer.concat([bytes, emptySection(`scribe-store ${stamp}`)]);
  writeFileSync(path.join(work, "glue.js"), asFunction(script));
  appendFileSync(path.join(work, "glue.js"), `export const STAMP = "scribe-store ${stamp}";\n`);
  writeFileSync(path.join(work, "inline-wasm.js"), `export default "${stamped.toString("base64")}";\n`);
  writeFileSync(path.join(out, "scribe_store.wasm"), stamped);

  // Not imported above: this file is read before the packages of package-lock.json are installed.
  const { build } = await import("esbuild");
  const options = {
    outdir: out,
    bundle: true,
    format: "esm",
    minify: true,
    target: ENGINES,
    legalComments: "none",
    logLevel: "warning",
  };
  await build({
    ...options,
    entryPoints: ENTRIES.map((entry) => path.join(work, entry)),
    splitting: true,
    chunkNames: SHARED,
    external: ["node:*", ...LATER.map((script) => `./${script}`)],
  });
  await build({ ...options, entryPoints: LATER.map((entry) => path.join(work, entry)) });
}

/**
 * Calls what the glue and the module have of each other by the short names that the module has already. The generated
 * ones end in hashes, which do not compress.
 */
function shortenNames(glue, { imports, exports }) {
  let script = glue;
  const replace = (from, to) => {
    const parts = script.split(from);
    if (parts.length !== 2) throw new Error(`The glue has ${from} ${parts.length - 1} times, not once.`);
    script = parts.join(to);
  };
  const modules = new Set(imports.map(([module]) => module));
  for (const module of modules) replace(`"${module}": `, `${SHORT_MODULE}: `);
  for (const [, name, short] of imports) replace(` ${name}: function`, ` ${short}: function`);
  const shorts = new Map(exports);
  return script.replace(/\bwasm\.([\w$]+)/g, (call, name) => {
    if (!shorts.has(name)) throw new Error(`The glue has ${call}, which the module does not export.`);
    return `wasm.${shorts.get(name)}`;
  });
}

/**
 * Makes a function of the glue, which returns what it exports. It keeps one instance in its variables, and the objects
 * that it makes give back memory of the instance that is there then: another instance needs them anew.
 *
 * The function takes hooks: `guarded` returns what stands for the module's exports, and `begun` is told of every
 * transaction of IndexedDB that the module begins.
 */
function asFunction(glue) {
  const exported = [];
  let script = glue.replace(/^export (?=(?:class|function) (\w+))/gm, (_, name) => {
    exported.push(name);
    return "";
  });
  const replaceOne = (from, to) => {
    if (script.match(new RegExp(from, "gm"))?.length !== 1) throw new Error(`The glue has not one ${from}.`);
    script = script.replace(from, to);
  };
  replaceOne(/^export \{ initSync, __wbg_init as default \};$/m, "");
  // Nobody calls it, which bundlers do not see within a function.
  replaceOne(/^function initSync\([\s\S]*?^\}$/m, "");
  replaceOne(/\bwasm = instance\.exports;/, "wasm = hooks.guarded(instance.exports);");
  replaceOne(/\bconst ret = (arg0\.transaction\([^;]*\));/, "const ret = hooks.begun($1);");
  if (/^(export|import)\b/m.test(script)) throw new Error("The glue imports or exports in an unknown way.");
  return `export function instantiate(hooks) {\n${script}\nreturn { init: __wbg_init, ${exported.join(", ")} };\n}\n`;
}

/** What wasm-opt calls the one module that everything is imported from. */
const SHORT_MODULE = "a";

/** A custom section of a WebAssembly module: a name without content. */
function emptySection(name) {
  const bytes = Buffer.from(name);
  if (bytes.length > 100) throw new Error(`"${name}" needs more than one byte for its length`);
  return Buffer.from([0, bytes.length + 1, bytes.length, ...bytes]);
}
