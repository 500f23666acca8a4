// Makes the pictures of the explorer in www/screenshots, on a log that is always the same but for its times, which end now.
// Takes what `npm test` sets up: Chromium, and a font with emojis.
//
//   node scripts/screenshots.mjs

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { describeMissing, EMOJI_FONT, engine } from "./browsers.mjs";
import { build, DIST } from "./build.mjs";
import { buildExplorer, EXPLORER } from "./explorer.mjs";
import { startServer } from "./serve.mjs";
import { ROOT } from "./toolchain.mjs";

const FOLDER = path.join(ROOT, "www", "screenshots");

/** Every picture: what is looked at, and how. */
const PICTURES = [
  { name: "entries-light", hash: "#project=web-shop", colorScheme: "light" },
  { name: "entries-dark", hash: "#project=web-shop", colorScheme: "dark" },
  {
    name: "details-light",
    hash: "#project=web-shop&text=timed+out&agent=coder",
    colorScheme: "light",
  },
  {
    name: "details-dark",
    hash: "#project=web-shop&text=timed+out&agent=coder",
    colorScheme: "dark",
  },
  { name: "agents-light", hash: "#view=agents", colorScheme: "light" },
  { name: "storage-dark", hash: "#view=storage", colorScheme: "dark" },
  {
    name: "phone-light",
    hash: "#project=web-shop",
    colorScheme: "light",
    viewport: { width: 360, height: 740 },
  },
  {
    name: "phone-dark",
    hash: "#project=web-shop",
    colorScheme: "dark",
    viewport: { width: 360, height: 740 },
  },
];

const { browser } = engine("Chromium");
const executablePath = browser.find();
const missing = [browser, EMOJI_FONT].filter((piece) => piece.find() === undefined);
if (missing.length > 0) {
  console.error(describeMissing(missing));
  process.exit(1);
}
await build();
await buildExplorer();
mkdirSync(FOLDER, { recursive: true });
const profile = mkdtempSync(path.join(tmpdir(), "scribe-store-pictures-"));
const server = await startServer({ root: EXPLORER, mounts: { "/scribe-store/": DIST } });
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  viewport: { width: 1280, height: 800 },
  reducedMotion: "reduce",
});
try {
  const [page] = context.pages();
  await page.goto(server.url);
  await page.evaluate(insertLogs);
  for (const { name, hash, colorScheme, viewport = { width: 1280, height: 800 } } of PICTURES) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.goto("about:blank");
    await page.goto(`${server.url}${hash}`);
    await page.waitForTimeout(1_500);
    if (name.startsWith("details")) {
      await page.locator("#entries .row").nth(4).click();
      await page.locator(".verdict.success").waitFor();
    }
    await page.screenshot({ path: path.join(FOLDER, `${name}.png`) });
    console.log(`www/screenshots/${name}.png`);
  }
} finally {
  await context.close();
  await server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** In the page: three projects of some days, by agents that work on a web shop. */
async function insertLogs() {
  const { openStore } = await import("/scribe-store/index.js");
  const store = await openStore();
  const agents = ["architect", "coder", "reviewer", "tester", "writer"];
  const emojis = { success: "✅", info: "ℹ️", warn: "⚠️", error: "❌", bug: "🐞", plan: "🧭" };
  const HOUR = 3_600_000;
  const end = Date.now() - 40_000;

  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = (list) => list[Math.floor(random() * list.length)];
  const upTo = (most) => 1 + Math.floor(random() * most);
  const file = () =>
    pick([
      "checkout/payment.ts",
      "basket/totals.ts",
      "search/index.ts",
      "product/reviews.ts",
      "tax/rates.ts",
    ]);
  const stock = [
    () => ["warn", `Request to the stock service timed out after ${upTo(9)} s; tried again`],
    () => ["error", "Build failed: the tests of the basket got 503 from the stock service"],
  ];
  const works = [
    () => ["info", `Reading src/${file()} to find where the address is validated`],
    () => ["info", `Asked the reviewer to look at the change of src/${file()}`],
    () => ["info", `Compared the two layouts of the basket at ${pick([360, 768, 1280])} px`],
    () => ["info", `src/${file()} is ${upTo(400)} lines long; nothing else imports it`],
    () => ["success", `All ${200 + upTo(90)} tests of the checkout pass, in ${upTo(12)}.${upTo(9)} s`],
    () => ["success", "Cart totals are rounded per line, not per order"],
    () => ["success", `Images of products are served as AVIF; the page lost ${300 + upTo(120)} kB`],
    () => ["success", `Merged: src/${file()} has no cycle of imports any more`],
    () => ["🧪", `Ran ${upTo(60)} tests of src/${file()}`],
    () => ["🧪", `Measured the search: ${upTo(40)} ms at the median, ${40 + upTo(90)} ms at worst`],
    () => ["🚀", `Preview ${upTo(99)} is up`],
    () => ["plan", "Next: split the product page, then lazy-load its reviews"],
    () => ["bug", "Coupons can be applied twice if the form is sent twice"],
    () => ["error", `Build failed: ${file().split("/")[1]} has no export named formatPrice`],
    stock[0],
  ];
  /** More is done by day than at night. */
  const activity = (hoursAgo) => {
    const hour = hoursAgo % 24;
    return hour < 8 ? 1 : hour < 10 ? 0.5 : hour < 20 ? 0.1 : 0.6;
  };
  /** An afternoon on which little works. */
  const isBad = (hoursAgo) => hoursAgo > 50 && hoursAgo < 53.5;

  for (const [project, count, days] of [
    ["web-shop", 12_000, 6],
    ["docs-site", 860, 5],
    ["price-crawler", 4_200, 4],
  ]) {
    await store.upsertProject({ name: project, repoRoot: `/src/${project}`, progressLogPath: "PROGRESS.md" });
    const ages = [0];
    while (ages.length < count) {
      const age = random() * days * 24;
      if (random() < activity(age) * (isBad(age) ? 1.8 : 1)) ages.push(age);
    }
    ages.sort((a, b) => b - a);
    const entries = ages.map((age, number) => {
      const [status, message] = pick(isBad(age) && random() < 0.6 ? stock : works)();
      const emoji = emojis[status] ?? status;
      const ts = new Date(end - age * HOUR).toISOString();
      const agent = pick(agents);
      const meta = {
        step: number,
        run: { id: `r-${upTo(977)}`, attempt: upTo(3) },
        files: upTo(14),
        tokens: 400 + upTo(6000),
      };
      const entryId = `${project}-${number}`;
      const rawLine = `[${emoji}] [${ts.slice(0, 19).replace("T", " ")} UTC] [Agent: ${agent}] [Project: ${project}] [ID: ${entryId}] ${message}`;
      return { entryId, project, ts, emoji, agent, message, meta, rawLine };
    });
    for (const entry of entries) {
      const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(entry.rawLine));
      entry.sha256 = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }
    await store.insertEntries(entries);
  }
  for (const [index, agentId] of agents.entries()) {
    await store.upsertAgentSession(agentId, `tab-${index + 1}`, { model: "local", tab: index + 1 });
    const set = (projectName, expectedVersion) =>
      store.setAgentProject({
        agentId,
        projectName,
        expectedVersion,
        updatedBy: agentId,
        sessionId: `tab-${index + 1}`,
      });
    await set("docs-site", 0);
    if (index < 3) await set("web-shop", 1);
    if (index === 1) await set("price-crawler", 1).catch(() => {});
  }
  await store.endSession("tab-5");
  await store.close();
}
