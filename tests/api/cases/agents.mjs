// Sessions, agents' current projects, and the events that tell of them.

import { equal, ok, rejects } from "../assertions.mjs";

const set = (members) => ({ agentId: "a", projectName: "p", updatedBy: "u", sessionId: "s", ...members });

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

export const cases = {
  "6.1 a session begins, goes on, ends and begins again": async (world) => {
    const store = await world.open();
    const first = await store.upsertAgentSession("a", "s", { pid: 1 });
    equal([first.status, first.metadata], ["active", { pid: 1 }], "it is active");
    equal(first.startedAt, first.lastActiveAt, "it has just begun");
    await pause();
    const second = await store.upsertAgentSession("a", "s");
    equal(second.startedAt, first.startedAt, "its start stays");
    ok(second.lastActiveAt > first.lastActiveAt, "it was touched");
    equal(second.metadata, null, "metadata is replaced");
    equal(await store.endSession("s"), true, "it was active and is ended");
    equal(await store.endSession("s"), false, "it is not active any more");
    equal(await store.heartbeatSession("s"), false, "it cannot be touched");
    equal((await store.fetchAgentSession("s")).status, "expired", "it stays as ended");
    const third = await store.upsertAgentSession("a", "s", {});
    equal([third.status, third.startedAt], ["active", first.startedAt], "it is active again");
    const types = (await store.listAgentEvents()).map(({ eventType }) => eventType);
    equal(types, ["session_started", "session_ended", "session_started"], "events tell of it");
  },

  "6.1 a session is one agent's": async (world) => {
    const store = await world.open();
    const session = await store.upsertAgentSession("a", "s");
    const error = await rejects(store.upsertAgentSession("b", "s"), "conflict", '"s"', "another agent");
    ok(error instanceof world.api.ConflictError, "a conflict is a ConflictError");
    equal([error.expectedVersion, error.actualVersion], [null, null], "which is not about versions");
    equal(await store.fetchAgentSession("s"), session, "nothing changes");
  },

  "6.2 idle sessions are ended": async (world) => {
    const store = await world.open();
    for (const id of ["s1", "s2", "s3"]) await store.upsertAgentSession("a", id);
    await store.endSession("s3");
    equal(await store.expireSessions(60_000), [], "none is idle that long");
    equal(await store.expireSessions(1e300), [], "nor for ever");
    await new Promise((resolve) => setTimeout(resolve, 150));
    equal(await store.heartbeatSession("s2"), true, "a sign of life");
    equal(await store.expireSessions(120.5), ["s1"], "the idle one, and not the one that ended before");
    const list = async (options) =>
      (await store.listAgentSessions(options)).map(({ sessionId }) => sessionId);
    equal(await list({ status: "active" }), ["s2"], "active sessions");
    equal((await list({ status: "expired", agentId: "a" })).sort(), ["s1", "s3"], "expired ones");
    equal(await list({ agentId: "b" }), [], "another agent's");
    equal((await list())[0], "s2", "the latest sign of life comes first");
    equal(await store.expireSessions(0), ["s2"], "zero ends all");
  },

  "6.3 a version is expected, and a conflict carries both": async (world) => {
    const store = await world.openWithProjects();
    const { ConflictError } = world.api;
    const conflict = async (expectedVersion, actualVersion) => {
      const call = store.setAgentProject(set({ expectedVersion }));
      const error = await rejects(call, "conflict", String(expectedVersion), "a version that is not there");
      ok(error instanceof ConflictError, "a conflict is a ConflictError");
      equal([error.expectedVersion, error.actualVersion], [expectedVersion, actualVersion], "both versions");
      equal(error.name, "ConflictError", "its name");
    };
    await conflict(5, null);
    equal(await store.getAgentProject("a"), null, "a conflict changes nothing");
    equal((await store.setAgentProject(set({ expectedVersion: 0 }))).version, 1, "none yet");
    await conflict(0, 1);
    await conflict(Number.MAX_SAFE_INTEGER, 1);
    equal(
      (await store.setAgentProject(set({ expectedVersion: 1, projectName: "q" }))).version,
      2,
      "that one",
    );
    await conflict(1, 2);
    for (const expectedVersion of [null, undefined]) await store.setAgentProject(set({ expectedVersion }));
    const { projectName, version } = await store.getAgentProject("a");
    equal([projectName, version], ["p", 4], "without expectation it is set whatever is there");
  },

  "6.3 of racing calls exactly one succeeds": async (world) => {
    const store = await world.openWithProjects();
    for (const expectedVersion of [0, 1, 2]) {
      const racing = Array.from({ length: 20 }, (_, index) =>
        store.setAgentProject(set({ expectedVersion, updatedBy: `u${index}` })),
      );
      const outcomes = (await Promise.allSettled(racing)).map(({ reason }) => reason?.code ?? "set");
      equal(outcomes, ["set", ...Array(19).fill("conflict")], "the first one, since calls have an order");
    }
    equal((await store.getAgentProject("a")).version, 3, "one version for each race");
    const conflicts = await store.listAgentEvents({ eventType: "conflict_detected", limit: 100 });
    equal(conflicts.length, 57, "every conflict is told of");
  },

  "6.4 a project exists or is null, and a conflict is told first": async (world) => {
    const store = await world.openWithProjects();
    const unknown = set({ projectName: "none" });
    await rejects(store.setAgentProject(unknown), "not_found", "none", "an unknown project");
    const both = store.setAgentProject({ ...unknown, expectedVersion: 3 });
    await rejects(both, "conflict", "3", "an unknown project and a wrong version");
    for (const projectName of [undefined, "", 1, [], await store.fetchProject("p")]) {
      const call = () => store.setAgentProject(set({ projectName }));
      await rejects(call, "invalid_argument", "`projectName`", `${String(projectName)} is no name`);
    }
    equal((await store.setAgentProject(set({ projectName: null }))).projectName, null, "null is none");
    equal((await store.listAgentEvents({ eventType: "project_cleared" })).length, 1, "which is told of");
  },

  "6.5 events tell what happened, newest first": async (world) => {
    const store = await world.openWithProjects();
    await store.setAgentProject(set());
    await store.setAgentProject(set());
    await store.setAgentProject(set({ projectName: "q", expectedVersion: 2 }));
    await rejects(store.setAgentProject(set({ expectedVersion: 1 })), "conflict", "1", "a stale version");
    await store.deleteProject("q");
    const events = await store.listAgentEvents({ agentId: "a" });
    const told = (event) => {
      const { eventType, fromProject, toProject, expectedVersion, actualVersion, success } = event;
      return [eventType, fromProject, toProject, expectedVersion, actualVersion, success];
    };
    equal(
      events.map(told).slice(1),
      [
        ["conflict_detected", "q", "p", 1, 3, false],
        ["project_switched", "p", "q", 2, 3, true],
        ["project_set", "p", "p", null, 2, true],
        ["project_set", null, "p", null, 1, true],
      ],
      "each with its projects and versions",
    );
    const [cleared] = events;
    equal(
      [cleared.eventType, cleared.fromProject, cleared.toProject],
      ["project_cleared", "q", null],
      "deleted",
    );
    equal((await store.getAgentProject("a")).version, 4, "a version never repeats");
    equal((await store.listAgentEvents({ limit: 2 })).length, 2, "a limit");
    equal(await store.listAgentEvents({ limit: 0 }), [], "a limit of zero");
    equal(await store.listAgentEvents({ agentId: "b" }), [], "another agent");
    const ids = events.map(({ id }) => id);
    equal(
      ids,
      [...new Set(ids)].sort((one, other) => other - one),
      "ids descend",
    );
  },
};
