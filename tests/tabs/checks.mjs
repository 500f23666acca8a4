// What must hold of a log that several have written, whoever reads it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";

const count = (entries, emoji) => entries.filter((entry) => entry.emoji === emoji).length;

/**
 * Checks what a writer was told: each entry is what was asked for, and they were written in the order of the calls.
 *
 * @param {string} writer
 * @param {object[]} told
 * @param {number} expected How many there are.
 */
export function checkTold(writer, told, expected) {
  assert.equal(told.length, expected, `${writer} was told of all its entries`);
  for (const [index, entry] of told.entries()) {
    const { agent, message, meta, rawLine, sha256 } = entry;
    assert.deepEqual([agent, message], [writer, `${writer} writes entry ${index}`]);
    assert.deepEqual(meta, { index, text: "é".repeat(index % 50), writer });
    assert.equal(sha256, createHash("sha256").update(rawLine, "utf8").digest("hex"));
    if (index > 0) assert.ok(told[index - 1].seq < entry.seq, `${message} is behind the one before`);
  }
}

/**
 * Checks what one reader read: exactly what all writers were told, numbered without a gap, and counted right.
 *
 * @param {{ entries: object[], metrics: object, report: object }} reading
 * @param {object[]} told What all writers were told, together.
 */
export function checkReading({ entries, metrics, report }, told) {
  const bySeq = (one, other) => one.seq - other.seq;
  const inOrder = entries.toSorted(bySeq);
  assert.equal(entries.length, told.length, "nothing is missing, nothing is there twice");
  assert.equal(new Set(entries.map(({ entryId }) => entryId)).size, told.length, "identifiers are unique");
  for (const [index, { seq }] of inOrder.entries())
    assert.equal(seq, index + 1, "seq has no gap and no double");
  assert.deepEqual(inOrder, told.toSorted(bySeq), "each is as its writer was told");

  assert.deepEqual(metrics, {
    totalEntries: entries.length,
    successCount: count(entries, "✅"),
    warnCount: count(entries, "⚠️"),
    errorCount: count(entries, "❌"),
    lastUpdate: entries
      .map(({ ts }) => ts)
      .sort()
      .at(-1),
  });
  const { ok, entries: verified, firstBad } = report;
  assert.deepEqual({ ok, verified, firstBad }, { ok: true, verified: told.length, firstBad: null });
}

/**
 * Checks what one saw who followed the log from its first entry on: every entry once, in the order of `seq`; and of
 * each, one change that could be read when it was told.
 *
 * @param {string} who
 * @param {Awaited<ReturnType<import("./follow.mjs").Follower["end"]>>} saw
 * @param {object[]} told What all writers were told, together.
 */
export function checkFollowed(who, { seen, ranges, tooEarly }, told) {
  const all = Array.from({ length: told.length }, (_, index) => index + 1);
  assert.deepEqual(
    seen.map(([seq]) => seq),
    all,
    `the tail of ${who} has no gap and no repeat, and is in order`,
  );
  const ids = new Map(told.map(({ seq, entryId }) => [seq, entryId]));
  for (const [seq, entryId] of seen) assert.equal(entryId, ids.get(seq), `entry ${seq} of ${who}`);
  const heard = ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  heard.sort((one, other) => one - other);
  assert.deepEqual(heard, all, `the subscription of ${who} told of every entry once`);
  assert.deepEqual(tooEarly, [], `what ${who} heard of can be read`);
}

/**
 * Checks a race: in each round exactly one was first, and all others were told of a conflict.
 *
 * @param {{ code: string, version: number | null }[][]} rounds Of each round, what came of every call.
 */
export function checkRace(rounds) {
  for (const [round, outcomes] of rounds.entries()) {
    const codes = outcomes.map(({ code }) => code).sort();
    assert.deepEqual(codes, [...Array(outcomes.length - 1).fill("conflict"), "set"], `round ${round}`);
    for (const { code, version } of outcomes) {
      // Whoever is late finds the version of a later round.
      assert.ok(
        code === "set" ? version === round + 1 : version > round,
        `round ${round}: version ${version}`,
      );
    }
  }
}

/** Checks what a race of so many rounds, with so many callers, has left. */
export function checkAfterRace({ current, events }, rounds, callers) {
  assert.equal(current.version, rounds, "one version for each round");
  const counted = (type) => events.filter(({ eventType }) => eventType === type).length;
  assert.equal(counted("project_set"), rounds, "one event for each winner");
  assert.equal(counted("conflict_detected"), rounds * (callers - 1), "one for everyone else");
  assert.equal(events.length, rounds * callers);
}
