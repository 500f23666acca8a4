//! Entries of a progress log.

use serde::{Deserialize, Serialize};

use super::{Meta, ProjectRef, Time};

/// An entry, as stored and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Unique in the store.
    pub entry_id: String,
    /// The project's name.
    pub project: String,
    /// Insertion order within the project, from 1, never reused.
    pub seq: u64,
    /// When it happened.
    pub ts: Time,
    /// Its kind, as an emoji.
    pub emoji: String,
    /// Who wrote it.
    pub agent: Option<String>,
    /// What happened.
    pub message: String,
    /// Anything else.
    pub meta: Meta,
    /// The entry as a line of a text log, as given.
    pub raw_line: String,
    /// The hash of `raw_line`, as given.
    pub sha256: String,
}

/// What `insert_entry` takes: an entry whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Unique in the store, not empty.
    pub entry_id: String,
    /// Where it belongs.
    pub project: ProjectRef,
    /// When it happened.
    pub ts: Time,
    /// Its kind, as an emoji.
    pub emoji: String,
    /// Who wrote it.
    pub agent: Option<String>,
    /// What happened.
    pub message: String,
    /// Anything else.
    pub meta: Meta,
    /// The entry as a line of a text log; stored as given.
    pub raw_line: String,
    /// The hash of `raw_line`; stored as given.
    pub sha256: String,
}

/// What `append_entry` takes: the store adds the identifier, the canonical line and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppendEntry {
    /// Where it belongs.
    pub project: ProjectRef,
    /// What happened.
    pub message: String,
    /// Its kind, as an emoji.
    pub emoji: String,
    /// Who wrote it.
    pub agent: Option<String>,
    /// Anything else.
    pub meta: Meta,
    /// When it happened; `None` for now.
    pub ts: Option<Time>,
    /// `None` for a new `UUIDv7`.
    pub entry_id: Option<String>,
}

/// What `insert_entries` did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inserted {
    /// How many entries were stored.
    pub inserted: u64,
    /// How many were there already, in the store or earlier in the call.
    pub duplicates: u64,
}

/// The words that stand for emojis when an entry is appended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// `ℹ️`
    #[default]
    Info,
    /// `✅`
    Success,
    /// `⚠️`
    Warn,
    /// `❌`
    Error,
    /// `🐞`
    Bug,
    /// `🧭`
    Plan,
}

impl Status {
    /// Every status with its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("info", Self::Info),
        ("success", Self::Success),
        ("warn", Self::Warn),
        ("error", Self::Error),
        ("bug", Self::Bug),
        ("plan", Self::Plan),
    ];

    /// Returns the emoji that the status stands for.
    #[must_use]
    pub const fn emoji(self) -> &'static str {
        match self {
            Self::Info => "ℹ️",
            Self::Success => "✅",
            Self::Warn => "⚠️",
            Self::Error => "❌",
            Self::Bug => "🐞",
            Self::Plan => "🧭",
        }
    }
}
