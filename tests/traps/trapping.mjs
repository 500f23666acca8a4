// The package's module, changed so that it traps: it reaches an instruction that must never be reached.

import { readFileSync } from "node:fs";
import path from "node:path";
import binaryen from "binaryen";
import { DIST } from "../../scripts/build.mjs";

/** What the module is built with. */
const FEATURES = [
  "SIMD128",
  "BulkMemory",
  "BulkMemoryOpt",
  "CallIndirectOverlong",
  "ReferenceTypes",
  "Multivalue",
  "MutableGlobals",
  "NontrappingFPToInt",
  "SignExt",
];

/** How the scripts call what goes on in the module: when a promise is settled, or an event or a timer fires. */
const GOING_ON =
  /function [\w$]+\(([\w$]+),([\w$]+)(?:,[\w$]+)*\)\{(?:let [\w$]+=)?[\w$]+\.([\w$]+)\(\1,\2[,)]/g;

/** How the scripts call a method of the store, whose name is the module's own. */
const METHOD = (name) =>
  new RegExp(`[^\\w]${name}\\([\\w$]*\\)\\{[^{}]*?[\\w$]+\\.([\\w$]+)\\(this\\.__wbg_ptr`);

/**
 * The module's bytes, with functions that trap.
 *
 * @param {{ method: string } | { after: number }} when In a method, as soon as it is called; or when something goes
 *   on in the module, after it has done so the given number of times.
 * @returns {Uint8Array}
 */
export function trappingModule(when) {
  const module = binaryen.readBinary(readFileSync(path.join(DIST, "scribe_store.wasm")));
  try {
    module.setFeatures(FEATURES.reduce((all, one) => all | binaryen.Features[one], 0));
    const left = "times until it traps";
    module.addGlobal(left, binaryen.i32, true, module.i32.const(when.after ?? 0));
    for (const name of exportsFor(when)) {
      const found = module.getFunction(binaryen.getExportInfo(module.getExport(name)).value);
      const count = module.i32.sub(module.global.get(left, binaryen.i32), module.i32.const(1));
      const isOver = module.i32.eqz(module.global.get(left, binaryen.i32));
      const before = [module.if(isOver, module.unreachable()), module.global.set(left, count)];
      const { results } = binaryen.getFunctionInfo(found);
      const body = binaryen.Function.getBody(found);
      binaryen.Function.setBody(found, module.block(null, [...before, body], results));
    }
    if (!module.validate()) throw new Error("the changed module is not valid");
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** The names of the module's functions that are to trap. They are made short when the package is built. */
function exportsFor({ method }) {
  const scripts = readFileSync(path.join(DIST, "shared.js"), "utf8");
  const names = method
    ? [METHOD(method).exec(scripts)?.[1]]
    : [...scripts.matchAll(GOING_ON)].map(([, , , name]) => name);
  if (names.length === 0 || names.includes(undefined))
    throw new Error("the scripts call the module otherwise");
  return names;
}
