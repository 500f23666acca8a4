// Light and dark, wide and narrow: no violation that axe knows of, nothing that sticks out; keys; without a network.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { buildSync } from "esbuild";
import { ROOT } from "../../scripts/toolchain.mjs";
import { choose, loadSample, noBrowser, settled, shownEntries, withPage } from "./page.mjs";
import { expected } from "./sample.mjs";

const options = { skip: noBrowser, timeout: 240_000 };
const AXE = readFileSync(path.join(ROOT, "node_modules", "axe-core", "axe.min.js"), "utf8");

/** Every main view, one after the other. */
async function eachView(page, url, look) {
  await page.getByRole("heading", { name: "No log here yet" }).waitFor();
  await look("welcome");
  await loadSample(page);
  await page.evaluate(async () => {
    const store = await window.openTestStore();
    await store.upsertAgentSession("Gardener", "s-1", { tab: "north" });
    await store.setAgentProject({
      agentId: "Gardener",
      projectName: "greenhouse",
      expectedVersion: 0,
      updatedBy: "Gardener",
      sessionId: "s-1",
    });
    const change = { doc: "PLAN.md", section: "Beds", action: "rewritten", agent: "Gardener" };
    await store.recordDocChange("greenhouse", {
      ...change,
      shaBefore: "b".repeat(64),
      shaAfter: "a".repeat(64),
    });
    await store.recordAgentReportCard("greenhouse", {
      filePath: "beds.js",
      agentName: "Gardener",
      overallGrade: 4,
    });
    await store.close();
  });
  const goTo = async (hash) => {
    await page.goto(`${url}#project=greenhouse${hash}`);
    await page.locator("#project-name", { hasText: "greenhouse" }).waitFor();
  };
  await goTo("");
  await settled(page);
  await page.locator(".histogram:not(.none)").waitFor();
  await look("entries");
  await goTo("&agent=Gardener&text=a&meta=%7B%22heating%22%3Atrue%7D&from=2026-03-01");
  await settled(page);
  await look("filters");
  await goTo("&text=%28&mode=regex");
  await page.getByText("This pattern cannot be searched").waitFor();
  await look("a bad pattern");
  for (const panel of ["agents", "emojis", "time", "meta"]) {
    await goTo("");
    await page.locator(`.pick-${panel} > button`).click();
    await look(`the panel of ${panel}`);
    await page.keyboard.press("Escape");
  }
  await page.locator("#entries .row").nth(3).click();
  await page.getByText("Recomputed: it is").waitFor();
  await look("details");
  await goTo("&text=nothing+like+this");
  await page.getByText("No entry matches these filters.").waitFor();
  await look("no matches");
  for (const [room, text] of [
    ["documents", "PLAN.md"],
    ["reports", "beds.js"],
    ["integrity", "Verify 24 entries"],
  ]) {
    await goTo(`&view=${room}`);
    await page.getByText(text).waitFor();
    await look(room);
  }
  await page.getByRole("button", { name: "Verify 24 entries" }).click();
  await page.getByText("All is as it was written.").waitFor();
  await look("verified");
  await page.goto(`${url}#view=agents`);
  await page.locator(".timeline li").first().waitFor();
  await look("agents");
  await page.goto(`${url}#view=storage`);
  await page.locator("[data-tile=bytes]").waitFor();
  await look("storage");
  await goTo("");
  for (const [key, title] of [
    ["?", "Keys and help"],
    ["i", "Import"],
    ["e", "Export"],
    ["n", "New project"],
    ["a", "Append an entry"],
  ]) {
    await page.keyboard.press(key);
    await page.getByRole("dialog").getByRole("heading", { name: title }).waitFor();
    await look(`the dialog “${title}”`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  for (const item of ["Prune old entries …", "Delete the project …"]) {
    await page.getByRole("button", { name: "More about this project" }).click();
    await page.getByRole("button", { name: item }).click();
    await page.getByRole("dialog").waitFor();
    await look(`the dialog of “${item}”`);
    await page.keyboard.press("Escape");
  }
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds no violation in any view, ${colorScheme}`, options, () =>
    withPage(
      async ({ page, url }) => {
        let looked = 0;
        await eachView(page, url, async (name) => {
          looked += 1;
          if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
          const found = await page.evaluate(async () => {
            const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
            return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
          });
          assert.deepEqual(found, [], name);
        });
        assert.ok(looked > 20);
      },
      { colorScheme, reducedMotion: "reduce" },
    ),
  );
}

for (const width of [360, 768]) {
  test(`nothing sticks out at ${width} pixels`, options, () =>
    withPage(
      async ({ page, url }) => {
        await eachView(page, url, async (name) => {
          const wide = await page.evaluate(() => {
            const most = document.documentElement.clientWidth;
            const cut = (element) => {
              for (let at = element.parentElement; at; at = at.parentElement) {
                const clips = getComputedStyle(at).overflowX !== "visible";
                if (clips && at.getBoundingClientRect().right <= most + 1) return true;
              }
              return false;
            };
            return [...document.body.querySelectorAll("*:not(.unseen, .skip)")]
              .filter((element) => element.checkVisibility() && !element.closest(".unseen"))
              .filter((element) => element.getBoundingClientRect().right > most + 1 && !cut(element))
              .map((element) => `${element.localName}#${element.id}.${element.className}`);
          });
          assert.deepEqual(wide, [], name);
          assert.ok(
            await page.evaluate(() => document.scrollingElement.scrollWidth <= window.innerWidth),
            name,
          );
        });
      },
      { viewport: { width, height: 780 } },
    ),
  );
}

test("the whole of a view can be reached with the keyboard, and seen where one is", options, () =>
  withPage(async ({ page }) => {
    await loadSample(page);
    const reached = new Set();
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      const { name, outlined } = await page.evaluate(() => {
        const { activeElement: at } = document;
        const style = getComputedStyle(at);
        return {
          name: at.id || at.getAttribute("aria-label") || at.textContent.trim().slice(0, 30),
          outlined: at === document.body || style.outlineStyle !== "none" || at.matches(".skip"),
        };
      });
      assert.ok(outlined, `nothing shows that "${name}" has the focus`);
      reached.add(name);
    }
    for (const name of [
      "filter-text",
      "filter-mode",
      "filter-case",
      "Agents",
      "Time",
      "follow",
      "entries",
      "Help",
    ])
      assert.ok(reached.has(name), `Tab never reaches ${name}, only ${[...reached].join(", ")}`);
  }),
);

test("on a phone a finger that moves sideways over the bars chooses a time", options, () =>
  withPage(
    async ({ page, context }) => {
      await loadSample(page);
      const over = await page.locator(".histogram .u-over").boundingBox();
      const session = await context.newCDPSession(page);
      const touch = (type, part) =>
        session.send("Input.dispatchTouchEvent", {
          type,
          touchPoints:
            part === undefined ? [] : [{ x: over.x + over.width * part, y: over.y + over.height / 2 }],
        });
      await touch("touchStart", 0.2);
      for (const part of [0.25, 0.3, 0.4, 0.5, 0.6]) await touch("touchMove", part);
      await touch("touchEnd");
      await page.getByRole("button", { name: /^Remove the filter 2026-/ }).waitFor();
      await settled(page);
      const hash = new URLSearchParams(new URL(page.url()).hash.slice(1));
      const [from, to] = [hash.get("from"), hash.get("to")];
      assert.ok(from < to);
      assert.deepEqual(
        await shownEntries(page),
        expected("greenhouse", ({ ts }) => ts >= from && ts <= `${to}999Z`),
      );
    },
    { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true },
  ),
);

test("after a first visit the page opens without a network", options, () =>
  withPage(async ({ page, context, url }) => {
    await loadSample(page);
    await choose(page, "greenhouse");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.reload();
    await settled(page);
    assert.deepEqual(await shownEntries(page), expected("greenhouse"));
    await page.locator("#filter-text").fill("water");
    await settled(page);
    assert.ok((await page.locator("#entries mark").count()) > 0);
    for (const address of ["?from=a-link", "index.html"]) {
      await page.goto(`${url}${address}#project=harbour-map`);
      await settled(page);
      assert.deepEqual(await shownEntries(page), expected("harbour-map"), address);
    }
    await context.setOffline(false);
  }),
);

test("a list of millions scrolls by the pixel and reaches both ends", () => {
  const source = path.join(ROOT, "www", "src", "entries", "tall-scroll.ts");
  const { text } = buildSync({ entryPoints: [source], bundle: true, format: "esm", write: false })
    .outputFiles[0];
  return import(`data:text/javascript,${encodeURIComponent(text)}`).then(({ TallScroll, MOST_PIXELS }) => {
    const [ROWS, ROW, VIEW] = [5_000_000, 30, 700];
    const scroll = new TallScroll();
    scroll.resize(ROWS * ROW, VIEW);
    assert.equal(scroll.height, MOST_PIXELS);
    let top = 0;
    const turn = (by) => {
      const wanted = Math.max(0, Math.min(top + by, MOST_PIXELS - VIEW));
      top = scroll.moved(wanted) ?? wanted;
    };
    // Pixel by pixel, wherever it stands, also across the places where the offset is made anew.
    for (const start of [0, 19_000, 1_000_000, 75_000_000, ROWS * ROW - 60_000]) {
      top = scroll.moveTo(start);
      const before = scroll.position;
      for (let step = 0; step < 300; step += 1) turn(120);
      assert.ok(
        Math.abs(scroll.position - Math.min(before + 36_000, ROWS * ROW - VIEW)) < 2,
        `down from ${start}`,
      );
      const there = scroll.position;
      for (let step = 0; step < 300; step += 1) turn(-120);
      assert.ok(Math.abs(scroll.position - Math.max(0, there - 36_000)) < 2, `up from ${there}`);
      assert.ok(top >= 0 && top <= MOST_PIXELS - VIEW);
    }
    // The ends of the scroll bar are the ends of the list, and it never goes back while one drags on.
    let last = -1;
    for (let at = 0; at <= MOST_PIXELS - VIEW; at += 5_000) {
      top = scroll.moved(at) ?? at;
      assert.ok(scroll.position > last, `at ${at}`);
      last = scroll.position;
    }
    top = scroll.moved(MOST_PIXELS - VIEW) ?? top;
    assert.equal(Math.round(scroll.position), ROWS * ROW - VIEW);
    top = scroll.moved(0) ?? 0;
    assert.equal(scroll.position, 0);
  });
});
