// exportStore and importStore: backups of a whole store.

import { equal, ok, rejects } from "../assertions.mjs";
import { cutAt, linesOf, streamOf, textOf } from "../streams.mjs";
import { anEntry, collect, someEntries } from "../world.mjs";

/** Fills a store with something of everything. */
async function fill(store, { entries = 700 } = {}) {
  for (const name of ["b", "é", "a"]) {
    await store.upsertProject({ name, repoRoot: `/${name}`, progressLogPath: "" });
  }
  await store.upsertProject({ name: "b", repoRoot: "/other", progressLogPath: "log" });
  // Later ones first, many at once, and some that stand alone.
  const odd = anEntry({
    project: "a",
    message: 'a\n"b"\u2028\u0000é😀',
    meta: { 2: [null, { x: 0.1 }], a: "" },
    rawLine: "\r\n",
  });
  const many = Array.from({ length: entries }, (_, index) =>
    anEntry({ project: "a", ts: 1000 - Math.floor(index / 9), agent: index % 2 ? "Ada" : null }),
  );
  await store.insertEntries([...many, odd]);
  await store.appendEntry({ project: "b", message: "appended", status: "warn" });
  for (let index = 0; index < 5; index += 1) {
    await store.recordDocChange("a", {
      doc: `d${index % 2}`,
      action: "edit",
      shaBefore: "1",
      shaAfter: "2",
      metadata: { index: index % 3 },
    });
    await store.recordAgentReportCard("b", {
      filePath: `f${index % 3}`,
      agentName: "Ada",
      overallGrade: index / 3,
      metadata: {},
    });
    await store.upsertAgentSession(`agent-${index}`, `s${index}`, index % 2 ? { index } : null);
  }
  await store.endSession("s1");
  for (const [agentId, projectName] of [
    ["x", "a"],
    ["x", "b"],
    ["y", "a"],
    ["y", null],
  ]) {
    await store.setAgentProject({ agentId, projectName, updatedBy: "me", sessionId: "s1" });
  }
}

const other = (world) => world.open({ name: `${world.name}-other` });

/** All that a store has, but for numbers that are its own. */
async function contents(store) {
  const projects = await store.listProjects();
  const all = { projects: projects.map(({ id, ...project }) => project) };
  for (const { name: project } of projects) {
    const changes = (await store.listDocChanges({ project })).items;
    all[project] = {
      entries: await collect(store.iterateEntries({ project })),
      metrics: await store.fetchMetrics(project),
      head: (await store.verifyProject(project)).head,
      changes: changes.map(({ id, ...change }) => change),
      cards: (await store.listAgentReportCards({ project })).items,
    };
  }
  all.sessions = await store.listAgentSessions();
  all.agents = [await store.getAgentProject("x"), await store.getAgentProject("y")];
  return all;
}

/** Each of some lines with the checksum that a backup has behind it. */
async function withChecksums(lines) {
  let [text, previous] = ["", ""];
  for (const line of lines) {
    const bytes = new TextEncoder().encode(`${previous}${line}\n`);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    previous = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
    text += `${line}\n${JSON.stringify({ sha256: previous })}\n`;
  }
  return text;
}

const NOTHING = {
  projects: 0,
  entries: 0,
  duplicates: 0,
  docChanges: 0,
  reportCards: 0,
  sessions: 0,
  agentProjects: 0,
};

export const cases = {
  "9.6 a backup brings everything back, and is the same again": async (world) => {
    const store = await world.open();
    await fill(store);
    const backup = await textOf(store.exportStore());
    const copy = await other(world);
    equal(
      await copy.importStore(backup),
      {
        projects: 3,
        entries: 702,
        duplicates: 0,
        docChanges: 5,
        reportCards: 3,
        sessions: 5,
        agentProjects: 2,
      },
      "what was put back",
    );
    equal(await contents(copy), await contents(store), "everything as it was");
    equal(await textOf(copy.exportStore()), backup, "the very bytes");
    equal(await copy.importStore(backup), { ...NOTHING, duplicates: 702 }, "a second time nothing changes");
    equal(await store.importStore(backup), { ...NOTHING, duplicates: 702 }, "where it came from neither");
    equal(await textOf(copy.exportStore()), backup, "and it stays so");
    const next = await copy.appendEntry({ project: "a", message: "next" });
    equal(next.seq, 702, "the log goes on");
    const change = { doc: "d", action: "edit", shaBefore: "", shaAfter: "" };
    equal((await copy.recordDocChange("a", change)).id, 6, "so do document changes");
  },

  "9.6 an empty store has a backup, too": async (world) => {
    const store = await world.open();
    const backup = await textOf(store.exportStore({}));
    equal(linesOf(backup).length, 4, "a first and a last line, with their checksums");
    equal(await store.importStore(backup), NOTHING, "nothing to put back");
    equal(
      await store.importStore(`\uFEFF${backup.replaceAll("\n", "\r\n")}`),
      NOTHING,
      "line ends do not matter",
    );
    for (const options of [{ project: "p" }, { limit: 1 }, null, "p", 1]) {
      const call = () => textOf(store.exportStore(options));
      await rejects(call, "invalid_argument", "", JSON.stringify(options));
    }
    for (const options of [{ project: "p" }, { strict: true }, null, { onProgress: 1 }, { signal: {} }]) {
      await rejects(
        () => store.importStore(backup, options),
        "invalid_argument",
        "",
        JSON.stringify(options),
      );
    }
  },

  "9.7 what is damaged or cut off is noticed before it is stored": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    await store.recordDocChange("p", { doc: "d", action: "a", shaBefore: "", shaAfter: "" });
    const bytes = new TextEncoder().encode(await textOf(store.exportStore()));
    const copy = await other(world);
    // Whatever is stored of a damaged backup is what the intact one has.
    const isPart = async () => {
      for (const entry of (await copy.fetchProject("p")) ? await copy.queryEntries({ project: "p" }) : []) {
        equal(entry, await store.fetchEntry(entry.entryId), "an entry as it was");
      }
    };
    for (let at = 0; at < bytes.length; at += 13) {
      for (const bit of [1, 32, 128]) {
        const damaged = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ bit : byte));
        const call = copy.importStore(new Blob([damaged]));
        const error = await call.catch((error) => error);
        const isHeader = at < bytes.indexOf(10);
        ok(
          error?.code === "corrupt" || (isHeader && error?.code === "too_new"),
          `bit ${bit} of byte ${at}: ${error}`,
        );
      }
      await rejects(copy.importStore(new Blob([bytes.slice(0, at)])), "corrupt", "", `cut off at ${at}`);
      await isPart();
    }
    await rejects(copy.importStore(new Blob([bytes, "x"])), "corrupt", "", "something behind the end");
    await rejects(copy.importStore(new Blob([bytes, bytes])), "corrupt", "", "two backups");
    const lines = linesOf(new TextDecoder().decode(bytes));
    for (let index = 0; index < lines.length; index += 1) {
      const without = lines.filter((_, place) => place !== index);
      await rejects(copy.importStore(`${without.join("\n")}\n`), "corrupt", "", `without line ${index + 1}`);
    }
    equal(
      (await copy.importStore(streamOf(cutAt(bytes, 1, 100, 101)))).duplicates,
      3,
      "an intact one goes in",
    );
    equal(await contents(copy), await contents(store), "whole");
  },

  "9.7 what is no backup, or of a newer format, is refused": async (world) => {
    const store = await world.open();
    for (const source of ["x", "{}", '{"format":"another","version":1}', "null", '[]\n{"sha256":""}']) {
      await rejects(() => store.importStore(source), "corrupt", "no backup", source);
    }
    const endless = `{"format":"scribe-store backup","version":1}\n${"\n".repeat(3_000_000)}`;
    await rejects(() => store.importStore(endless), "corrupt", "there is no checksum", "nothing but lines");
    const newer = '{"format":"scribe-store backup","version":2}\nwhatever';
    await rejects(() => store.importStore(newer), "too_new", "format 2", "a newer format");
    await rejects(() => store.importStore(1), "invalid_argument", "`source`", "no source");
    equal(await store.listProjects(), [], "nothing is stored");
  },

  "9.7 what others gave checksums is looked at all the same": async (world) => {
    const store = await world.open();
    const times = '"updatedAt":"2026-01-31T00:00:00.000000Z","updatedBy":"","sessionId":""';
    const records = {
      project: ["null", "1", "[]", '{"name"}', '{"name":""}', '{"name":1e999}'],
      entry: ["null", "{}", "[]", "{"],
      docChange: ["null", "{}", '"text"', '{"project":null}'],
      reportCard: ["null", "{}", "[]"],
      session: ["null", "{}", "true", '{"sessionId":"s"}'],
      agentProject: [
        "null",
        "{}",
        `{"agentId":"a","projectName":null,${times}}`,
        `{"agentId":"a","projectName":null,"version":0,${times}}`,
      ],
    };
    for (const [kind, all] of Object.entries(records)) {
      for (const record of all) {
        const end = { projects: 0, entries: 0, docChanges: 0, reportCards: 0, sessions: 0, agentProjects: 0 };
        end[kind === "entry" ? "entries" : `${kind}s`] = 1;
        const lines = [
          '{"format":"scribe-store backup","version":1}',
          `{"${kind}":${record}}`,
          JSON.stringify({ end }),
        ];
        const call = async () => store.importStore(await withChecksums(lines));
        await rejects(call, "corrupt", "line", `a ${kind} that is ${record}`);
      }
    }
    equal(await contents(store), { projects: [], sessions: [], agents: [null, null] }, "nothing is stored");
    equal(await store.getAgentProject("a"), null, "no agent without a version");
  },

  "9.8 what is newer in the store stays": async (world) => {
    const store = await world.open();
    await fill(store, { entries: 3 });
    const backup = await textOf(store.exportStore());
    const old = await contents(store);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.upsertProject({ name: "a", repoRoot: "/new", progressLogPath: "" });
    await store.appendEntry({ project: "a", message: "new" });
    await store.recordDocChange("a", { doc: "new", action: "edit", shaBefore: "", shaAfter: "" });
    await store.recordAgentReportCard("b", { filePath: "f0", agentName: "New" });
    await store.upsertAgentSession("agent-0", "s0", { new: true });
    await store.setAgentProject({ agentId: "x", projectName: "a", updatedBy: "me", sessionId: "new" });
    const events = await store.listAgentEvents();
    const now = await contents(store);
    equal(await store.importStore(backup), { ...NOTHING, duplicates: 5 }, "nothing changes");
    equal(await contents(store), now, "all is as it was");
    equal(await store.listAgentEvents(), events, "no events are written");

    const copy = await other(world);
    await copy.upsertProject({ name: "taken", repoRoot: "", progressLogPath: "" });
    await copy.importStore(backup);
    const b = await copy.fetchProject("b");
    ok(b.id > 1, "identifiers are the store's own");
    const newer = await textOf(store.exportStore());
    const report = await copy.importStore(newer);
    equal(
      report,
      {
        projects: 1,
        entries: 1,
        duplicates: 5,
        docChanges: 1,
        reportCards: 1,
        sessions: 1,
        agentProjects: 1,
      },
      "what is newer in the backup is put in the place of what was there",
    );
    await copy.deleteProject("taken");
    equal(await contents(copy), now, "all of it");
    equal((await copy.fetchProject("b")).id, b.id, "a project keeps its identifier");
    equal(old.agents[0].version < now.agents[0].version, true, "versions only grow");
  },

  "9.8 of document changes no more are kept than ever, and those that were there stay": async (world) => {
    const store = await world.openWithProjects();
    const copy = await other(world);
    await copy.upsertProject({ name: "p", repoRoot: "", progressLogPath: "" });
    const change = (doc) => ({ doc, action: "edit", shaBefore: "", shaAfter: "" });
    for (let index = 0; index < 4; index += 1)
      await store.recordDocChange("p", change(`of the backup ${index}`));
    await Promise.all(Array.from({ length: 498 }, () => copy.recordDocChange("p", change("own"))));
    equal((await copy.importStore(await textOf(store.exportStore()))).docChanges, 2, "those that have room");
    const { items, totalCount } = await copy.listDocChanges({ project: "p", pageSize: 3 });
    equal(
      [totalCount, ...items.map(({ doc }) => doc)],
      [500, "of the backup 3", "of the backup 2", "own"],
      "the newest",
    );
  },

  "9.6 subscribers hear of what a backup brings": async (world) => {
    const store = await world.open();
    await fill(store, { entries: 3 });
    const backup = await textOf(store.exportStore());
    const copy = await other(world);
    const kinds = new Set();
    const unsubscribe = copy.subscribe((change) => kinds.add(change.kind));
    await copy.importStore(backup);
    await new Promise((resolve) => setTimeout(resolve, 20));
    unsubscribe();
    equal([...kinds].sort(), ["agent_project", "document", "entries", "project", "session"], "all kinds");
  },

  "9.4 a signal ends a backup, and putting it back": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(6000));
    const backup = await textOf(store.exportStore());
    const reason = new Error("enough");
    for (const pieces of [0, 1, 5]) {
      const controller = new AbortController();
      const reader = store.exportStore({ signal: controller.signal }).getReader();
      for (let count = 0; count < pieces; count += 1) await reader.read();
      controller.abort(reason);
      equal(await reader.read().catch((error) => error), reason, `after ${pieces} pieces`);
    }
    const copy = await other(world);
    const controller = new AbortController();
    const seen = [];
    const onProgress = (progress) => {
      seen.push(progress);
      if (progress.inserted > 0) controller.abort(reason);
    };
    const call = copy.importStore(backup, { onProgress, signal: controller.signal });
    equal(await call.catch((error) => error), reason, "it rejects with the reason");
    equal(await copy.countEntries("p"), seen.at(-1).inserted, "what was stored stays");
    equal((await copy.importStore(backup)).entries, 6000 - seen.at(-1).inserted, "it can be done again");
    const last = [];
    await copy.importStore(backup, { onProgress: (progress) => last.push(progress) });
    const { size } = new Blob([backup]);
    const { bytes, totalBytes, duplicates } = last.at(-1);
    equal([bytes <= size, totalBytes, duplicates], [true, size, 6000], "it tells how far it is");
  },
};
