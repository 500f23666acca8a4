// What the build does to a module: it is taken apart, put together, and ordered.

import assert from "node:assert/strict";
import test from "node:test";
import binaryen from "binaryen";
import { nameInOrder } from "../../scripts/order-functions.mjs";
import {
  countImportedFunctions,
  functionNames,
  readSections,
  writeModule,
} from "../../scripts/wasm-sections.mjs";

const SUM = "(i32.add (i32.mul (local.get 0) (i32.const 1000003)) (i32.const 77777777))";
const QUOTIENT = "(f64.div (f64.sqrt (f64.load (local.get 0))) (f64.const 3.14159265358979))";
const COPY = "(memory.copy (local.get 0) (i32.const 123456789) (i32.const 987654321))";

/** Functions of three kinds, none beside its like; imports, data, a table, a start. */
const MODULE = `(module
  (import "a" "call" (func $call (param i32)))
  (import "a" "call again" (func $again (param i32)))
  (memory 1)
  (table 2 funcref)
  (elem (i32.const 0) $sum0 $copy1)
  (data (i32.const 1024) "some data")
  ${[0, 1]
    .map(
      (index) => `
  (func $sum${index} (export "sum${index}") (param i32) (result i32) (i32.sub ${SUM} (i32.const ${index})))
  (func $quotient${index} (export "quotient${index}") (param i32) (result f64)
    (f64.mul ${QUOTIENT} (f64.const ${index})))
  (func $copy${index} (export "copy${index}") (param i32) ${COPY} (call $again (i32.const ${index})))`,
    )
    .join("")}
  (func $begin (call $call (i32.const 5)))
  (start $begin))`;

function moduleBytes() {
  const module = binaryen.parseText(MODULE);
  module.setFeatures(binaryen.Features.BulkMemory | binaryen.Features.BulkMemoryOpt);
  assert.ok(module.validate(), "the module that is tested with is one");
  const bytes = Buffer.from(module.emitBinary());
  module.dispose();
  return bytes;
}

test("a module that is taken apart and put together is the same", () => {
  const bytes = moduleBytes();
  const sections = readSections(bytes);
  assert.ok(sections.length > 8, "it has sections of many kinds");
  assert.ok(writeModule(sections).equals(bytes));
  assert.equal(countImportedFunctions(sections), 2);
});

test("a module that imports what is not a function is refused", () => {
  const module = binaryen.parseText('(module (import "a" "memory" (memory 1)))');
  const sections = readSections(Buffer.from(module.emitBinary()));
  module.dispose();
  assert.throws(() => countImportedFunctions(sections), /not a function/);
});

test("a module that is cut off is refused", () => {
  assert.throws(() => readSections(moduleBytes().subarray(0, -1)), /cut off/);
});

test("functions are named so that similar ones stand side by side", () => {
  const bytes = moduleBytes();
  const named = nameInOrder(bytes);
  assert.ok(WebAssembly.validate(named));
  assert.ok(named.subarray(0, bytes.length).equals(bytes), "nothing but the names is added");
  const names = functionNames(readSections(named));
  const kinds = ["sum", "quotient", "copy", "sum", "quotient", "copy", "begin"];
  assert.deepEqual([...names.keys()], [2, 3, 4, 5, 6, 7, 8], "each function of its own has a name");
  const order = [...names].sort(([, one], [, other]) => (one < other ? -1 : 1));
  const inOrder = order.map(([index]) => kinds[index - 2]);
  for (const kind of ["sum", "quotient", "copy"]) {
    const places = inOrder.flatMap((other, place) => (other === kind ? [place] : []));
    assert.equal(places[1] - places[0], 1, `${kind}: ${inOrder}`);
  }
  assert.ok(nameInOrder(bytes).equals(named), "the same every time");
});

test("as many digits as the last number has keep the order of more than ten functions", () => {
  const functions = Array.from({ length: 12 }, () => `(func (param i32) (result i32) ${SUM})`).join("");
  const module = binaryen.parseText(`(module (import "a" "call" (func)) ${functions})`);
  const names = functionNames(readSections(nameInOrder(Buffer.from(module.emitBinary()))));
  module.dispose();
  assert.deepEqual(
    [...names.values()].sort(),
    [...Array(12).keys()].map((rank) => String(rank).padStart(2, "0")),
  );
});
