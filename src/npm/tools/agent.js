/**
 * The agent that the tools act for: its session, and its current project as the model last saw it.
 * @module
 */

import { ConflictError, isScribeError } from "../errors.js";
import { refusal } from "./check.js";

/** How long a session goes without a sign of life before the next call gives one. */
const HEARTBEAT_MS = 30_000;

/** How often a change of the current project is tried while only its version changes. */
const TRIES = 5;

export class Agent {
  #store;
  #id;
  #sessionId;
  /** When the session last gave a sign of life; 0 if it has not begun. */
  #seen = 0;
  /** The current project as the model was last told; `undefined` if it was not. */
  #told;

  /**
   * @param {import("../index.js").ScribeStore} store
   * @param {string} id
   * @param {string} sessionId
   */
  constructor(store, id, sessionId) {
    this.#store = store;
    this.#id = id;
    this.#sessionId = sessionId;
  }

  get id() {
    return this.#id;
  }

  /** Begins the session, or gives a sign of life if the last one is a while ago. */
  async live() {
    const now = Date.now();
    if (Math.abs(now - this.#seen) < HEARTBEAT_MS) return;
    try {
      if (this.#seen === 0 || !(await this.#store.heartbeatSession(this.#sessionId))) await this.#begin();
      this.#seen = now;
    } catch (error) {
      // A full disk does not keep anybody from reading; what writes will fail by itself.
      if (!isScribeError(error) || error.code !== "quota_exceeded") throw error;
    }
  }

  async #begin() {
    // One that is there keeps its metadata.
    const session = await this.#store.fetchAgentSession(this.#sessionId);
    if (session?.status === "active" && session.agentId === this.#id) {
      await this.#store.heartbeatSession(this.#sessionId);
    } else {
      await this.#store.upsertAgentSession(this.#id, this.#sessionId, session?.metadata);
    }
  }

  /**
   * Looks up the current project, which a result will tell.
   * @returns {Promise<{ project: string | null, version: number }>}
   */
  async project() {
    this.#told = await this.#current();
    return this.#told;
  }

  /**
   * The project that a call is for: the named one, or else the current one, which a result will tell.
   *
   * @param {string | null} named
   * @returns {Promise<string>} Rejects with `not_found` if none is named, and none current.
   */
  async projectFor(named) {
    return named ?? this.#mustBe(await this.project());
  }

  /**
   * The same for what writes: it must be the one that the model believes to be current, or it would write where it
   * does not mean to. Rejects with `conflict` otherwise; when called again it takes what is current.
   */
  async projectToWriteTo(named) {
    if (named !== null) return named;
    const before = this.#told;
    const now = await this.project();
    const project = this.#mustBe(now);
    if (before !== undefined && before.project !== project) throw this.#changed("written", before, now);
    return project;
  }

  /**
   * Sets the current project, unless it was changed from what the model was last told.
   *
   * @param {string} project
   * @returns {Promise<number>} The version. Rejects with `conflict`, and then knows what is current; with `not_found`.
   */
  async setProject(project) {
    for (let tries = 1; ; tries += 1) {
      const before = this.#told ?? (await this.project());
      try {
        const { version } = await this.#store.setAgentProject({
          agentId: this.#id,
          projectName: project,
          expectedVersion: before.version,
          updatedBy: this.#id,
          sessionId: this.#sessionId,
        });
        this.#told = { project, version };
        return version;
      } catch (error) {
        if (!isScribeError(error) || error.code !== "conflict") throw error;
        const now = await this.project();
        if (now.project === project) return now.version;
        // What the model knows of it still holds: only then is it safe to go on.
        const same = now.project === before.project;
        if (!same || tries === TRIES) throw this.#changed("changed", before, now, error);
      }
    }
  }

  async #current() {
    const current = await this.#store.getAgentProject(this.#id);
    return { project: current?.projectName ?? null, version: current?.version ?? 0 };
  }

  #mustBe({ project }) {
    if (project !== null) return project;
    throw refusal("not_found", "you have no current project: call set_project first, or name a project");
  }

  #changed(what, before, now, cause) {
    const to = now.project === null ? "cleared" : `set to ${JSON.stringify(now.project)}`;
    const was = before.project === null ? "none" : JSON.stringify(before.project);
    return new ConflictError(
      `your current project was ${to} elsewhere (it was ${was}), so nothing was ${what}: call again if you still want it`,
      { expected: before.version, actual: now.version },
      cause && { cause },
    );
  }
}
