// Changes as they happen: what subscribers are told.

import { equal, ok, rejects } from "../assertions.mjs";
import { until } from "../streams.mjs";
import { anEntry, another, range, someEntries } from "../world.mjs";

/** Collects what a store tells of, from now on. */
function hear(store, options) {
  const heard = [];
  const unsubscribe = store.subscribe((change) => heard.push(change), options);
  return { heard, unsubscribe };
}

/** Expects a call to throw at once. */
function throws(call, code, says, promise) {
  let thrown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  ok(thrown?.code === code && thrown.message.includes(says), `${promise}: ${thrown}`);
}

const project = (name, path = "") => ({ name, repoRoot: path, progressLogPath: "" });

/** A step that nobody makes in time. */
const IDLE_MS = 50;

export const cases = {
  "8.1 every write tells what it changed, once": async (world) => {
    const store = await world.open();
    const { heard } = hear(store);
    await store.upsertProject(project("p"));
    await store.upsertProject(project("p", "/elsewhere"));
    const entry = anEntry();
    await store.insertEntry(entry);
    await store.appendEntry({ project: "p", message: "m" });
    await store.insertEntries(someEntries(3));
    await store.insertEntries(someEntries(5000));
    await store.pruneEntries({ project: "p", keepNewest: 1000 });
    await store.recordDocChange("p", { doc: "d", action: "a", shaBefore: "", shaAfter: "" });
    await store.recordAgentReportCard("p", { filePath: "f", agentName: "a" });
    await store.upsertAgentSession("a", "s");
    await store.heartbeatSession("s");
    await store.endSession("s");
    await store.upsertAgentSession("a", "s");
    await store.expireSessions(0);
    const set = { agentId: "a", projectName: "p", updatedBy: "u", sessionId: "s" };
    await store.setAgentProject(set);
    await store.deleteProject("p");
    const session = { kind: "session", agentId: "a", sessionId: "s" };
    const expected = [
      { kind: "project", project: "p", action: "upserted" },
      { kind: "project", project: "p", action: "upserted" },
      { kind: "entries", project: "p", firstSeq: 1, lastSeq: 1 },
      { kind: "entries", project: "p", firstSeq: 2, lastSeq: 2 },
      { kind: "entries", project: "p", firstSeq: 3, lastSeq: 5 },
      { kind: "entries", project: "p", firstSeq: 6, lastSeq: 5005 },
      { kind: "project", project: "p", action: "pruned" },
      { kind: "document", project: "p" },
      { kind: "document", project: "p" },
      ...Array(5).fill(session),
      { kind: "agent_project", agentId: "a", project: "p", version: 1 },
      { kind: "agent_project", agentId: "a", project: null, version: 2 },
      { kind: "project", project: "p", action: "deleted" },
    ];
    equal(heard, expected, "all of them, in their order, and nothing else");
  },

  "8.1 what changed nothing tells nothing": async (world) => {
    const store = await world.openWithProjects();
    const entry = anEntry();
    await store.insertEntries([entry]);
    await store.setAgentProject({ agentId: "a", projectName: "p", updatedBy: "u", sessionId: "s" });
    await store.upsertAgentSession("a", "gone");
    await store.endSession("gone");
    const { heard } = hear(store);
    await store.upsertProject({ name: "p", repoRoot: "/p", progressLogPath: "/p/log" });
    await store.insertEntry(entry);
    await store.insertEntries([entry, entry]);
    await store.insertEntries([]);
    await store.appendEntry({ project: "p", message: "m", entryId: entry.entryId });
    await store.pruneEntries({ project: "p", keepNewest: 1e6 });
    await store.deleteProject("none");
    await store.heartbeatSession("gone");
    await store.endSession("none");
    await store.expireSessions(0);
    const late = { agentId: "a", projectName: "q", expectedVersion: 9, updatedBy: "u", sessionId: "s" };
    await rejects(store.setAgentProject(late), "conflict", "", "a version that is not there");
    await rejects(store.upsertAgentSession("b", "gone"), "conflict", "", "another agent's session");
    await rejects(store.insertEntry(anEntry({ project: "none" })), "not_found", "", "no project");
    await store.listProjects();
    equal(heard, [], "nothing");
    await store.insertEntries([entry, anEntry(), entry, anEntry({ project: "q" })]);
    const one = (name, seq) => ({ kind: "entries", project: name, firstSeq: seq, lastSeq: seq });
    equal(heard, [one("p", 2), one("q", 1)], "of a call with duplicates, what is new");
  },

  "8.1 calls that are not awaited tell of every entry once": async (world) => {
    const store = await world.openWithProjects();
    const { heard } = hear(store);
    const calls = range(1, 100).map((index) =>
      store.appendEntry({ project: index % 2 ? "p" : "q", message: "m" }),
    );
    const bad = store.insertEntry(anEntry({ project: "none" }));
    await rejects(bad, "not_found", "", "one among them that fails");
    await Promise.all(calls);
    for (const name of ["p", "q"]) {
      const ranges = heard.filter((change) => change.project === name);
      const told = ranges.flatMap(({ firstSeq, lastSeq }) => range(firstSeq, lastSeq));
      equal(told, range(1, 50), "no gap, no repeat, in order");
    }
  },

  "8.1 what is told of can be read": async (world) => {
    const store = await world.openWithProjects();
    const found = [];
    store.subscribe(({ lastSeq }) => {
      found.push(store.countEntries("p").then((count) => count >= lastSeq));
    });
    const calls = range(1, 30).map(() => store.insertEntry(anEntry()));
    for (const call of calls) await call;
    await store.insertEntries(someEntries(2500));
    ok(found.length > 1, "something was told");
    ok((await Promise.all(found)).every(Boolean), "a read that the listener makes finds it");
  },

  "8.1 a subscription can be for one project": async (world) => {
    const store = await world.openWithProjects();
    const all = hear(store);
    const { heard } = hear(store, { project: "q" });
    const { heard: none } = hear(store, { project: undefined });
    await store.insertEntries([anEntry(), anEntry({ project: "q" })]);
    await store.upsertAgentSession("a", "s");
    await store.setAgentProject({ agentId: "a", projectName: "q", updatedBy: "u", sessionId: "s" });
    await store.deleteProject("q");
    equal(
      heard.map(({ kind }) => kind),
      ["entries", "agent_project", "project"],
      "what carries the project",
    );
    equal(all.heard.length, 6, "another hears all");
    equal(none.length, 6, "as without the option");
  },

  "8.1 what a listener does to a change is its own affair": async (world) => {
    const store = await world.openWithProjects();
    store.subscribe((change) => {
      for (const key of Object.keys(change)) delete change[key];
    });
    const { heard } = hear(store);
    await store.insertEntry(anEntry());
    equal(heard, [{ kind: "entries", project: "p", firstSeq: 1, lastSeq: 1 }], "another one hears it whole");
  },

  "8.1 a subscription ends when it is told to": async (world) => {
    const store = await world.openWithProjects();
    const [one, other] = [hear(store), hear(store)];
    await store.insertEntry(anEntry());
    equal(one.unsubscribe(), undefined, "the function returns nothing");
    one.unsubscribe();
    await store.insertEntry(anEntry());
    equal([one.heard.length, other.heard.length], [1, 2], "the other one goes on");
    const listener = () => calls.push("call");
    const calls = [];
    const ends = [store.subscribe(listener), store.subscribe(listener)];
    await store.insertEntry(anEntry());
    equal(calls.length, 2, "the same listener twice is two subscriptions");
    ends[0]();
    await store.insertEntry(anEntry());
    equal(calls.length, 3, "that end by themselves");
    ends[1]();

    // The first of two changes of one transaction ends both.
    const seen = [];
    const both = [() => seen.push(1), () => seen.push(2)].map((note) =>
      store.subscribe(() => {
        note();
        for (const end of both) end();
      }),
    );
    await store.insertEntries([anEntry(), anEntry({ project: "q" })]);
    equal(seen, [1], "nobody is called after that, also not for what is being told");
  },

  "8.1 a listener that throws does not disturb the others": async (world) => {
    const store = await world.openWithProjects();
    const mine = new Error("mine");
    const uncaught = [];
    const note = (event) => {
      event.preventDefault?.();
      uncaught.push(event.error ?? event);
    };
    // In Node the runner's own listeners would fail the test.
    const others = globalThis.process?.listeners("uncaughtException") ?? [];
    if (globalThis.process) process.removeAllListeners("uncaughtException").on("uncaughtException", note);
    else addEventListener("error", note);
    try {
      const before = hear(store);
      store.subscribe(() => {
        throw mine;
      });
      const after = hear(store);
      await store.insertEntry(anEntry());
      await store.insertEntry(anEntry());
      await until(() => uncaught.length >= 2);
      equal([before.heard.length, after.heard.length], [2, 2], "they hear of everything");
      equal(uncaught, [mine, mine], "the error is reported as one that nobody caught");
    } finally {
      globalThis.process?.off("uncaughtException", note);
      for (const other of others) process.on("uncaughtException", other);
      globalThis.removeEventListener?.("error", note);
    }
  },

  "8.1 wrong arguments of subscribe are refused at once": async (world) => {
    const store = await world.openWithProjects();
    for (const listener of [undefined, null, {}, "f"]) {
      throws(() => store.subscribe(listener), "invalid_argument", "`listener`", "no function");
    }
    const listener = () => {};
    const wrong = [{ projects: "p" }, { signal: new AbortController().signal }, { project: 1 }];
    for (const options of [...wrong, { project: null }, null, "p", 1]) {
      throws(() => store.subscribe(listener, options), "invalid_argument", "", JSON.stringify(options));
    }
    const hostile = {
      get project() {
        throw new Error("mine");
      },
    };
    throws(
      () => store.subscribe(listener, hostile),
      "invalid_argument",
      "mine",
      "what throws when it is read",
    );
  },

  "8.1 closing ends subscriptions, and a closed store has none": async (world) => {
    const store = await world.openWithProjects();
    const { heard, unsubscribe } = hear(store);
    const write = store.insertEntry(anEntry());
    await store.close();
    equal([await write, heard.length], [true, 1], "what was written before is told of");
    unsubscribe();
    throws(() => store.subscribe(() => {}), "closed", "closed", "subscribing afterwards");
  },
};

export const casesOnIndexedDb = {
  "8.1 stores on one database hear each other": async (world) => {
    const one = await world.openWithProjects();
    const two = await world.open();
    const three = await another(world);
    const name = `${world.name}-other`;
    const stranger = await world.open({ name });
    const stores = [one, two, three, stranger];
    const heard = stores.map((store) => hear(store).heard);
    for (const [index, store] of stores.slice(0, 3).entries()) {
      await store.appendEntry({ project: "p", message: "m" });
      // What is told next could otherwise be heard before.
      await until(() => heard.slice(0, 3).every(({ length }) => length > index));
    }
    const expected = [1, 2, 3].map((seq) => ({ kind: "entries", project: "p", firstSeq: seq, lastSeq: seq }));
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    for (const list of heard.slice(0, 3)) equal(list, expected, "each change once");
    equal(heard[3], [], "another database is another matter");
  },

  "8.1 others hear of what a store wrote just before it was closed": async (world) => {
    const one = await world.openWithProjects();
    const other = await another(world);
    const { heard } = hear(other);
    await one.appendEntry({ project: "p", message: "the last words" });
    await one.close();
    await until(() => heard.length > 0);
    equal(heard, [{ kind: "entries", project: "p", firstSeq: 1, lastSeq: 1 }], "it is told all the same");
  },
};
