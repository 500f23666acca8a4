//! Arguments about agents.

use super::fields::{Fields, MAX_SAFE_INTEGER, wrong};
use crate::error::{Error, Result};
use crate::model::{AgentEventType, Json, Meta, SessionStatus, SetAgentProject};
use crate::storage::Past;

const DEFAULT_LIMIT: u64 = 50;

/// The arguments of `upsertAgentSession`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionUpsert {
    /// Whose session.
    pub agent_id: String,
    /// Which session.
    pub session_id: String,
    /// Anything else.
    pub metadata: Option<Meta>,
}

/// The argument of `listAgentSessions`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionQuery {
    /// Whose sessions; `None` for all.
    pub agent_id: Option<String>,
    /// In which state; `None` for any.
    pub status: Option<SessionStatus>,
}

/// The argument of `listAgentEvents`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    /// Whose events; `None` for all.
    pub agent_id: Option<String>,
    /// Of which type; `None` for any.
    pub event_type: Option<AgentEventType>,
    /// How many at most.
    pub limit: u64,
}

/// Reads `{ agentId, sessionId, metadata }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn session_upsert(text: &str) -> Result<SessionUpsert> {
    let mut fields = Fields::parse("the argument", text)?;
    let upsert = SessionUpsert {
        agent_id: fields.non_empty_string("agentId")?,
        session_id: fields.non_empty_string("sessionId")?,
        metadata: fields.meta("metadata")?,
    };
    fields.finish()?;
    Ok(upsert)
}

/// Reads `{ createdAt, updatedAt, version, isExpired }`: how a record was stored.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn past(text: &str) -> Result<Past> {
    let mut fields = Fields::parse("the record", text)?;
    Ok(Past {
        created_at: fields.time("createdAt")?,
        updated_at: fields.time("updatedAt")?,
        version: fields.whole("version", 1..=MAX_SAFE_INTEGER)?.unwrap_or_default(),
        is_expired: fields.flag("isExpired")?,
    })
}

/// Reads `{ sessionId }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn session_id(text: &str) -> Result<String> {
    let mut fields = Fields::parse("the argument", text)?;
    let id = fields.string("sessionId")?;
    fields.finish()?;
    Ok(id)
}

/// Reads `{ agentId }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn agent_id(text: &str) -> Result<String> {
    let mut fields = Fields::parse("the argument", text)?;
    let id = fields.string("agentId")?;
    fields.finish()?;
    Ok(id)
}

/// Reads the argument of `listAgentSessions`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn session_query(text: &str) -> Result<SessionQuery> {
    let mut fields = Fields::parse("the options object", text)?;
    let statuses = [("active", SessionStatus::Active), ("expired", SessionStatus::Expired)];
    let query = SessionQuery {
        agent_id: fields.optional_string("agentId")?,
        status: fields.one_of("status", &statuses)?,
    };
    fields.finish()?;
    Ok(query)
}

/// Reads `{ idleMs }` as microseconds.
///
/// # Errors
/// `invalid_argument` if it is not a finite number of at least 0.
pub fn idle_micros(text: &str) -> Result<i64> {
    let mut fields = Fields::parse("the argument", text)?;
    let millis = fields.number("idleMs")?;
    fields.finish()?;
    if millis < 0.0 {
        return Err(wrong("`idleMs`", "a number of at least 0", &Json::Number(millis)));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and so long is for ever")]
    Ok((millis * 1000.0).round() as i64)
}

/// Reads the argument of `setAgentProject`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn set_agent_project(text: &str) -> Result<SetAgentProject> {
    let mut fields = Fields::parse("the change", text)?;
    let agent_id = fields.non_empty_string("agentId")?;
    let project_name = match fields.take("projectName") {
        Some(Json::Null) => None,
        Some(Json::String(name)) if !name.is_empty() => Some(name),
        value => {
            let value = value.map_or_else(|| "missing".to_owned(), |value| value.to_canonical());
            return Err(Error::invalid(format!(
                "`projectName` must be a project's name or null, not {value}"
            )));
        }
    };
    let expected_version = fields.nullable_whole("expectedVersion", 0..=MAX_SAFE_INTEGER)?;
    let change = SetAgentProject {
        agent_id,
        project_name,
        expected_version,
        updated_by: fields.string("updatedBy")?,
        session_id: fields.string("sessionId")?,
    };
    fields.finish()?;
    Ok(change)
}

/// Reads the argument of `listAgentEvents`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn event_query(text: &str) -> Result<EventQuery> {
    let mut fields = Fields::parse("the options object", text)?;
    let query = EventQuery {
        agent_id: fields.optional_string("agentId")?,
        event_type: fields.one_of("eventType", &AgentEventType::ALL)?,
        limit: fields.whole("limit", 0..=MAX_SAFE_INTEGER)?.unwrap_or(DEFAULT_LIMIT),
    };
    fields.finish()?;
    Ok(query)
}
