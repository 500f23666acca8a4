//! What a backup tells of a record besides its fields.

use crate::model::Time;

/// How a record was stored that is put back from a backup. With it a write takes its times and version from there, leaves
/// a record alone that is as new or newer, and writes no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// When it was first stored.
    pub created_at: Time,
    /// When it was last changed; of a session, its last sign of life.
    pub updated_at: Time,
    /// The version of an agent's project.
    pub version: u64,
    /// Whether a session was ended.
    pub is_expired: bool,
}

/// When a record is first stored, and last changed.
pub(super) fn times(past: Option<Past>, now: Time) -> (Time, Time) {
    past.map_or((now, now), |past| (past.created_at, past.updated_at))
}

/// Tells whether a record is put back of which there is one that is as new.
pub(super) fn is_outdated(past: Option<Past>, updated_at: Time) -> bool {
    past.is_some_and(|past| past.updated_at <= updated_at)
}
