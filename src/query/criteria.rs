//! Which entries are wanted.

use sha2::{Digest, Sha256};

use super::{MetaFilter, Scalar, TextMode, TextQuery};
use crate::model::Time;

/// Exact values that an entry's agent and emoji must have; `None` means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilters {
    /// The agent; an entry without one does not match.
    pub agent: Option<String>,
    /// The emoji.
    pub emoji: Option<String>,
}

/// Which entries of a project are wanted. All criteria must hold together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Criteria {
    /// The earliest time, inclusive.
    pub start: Option<Time>,
    /// The latest time, inclusive.
    pub end: Option<Time>,
    /// Any of these agents; empty for any at all.
    pub agents: Vec<String>,
    /// Any of these emojis; empty for any at all.
    pub emojis: Vec<String>,
    /// What the message must be like.
    pub text: Option<TextQuery>,
    /// What the metadata must hold.
    pub meta: Vec<MetaFilter>,
}

impl Criteria {
    /// Tells whether every entry matches.
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }

    /// Returns 8 bytes that differ for criteria or projects that differ, whatever the order in which lists were
    /// given, and once entries were removed: up to which `seq` is said by `removed`. A cursor carries them, so that it is not used
    /// with another query, or where pages have shifted.
    #[must_use]
    pub fn fingerprint(&self, project_id: u64, removed: u64) -> [u8; 8] {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        field(&project_id.to_le_bytes());
        for bound in [self.start, self.end] {
            field(&bound.map_or(vec![], |time| time.as_micros().to_le_bytes().to_vec()));
        }
        for list in [&self.agents, &self.emojis] {
            // A sum of the items' hashes, which is the same in whatever order they come.
            let hashes = list.iter().map(|item| first_eight(Sha256::digest(item.as_bytes())));
            let sum = hashes.fold(0_u64, |sum, hash| sum.wrapping_add(u64::from_le_bytes(hash)));
            field(&(list.len() as u64).to_le_bytes());
            field(&sum.to_le_bytes());
        }
        field(&[u8::from(self.text.is_some())]);
        if let Some(TextQuery { text, mode, case_sensitive }) = &self.text {
            let mode = match mode {
                TextMode::Substring => 0,
                TextMode::Exact => 1,
                TextMode::Regex => 2,
            };
            field(&[mode, u8::from(*case_sensitive)]);
            field(text.as_bytes());
        }
        // Members of an object come sorted by their keys.
        for MetaFilter { key, value } in &self.meta {
            field(key.as_bytes());
            match value {
                Scalar::Null => field(b"null"),
                Scalar::Bool(value) => field(&[b'b', u8::from(*value)]),
                Scalar::Number(value) => field(&[b"n", &value.to_le_bytes()[..]].concat()),
                Scalar::String(value) => field(&[b"s", value.as_bytes()].concat()),
            }
        }
        if removed > 0 {
            hash.update(removed.to_le_bytes());
        }
        first_eight(hash.finalize())
    }
}

fn first_eight(digest: impl AsRef<[u8]>) -> [u8; 8] {
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}

impl From<&EntryFilters> for Criteria {
    fn from(filters: &EntryFilters) -> Self {
        Self {
            agents: filters.agent.iter().cloned().collect(),
            emojis: filters.emoji.iter().cloned().collect(),
            ..Self::default()
        }
    }
}
