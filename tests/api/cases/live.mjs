// Changes as they happen: subscribe and tail.

import { equal, ok, rejects } from "../assertions.mjs";
import { anEntry, someEntries } from "../world.mjs";

/** Waits until a condition holds. The runner's limit ends what never does. */
async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

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

/** The next entries of a tail. */
async function take(tail, count) {
  const taken = [];
  for (let left = count; left > 0; left -= 1) taken.push((await tail.next()).value);
  return taken;
}

const seqs = (entries) => entries.map(({ seq }) => seq);

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

const project = (name, path = "") => ({ name, repoRoot: path, progressLogPath: "" });

/** A step that nobody makes in time. */
const IDLE_MS = 50;

/** Tells whether a promise is settled by now, with time for what is under way. */
async function isPending(promise) {
  const idle = new Promise((resolve) => setTimeout(() => resolve(true), IDLE_MS));
  return Promise.race([promise.then(() => false), idle]);
}

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

  "8.2 a tail goes on with what is inserted after it was called": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const tail = store.tail({ project: "p" });
    equal(tail[Symbol.asyncIterator](), tail, "it is its own iterator");
    // Not a step was made yet.
    const first = await store.appendEntry({ project: "p", message: "first" });
    const second = await store.appendEntry({ project: "p", message: "second", ts: 0 });
    equal(await take(tail, 2), [first, second], "in the order of seq, whatever their times");
    const step = tail.next();
    ok(await isPending(step), "then it waits");
    await store.insertEntries(someEntries(2, { project: "q" }));
    await store.recordDocChange("p", { doc: "d", action: "a", shaBefore: "", shaAfter: "" });
    ok(await isPending(step), "for entries of this project");
    const [third] = [await store.appendEntry({ project: "p", message: "third" })];
    equal(await step, { done: false, value: third }, "the next one comes when it is there");
  },

  "8.2 a tail begins where it is told to, and leaves out nothing": async (world) => {
    const store = await world.openWithProjects();
    // Segments, a tail, and more than one batch; times are not in the order of seq.
    const entries = someEntries(4500).map((entry, index) => ({ ...entry, ts: (index * 7919) % 5000 }));
    await store.insertEntries(entries);
    await store.insertEntries(someEntries(10));
    for (const fromSeq of [1, 0, 2001, 4490, 4505]) {
      const first = Math.max(fromSeq, 1);
      const found = await take(store.tail({ project: "p", fromSeq }), 4511 - first);
      equal(seqs(found), range(first, 4510), `from ${fromSeq} on`);
    }
    const ahead = store.tail({ project: "p", fromSeq: 4512 });
    const step = ahead.next();
    await store.insertEntries(someEntries(1));
    ok(await isPending(step), "an entry before the first that is wanted");
    await store.insertEntries(someEntries(2));
    equal([(await step).value.seq, ...seqs(await take(ahead, 1))], [4512, 4513], "and those from there on");
  },

  "8.2 a tail gives what matches": async (world) => {
    const store = await world.openWithProjects();
    const mixed = (count) =>
      someEntries(count).map((entry, index) => ({
        ...entry,
        agent: index % 3 ? "odd" : null,
        message: `m${index % 10}`,
        meta: { place: index % 5 },
        emoji: index % 7 ? "ℹ️" : "❌",
      }));
    await store.insertEntries(mixed(2100));
    const queries = [
      { agents: ["odd"] },
      { message: "M3" },
      { metaFilters: { place: 2 } },
      { emojis: ["❌"], agents: ["odd"], message: "^m[0-4]$", messageMode: "regex" },
      { start: 1_700_000_500_000, end: 1_700_000_600_000 },
      { agents: ["nobody"] },
    ];
    const tails = queries.map((query) => store.tail({ project: "p", fromSeq: 1, ...query }));
    await store.insertEntries(mixed(100));
    for (const [index, query] of queries.entries()) {
      const options = { project: "p", limit: 10_000, ...query };
      const expected = seqs(await store.queryEntries(options)).sort((one, other) => one - other);
      equal(seqs(await take(tails[index], expected.length)), expected, JSON.stringify(query));
      const step = tails[index].next();
      ok(await isPending(step), `${JSON.stringify(query)}: and nothing else`);
      await tails[index].return();
      equal(await step, { done: true, value: undefined }, "a step that waits ends when the tail is left");
    }
  },

  "8.2 a tail sees every entry once, while they are written": async (world) => {
    const store = await world.openWithProjects();
    const [count, each] = [1500, 3];
    const tails = Array.from({ length: each }, () => store.tail({ project: "p" }));
    const reading = tails.map((tail) => take(tail, count));
    let left = count;
    while (left > 0) {
      const size = Math.min(left, 1 + (left % 120));
      const calls =
        left % 2
          ? [store.insertEntries(someEntries(size))]
          : someEntries(size).map((e) => store.insertEntry(e));
      await Promise.all(calls);
      left -= size;
    }
    for (const found of await Promise.all(reading)) equal(seqs(found), range(1, count), "no gap, no repeat");
  },

  "8.2 a tail can be left at any time": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const seen = [];
    for await (const { seq } of store.tail({ project: "p", fromSeq: 1 })) {
      seen.push(seq);
      if (seq === 2) break;
    }
    equal(seen, [1, 2], "by break");
    const tail = store.tail({ project: "p", fromSeq: 1 });
    await tail.next();
    equal(await tail.return("left"), { done: true, value: "left" }, "by return");
    equal(await tail.next(), { done: true, value: undefined }, "and it stays ended");
    const unused = store.tail({ project: "p" });
    equal(await unused.return(), { done: true, value: undefined }, "before it began");
    equal(await unused.next(), { done: true, value: undefined }, "and it stays so");
    const waiting = store.tail({ project: "p" });
    const steps = [waiting.next(), waiting.next()];
    ok(await isPending(steps[0]), "two steps wait");
    equal(await waiting.return("left"), { done: true, value: "left" }, "while it waits");
    equal(await Promise.all(steps), Array(2).fill({ done: true, value: undefined }), "which ends the steps");
  },

  "8.2 a tail ends with the reason of its signal": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const reason = new Error("mine");
    const failing = async (promise) => {
      try {
        await promise;
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const aborted = store.tail({ project: "p", fromSeq: 1, signal: AbortSignal.abort(reason) });
    equal(await failing(aborted.next()), reason, "one that aborted before");
    const controller = new AbortController();
    const tail = store.tail({ project: "p", fromSeq: 1, signal: controller.signal });
    await tail.next();
    controller.abort(reason);
    equal(await failing(tail.next()), reason, "between two entries");
    equal(await tail.next(), { done: true, value: undefined }, "after which it has ended");
    const other = new AbortController();
    const step = store.tail({ project: "p", signal: other.signal }).next();
    ok(await isPending(step.catch(() => {})), "a step that waits");
    other.abort(reason);
    equal(await failing(step), reason, "rejects as well");
  },

  "8.2 closing the store ends a tail": async (world) => {
    const store = await world.openWithProjects();
    await store.insertEntries(someEntries(3));
    const [reading, waiting] = [store.tail({ project: "p", fromSeq: 1 }), store.tail({ project: "p" })];
    await reading.next();
    const step = waiting.next();
    ok(await isPending(step.catch(() => {})), "a step that waits");
    await store.close();
    await rejects(step, "closed", "", "it rejects");
    await rejects(take(reading, 5), "closed", "", "and so does one that has more to read");
    await rejects(store.tail({ project: "p" }).next(), "closed", "", "a new one");
  },

  "8.2 deleting the project ends a tail": async (world) => {
    const store = await world.openWithProjects();
    const tail = store.tail({ project: "p" });
    const step = tail.next();
    ok(await isPending(step.catch(() => {})), "a step that waits");
    await store.deleteProject("p");
    await rejects(step, "not_found", "", "it rejects");
    const record = await store.fetchProject("q");
    const anew = store.tail({ project: record });
    await store.insertEntries(someEntries(1, { project: "q" }));
    equal((await anew.next()).value.seq, 1, "a record names a project as well");
    await store.deleteProject("q");
    await store.upsertProject(project("q"));
    await store.insertEntries(someEntries(3, { project: "q" }));
    await rejects(anew.next(), "not_found", "", "it does not go on with another of that name");
  },

  "8.2 a mistake shows at the first step of a tail": async (world) => {
    const store = await world.openWithProjects();
    const mistakes = [
      [{ project: "none" }, "not_found"],
      [{ project: "p", limit: 1 }, "invalid_argument"],
      [{ project: "p", fromSeq: -1 }, "invalid_argument"],
      [{ project: "p", fromSeq: 1.5 }, "invalid_argument"],
      [{ project: "p", fromSeq: "1" }, "invalid_argument"],
      [{ project: "p", signal: {} }, "invalid_argument"],
      [{ project: "p", metaFilters: { a: 1n } }, "invalid_argument"],
      [{ project: "p", message: "(", messageMode: "regex" }, "invalid_argument"],
      [undefined, "invalid_argument"],
    ];
    for (const [query, code] of mistakes) {
      const tail = store.tail(query);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await rejects(tail.next(), code, "", `the first step with ${JSON.stringify(query?.project)}`);
      equal(await tail.next(), { done: true, value: undefined }, "the next step is the end");
      store.tail(query);
    }
  },
};

/** A second handle on the case's database. */
async function another(world) {
  return world.open({}, await world.runtime.freshApi());
}

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

  "8.2 a tail sees what other stores insert": async (world) => {
    const one = await world.openWithProjects();
    const other = await another(world);
    const tail = one.tail({ project: "p" });
    const reading = take(tail, 600);
    for (const store of [one, other, other, one, other, one]) {
      await Promise.all(someEntries(100).map((entry) => store.insertEntry(entry)));
    }
    equal(seqs(await reading), range(1, 600), "no gap, no repeat");
    const step = tail.next();
    ok(await isPending(step.catch(() => {})), "it waits");
    await other.deleteProject("p");
    await rejects(step, "not_found", "", "until another store deletes the project");
  },

  "8.2 a tail looks by itself, should nobody tell it": async (world) => {
    const store = await world.openWithProjects();
    const other = await another(world);
    const step = store.tail({ project: "p" }).next();
    ok(await isPending(step), "it waits");
    // As if the other tab were gone before it could tell.
    const { postMessage } = BroadcastChannel.prototype;
    BroadcastChannel.prototype.postMessage = () => {};
    try {
      await other.appendEntry({ project: "p", message: "unheard" });
    } finally {
      BroadcastChannel.prototype.postMessage = postMessage;
    }
    equal((await step).value.message, "unheard", "the entry is found all the same");
  },

  "8.2 deleting the database ends a tail": async (world) => {
    const store = await world.openWithProjects();
    const step = store.tail({ project: "p" }).next();
    ok(await isPending(step.catch(() => {})), "it waits");
    const began = performance.now();
    await (await world.runtime.freshApi()).deleteStore(world.name);
    await rejects(step, "closed", "", "it rejects");
    ok(performance.now() - began < 20_000, "soon");
  },
};
