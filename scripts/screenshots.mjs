// Makes the pictures of the explorer in www/screenshots, on a log that is always the same but for its times, which end now.
//
//   node scripts/screenshots.mjs

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { describeMissing, engine } from "./browsers.mjs";
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
if (executablePath === undefined) {
  console.error(describeMissing([browser]));
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
  const works = [
    ["success", "Cart totals are rounded per line, not per order"],
    ["info", "Reading src/checkout/payment.ts to find where the address is validated"],
    ["info", "Ran 214 tests of the checkout in 11.4 s"],
    ["success", "Tests of the search index pass again"],
    ["warn", "Request to the stock service timed out after 3 s; tried again"],
    ["plan", "Next: split the product page, then lazy-load its reviews"],
    ["info", "Compared the two layouts of the basket at 360 px"],
    ["success", "Images of products are served as AVIF; the page lost 412 kB"],
    ["bug", "Coupons can be applied twice if the form is sent twice"],
    ["error", "Build failed: price.ts has no export named formatPrice"],
    ["success", "Merged the branch that moves sessions to the edge"],
    ["info", "Asked the reviewer to look at the change of the tax tables"],
  ];
  const emojis = { success: "✅", info: "ℹ️", warn: "⚠️", error: "❌", bug: "🐞", plan: "🧭" };
  const end = Date.now() - 90_000;
  for (const [project, count, step] of [
    ["web-shop", 12_000, 41_000],
    ["docs-site", 860, 310_000],
    ["price-crawler", 4_200, 97_000],
  ]) {
    await store.upsertProject({ name: project, repoRoot: `/src/${project}`, progressLogPath: "PROGRESS.md" });
    const entries = Array.from({ length: count }, (_, number) => {
      const mixed = (number * 2_654_435_761) % 4_294_967_296;
      // More is done by day than at night, and some hours go wrong.
      const [status, message] = works[(mixed >>> 7) % works.length];
      const wave = Math.sin(number / 220) * 5_400_000;
      const ts = new Date(end - (count - 1 - number) * step - Math.abs(wave)).toISOString();
      const agent = agents[(mixed >>> 11) % agents.length];
      const meta = {
        step: number,
        run: { id: `r-${mixed % 977}`, attempt: 1 + (mixed % 3) },
        files: mixed % 14,
      };
      const rawLine = `[${emojis[status]}] [${ts.slice(0, 19).replace("T", " ")} UTC] [Agent: ${agent}] [Project: ${project}] [ID: ${project}-${number}] ${message}`;
      return {
        entryId: `${project}-${number}`,
        project,
        ts,
        emoji: emojis[status],
        agent,
        message,
        meta,
        rawLine,
      };
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
