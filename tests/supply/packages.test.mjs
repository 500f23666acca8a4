// What the npm packages that build and test this one may be: known, under a permissive licence, and as locked.
// Nothing of them ships, but they run on the machine that builds what ships.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import satisfies from "spdx-satisfies";
import { ask, run } from "../../scripts/process.mjs";
import { npmCommand, ROOT } from "../../scripts/toolchain.mjs";

/** What may build and test the package. CC-BY is on tables (of licences, of browsers), MPL on a CSS parser's binaries. */
const LICENCES = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-3.0",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "Python-2.0",
  "Unlicense",
];

/** They would run a script when installed; set-up installs without scripts, and their programs work all the same. */
const WITH_SCRIPTS = new Set(["esbuild", "fsevents"]);

/** Programs of other platforms, which not every registry has: their hash is not known here, and npm adds it there. */
const OF_OTHER_PLATFORMS = /^@biomejs\/cli-/;

const LOCK_FILES = (await ask("git", ["-C", ROOT, "ls-files", "*package-lock.json"]))?.split("\n") ?? [];

test("every folder that asks for packages has its lock file committed", async () => {
  assert.ok(LOCK_FILES.includes("package-lock.json"), "is this a checkout?");
  const manifests = (await ask("git", ["-C", ROOT, "ls-files", "*package.json"])).split("\n");
  for (const file of manifests) {
    const { dependencies = {}, devDependencies = {} } = readJson(file);
    if (Object.keys({ ...dependencies, ...devDependencies }).length === 0) continue;
    const lock = path.join(path.dirname(file), "package-lock.json");
    assert.ok(LOCK_FILES.includes(lock), `${file} has no ${lock} beside it`);
  }
  assert.ok((await ask("git", ["-C", ROOT, "ls-files", "Cargo.lock"])) === "Cargo.lock");
});

for (const file of LOCK_FILES) {
  const packages = Object.entries(readJson(file).packages)
    .filter(([place, entry]) => place.includes("node_modules/") && !entry.link)
    .map(([place, entry]) => ({ ...entry, name: place.split("node_modules/").at(-1) }));

  test(`${file}: every package has a hash, a licence that is allowed, and no script that we do not know of`, () => {
    for (const one of packages) {
      const hashed = /^sha(256|384|512)-/.test(one.integrity ?? "");
      assert.ok(hashed || (one.optional && OF_OTHER_PLATFORMS.test(one.name)), `${one.name} has no hash`);
      assert.ok(isAllowed(one.license), `${one.name} is under ${one.license ?? "no licence"}`);
      assert.ok(
        !one.hasInstallScript || WITH_SCRIPTS.has(one.name),
        `${one.name} runs a script when installed`,
      );
      assert.equal(one.deprecated, undefined, `${one.name} is deprecated: ${one.deprecated}`);
    }
  });
}

test("what is not allowed is refused", () => {
  for (const licence of [
    undefined,
    "GPL-3.0-only",
    "MIT AND GPL-2.0-only",
    "SEE LICENSE IN x",
    "GPL-3.0 OR AGPL-3.0",
  ])
    assert.ok(!isAllowed(licence), licence);
  for (const licence of ["MIT", "(MIT OR GPL-3.0)", "MIT AND ISC", "(MIT AND Apache-2.0) OR GPL-2.0"])
    assert.ok(isAllowed(licence), licence);
});

test("README says of every crate and package what it is for", () => {
  const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
  const section = readme.slice(readme.indexOf("## What it is made of"), readme.indexOf("## License"));
  const manifest = readJson("package.json");
  const asked = Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
    ...readJson("benches/package.json").devDependencies,
  });
  // Types of what is there anyway need no word of their own.
  for (const name of [...asked.filter((name) => !name.startsWith("@types/")), ...shippedCrates()]) {
    assert.ok(section.includes(`\`${name}\``), `README's "What it is made of" lacks ${name}`);
  }
});

test("Cargo.toml says of every crate what it is for", () => {
  const lines = readFileSync(path.join(ROOT, "Cargo.toml"), "utf8").split("\n");
  for (const { line, name } of cratesIn(lines))
    assert.match(lines[line - 1], /^# \S/, `Cargo.toml has no comment above ${name}`);
});

test("npm knows no vulnerability of them", async (t) => {
  const { command, first } = npmCommand();
  const options = { show: "quiet", limitMs: 120_000 };
  const { stdout } = await run(command, [...first, "audit", "--json"], options);
  const report = parsed(stdout);
  // Registries that only hand out packages, and machines without a network, cannot be asked.
  if (!report?.vulnerabilities)
    return t.skip(`the registry does not answer: ${report?.message ?? "no answer"}`);
  assert.deepEqual(Object.keys(report.vulnerabilities), []);
});

/** Whether the allowed licences meet an SPDX expression. */
function isAllowed(expression) {
  try {
    return satisfies(expression, LICENCES);
  } catch {
    return false; // no expression at all
  }
}

/** Crates that Cargo.toml names, with their lines: everything under a heading that ends with `dependencies`. */
function cratesIn(lines) {
  let inside = false;
  return lines.flatMap((text, line) => {
    if (text.startsWith("[")) inside = /dependencies\]$/.test(text);
    const name = inside && text.match(/^([\w-]+) = /)?.[1];
    return name ? [{ line, name }] : [];
  });
}

function shippedCrates() {
  return cratesIn(readFileSync(path.join(ROOT, "Cargo.toml"), "utf8").split("\n")).map(({ name }) => name);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readJson(file) {
  const whole = path.join(ROOT, file);
  assert.ok(existsSync(whole), `${file} is missing`);
  return JSON.parse(readFileSync(whole, "utf8"));
}
