// By how much figures grow that are known.

import assert from "node:assert/strict";
import test from "node:test";
import { growthOf } from "./growth.mjs";

const at = Array.from({ length: 21 }, (_, index) => 1000 + index * 10);

test("what is level does not grow, nor what makes one leap, wherever that is", () => {
  for (const from of at) {
    const values = at.map((x) => (x < from ? 100 : 500));
    assert.deepEqual(growthOf(at, values), { level: 500, growth: 0, perStep: 0 });
  }
});

test("what rises all the time grows, whatever the noise", () => {
  const { level, growth, perStep } = growthOf(
    at,
    at.map((x, index) => 7 * x + (index % 2 ? 3 : -3)),
  );
  assert.equal(level, 7 * 1200 - 3);
  assert.equal(growth, 7 * 200 - 76, "all but the largest leap");
  assert.ok(perStep > 6.5, `${perStep} a step`);
});

test("what rises by leaps grows", () => {
  const { growth } = growthOf(
    at,
    at.map((x) => Math.floor(x / 50) * 100),
  );
  assert.equal(growth, 300, "three of four leaps");
});
