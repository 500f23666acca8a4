// Agents with their sessions, projects and events; documents and report cards; storage, verifying and pruning.

import assert from "node:assert/strict";
import test from "node:test";
import { loadSample, noBrowser, withPage } from "./page.mjs";

const options = { skip: noBrowser, timeout: 180_000 };

/** The cells of a sheet, row by row. */
function cells(page, name) {
  return page
    .getByRole("region", { name, exact: true })
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
}

test("agents, their projects with versions, sessions and events, as they change", options, () =>
  withPage(async ({ page }) => {
    await page.getByRole("button", { name: "Agents" }).click();
    await page.getByText("No agent has begun a session or set a project yet.").waitFor();
    await page.evaluate(async () => {
      const store = await window.openTestStore();
      for (const name of ["north", "south"])
        await store.upsertProject({ name, repoRoot: "", progressLogPath: "" });
      await store.upsertAgentSession("ada", "s-ada", { tab: 1 });
      await store.upsertAgentSession("grace", "s-grace");
      await store.endSession("s-grace");
      const set = (agentId, projectName, expectedVersion) =>
        store.setAgentProject({
          agentId,
          projectName,
          expectedVersion,
          updatedBy: "captain",
          sessionId: "s",
        });
      await set("ada", "north", 0);
      await set("ada", "south", 1);
      await set("ada", "north", 1).catch(() => {});
      await store.close();
    });
    // Without a reload: the changes were told.
    await page.getByRole("region", { name: "Agents", exact: true }).waitFor();
    await page.getByText("Conflict").waitFor();
    const agents = await cells(page, "Agents");
    assert.deepEqual(
      agents.map((row) => [row[0], row[1], row[2], row[3], row[5]]),
      [
        ["ada", "south", "2", "captain", "1"],
        ["grace", "none", "–", "–", "0"],
      ],
    );
    const sessions = await cells(page, "Sessions");
    assert.deepEqual(sessions.map((row) => [row[0], row[1], row[2]]).sort(), [
      ["s-ada", "ada", "active"],
      ["s-grace", "grace", "expired"],
    ]);
    const events = await page.locator(".timeline li").allTextContents();
    assert.equal(events.length, 6);
    assert.match(events[0], /Conflict.*ada.*expected version 1, found 2/);
    assert.match(events[1], /Project switched.*ada.*north → south/);
    await page.getByRole("button", { name: "grace" }).click();
    await page.getByText("Sessions and events of grace alone.").waitFor();
    assert.equal(await page.locator(".timeline li").count(), 2);
    await page.reload();
    await page.getByText("Sessions and events of grace alone.").waitFor();
    await page
      .getByRole("region", { name: "Agents", exact: true })
      .getByRole("link", { name: "south" })
      .click();
    await page.locator("#project-name", { hasText: "south" }).waitFor();
  }),
);

test("changes of documents, page by page, and report cards", options, () =>
  withPage(async ({ page }) => {
    await loadSample(page);
    await page.getByRole("link", { name: "Documents" }).click();
    await page.getByText("No change of a document is recorded.").waitFor();
    await page.evaluate(async () => {
      const store = await window.openTestStore();
      for (let number = 0; number < 60; number += 1) {
        const change = { doc: `doc-${number}.md`, action: "rewritten", agent: "ada", metadata: { number } };
        await store.recordDocChange("greenhouse", {
          ...change,
          shaBefore: "b".repeat(64),
          shaAfter: "a".repeat(64),
        });
      }
      await store.recordAgentReportCard("greenhouse", {
        filePath: "src/beds.js",
        agentName: "ada",
        stage: "review",
        overallGrade: 4.5,
        performanceLevel: "good",
      });
      await store.close();
    });
    await page.getByText("doc-59.md").waitFor();
    const first = await cells(page, "Changes of documents");
    assert.equal(first.length, 50);
    assert.deepEqual(first[0].slice(1), [
      "doc-59.md",
      "–",
      "rewritten",
      "ada",
      "bbbbbbbb → aaaaaaaa",
      '{"number":59}',
    ]);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("doc-0.md").waitFor();
    assert.equal((await cells(page, "Changes of documents")).length, 10);
    await page.getByRole("link", { name: "Report cards" }).click();
    await page.getByText("src/beds.js").waitFor();
    const cards = await cells(page, "Report cards");
    assert.deepEqual(cards[0].slice(0, 5), ["src/beds.js", "ada", "review", "4.5", "good"]);
  }),
);

test("storage is told, a log is verified, and its oldest entries are pruned", options, () =>
  withPage(async ({ page }) => {
    await loadSample(page);
    await page.getByRole("button", { name: "Storage" }).click();
    const tile = (name) => page.locator(`[data-tile=${name}] dd`).first();
    await page.waitForFunction(() =>
      /^[\d.]+ (KiB|MiB)$/.test(document.querySelector("[data-tile=bytes] dd")?.textContent),
    );
    assert.match(await tile("usage").textContent(), /^[\d.]+ (B|KiB|MiB)$/);
    assert.match(await tile("persistent").textContent(), /^(until you delete it|while there is space)$/);

    await page
      .getByRole("row", { name: /greenhouse/ })
      .getByRole("link", { name: "verify or prune" })
      .click();
    await page.getByRole("button", { name: "Verify 24 entries" }).click();
    await page.getByText("All is as it was written.").waitFor();
    const head = await page.evaluate(async () => {
      const store = await window.openTestStore();
      const report = await store.verifyProject("greenhouse");
      await store.insertEntry({
        entryId: "forged",
        project: "greenhouse",
        ts: "2026-03-05",
        emoji: "❌",
        message: "forged",
        rawLine: "one",
        sha256: "two",
      });
      await store.close();
      return report.head;
    });
    await page.getByText(head).waitFor();
    await page.getByRole("button", { name: "Verify 25 entries" }).click();
    await page.getByText("Entry 25 is not as it should be.").waitFor();
    await page.getByText("Its SHA-256 is not the hash of its raw line.").waitFor();

    await page.getByRole("button", { name: "Prune old entries …" }).click();
    const dialog = page.getByRole("dialog");
    assert.ok(await dialog.getByRole("button", { name: "Remove them" }).isDisabled());
    await dialog.getByLabel("all but the newest").check();
    await dialog.getByLabel("Entries to keep").fill("10");
    await dialog.getByRole("button", { name: "Remove them" }).click();
    await page.getByText("15 entries removed, 10 entries left.").waitFor();
    await page.getByRole("button", { name: "Verify 10 entries" }).waitFor();
  }),
);
