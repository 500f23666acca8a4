//! What a medium promises.

use futures_util::future::LocalBoxFuture;

use crate::error::Result;

/// The tables of a store. Keys and values are bytes; keys are ordered bytewise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Project id → project.
    Projects,
    /// Project name → project id.
    ProjectNames,
    /// Project id, `seq` → entry that is in no segment yet.
    Tail,
    /// Entry id → project id, `seq`; of entries in the tail.
    Identifiers,
    /// Project id → what is known of its segments.
    Heads,
    /// Project id, segment id, part → a part of a segment.
    Segments,
    /// Segment id → fingerprints of the identifiers in it.
    Fingerprints,
    /// Project id, change id → change of a document.
    DocChanges,
    /// Project id, file path → report card.
    ReportCards,
    /// Session id → session.
    Sessions,
    /// Agent id → the agent's current project.
    AgentProjects,
    /// Event id → event.
    AgentEvents,
    /// Name → the number given last.
    Counters,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 13] = [
        Self::Projects,
        Self::ProjectNames,
        Self::Tail,
        Self::Identifiers,
        Self::Heads,
        Self::Segments,
        Self::Fingerprints,
        Self::DocChanges,
        Self::ReportCards,
        Self::Sessions,
        Self::AgentProjects,
        Self::AgentEvents,
        Self::Counters,
    ];

    /// Returns the table's place among all.
    #[must_use]
    pub const fn place(self) -> usize {
        self as usize
    }

    /// Returns the table's name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Projects => "projects",
            Self::ProjectNames => "project_names",
            Self::Tail => "tail",
            Self::Identifiers => "identifiers",
            Self::Heads => "heads",
            Self::Segments => "segments",
            Self::Fingerprints => "fingerprints",
            Self::DocChanges => "doc_changes",
            Self::ReportCards => "report_cards",
            Self::Sessions => "sessions",
            Self::AgentProjects => "agent_projects",
            Self::AgentEvents => "agent_events",
            Self::Counters => "counters",
        }
    }
}

/// What a committed transaction outlives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// A crash of the tab and a kill of the browser.
    #[default]
    Relaxed,
    /// A loss of power as well.
    Strict,
}

/// The keys from `start` up to but without `end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRange {
    /// The first key of the range.
    pub start: Vec<u8>,
    /// The first key behind the range; `None` if it goes on to the end.
    pub end: Option<Vec<u8>>,
}

impl KeyRange {
    /// All keys.
    #[must_use]
    pub const fn all() -> Self {
        Self { start: Vec::new(), end: None }
    }

    /// One key.
    #[must_use]
    pub fn only(key: &[u8]) -> Self {
        // The next key there can be is this one with a zero byte behind it.
        Self { start: key.to_vec(), end: Some([key, &[0]].concat()) }
    }

    /// Tells whether no key can be in the range.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.end.as_ref().is_some_and(|end| *end <= self.start)
    }
}

/// An ordered key-value store.
///
/// - **Atomic**: what a write transaction did is there as a whole once `write` returned `Ok`, and not at all
///   once it returned `Err`.
/// - **Isolated**: a transaction sees the state that committed transactions left, and its own writes; a
///   write transaction runs alone on its tables, also across tabs and workers.
/// - **Durable**: as its [`Durability`] says.
/// - **Ordered**: transactions that overlap begin in the order in which they were asked for.
pub trait Medium {
    /// Runs `body` in a read-only transaction on some tables and returns what it returns. All that it reads
    /// is from one snapshot.
    ///
    /// # Errors
    /// What `body` returns; `closed` if the medium was closed; what else stops a medium from reading.
    async fn read<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T>;

    /// Runs `body` in a transaction on some tables and commits it if `body` returns `Ok`.
    ///
    /// # Errors
    /// What `body` returns, after which nothing has changed; `conflict` if a key that was added is taken;
    /// `quota_exceeded`, `closed`, and what else stops a medium from writing.
    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T>;

    /// Lets go of the database, after transactions under way. Every later call is `closed`.
    async fn close(&self);
}

/// An answer that a medium still owes. Boxed: what awaits it is compiled once for all media, and stays small.
pub type Pending<'a, T> = LocalBoxFuture<'a, Result<T>>;

/// A transaction under way. Its body must await nothing but its methods: a transaction that is idle when
/// its body waits for something else commits by itself.
///
/// Writes are only issued; that they succeeded is known when the transaction has committed.
pub trait Transaction {
    /// Returns the number of the connection that it is on, from 0. What was learnt on another connection may not hold:
    /// a browser that clears a database drops the connections to it.
    fn connection(&self) -> u32 {
        0
    }

    /// Returns the value of a key.
    ///
    /// # Errors
    /// What stops a medium from reading.
    fn get<'a>(&'a self, table: Table, key: &'a [u8]) -> Pending<'a, Option<Vec<u8>>>;

    /// Returns the first `limit` values in a range, in the order of their keys.
    ///
    /// # Errors
    /// What stops a medium from reading.
    fn scan<'a>(&'a self, table: Table, range: &'a KeyRange, limit: u32) -> Pending<'a, Vec<Vec<u8>>>;

    /// Returns the last key in a range.
    ///
    /// # Errors
    /// What stops a medium from reading.
    fn last_key<'a>(&'a self, table: Table, range: &'a KeyRange) -> Pending<'a, Option<Vec<u8>>>;

    /// Returns how many bytes the keys and values of a table have.
    ///
    /// # Errors
    /// What stops a medium from reading.
    fn bytes(&self, table: Table) -> Pending<'_, u64>;

    /// Sets the value of a key.
    ///
    /// # Errors
    /// What the medium refuses at once.
    fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()>;

    /// Sets the value of a key that has none. If it has one, the transaction fails with `conflict`.
    ///
    /// # Errors
    /// What the medium refuses at once.
    fn add(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()>;

    /// Removes all keys in a range.
    ///
    /// # Errors
    /// What the medium refuses at once.
    fn delete(&self, table: Table, range: &KeyRange) -> Result<()>;
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn every_table_has_its_place() {
        let places: Vec<usize> = Table::ALL.iter().map(|table| table.place()).collect();
        assert_eq!(places, (0..Table::ALL.len()).collect::<Vec<_>>());
        assert_eq!(Table::Counters.place() + 1, Table::ALL.len(), "the last one is the last");
    }
}
