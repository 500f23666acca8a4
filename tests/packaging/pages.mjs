// Opening the projects' pages, and what exercise.js must have found in them.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

const LIMIT_MS = 30_000;

/**
 * Opens a page, reloads it, and opens it once more in another tab: each time the store must work and hold all that was
 * written before.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {object} options
 * @param {boolean} options.fetchesModule Whether the page has to fetch the module, or else must not.
 */
export async function checkNothingIsLost(browser, url, { fetchesModule }) {
  await withPage(browser, async (page, seen, context) => {
    await page.goto(url);
    assertOutcome(await outcomeOf(page, seen), 0);
    await page.reload();
    assertOutcome(await outcomeOf(page, seen), 1);

    const other = await context.newPage();
    const seenThere = watch(other);
    await other.goto(url);
    assertOutcome(await outcomeOf(other, seenThere), 2);

    for (const { complaints, modules } of [seen, seenThere]) {
      assert.deepEqual(complaints, []);
      for (const { status, type } of modules) {
        assert.equal(status, 200);
        // Of another type it could not be compiled while it arrives.
        assert.equal(type, "application/wasm");
      }
    }
    // Once for each load of the page, never twice.
    assert.equal(seen.modules.length, fetchesModule ? 2 : 0);
    assert.equal(seenThere.modules.length, fetchesModule ? 1 : 0);
  });
}

/**
 * Opens a page in which the store cannot be opened.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @returns {Promise<{ code: string | null, message: string }>} What `openStore` rejected with.
 */
export async function failureOf(browser, url) {
  return withPage(browser, async (page, seen) => {
    await page.goto(url);
    const outcome = await outcomeOf(page, seen);
    assert.ok(outcome.failed, `the store was opened: ${JSON.stringify(outcome)}`);
    return outcome.failed;
  });
}

/**
 * Opens an empty page with a profile of its own, which goes when the call has ended, however it ends.
 *
 * @template T
 * @param {import("playwright-core").Browser} browser
 * @param {(page: import("playwright-core").Page, seen: ReturnType<typeof watch>,
 *   context: import("playwright-core").BrowserContext) => Promise<T>} call
 * @returns {Promise<T>}
 */
export async function withPage(browser, call) {
  const context = await browser.newContext();
  try {
    // Browsers ask for an icon by themselves; that none is served is no fault.
    await context.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    const page = await context.newPage();
    return await call(page, watch(page), context);
  } finally {
    await context.close();
  }
}

/** Notes what a page fetches, writes and complains about. */
function watch(page) {
  const seen = { complaints: [], modules: [], lines: [] };
  page.on("console", (message) => {
    seen.lines.push(message.text());
    if (["error", "warning"].includes(message.type())) seen.complaints.push(message.text());
  });
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    seen.complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) seen.complaints.push(`${response.url()}: status ${response.status()}`);
    if (!new URL(response.url()).pathname.endsWith(".wasm")) return;
    seen.modules.push({ status: response.status(), type: response.headers()["content-type"] });
  });
  return seen;
}

/**
 * What a page's script has put into `globalThis.outcome`, once that has settled.
 *
 * @param {import("playwright-core").Page} page
 * @param {ReturnType<typeof watch>} seen
 */
export async function outcomeOf(page, seen) {
  const deadline = Date.now() + LIMIT_MS;
  while (Date.now() < deadline) {
    const outcome = await page.evaluate(() =>
      Promise.race([globalThis.outcome, new Promise((resolve) => setTimeout(resolve, 100))]),
    );
    if (outcome !== undefined) return outcome;
    await sleep(20);
  }
  throw new Error(`${page.url()} gave no outcome; it complained: ${JSON.stringify(seen.complaints)}`);
}

function assertOutcome(outcome, earlierVisits) {
  const messages = Array.from({ length: earlierVisits + 1 }, (_, index) => `Entry ${index + 1} ✓`);
  assert.deepEqual(outcome, {
    backend: "indexeddb",
    found: messages.slice(0, -1),
    matches: messages.toReversed(),
    totalCount: messages.length,
    newest: messages.slice(-1),
    conflict: { isConflictError: true, isScribeError: true, expectedVersion: 1_000 },
    tools: {
      project: "tools",
      status: "plan",
      mistake: 'read_recent: /limit: expected integer or null, got "many"',
      isScribeError: true,
    },
  });
}
