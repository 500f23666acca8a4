// The line through the figures, on figures that are known.

import assert from "node:assert/strict";
import test from "node:test";
import { growthOf } from "./fit.mjs";

const at = Array.from({ length: 21 }, (_, index) => index * 10);

test("what is level does not grow", () => {
  const values = at.map(() => 100_000);
  assert.deepEqual(growthOf(at, values), { level: 100_000, growth: 0, perStep: 0 });
});

test("what rises all the time grows, whatever the noise", () => {
  const values = at.map((x, index) => 5000 + 7 * x + (index % 2 ? 3 : -3));
  const { level, growth, perStep } = growthOf(at, values);
  assert.ok(Math.abs(perStep - 7) < 0.1, `${perStep} a step`);
  assert.ok(Math.abs(growth - 1400) < 20, `${growth} in all`);
  assert.ok(Math.abs(level - 5700) < 10, `a level of ${level}`);
});

test("a step in the middle counts for half as much again, and one at the end for little", () => {
  const step = (from) =>
    growthOf(
      at,
      at.map((x) => (x < from ? 0 : 100)),
    ).growth;
  assert.ok(Math.abs(step(105) - 150) < 10, `${step(105)} for a step of 100`);
  assert.ok(step(200) < 30, `${step(200)} for one at the end`);
});
