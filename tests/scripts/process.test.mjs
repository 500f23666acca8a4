// Programs that the scripts run: nothing of theirs may outlive them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { run } from "../../scripts/process.mjs";
import { ROOT } from "../../scripts/toolchain.mjs";

const quiet = { show: "quiet" };

/** A program that starts another one, in a session of its own, writes its number to a file, and goes on. */
const PARENT = `
  const { spawn } = require("node:child_process");
  const { writeFileSync } = require("node:fs");
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 600000)"], { detached: true, stdio: "ignore" });
  writeFileSync(process.argv[1], String(child.pid));
  if (process.argv[2] === "leave") { child.unref(); process.exit(0); }
`;

async function withScratch(body) {
  const scratch = mkdtempSync(path.join(tmpdir(), "scribe-store-process-"));
  try {
    await body(path.join(scratch, "pid"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether a process runs; one that has ended but that nobody has asked about does not. */
function lives(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}

async function assertEnds(pid) {
  for (let tries = 0; tries < 100 && lives(pid); tries += 1) await sleep(50);
  assert.ok(!lives(pid), `process ${pid} was left behind`);
}

test("exit code and output come back, without colours", async () => {
  const script = 'console.log("\\u001b[32mout\\u001b[0m"); console.error("err"); process.exitCode = 3';
  const { code, stdout, output, problem } = await run(process.execPath, ["-e", script], quiet);
  assert.equal(code, 3);
  assert.equal(stdout, "out\n");
  assert.match(output, /out\n/);
  assert.match(output, /err\n/);
  assert.equal(problem, "exit code 3");
});

test("a program that is not there is a problem, not an exception", async () => {
  const { problem } = await run("no-such-program-anywhere", [], quiet);
  assert.match(problem, /no-such-program-anywhere could not be started/);
});

test("a program gets nothing to read", async () => {
  const script = 'process.stdin.on("data", () => {}).on("end", () => console.log("end"))';
  assert.equal((await run(process.execPath, ["-e", script], { ...quiet, limitMs: 20_000 })).stdout, "end\n");
});

const onLinux = process.platform === "linux" ? false : "only Linux shows which processes belong to a run";

test("the time limit ends a program and what it has started", { skip: onLinux }, () =>
  withScratch(async (file) => {
    const { timedOut, problem } = await run(process.execPath, ["-e", PARENT, file], {
      ...quiet,
      limitMs: 5000,
    });
    assert.ok(timedOut);
    assert.match(problem, /still running after 5 s/);
    await assertEnds(Number(readFileSync(file, "utf8")));
  }),
);

test("what a program leaves behind is ended", { skip: onLinux }, () =>
  withScratch(async (file) => {
    const { problem } = await run(process.execPath, ["-e", PARENT, file, "leave"], quiet);
    assert.equal(problem, undefined);
    await assertEnds(Number(readFileSync(file, "utf8")));
  }),
);

test("Ctrl-C ends what runs", { skip: onLinux }, () =>
  withScratch(async (file) => {
    const module = pathToFileURL(path.join(ROOT, "scripts", "process.mjs"));
    const script = `
      import { run } from "${module}";
      await run(process.execPath, ["-e", ${JSON.stringify(PARENT)}, ${JSON.stringify(file)}]);
    `;
    const outer = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    const ended = once(outer, "exit");
    let pid = Number.NaN;
    for (let tries = 0; tries < 200 && !(pid > 0); tries += 1) {
      await sleep(50);
      try {
        pid = Number(readFileSync(file, "utf8"));
      } catch {
        // not there yet
      }
    }
    outer.kill("SIGINT");
    const [code] = await ended;
    assert.equal(code, 130);
    await assertEnds(pid);
  }),
);
