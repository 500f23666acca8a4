//! Counts of entries by time.

use crate::model::Time;

/// What entries of a bucket are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// The agent, or that there is none.
    Agent,
    /// The emoji.
    Emoji,
}

impl GroupBy {
    /// Every way, with its name.
    pub const ALL: [(&str, Self); 2] = [("agent", Self::Agent), ("emoji", Self::Emoji)];
}

/// How entries are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucketing {
    /// How long a bucket is, in milliseconds: 1 to 2^53 - 1. Buckets are aligned to the epoch.
    pub millis: u64,
    /// What is counted by itself in each bucket.
    pub by: Option<GroupBy>,
}

/// The entries that match, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How long a bucket is, in milliseconds.
    pub bucket_ms: u64,
    /// How many entries match.
    pub total_count: u64,
    /// What was counted by itself, most frequent first, then by code point; none for no agent.
    pub groups: Vec<Option<String>>,
    /// The buckets that have entries, oldest first.
    pub buckets: Vec<Bucket>,
}

/// The entries of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins.
    pub start: Time,
    /// How many entries it has.
    pub count: u64,
    /// How many each group has, in the order of the groups.
    pub counts: Vec<u64>,
}
