// What must be there after a kill, given what was reported before it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  APPENDS,
  appended,
  bulkProject,
  doomedAgent,
  doomedProject,
  inserted,
  MERGED_ROWS,
  MERGES,
  mergedProject,
  ROWS,
  TAIL,
} from "./entries.mjs";

/**
 * What a round has left: whatever was not certain when the browser was killed is from here on.
 *
 * @typedef {object} Left
 * @property {number} appends How many entries are appended.
 * @property {number} inserts How many bulk inserts are there.
 * @property {number} merged How many inserts are there that are merged.
 * @property {boolean[]} doomed Of each project to be deleted, whether it is there.
 */

/**
 * Checks what a round has left.
 *
 * @param {import("./record.mjs").Record} record
 * @param {{ appends: object[], inserts: object[], merged: object[], doomed: object[] }} found As read by a tab of another browser.
 * @param {number} before How many entries the project that is appended to had before the round.
 * @returns {Left}
 */
export function checkRound(record, { appends, inserts, merged, doomed }, before) {
  return {
    appends: checkAppends(record, appends, before),
    inserts: checkInserts(record, inserts),
    merged: checkMerged(record, merged),
    doomed: doomed.map((one, cycle) => checkDoomed(record, one, cycle)),
  };
}

/** Those that were acknowledged are there as they were, and behind them at most some that were under way. */
function checkAppends({ round, appends }, found, before) {
  const what = `round ${round}: ${found.length} appends found, ${appends.length} acknowledged`;
  assert.ok(found.length >= appends.length, what);
  assert.deepEqual(found.slice(0, appends.length), appends, what);
  checkEntries(found, (index) => appended(APPENDS, round, index), before);
  return found.length;
}

/** Each bulk insert is there whole or not at all, and those that were acknowledged are there. */
function checkInserts({ round, begun, done }, found) {
  const count = found.length / ROWS;
  const what = `round ${round}: ${count} bulk inserts found, ${done.insert} acknowledged, ${begun.insert} begun`;
  assert.ok(Number.isInteger(count) && count >= done.insert && count <= begun.insert, what);
  const project = bulkProject(round);
  checkEntries(found, (index) => inserted(project, Math.floor(index / ROWS), index % ROWS), 0);
  return count;
}

/** Each insert that is merged with the one before is there whole or not at all, and so is the one before. */
function checkMerged({ round, begun, done }, found) {
  const count = found.length / MERGED_ROWS;
  const [least, most] = [done.merge * MERGES, begun.merge * MERGES];
  const what = `round ${round}: ${count} merged inserts found, ${least} acknowledged, ${most} begun`;
  assert.ok(Number.isInteger(count) && count >= least && count <= most, what);
  const project = mergedProject(round);
  checkEntries(found, (index) => inserted(project, Math.floor(index / MERGED_ROWS), index % MERGED_ROWS), 0);
  return count;
}

/** A project whose deletion was acknowledged is gone, one whose deletion had not begun is there; each whole. */
function checkDoomed({ round, begun, done }, found, cycle) {
  const what = `round ${round}, cycle ${cycle}: the project to be deleted`;
  if (done.prepare <= cycle) {
    // Filling it takes several calls, of which the last ones may be missing; the insert among them is whole.
    const count = found.entries.length;
    assert.ok(count === 0 || count >= ROWS, `${what}: ${count} entries of a bulk insert of ${ROWS}`);
    return found.isThere;
  }
  if (done.delete > cycle) assert.ok(!found.isThere, `${what} is there again`);
  if (begun.delete <= cycle) assert.ok(found.isThere, `${what} is gone before it was deleted`);
  const { isThere, foundById, changes, cards, current } = found;
  const { projectName, version } = current;
  const name = doomedProject(round, cycle);
  const whole = { foundById: 4, changes: 1, cards: 1, projectName: name, version: 1 };
  const gone = { foundById: 0, changes: 0, cards: 0, projectName: null, version: 2 };
  assert.equal(current.agentId, doomedAgent(round, cycle));
  assert.deepEqual({ foundById, changes, cards, projectName, version }, isThere ? whole : gone, what);
  if (isThere) {
    assert.equal(found.entries.length, ROWS + TAIL, `${what} is there by halves`);
    const entry = (index) =>
      index < ROWS ? inserted(name, cycle, index) : appended(name, round, index - ROWS);
    checkEntries(found.entries, entry, 0);
  }
  return isThere;
}

/** Each entry is as expected in every field, with the hash of its line, and numbered without a gap. */
function checkEntries(found, expected, before) {
  for (const [index, { seq, sha256, ...entry }] of found.entries()) {
    assert.deepEqual(entry, expected(index));
    assert.equal(sha256, createHash("sha256").update(entry.rawLine, "utf8").digest("hex"), entry.entryId);
    assert.equal(seq, before + index + 1, `the number of "${entry.entryId}"`);
  }
}

/**
 * Checks that every project verifies and is counted right.
 *
 * @param {{ name: string, report: object, metrics: object, counted: number }[]} projects
 * @param {Map<string, number>} expected How many entries projects have, as far as that is known.
 */
export function checkVerified(projects, expected) {
  for (const { name, report, metrics, counted } of projects) {
    const { ok, entries, firstBad } = report;
    assert.deepEqual({ ok, firstBad }, { ok: true, firstBad: null }, name);
    const count = expected.get(name) ?? counted;
    assert.deepEqual([entries, metrics.totalEntries, counted], [count, count, count], name);
  }
  const names = new Set(projects.map(({ name }) => name));
  for (const name of expected.keys()) assert.ok(names.has(name), `the project "${name}" is there`);
}
