//! Agents: their sessions, their current projects, and what happened to both.

use serde::{Deserialize, Serialize};

use super::{Meta, Time};

/// Whether a session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionStatus {
    /// It goes on.
    Active,
    /// It was ended, or showed no sign of life for too long.
    Expired,
}

/// A session of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentSession {
    /// Unique in the store.
    pub session_id: String,
    /// Whose session it is.
    pub agent_id: String,
    /// Whether it goes on.
    pub status: SessionStatus,
    /// When it was created.
    pub started_at: Time,
    /// Its last sign of life.
    pub last_active_at: Time,
    /// Anything else.
    pub metadata: Option<Meta>,
}

/// The project that an agent is working on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentProject {
    /// Whose project it is.
    pub agent_id: String,
    /// The project's name; `None` after it was cleared.
    pub project_name: Option<String>,
    /// 1 on creation, then 1 more with each change.
    pub version: u64,
    /// When it was last changed.
    pub updated_at: Time,
    /// Who changed it.
    pub updated_by: String,
    /// In which session.
    pub session_id: String,
}

/// What `set_agent_project` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAgentProject {
    /// Whose project is set.
    pub agent_id: String,
    /// To what; `None` clears it.
    pub project_name: Option<String>,
    /// `None`: whatever is there. 0: only if the agent has none yet. n: only if the version is n.
    pub expected_version: Option<u64>,
    /// Who changes it.
    pub updated_by: String,
    /// In which session; not checked.
    pub session_id: String,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgentEventType {
    /// A session was created, or made active again.
    SessionStarted,
    /// A session was ended, or expired.
    SessionEnded,
    /// An agent's project was set from none, or to the same.
    ProjectSet,
    /// An agent's project was set to another one.
    ProjectSwitched,
    /// An agent's project was set to none.
    ProjectCleared,
    /// A change expected a version that was not there.
    ConflictDetected,
}

impl AgentEventType {
    /// Every type with its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("session_started", Self::SessionStarted),
        ("session_ended", Self::SessionEnded),
        ("project_set", Self::ProjectSet),
        ("project_switched", Self::ProjectSwitched),
        ("project_cleared", Self::ProjectCleared),
        ("conflict_detected", Self::ConflictDetected),
    ];

    /// Returns the type's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, event_type)| *event_type == self).map_or("", |(name, _)| name)
    }
}

/// One thing that happened to a session or an agent's project, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentEvent {
    /// Unique in the store, ascending.
    pub id: u64,
    /// What happened.
    pub event: NewEvent,
    /// When.
    pub created_at: Time,
}

/// What an event tells, before it has an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEvent {
    /// Whose.
    pub agent_id: String,
    /// In which session.
    pub session_id: String,
    /// What kind of thing.
    pub event_type: AgentEventType,
    /// The agent's project before.
    pub from_project: Option<String>,
    /// The agent's project after, or the one that was not set.
    pub to_project: Option<String>,
    /// What version the caller expected.
    pub expected_version: Option<u64>,
    /// What version there is now.
    pub actual_version: Option<u64>,
    /// Whether it took effect.
    pub success: bool,
}
