//! Agents' sessions and current projects, and the events that tell of them.

use serde::{Deserialize, Serialize};

use super::backend::no_such_project;
use super::keys;
use super::past::{Past, is_outdated, times};
use super::projects::{fetch_by_name, next_number};
use super::store::{ALL_ROWS, Store};
use crate::error::{Error, ErrorKind, Result, Versions};
use crate::medium::{KeyRange, Medium, Pending, Table, Transaction};
use crate::model::record::{self, Kind};
use crate::model::{
    AgentEvent, AgentEventType, AgentProject, AgentSession, Change, Meta, NewEvent, Quoted, SessionStatus,
    SetAgentProject, Time, in_descending_order,
};

/// How many events are read at a time.
const BATCH: u64 = 500;

/// The counter of events.
const EVENTS: &str = "agent_events";

const SESSION_TABLES: [Table; 3] = [Table::Sessions, Table::AgentEvents, Table::Counters];

#[derive(Debug, Serialize, Deserialize)]
struct StoredEvent {
    id: u64,
    event: NewEvent,
    created_at: Time,
}

async fn record_event(transaction: &dyn Transaction, event: NewEvent, now: Time) -> Result<()> {
    let id = next_number(transaction, EVENTS, Table::AgentEvents, &KeyRange::all()).await?;
    let bytes = record::encode(Kind::AgentEvent, record::ANY, &StoredEvent { id, event, created_at: now })?;
    transaction.put(Table::AgentEvents, &keys::number(id), &bytes)
}

async fn fetch_session(transaction: &dyn Transaction, session_id: &str) -> Result<Option<AgentSession>> {
    let bytes = transaction.get(Table::Sessions, session_id.as_bytes()).await?;
    let place = format_args!("session {}", Quoted(session_id));
    let owner = record::named(session_id);
    bytes.map(|bytes| record::decode(Kind::Session, owner, &bytes, place)).transpose()
}

fn session_event(session: &AgentSession, event_type: AgentEventType) -> NewEvent {
    NewEvent {
        agent_id: session.agent_id.clone(),
        session_id: session.session_id.clone(),
        event_type,
        from_project: None,
        to_project: None,
        expected_version: None,
        actual_version: None,
        success: true,
    }
}

async fn fetch_agent_project(transaction: &dyn Transaction, agent_id: &str) -> Result<Option<AgentProject>> {
    let bytes = transaction.get(Table::AgentProjects, agent_id.as_bytes()).await?;
    let place = format_args!("the project of agent {}", Quoted(agent_id));
    let owner = record::named(agent_id);
    bytes.map(|bytes| record::decode(Kind::AgentProject, owner, &bytes, place)).transpose()
}

impl<M: Medium> Store<M> {
    pub(crate) fn do_upsert_session(
        &self,
        agent_id: String,
        session_id: String,
        metadata: Option<Meta>,
        past: Option<Past>,
    ) -> Pending<'_, AgentSession> {
        let (started_at, last_active_at) = times(past, self.now());
        self.write(&SESSION_TABLES, async move |transaction| {
            let old = fetch_session(transaction, &session_id).await?;
            if let Some(old) = old.as_ref().filter(|old| old.agent_id != agent_id) {
                let message = format!(
                    "session {} is agent {}'s, not {}'s",
                    Quoted(&session_id),
                    Quoted(&old.agent_id),
                    Quoted(&agent_id)
                );
                return Err(Error::new(ErrorKind::Conflict, message));
            }
            if let Some(old) = old.as_ref().filter(|old| is_outdated(past, old.last_active_at)) {
                return Ok(old.clone());
            }
            let is_expired = past.is_some_and(|past| past.is_expired);
            let session = AgentSession {
                session_id,
                agent_id,
                status: if is_expired { SessionStatus::Expired } else { SessionStatus::Active },
                started_at: old.as_ref().map_or(started_at, |old| old.started_at),
                last_active_at,
                metadata,
            };
            if past.is_none() && old.is_none_or(|old| old.status == SessionStatus::Expired) {
                let event = session_event(&session, AgentEventType::SessionStarted);
                record_event(transaction, event, last_active_at).await?;
            }
            self.put_session(transaction, &session)?;
            Ok(session)
        })
    }

    pub(crate) fn do_fetch_session<'a>(&'a self, session_id: &'a str) -> Pending<'a, Option<AgentSession>> {
        self.read(&[Table::Sessions], async move |transaction| fetch_session(transaction, session_id).await)
    }

    pub(crate) fn do_list_sessions<'a>(
        &'a self,
        agent_id: Option<&'a str>,
        status: Option<SessionStatus>,
    ) -> Pending<'a, Vec<AgentSession>> {
        self.read(&[Table::Sessions], async move |transaction| {
            let mut sessions = all_sessions(transaction).await?;
            sessions.retain(|session| {
                agent_id.is_none_or(|agent_id| session.agent_id == agent_id)
                    && status.is_none_or(|status| session.status == status)
            });
            // Rows come in the order of identifiers, which is kept among equals.
            Ok(in_descending_order(sessions, |session| session.last_active_at.as_micros()))
        })
    }

    pub(crate) fn do_heartbeat_session<'a>(&'a self, session_id: &'a str) -> Pending<'a, bool> {
        let now = self.now();
        self.write(&[Table::Sessions], async move |transaction| {
            match fetch_session(transaction, session_id).await? {
                Some(session) if session.status == SessionStatus::Active => {
                    self.put_session(transaction, &AgentSession { last_active_at: now, ..session })?;
                    Ok(true)
                }
                _ => Ok(false),
            }
        })
    }

    pub(crate) fn do_end_session<'a>(&'a self, session_id: &'a str) -> Pending<'a, bool> {
        let now = self.now();
        self.write(&SESSION_TABLES, async move |transaction| {
            match fetch_session(transaction, session_id).await? {
                Some(session) if session.status == SessionStatus::Active => {
                    self.expire(transaction, session, now).await?;
                    Ok(true)
                }
                _ => Ok(false),
            }
        })
    }

    pub(crate) fn do_expire_sessions(&self, idle_micros: i64) -> Pending<'_, Vec<String>> {
        let now = self.now();
        let latest = now.earlier_by(idle_micros);
        self.write(&SESSION_TABLES, async move |transaction| {
            let mut expired = Vec::new();
            for session in all_sessions(transaction).await? {
                if session.status == SessionStatus::Active && session.last_active_at <= latest {
                    expired.push(session.session_id.clone());
                    self.expire(transaction, session, now).await?;
                }
            }
            Ok(expired)
        })
    }

    pub(crate) fn do_get_agent_project<'a>(&'a self, agent_id: &'a str) -> Pending<'a, Option<AgentProject>> {
        let tables = &[Table::AgentProjects];
        self.read(tables, async move |transaction| fetch_agent_project(transaction, agent_id).await)
    }

    /// Returns all agents' current projects, in the order of agents' identifiers.
    ///
    /// It fails as every read does.
    pub fn list_agent_projects(&self) -> Pending<'_, Vec<AgentProject>> {
        self.read(&[Table::AgentProjects], async |transaction| {
            let rows = transaction.scan(Table::AgentProjects, &KeyRange::all(), ALL_ROWS).await?;
            record::decode_all(Kind::AgentProject, record::ANY, &rows, "agents' projects")
        })
    }

    pub(crate) fn do_set_agent_project(
        &self,
        change: SetAgentProject,
        past: Option<Past>,
    ) -> Pending<'_, AgentProject> {
        let (_, now) = times(past, self.now());
        let tables = &[
            Table::Projects,
            Table::ProjectNames,
            Table::AgentProjects,
            Table::AgentEvents,
            Table::Counters,
        ];
        let write = self
            .write(tables, async move |transaction| self.set_project(transaction, change, past, now).await);
        // A conflict changes the event log, so its transaction has to commit.
        Box::pin(async move { write.await? })
    }

    pub(crate) fn do_list_agent_events<'a>(
        &'a self,
        agent_id: Option<&'a str>,
        event_type: Option<AgentEventType>,
        limit: u64,
    ) -> Pending<'a, Vec<AgentEvent>> {
        let is_wanted = move |event: &NewEvent| {
            agent_id.is_none_or(|agent_id| event.agent_id == agent_id)
                && event_type.is_none_or(|event_type| event.event_type == event_type)
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.read(&[Table::AgentEvents], async move |transaction| {
            let last = transaction.last_key(Table::AgentEvents, &KeyRange::all()).await?;
            let mut end = last.and_then(|key| keys::last_number(&key)).map_or(0, |last| last + 1);
            let mut events = Vec::new();
            while end > 1 && events.len() < limit {
                let start = end.saturating_sub(BATCH).max(1);
                let range = KeyRange { start: keys::number(start), end: Some(keys::number(end)) };
                let rows = transaction.scan(Table::AgentEvents, &range, ALL_ROWS).await?;
                let batch = record::decode_all::<StoredEvent>(
                    Kind::AgentEvent,
                    record::ANY,
                    &rows,
                    "agents' events",
                )?;
                // Their numbers have no gaps.
                if start + (batch.len() as u64) < end {
                    return Err(Error::corrupt("one of agents' events", "is missing"));
                }
                let wanted = batch.into_iter().rev().filter(|stored| is_wanted(&stored.event));
                events.extend(wanted.map(|StoredEvent { id, event, created_at }| AgentEvent {
                    id,
                    event,
                    created_at,
                }));
                end = start;
            }
            events.truncate(limit);
            Ok(events)
        })
    }

    /// Writes a session, and notes that it changed.
    fn put_session(&self, transaction: &dyn Transaction, session: &AgentSession) -> Result<()> {
        let bytes = record::encode(Kind::Session, record::named(&session.session_id), session)?;
        let (agent_id, session_id) = (session.agent_id.clone(), session.session_id.clone());
        self.note(Change::Session { agent_id, session_id });
        transaction.put(Table::Sessions, session.session_id.as_bytes(), &bytes)
    }

    /// Ends an active session.
    async fn expire(&self, transaction: &dyn Transaction, session: AgentSession, now: Time) -> Result<()> {
        record_event(transaction, session_event(&session, AgentEventType::SessionEnded), now).await?;
        self.put_session(transaction, &AgentSession { status: SessionStatus::Expired, ..session })
    }

    /// Writes an agent's current project, and notes that it changed.
    fn put_agent_project(&self, transaction: &dyn Transaction, project: &AgentProject) -> Result<()> {
        let bytes = record::encode(Kind::AgentProject, record::named(&project.agent_id), project)?;
        self.note(Change::AgentProject {
            agent_id: project.agent_id.clone(),
            project: project.project_name.clone(),
            version: project.version,
        });
        transaction.put(Table::AgentProjects, project.agent_id.as_bytes(), &bytes)
    }

    /// Clears a project from the agents whose current one it is.
    pub(super) async fn clear_project(
        &self,
        transaction: &dyn Transaction,
        name: &str,
        now: Time,
    ) -> Result<()> {
        let rows = transaction.scan(Table::AgentProjects, &KeyRange::all(), ALL_ROWS).await?;
        for agent in
            record::decode_all::<AgentProject>(Kind::AgentProject, record::ANY, &rows, "agents' projects")?
        {
            if agent.project_name.as_deref() != Some(name) {
                continue;
            }
            let version = agent.version + 1;
            let event = NewEvent {
                agent_id: agent.agent_id.clone(),
                session_id: agent.session_id.clone(),
                event_type: AgentEventType::ProjectCleared,
                from_project: agent.project_name.clone(),
                to_project: None,
                expected_version: None,
                actual_version: Some(version),
                success: true,
            };
            record_event(transaction, event, now).await?;
            self.put_agent_project(
                transaction,
                &AgentProject { project_name: None, version, updated_at: now, ..agent },
            )?;
        }
        Ok(())
    }

    /// Sets an agent's current project. The inner error is a conflict, which the event log has to keep.
    async fn set_project(
        &self,
        transaction: &dyn Transaction,
        change: SetAgentProject,
        past: Option<Past>,
        now: Time,
    ) -> Result<Result<AgentProject>> {
        let SetAgentProject { agent_id, project_name, expected_version, updated_by, session_id } = change;
        let old = fetch_agent_project(transaction, &agent_id).await?;
        let old_version = old.as_ref().map_or(0, |old| old.version);
        if past.is_some_and(|past| past.version <= old_version)
            && let Some(old) = old
        {
            return Ok(Ok(old));
        }
        let from_project = old.and_then(|old| old.project_name);
        let event = NewEvent {
            agent_id: agent_id.clone(),
            session_id: session_id.clone(),
            event_type: AgentEventType::ConflictDetected,
            from_project: from_project.clone(),
            to_project: project_name.clone(),
            expected_version,
            actual_version: (old_version > 0).then_some(old_version),
            success: false,
        };
        if let Some(expected) = expected_version.filter(|&expected| expected != old_version) {
            let versions = Versions { expected: expected_version, actual: event.actual_version };
            record_event(transaction, event, now).await?;
            let message = format!(
                "agent {} was expected to be at version {expected}, and is at {old_version}",
                Quoted(&agent_id)
            );
            return Ok(Err(Error::conflict(message, versions)));
        }
        if let Some(name) = &project_name
            && fetch_by_name(transaction, name).await?.is_none()
        {
            return Err(no_such_project(&name.as_str().into()));
        }
        let event_type = match (&from_project, &project_name) {
            (_, None) => AgentEventType::ProjectCleared,
            (Some(from), Some(to)) if from != to => AgentEventType::ProjectSwitched,
            _ => AgentEventType::ProjectSet,
        };
        let version = past.map_or(old_version + 1, |past| past.version);
        let event = NewEvent { event_type, actual_version: Some(version), success: true, ..event };
        if past.is_none() {
            record_event(transaction, event, now).await?;
        }
        let project =
            AgentProject { agent_id, project_name, version, updated_at: now, updated_by, session_id };
        self.put_agent_project(transaction, &project)?;
        Ok(Ok(project))
    }
}

async fn all_sessions(transaction: &dyn Transaction) -> Result<Vec<AgentSession>> {
    let rows = transaction.scan(Table::Sessions, &KeyRange::all(), ALL_ROWS).await?;
    record::decode_all(Kind::Session, record::ANY, &rows, "sessions")
}
