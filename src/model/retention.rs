//! Removing old entries.

use serde::Serialize;

use super::{ProjectRef, Time};

/// Which entries of a log are to be kept; those that no member keeps may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Whose entries.
    pub project: ProjectRef,
    /// What is not before this time is kept.
    pub before: Option<Time>,
    /// So many of the newest are kept.
    pub keep_newest: Option<u64>,
}

/// What removing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PruneReport {
    /// How many entries were removed.
    pub removed: u64,
    /// How many are left.
    pub remaining: u64,
    /// The `seq` of the first that is left.
    pub first_seq: Option<u64>,
}
