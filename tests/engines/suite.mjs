// The API's cases in one browser engine, each as a test of its own.

import { randomUUID } from "node:crypto";
import test, { after, before } from "node:test";
import { describeMissing, engine, missingPieces } from "../../scripts/browsers.mjs";
import { casesOf } from "../api/cases.mjs";
import { startTestServer } from "../api/server.mjs";
import { Browser } from "./browser.mjs";

/** Where the cases run in a browser. Memory is the same everywhere, so one place will do for it. */
const PLACES = [
  { where: "window", backend: "indexeddb" },
  { where: "worker", backend: "indexeddb" },
  { where: "window", backend: "memory" },
];

/** The page's function that runs a case. */
const RUN = "runCaseIn";

/**
 * Makes tests of all cases in an engine. Where it is missing, there is one test, which fails under CI and is skipped
 * elsewhere.
 *
 * @param {string} name The engine's name, as in scripts/browsers.mjs.
 */
export function testIn(name) {
  const one = engine(name);
  const missing = missingPieces(one);
  if (missing.length > 0) {
    const reason = describeMissing(missing);
    const skip = process.env.CI === "true" ? false : reason;
    test(`the API in ${name}`, { skip }, () => {
      throw new Error(reason);
    });
    return;
  }

  let server;
  let browser;
  before(async () => {
    server = await startTestServer();
    browser = await Browser.start(one);
    await browser.goTo(`${server.url}page.html`, RUN);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  const run = async (...request) => {
    const failure = await browser.call(RUN, ...request);
    if (failure !== null) throw new Error(failure);
  };
  for (const { where, backend } of PLACES) {
    for (const { name: name_, after: half } of casesOf(where, backend)) {
      test(`${where}, ${backend}, ${name_}`, async () => {
        if (!half) return run(where, backend, name_);
        const database = `reload-${randomUUID()}`;
        await run(where, backend, name_, { half: "before", database });
        await browser.reload(RUN);
        return run(where, backend, name_, { half: "after", database });
      });
    }
  }
}
