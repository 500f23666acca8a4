// 7.5 The disk is full, in Firefox: a preference says how much room all sites have together.
//
// In WebKit it is not tested: no way is known here to make a site's room small from outside.

import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { describeMissing, engine, missingPieces } from "../../scripts/browsers.mjs";
import { DIST } from "../../scripts/build.mjs";
import { startServer } from "../../scripts/serve.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";
import { Browser } from "../engines/browser.mjs";

const FIREFOX = engine("Firefox");
const ROOM_KB = 20_000;

const missing = missingPieces(FIREFOX);
const skip = missing.length > 0 && process.env.CI !== "true" ? describeMissing(missing) : false;

test("7.5 a full disk rejects writes, and the store goes on", { skip, timeout: 300_000 }, async () => {
  const server = await startServer({
    root: path.join(ROOT, "tests"),
    mounts: { "/dist/": DIST, "/www/": path.join(ROOT, "www") },
  });
  let browser;
  try {
    browser = await Browser.start(withLittleRoom(FIREFOX));
    for (const durability of ["relaxed", "strict"]) {
      await browser.goTo(`${server.url}quota/`, "meetFullDisk");
      const found = await browser.call("meetFullDisk", durability);
      const { written, full, isSame, isKept, roomy, before, after } = found;
      console.log(`${durability}: ${(written / 1e6).toFixed(1)} MB filled the room of ${ROOM_KB / 1000} MB.`);
      const all = (outcome) => ({
        append: outcome,
        bulk: outcome,
        recordDocChange: outcome,
      });
      assert.deepEqual(full, all("quota_exceeded"));
      assert.ok(isSame, "nothing is stored, everything is readable");
      assert.deepEqual(roomy, all("done"), "in the same store, once there is room");
      assert.ok(isKept, "what was there is as it was");
      const whole = (count) => ({
        totalEntries: count,
        verified: count,
        counted: count,
        count,
        reason: null,
      });
      assert.deepEqual([before, after], [whole(20), whole(1021)]);
    }
  } finally {
    await browser?.close();
    await server.close();
  }
});

test("7.5 a full disk in WebKit", {
  skip: "no way is known to make the room of a site small in WebKitGTK",
}, () => {});

/** An engine that starts with so much room for all sites together. */
function withLittleRoom(one) {
  const prefs = { "dom.quotaManager.temporaryStorage.fixedLimit": ROOM_KB };
  return {
    ...one,
    capabilities: (binary) => {
      const { "moz:firefoxOptions": options, ...others } = one.capabilities(binary);
      return { ...others, "moz:firefoxOptions": { ...options, prefs } };
    },
  };
}
