// What the crates may be, as deny.toml says: licences, sources, no crate in two versions, no known vulnerability.

import assert from "node:assert/strict";
import test from "node:test";
import { run } from "../../scripts/process.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";

const OPTIONS = { cwd: ROOT, show: "quiet", limitMs: 300_000 };

for (const kind of ["licenses", "bans", "sources"]) {
  test(`cargo deny: ${kind}`, async () => {
    const { problem, output } = await deny(kind);
    assert.equal(problem, undefined, output);
  });
}

test("cargo deny: advisories", async (t) => {
  const fetched = await run("cargo", ["deny", "--locked", "fetch", "db"], OPTIONS);
  // The database is a repository elsewhere: not every machine that builds may reach it.
  if (fetched.problem)
    return t.skip(`the database cannot be had: ${fetched.output.trim().split("\n").at(-1)}`);
  const { problem, output } = await deny("advisories");
  assert.equal(problem, undefined, output);
});

function deny(kind) {
  return run("cargo", ["deny", "--locked", "check", "--hide-inclusion-graph", kind], OPTIONS);
}
