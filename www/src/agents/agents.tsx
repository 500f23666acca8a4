// The agents: what each works on, its sessions, and what happened to both.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AgentEvent, AgentProject, AgentSession, ScribeStore } from "scribe-store";
import { useApp } from "../app/context.ts";
import { plainView, writeView } from "../app/view.ts";
import { useClock } from "../shared/clock.ts";
import { ago, counted, explain, fullTime, number } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import { useAnswer } from "../shared/use-answer.ts";

/** Events that are read. */
const MOST_EVENTS = 500;

interface Overview {
  sessions: AgentSession[];
  events: AgentEvent[];
  /** By agent, sorted by name. */
  agents: { id: string; project: AgentProject | null }[];
}

async function readAgents(store: ScribeStore, signal: AbortSignal): Promise<Overview> {
  const [sessions, events] = await Promise.all([
    store.listAgentSessions({ signal }),
    store.listAgentEvents({ limit: MOST_EVENTS, signal }),
  ]);
  const ids = new Set([...sessions.map((one) => one.agentId), ...events.map((one) => one.agentId)]);
  const agents = await Promise.all(
    [...ids].sort().map(async (id) => ({ id, project: await store.getAgentProject(id, { signal }) })),
  );
  return { sessions, events, agents };
}

export function Agents() {
  const app = useApp();
  useClock();
  const revision = useSignal(0);
  useEffect(
    () =>
      app.changes.listen((changes) => {
        if (
          changes.some(({ kind }) => kind === "session" || kind === "agent_project" || kind === "project")
        ) {
          revision.value += 1;
        }
      }),
    [],
  );
  const answer = useAnswer(String(revision.value), (signal) => readAgents(app.store, signal)).value;
  const { value, error } = answer;
  const { who } = app.view.value;
  if (error !== null) {
    return (
      <p class="notice error" role="alert">
        {explain(error)}
      </p>
    );
  }
  if (!value) return <p class="quiet centred">Reading …</p>;
  const mine = <T extends { agentId: string }>(all: T[]) =>
    who === null ? all : all.filter((one) => one.agentId === who);
  const sessions = mine(value.sessions);
  const events = mine(value.events);
  return (
    <div class="page">
      <header class="page-head">
        <h1>Agents</h1>
        <p class="quiet">
          {counted(value.agents.length, "agent", "agents")},{" "}
          {counted(
            value.sessions.filter(({ status }) => status === "active").length,
            "active session",
            "active sessions",
          )}
        </p>
      </header>
      {value.agents.length === 0 ? (
        <div class="empty">
          <p>No agent has begun a session or set a project yet.</p>
          <p class="quiet">
            Agents do so with <code>upsertAgentSession</code> and <code>setAgentProject</code>.
          </p>
        </div>
      ) : (
        <>
          <section class="sheet" tabIndex={0} aria-label="Agents">
            <table>
              <thead>
                <tr>
                  <th scope="col">Agent</th>
                  <th scope="col">Current project</th>
                  <th scope="col" class="figure">
                    Version
                  </th>
                  <th scope="col">Set by</th>
                  <th scope="col">Changed</th>
                  <th scope="col" class="figure">
                    Active sessions
                  </th>
                </tr>
              </thead>
              <tbody>
                {value.agents.map(({ id, project }) => (
                  <tr key={id} class={who === id ? "chosen" : undefined}>
                    <th scope="row">
                      <button
                        type="button"
                        class="plain"
                        aria-pressed={who === id}
                        onClick={() => app.change({ who: who === id ? null : id })}
                      >
                        <Plain text={id} />
                      </button>
                    </th>
                    <td>
                      {project?.projectName ? (
                        <ProjectLink name={project.projectName} />
                      ) : (
                        <span class="quiet">none</span>
                      )}
                    </td>
                    <td class="figure">{project ? number(project.version) : "–"}</td>
                    <td>{project ? <Plain text={project.updatedBy} /> : "–"}</td>
                    <td>{project ? <When time={project.updatedAt} /> : "–"}</td>
                    <td class="figure">
                      {value.sessions.filter((one) => one.agentId === id && one.status === "active").length}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {who !== null && (
            <p class="chosen-agent">
              Sessions and events of{" "}
              <b>
                <Plain text={who} />
              </b>{" "}
              alone.{" "}
              <button type="button" class="plain" onClick={() => app.change({ who: null })}>
                Show all
              </button>
            </p>
          )}
          <h2>Sessions</h2>
          <Sessions sessions={sessions} />
          <h2>Events</h2>
          <Events events={events} />
        </>
      )}
    </div>
  );
}

function Sessions({ sessions }: { sessions: AgentSession[] }) {
  if (sessions.length === 0) return <p class="quiet">None.</p>;
  return (
    <section class="sheet" tabIndex={0} aria-label="Sessions">
      <table>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">Agent</th>
            <th scope="col">State</th>
            <th scope="col">Started</th>
            <th scope="col">Last sign of life</th>
            <th scope="col">Metadata</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((one) => (
            <tr key={one.sessionId}>
              <th scope="row">
                <code>
                  <Plain text={one.sessionId} />
                </code>
              </th>
              <td>
                <Plain text={one.agentId} />
              </td>
              <td>
                <span class={`state ${one.status}`}>
                  <span class="dot" aria-hidden="true" />
                  {one.status}
                </span>
              </td>
              <td>
                <When time={one.startedAt} />
              </td>
              <td>
                <When time={one.lastActiveAt} />
              </td>
              <td>
                {one.metadata ? (
                  <code class="brief">
                    <Plain text={JSON.stringify(one.metadata).slice(0, 300)} />
                  </code>
                ) : (
                  "–"
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const EVENTS: Record<AgentEvent["eventType"], string> = {
  session_started: "Session started",
  session_ended: "Session ended",
  project_set: "Project set",
  project_switched: "Project switched",
  project_cleared: "Project cleared",
  conflict_detected: "Conflict",
};

function Events({ events }: { events: AgentEvent[] }) {
  if (events.length === 0) return <p class="quiet">None.</p>;
  return (
    <ol class="timeline">
      {events.map((event) => (
        <li key={event.id} class={event.success ? "" : "failed"}>
          <When time={event.createdAt} />
          <span class="what">{EVENTS[event.eventType] ?? event.eventType}</span>
          <span>
            <b>
              <Plain text={event.agentId} />
            </b>{" "}
            <Move event={event} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function Move({ event }: { event: AgentEvent }) {
  const { fromProject, toProject, expectedVersion, actualVersion } = event;
  const parts = [];
  if (fromProject !== null && toProject !== null && fromProject !== toProject) {
    parts.push(<Plain key="from" text={fromProject} />, " → ", <Plain key="to" text={toProject} />);
  } else if (toProject !== null) parts.push("→ ", <Plain key="to" text={toProject} />);
  else if (fromProject !== null) parts.push(<Plain key="from" text={fromProject} />, " → none");
  if (!event.success)
    parts.push(` expected version ${expectedVersion ?? "–"}, found ${actualVersion ?? "–"}`);
  else if (actualVersion !== null)
    parts.push(
      <span key="version" class="quiet">
        {" "}
        version {actualVersion}
      </span>,
    );
  return <>{parts}</>;
}

function ProjectLink({ name }: { name: string }) {
  const app = useApp();
  return (
    <a
      href={writeView(plainView(name))}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        app.go(plainView(name));
      }}
    >
      <Plain text={name} />
    </a>
  );
}

function When({ time }: { time: string }) {
  return (
    <time dateTime={time} title={fullTime(time)}>
      {ago(time)}
    </time>
  );
}
