// The line through the figures, on figures that are known.

import assert from "node:assert/strict";
import test from "node:test";
import { growthOfSecondHalf } from "./fit.mjs";

const at = Array.from({ length: 21 }, (_, index) => index * 10);

test("what rises early and levels off does not grow", () => {
  const values = at.map((x) => Math.min(x, 100) * 1000);
  assert.deepEqual(growthOfSecondHalf(at, values), { level: 100_000, growth: 0, perStep: 0 });
});

test("what rises all the time grows, whatever the noise", () => {
  const values = at.map((x, index) => 5000 + 7 * x + (index % 2 ? 3 : -3));
  const { level, growth, perStep } = growthOfSecondHalf(at, values);
  assert.ok(Math.abs(perStep - 7) < 0.1, `${perStep} a step`);
  assert.ok(Math.abs(growth - 700) < 10, `${growth} over the second half`);
  assert.ok(Math.abs(level - 6050) < 10, `a level of ${level}`);
});
