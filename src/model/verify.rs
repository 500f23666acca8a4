//! What comes of checking a log.

use serde::Serialize;

use super::Chain;

/// What `verify_project` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifyReport {
    /// Whether every entry is what was written.
    pub ok: bool,
    /// The `seq` of the first entry there is, or would be: 1 unless entries were removed.
    pub from_seq: u64,
    /// How many entries were looked at.
    pub entries: u64,
    /// The head of the chain as recomputed, as 64 hex digits.
    pub head: String,
    /// The first entry that is not as it should be.
    pub first_bad: Option<FirstBad>,
}

/// An entry that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FirstBad {
    /// Its number.
    pub seq: u64,
    /// Its identifier, if it is there.
    pub entry_id: Option<String>,
    /// What is wrong.
    pub reason: BadReason,
}

/// What can be wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadReason {
    /// `sha256` is not the hash of `raw_line`.
    LineHash,
    /// The chain up to here is not the one that was stored.
    Chain,
    /// There is no such entry, though there are later ones.
    Missing,
}

impl VerifyReport {
    /// Makes a report of the entries from one `seq` to another.
    #[must_use]
    pub fn new(from_seq: u64, last_seq: u64, head: Chain, first_bad: Option<FirstBad>) -> Self {
        let entries = (last_seq + 1).saturating_sub(from_seq);
        Self { ok: first_bad.is_none(), from_seq, entries, head: head.to_hex(), first_bad }
    }
}
