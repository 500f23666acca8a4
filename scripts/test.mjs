// `npm test`: sets up, then runs every check and every test there is.
//
//   npm test -- --only <part of a step's name>    just these steps, and those that they need; may be repeated
//   npm test -- --list                            only names the steps

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { describeMissing, engine, missingPieces } from "./browsers.mjs";
import { cargoCounts, lostItsBrowser, tapCounts } from "./counts.mjs";
import { startDisplay } from "./display.mjs";
import { SetUpError, setUp } from "./setup.mjs";
import { check, chooseSteps, failure, notRun, runSteps, runTests, together } from "./steps.mjs";
import { isMain, ROOT, WASM_TARGET } from "./toolchain.mjs";

/** Under CI it colours its output wherever that goes, so it has to be told. */
const COLOURS = `--colors=${process.stdout.isTTY ? "force" : "off"}`;

/** Every step, in the order in which it runs: first what fails fastest. */
export const STEPS = [
  check("Rust format", [cargo("fmt", "--check", "--", "--color=never")]),
  check("JavaScript format and lint", [
    packaged("@biomejs/biome/bin/biome", "ci", "--error-on-warnings", COLOURS),
  ]),
  check("clippy", [clippy()]),
  check("clippy for WebAssembly", [clippy("--target", WASM_TARGET)]),
  nativeTests("native tests"),
  check("Rust documentation", [rustdoc(), rustdoc("--target", WASM_TARGET)]),
  suiteIn("Chromium"),
  suiteIn("Firefox"),
  suiteIn("WebKit"),
  check("build", [{ command: process.execPath, args: ["scripts/build.mjs"], minutes: 30 }]),
  check("types", ["", ".bundler", ".node", ".bare", ".sdks"].map(typesIn), { needs: ["build"] }),
  check("types of the explorer", [packaged("typescript/bin/tsc", "--project", "www/tsconfig.json")]),
  nodeTests("scripts", "tests/scripts"),
  nodeTests("supply chain", "tests/supply"),
  nodeTests("package", "tests/package", { needs: ["build"] }),
  nodeTests("API in browsers", "tests/api", { needs: ["build"] }),
  nodeTests("interchange", "tests/interchange", { needs: ["build"] }),
  nodeTests("tools", "tests/tools", { needs: ["build"] }),
  nodeTests("MCP", "tests/mcp", { needs: ["build"] }),
  nodeTests("packaging", "tests/packaging", { needs: ["build"] }),
  check("explorer", [{ command: process.execPath, args: ["scripts/explorer.mjs"], minutes: 10 }], {
    needs: ["build"],
  }),
  nodeTests("page", "tests/page", { needs: ["explorer"] }),
  nodeTests("stored formats", "tests/formats", { needs: ["build"] }),
  nodeTests("bench", "tests/bench", { needs: ["build"] }),
  nodeTests("README", "tests/readme", { needs: ["build"] }),
  nodeTests("real log", "tests/real-log", { needs: ["build"] }),
  nodeTests("tabs", "tests/tabs", { needs: ["build"] }),
  nodeTests("kills", "tests/kills", { needs: ["build"] }),
  nodeTests("bad input", "tests/bad-input", { needs: ["build"] }),
  nodeTests("full disk", "tests/quota", { needs: ["build"] }),
  nodeTests("interruptions", "tests/interruptions", { needs: ["build"] }),
  nodeTests("traps", "tests/traps", { needs: ["build"] }),
  nodeTests("leaks", "tests/leaks", { needs: ["build"] }),
];

// ---------------------------------------------------------------- kinds of steps

/** A call of cargo that takes the lock file as it is. */
function cargo(...args) {
  const [subcommand, ...rest] = args;
  const locked = subcommand === "fmt" ? [] : ["--locked"];
  return { command: "cargo", args: [subcommand, ...locked, ...rest], minutes: 20 };
}

function clippy(...options) {
  return cargo("clippy", "--all-targets", ...options, "--", "--deny", "warnings");
}

function rustdoc(...options) {
  return { ...cargo("doc", "--no-deps", ...options), env: { RUSTDOCFLAGS: "--deny warnings" } };
}

/** A call of a program from node_modules. */
function packaged(program, ...args) {
  return { command: process.execPath, args: [path.join(ROOT, "node_modules", program), ...args] };
}

/** Checks the shipped types as one kind of project sees them. */
function typesIn(kind) {
  return packaged("typescript/bin/tsc", "--project", `tests/types/tsconfig${kind}.json`);
}

function nativeTests(name) {
  return {
    name,
    needs: [],
    run: () =>
      runTests({ ...cargo("test", "--no-fail-fast"), minutes: 30 }, (result) => cargoCounts(result.stdout)),
  };
}

/** The suite of the storage layer in one engine: once in a window, once in a worker. */
function suiteIn(name) {
  return {
    name: `suite in ${name}`,
    needs: [],
    run: async () => {
      const one = engine(name);
      const missing = missingPieces(one);
      if (missing.length > 0)
        return process.env.CI === "true"
          ? failure(describeMissing(missing))
          : notRun(describeMissing(missing));
      const display = one.others.length > 0 ? await startDisplay() : undefined;
      try {
        const outcomes = [];
        for (const file of ["browser", "dedicated_worker"]) {
          const outcome = await runTests(
            wasmPackTest(one, file, display),
            ({ stdout }) => cargoCounts(stdout),
            // WebKitGTK (2.50) now and then goes away in the middle of a run.
            ({ output }) => name === "WebKit" && lostItsBrowser(output),
          );
          outcomes.push(outcome);
        }
        return together(outcomes);
      } finally {
        await display?.close();
      }
    },
  };
}

function wasmPackTest(one, file, display) {
  const folder = path.join(ROOT, "target", "webdriver");
  mkdirSync(folder, { recursive: true });
  const capabilities = path.join(folder, `${one.name}.json`);
  writeFileSync(capabilities, JSON.stringify(one.capabilities(one.browser.find())));
  const browser = ["--headless", one.flag, one.driverFlag, one.driver.find()];
  return {
    title: `tests/${file}.rs in ${one.name}`,
    command: "wasm-pack",
    args: ["test", ...browser, "--mode", "no-install", "--", "--locked", "--test", file],
    env: {
      WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities,
      // Seconds: for all tests of a file together, and for the driver to start. The defaults, 20 and 5, suit neither
      // this suite nor a busy machine.
      WASM_BINDGEN_TEST_TIMEOUT: "600",
      WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "60",
      ...(display ? { DISPLAY: display.display } : {}),
    },
    minutes: 20,
  };
}

/** The `*.test.mjs` of one folder, file after file: browsers share the machine badly. */
function nodeTests(name, folder, { needs = [] } = {}) {
  return {
    name,
    needs,
    run: async () => {
      const files = testFiles(folder);
      if (files.length === 0) return failure(`${folder} holds no *.test.mjs`);
      const scratch = mkdtempSync(path.join(tmpdir(), "scribe-store-"));
      const report = path.join(scratch, "report.tap");
      const args = [
        "--test",
        "--test-concurrency=1",
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        "--test-reporter=tap",
        `--test-reporter-destination=${report}`,
        ...files,
      ];
      try {
        const command = { title: folder, command: process.execPath, args, minutes: 30 };
        return await runTests(command, () => tapCounts(readReport(report)));
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    },
  };
}

function testFiles(folder) {
  try {
    return readdirSync(path.join(ROOT, folder))
      .filter((file) => file.endsWith(".test.mjs"))
      .sort()
      .map((file) => `${folder}/${file}`);
  } catch {
    return [];
  }
}

/** What the runner reported; nothing, if it was killed before it could. */
function readReport(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

// ---------------------------------------------------------------- as a program

async function main() {
  const { values } = parseArgs({
    options: { only: { type: "string", multiple: true }, list: { type: "boolean" } },
  });
  const steps = values.only ? chosen(values.only) : STEPS;
  if (values.list) {
    console.log(steps.map((step) => step.name).join("\n"));
    return;
  }

  const problem = await problemOfSetUp();
  // Without the tools no step can tell anything, so each fails for this one reason.
  const able = problem
    ? steps.map((step) => ({ ...step, needs: [], run: async () => failure(problem) }))
    : steps;
  process.exitCode = (await runSteps(able)) ? 0 : 1;
}

function chosen(only) {
  try {
    return chooseSteps(STEPS, only);
  } catch (error) {
    console.error(error.message);
    return process.exit(2);
  }
}

async function problemOfSetUp() {
  console.log("━━ set-up\n");
  try {
    const lacking = await setUp("test");
    if (lacking.length === 0) console.log("  everything is there");
    return undefined;
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.log(error.message);
    return `set-up failed: ${error.message}`;
  }
}

if (isMain(import.meta.url)) await main();
