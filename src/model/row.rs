//! An entry, borrowed.

use super::{Entry, NewEntry, Time};

/// What a log keeps of an entry, wherever its parts are.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// When it happened.
    pub ts: Time,
    /// Its kind, as an emoji.
    pub emoji: &'a str,
    /// Who wrote it.
    pub agent: Option<&'a str>,
    /// Unique in the store.
    pub entry_id: &'a str,
    /// What happened.
    pub message: &'a str,
    /// Canonical text of the metadata.
    pub meta: &'a str,
    /// The entry as a line of a text log.
    pub raw_line: &'a str,
    /// The hash of that line.
    pub sha256: &'a str,
}

impl Row<'_> {
    /// Returns how many bytes its texts have.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        let agent = if let Some(agent) = self.agent { agent.len() } else { 0 };
        let Self { emoji, entry_id, message, meta, raw_line, sha256, .. } = self;
        emoji.len() + agent + entry_id.len() + message.len() + meta.len() + raw_line.len() + sha256.len()
    }
}

impl<'a> From<&'a NewEntry> for Row<'a> {
    fn from(entry: &'a NewEntry) -> Self {
        Row {
            ts: entry.ts,
            emoji: &entry.emoji,
            agent: entry.agent.as_deref(),
            entry_id: &entry.entry_id,
            message: &entry.message,
            meta: entry.meta.as_str(),
            raw_line: &entry.raw_line,
            sha256: &entry.sha256,
        }
    }
}

impl<'a> From<&'a Entry> for Row<'a> {
    fn from(entry: &'a Entry) -> Self {
        Row {
            ts: entry.ts,
            emoji: &entry.emoji,
            agent: entry.agent.as_deref(),
            entry_id: &entry.entry_id,
            message: &entry.message,
            meta: entry.meta.as_str(),
            raw_line: &entry.raw_line,
            sha256: &entry.sha256,
        }
    }
}
