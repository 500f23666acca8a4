// Importing a log of one's own: picked or dropped, with bad lines, twice, and with content that means harm.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { noBrowser, pick, settled, shownEntries, withPage } from "./page.mjs";

const options = { skip: noBrowser, timeout: 120_000 };

/** An entry as a line of a log has it. */
function entry(number, changes = {}) {
  const whole = {
    entryId: `entry-${number}`,
    project: "own log",
    ts: new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString(),
    emoji: "ℹ️",
    agent: "Tester",
    message: `Entry ${number}`,
    meta: { number },
    rawLine: `line ${number}`,
    ...changes,
  };
  return { ...whole, sha256: createHash("sha256").update(whole.rawLine).digest("hex") };
}

const line = (...given) => JSON.stringify(entry(...given));

test("a picked file is imported; bad lines are counted and shown with their number and reason", options, () =>
  withPage(async ({ page, scratch }) => {
    const file = path.join(scratch, "mixed.jsonl");
    const lines = [
      line(1),
      "{ this is not JSON",
      line(2),
      "",
      "[1, 2]",
      line(3, { ts: "yesterday" }),
      JSON.stringify({ ...entry(4), rawLine: undefined }),
      line(5, { message: 7 }),
      line(6, { colour: "red" }),
      line(7, { project: "second log" }),
      line(1),
      line(8, { meta: "text" }),
      Buffer.from([0x22, 0xff, 0x22]),
      line(9, { entryId: "" }),
      line(10, { agent: null, meta: null, ts: 1767225610000.5 }),
    ];
    // With a byte order mark, the line ends of Windows, and none after the last line.
    const pieces = lines
      .flatMap((one, index) => [index === 0 ? "\uFEFF" : "\r\n", one])
      .map((one) => Buffer.from(one));
    writeFileSync(file, Buffer.concat(pieces));
    await pick(page, file);
    await page
      .getByText(
        "mixed.jsonl: 4 entries imported, 2 projects created, 1 duplicate left alone, 9 bad lines left out.",
      )
      .waitFor();
    const reasons = await page.locator(".bad-lines li").allTextContents();
    const wanted = [
      /^Line 2: not JSON: .+/,
      /^Line 5: not a JSON object$/,
      /^Line 6: `ts`.*"yesterday" is not a time/,
      /^Line 7: `rawLine` is missing$/,
      /^Line 8: `message` is not a string$/,
      /^Line 9: no entry has the member "colour"$/,
      /^Line 12: `meta` must be an object or null/,
      /^Line 13: not UTF-8 text$/,
      /^Line 14: `entryId` is empty$/,
    ];
    assert.equal(reasons.length, wanted.length, reasons.join("\n"));
    for (const [index, pattern] of wanted.entries()) assert.match(reasons[index], pattern);

    await settled(page);
    assert.deepEqual(await shownEntries(page), [
      { emoji: "ℹ️", ts: "2026-01-01T00:00:10.000500Z", agent: "no agent", message: "Entry 10" },
      { emoji: "ℹ️", ts: "2026-01-01T00:00:02.000000Z", agent: "Tester", message: "Entry 2" },
      { emoji: "ℹ️", ts: "2026-01-01T00:00:01.000000Z", agent: "Tester", message: "Entry 1" },
    ]);
    // The very same file once more, by the same control.
    await pick(page, file);
    await page
      .getByText("mixed.jsonl: 0 entries imported, 5 duplicates left alone, 9 bad lines left out.")
      .waitFor();
    assert.equal(await page.locator("#projects-state").textContent(), "2 projects, 4 entries");
  }),
);

test("a dropped file is imported, wherever it falls; several files are taken one by one", options, () =>
  withPage(async ({ page }) => {
    await page.getByRole("heading", { name: "No log here yet" }).waitFor();
    const drop = (target, files) =>
      page.locator(target).evaluate((element, given) => {
        const dataTransfer = new DataTransfer();
        for (const [name, text] of given) dataTransfer.items.add(new File([text], name));
        const send = (type) =>
          element.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
        const overTaken = !send("dragover");
        const marked = document.getElementById("drop-zone").classList.contains("target");
        return { taken: overTaken && !send("drop"), marked };
      }, files);
    assert.deepEqual(await drop("#drop-zone", [["one.jsonl", `${line(1)}\n${line(2)}\n`]]), {
      taken: true,
      marked: true,
    });
    await page.getByText("one.jsonl: 2 entries imported, 1 project created.").waitFor();
    assert.deepEqual(
      await drop("body", [
        ["two.jsonl", line(3)],
        ["empty.jsonl", ""],
      ]),
      { taken: true, marked: true },
    );
    await page.getByText("two.jsonl: 1 entry imported.").waitFor();
    await page.getByText("empty.jsonl: the file is empty.").waitFor();
    assert.ok(!(await page.locator("#drop-zone").evaluate((zone) => zone.classList.contains("target"))));
    await settled(page);
    assert.deepEqual(
      (await shownEntries(page)).map(({ message }) => message),
      ["Entry 3", "Entry 2", "Entry 1"],
    );
  }),
);

test("a file of many thousand lines, many of them bad, is imported in full", options, () =>
  withPage(async ({ page, scratch }) => {
    const file = path.join(scratch, "long.jsonl");
    const COUNT = 6_000;
    const lines = Array.from({ length: COUNT }, (_, index) =>
      index % 100 === 7 ? line(index, { ts: "never" }) : index % 100 === 8 ? "?" : line(index),
    );
    writeFileSync(file, `${lines.join("\n")}\n`);
    await pick(page, file);
    await page
      .getByText("long.jsonl: 5,880 entries imported, 1 project created, 120 bad lines left out.")
      .waitFor({ timeout: 90_000 });
    const shown = await page.locator(".bad-lines li").allTextContents();
    assert.equal(shown.length, 101);
    assert.match(shown[0], /^Line 8: `ts`/);
    assert.match(shown[1], /^Line 9: not JSON/);
    assert.match(shown[2], /^Line 108: `ts`/);
    assert.equal(shown[100], "… and 20 more bad lines");
    await settled(page);
    assert.equal(await page.locator("#entries-count").textContent(), "5,880 entries");
    assert.equal(await page.locator("#page-place").textContent(), "Page 1 of 236");
  }),
);

test("what a log says is shown as text, whatever it looks like", options, () =>
  withPage(async ({ page, scratch }) => {
    const HOSTILE = `<script>window.harmed = 1</script><img src=x onerror="window.harmed = 2"><b>bold</b>`;
    const file = path.join(scratch, `${"<img src=x onerror='window.harmed = 3'>".replaceAll("/", "")}.jsonl`);
    const one = entry(1, {
      project: HOSTILE,
      agent: HOSTILE,
      emoji: "<i>e</i>",
      message: HOSTILE,
      meta: { [HOSTILE]: HOSTILE, __proto__: 1, constructor: "c" },
      rawLine: HOSTILE,
    });
    // As a member of its own, which a literal does not make.
    const text = JSON.stringify(one).replace('"constructor"', '"__proto__":"own","constructor"');
    writeFileSync(file, `${text}\n{"${HOSTILE.replaceAll('"', "'")}": }\n`);
    await pick(page, file);
    await page.getByText("1 entry imported, 1 project created, 1 bad line left out.").waitFor();
    await settled(page);
    assert.equal(await page.locator("#project-name").textContent(), HOSTILE);
    assert.deepEqual(await shownEntries(page), [
      { emoji: "<i>e</i>", ts: "2026-01-01T00:00:01.000000Z", agent: HOSTILE, message: HOSTILE },
    ]);
    await page.locator("#entries summary").click();
    await page.getByText("fits the raw line").waitFor();
    const meta = await page.locator("pre.json").textContent();
    assert.ok(meta.includes(JSON.stringify(HOSTILE)) && meta.includes('"__proto__": "own"'), meta);
    await page.getByRole("button", { name: '__proto__ = "own"' }).click();
    await settled(page);
    assert.equal((await shownEntries(page)).length, 1);
    await page.reload();
    await page.locator("#entries > li").waitFor();
    assert.equal((await shownEntries(page)).length, 1, "the condition is in the address");
    await page.getByRole("button", { name: "Delete …" }).click();
    assert.equal(await page.locator("#confirm-title").textContent(), `Delete ${HOSTILE}?`);
    await page.keyboard.press("Escape");
    for (const tag of ["script:not([type=module])", "img", "b", "i"]) {
      assert.equal(await page.locator(`body ${tag}`).count(), 0, tag);
    }
    assert.equal(await page.evaluate(() => window.harmed), undefined);
  }),
);
