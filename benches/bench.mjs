// `npm run bench`: compares this package with what people would otherwise use, in Chromium.
//
//   npm run bench -- --sizes 10000,100000    how many entries; default 10000,100000,1000000
//   npm run bench -- --engines scribe,dexie  which engines; default all: scribe, indexeddb, dexie, sqlite
//   npm run bench -- --runs 9                at least so many runs of every read; default 5
//   npm run bench -- --limit 600             seconds that an engine may take at a size; default 300
//   npm run bench -- --out folder            where results.json and results.svg go; default benches/

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { BuildError, build } from "../scripts/build.mjs";
import { elapsed } from "../scripts/process.mjs";
import { SetUpError, setUp } from "../scripts/setup.mjs";
import { ROOT } from "../scripts/toolchain.mjs";
import { ENGINES } from "./engines.mjs";

/** Something that the user has to put right. */
class UsageError extends Error {}

const IDS = ENGINES.map(({ id }) => id);

try {
  const options = readOptions();
  const started = Date.now();
  console.log("setting up …");
  await setUp("start");
  await build();
  // Imported only now: what it imports may just have been installed.
  const { missingBrowser } = await import("./browser.mjs");
  const missing = missingBrowser();
  if (missing) throw new UsageError(missing);
  const { allRight, runBench } = await import("./run.mjs");
  const { report } = await import("./report.mjs");
  const { plot } = await import("./plot.mjs");

  const results = await runBench(options);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(path.join(options.out, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(path.join(options.out, "results.svg"), plot(results));
  console.log(`\n${report(results)}\n`);
  console.log(`${path.relative(process.cwd(), options.out) || "."}: results.json and results.svg written`);
  console.log(`took ${elapsed(started)}`);
  process.exitCode = allRight(results) ? 0 : 1;
} catch (error) {
  if (![UsageError, SetUpError, BuildError].some((known) => error instanceof known)) throw error;
  console.error(error.message);
  process.exit(error instanceof UsageError ? 2 : 1);
}

function readOptions() {
  const { values } = read();
  return {
    sizes: list(values.sizes).map((text) => whole(text, "--sizes")),
    engines: list(values.engines).map(known),
    runs: whole(values.runs, "--runs"),
    limitSeconds: whole(values.limit, "--limit"),
    out: path.resolve(values.out),
  };
}

function read() {
  try {
    return parseArgs({
      options: {
        sizes: { type: "string", default: "10000,100000,1000000" },
        engines: { type: "string", default: IDS.join(",") },
        runs: { type: "string", default: "5" },
        limit: { type: "string", default: "300" },
        out: { type: "string", default: path.join(ROOT, "benches") },
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function list(text) {
  return [...new Set(text.split(",").map((part) => part.trim()))];
}

function whole(text, option) {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`${option}: "${text}" is not a number from 1`);
  return Number(text);
}

function known(id) {
  if (!IDS.includes(id)) throw new UsageError(`--engines: there is no "${id}", only ${IDS.join(", ")}`);
  return id;
}
