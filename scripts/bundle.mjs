// Makes the scripts that ship: few and small, for a page waits for each of them.

import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./toolchain.mjs";

/** The engines that the package promises to work in; "node" is any that npm would install it with. */
const ENGINES = ["chrome96", "firefox91", "safari16.4", "node20"];

/** What users import, each a script of its own; what they have in common is in `SHARED`. */
const ENTRIES = ["index.js", "inline.js", "node.js"];

/** What these load later, if at all, or not by themselves. It shares nothing with them. */
const LATER = ["interchange.js"];

const SHARED = "shared";

/** Of every bundle. */
const OPTIONS = {
  bundle: true,
  format: "esm",
  minify: true,
  target: ENGINES,
  legalComments: "none",
  logLevel: "warning",
};

/** Entries that few pages need, by name: what they share with the others they import from there. */
const MORE_ENTRIES = { tools: "tools/index.js", mcp: "mcp/index.js" };

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
  await build({
    ...OPTIONS,
    entryPoints: ENTRIES.map((entry) => path.join(work, entry)),
    outdir: out,
    splitting: true,
    chunkNames: SHARED,
    external: ["node:*", ...LATER.map((script) => `./${script}`)],
  });
  await build({ ...OPTIONS, outdir: out, entryPoints: LATER.map((entry) => path.join(work, entry)) });
  await bundleMore(work, out);
}

/**
 * Bundles the entries beside the main ones, which are there already.
 *
 * @param {string} work A folder with the hand-written scripts.
 * @param {string} out The folder of the package.
 */
export async function bundleMore(work, out) {
  const { build } = await import("esbuild");
  writeFileSync(path.join(work, "tools", "validators.js"), await validators(work));
  await build({
    ...OPTIONS,
    entryPoints: Object.entries(MORE_ENTRIES).map(([name, entry]) => ({
      in: path.join(work, entry),
      out: name,
    })),
    outdir: out,
    external: ["@modelcontextprotocol/*", "zod/*"],
    define: { VERSION: JSON.stringify(version()) },
    plugins: [importFromOtherEntries(await errorsOfPackage(out))],
  });
}

/** The package's version, as a server tells it. */
function version() {
  return JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")).version;
}

/**
 * Code that checks what the tools are given, made of their schemas here, because pages may not: the policies of many
 * forbid making code of text.
 */
async function validators(work) {
  const [{ default: Ajv }, { default: standaloneCode }, { TOOLS }] = await Promise.all([
    import("ajv"),
    import("ajv/dist/standalone/index.js"),
    import(pathToFileURL(path.join(work, "tools", "schemas.js"))),
  ]);
  const names = Object.keys(TOOLS);
  const code = { source: true, esm: true };
  const ajv = new Ajv({ code, allErrors: true, allowUnionTypes: true, messages: false });
  for (const name of names) ajv.addSchema(TOOLS[name].inputSchema, name);
  const script = standaloneCode(ajv, Object.fromEntries(names.map((name) => [name, name])));
  // Nobody asks by which part of the schema a mistake was found.
  return `${script.replace(/schemaPath:"[^"]*",/g, "")}\nexport const VALIDATORS = { ${names.join(", ")} };\n`;
}

/**
 * A module with the package's error classes, taken from the script that the main entries share: an error of the tools
 * is an instance of the same class. How that script calls them is known only once it is made.
 */
async function errorsOfPackage(out) {
  const [entry, shared] = await Promise.all(
    ["index.js", `${SHARED}.js`].map((file) => import(pathToFileURL(path.join(out, file)))),
  );
  const names = ["ConflictError", "ScribeError", "isScribeError"].map((name) => {
    const found = Object.keys(shared).find((key) => shared[key] === entry[name]);
    if (!found) throw new Error(`${SHARED}.js does not export ${name}.`);
    return `${found} as ${name}`;
  });
  return `export { ${names.join(", ")} } from "./${SHARED}.js";\n`;
}

/** Has an entry import errors, and the tools, from the scripts that were made of them, not contain them. */
function importFromOtherEntries(errors) {
  return {
    name: "import-from-other-entries",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\.\/errors\.js$/ }, () => ({ path: "errors", namespace: "made" }));
      onLoad({ filter: /.*/, namespace: "made" }, () => ({ contents: errors }));
      onResolve({ filter: /.*/, namespace: "made" }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^\.\.\/tools\/index\.js$/ }, () => ({ path: "./tools.js", external: true }));
    },
  };
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
 * The function takes hooks: `guarded` returns what stands for the module's exports, `opened` is told of every
 * request for a database that the module makes, and `begun` of every transaction that it begins.
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
  // What it gets is compiled already, by load.js, and it gets it once.
  replaceOne(/^async function __wbg_load\([\s\S]*?^\}$/m, "");
  replaceOne(/^let __wbg_init_promise;$/m, "");
  replaceOne(/^async function __wbg_init_once\([\s\S]*?^\}$/m, "");
  replaceOne(/^async function __wbg_init\([\s\S]*?^\}$/m, INIT);
  replaceOne(/\bwasm = instance\.exports;/, "wasm = hooks.guarded(instance.exports);");
  replaceOne(/\bconst ret = (arg0\.open\([^;]*\));/, "const ret = hooks.opened($1);");
  replaceOne(/\bconst ret = (arg0\.transaction\([^;]*\));/, "const ret = hooks.begun($1);");
  if (/^(export|import)\b/m.test(script)) throw new Error("The glue imports or exports in an unknown way.");
  return `export function instantiate(hooks) {\n${script}\nreturn { init: __wbg_init, ${exported.join(", ")} };\n}\n`;
}

/** How an instance is made of a compiled module. */
const INIT = `async function __wbg_init(module) {
return __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
}`;

/** What wasm-opt calls the one module that everything is imported from. */
const SHORT_MODULE = "a";

/** A custom section of a WebAssembly module: a name without content. */
function emptySection(name) {
  const bytes = Buffer.from(name);
  if (bytes.length > 100) throw new Error(`"${name}" needs more than one byte for its length`);
  return Buffer.from([0, bytes.length + 1, bytes.length, ...bytes]);
}
