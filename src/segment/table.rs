//! The column table: the entries of one log, in memory.

use std::cell::RefCell;

use super::dictionary::Dictionary;
use super::texts::Texts;
use crate::model::{Entry, Meta, ProjectMetrics, Status, Time, ascending_order};

/// What a table keeps of an entry. Its `seq` is its place.
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

/// Entries in columns, in the order of `seq` (the first has 1, none is missing), with an index by time.
#[derive(Debug, Default)]
pub struct Table {
    pub(super) ts: Vec<Time>,
    /// Numbers in `agents`; [`NO_AGENT`] for none.
    pub(super) agent: Vec<u32>,
    pub(super) emoji: Vec<u32>,
    pub(super) agents: Dictionary,
    pub(super) emojis: Dictionary,
    pub(super) message: Texts,
    pub(super) meta: Texts,
    entry_id: Texts,
    raw_line: Texts,
    sha256: Texts,
    /// Rows by time, then `seq`, oldest first.
    pub(super) by_time: Vec<u32>,
    is_sorted: bool,
    /// Messages folded for comparison without case, as far as a query has needed them.
    pub(super) folded: RefCell<Texts>,
}

/// The number that stands for "no agent".
pub(super) const NO_AGENT: u32 = u32::MAX;

impl Table {
    /// Returns how many entries there are, which is the last one's `seq`.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.ts.len() as u64
    }

    /// Appends an entry, whose `seq` becomes `last_seq() + 1`. [`Self::settle`] must follow before a query.
    pub fn push(&mut self, row: Row<'_>) {
        let number = u32::try_from(self.ts.len()).unwrap_or(u32::MAX);
        if self.by_time.is_empty() {
            self.is_sorted = true;
        } else if self.by_time.last().and_then(|&last| self.ts.get(last as usize)) > Some(&row.ts) {
            self.is_sorted = false;
        }
        self.by_time.push(number);
        self.ts.push(row.ts);
        self.agent.push(row.agent.map_or(NO_AGENT, |agent| self.agents.number(agent)));
        self.emoji.push(self.emojis.number(row.emoji));
        self.entry_id.push(row.entry_id);
        self.message.push(row.message);
        self.meta.push(row.meta);
        self.raw_line.push(row.raw_line);
        self.sha256.push(row.sha256);
    }

    /// Brings the index by time up to date.
    pub fn settle(&mut self) {
        if !self.is_sorted {
            self.by_time = ascending_order(self.ts.iter().map(|ts| ts.as_micros()));
            self.is_sorted = true;
        }
    }

    /// Returns the entry of a row.
    #[must_use]
    pub fn entry(&self, row: u32, project: &str) -> Option<Entry> {
        let index = row as usize;
        let agent = *self.agent.get(index)?;
        Some(Entry {
            entry_id: self.entry_id.get(row).to_owned(),
            project: project.to_owned(),
            seq: u64::from(row) + 1,
            ts: *self.ts.get(index)?,
            emoji: self.emojis.string(*self.emoji.get(index)?).to_owned(),
            agent: (agent != NO_AGENT).then(|| self.agents.string(agent).to_owned()),
            message: self.message.get(row).to_owned(),
            meta: Meta::from_canonical(self.meta.get(row)),
            raw_line: self.raw_line.get(row).to_owned(),
            sha256: self.sha256.get(row).to_owned(),
        })
    }

    /// Counts all entries, and those of the emojis that metrics tell apart.
    #[must_use]
    pub fn metrics(&self) -> ProjectMetrics {
        let count = |status: Status| {
            let mask = self.emojis.mask(&[status.emoji().to_owned()]);
            let wanted =
                mask.iter().position(|&is_wanted| is_wanted).and_then(|number| u32::try_from(number).ok());
            wanted.map_or(0, |wanted| self.emoji.iter().filter(|&&number| number == wanted).count() as u64)
        };
        ProjectMetrics {
            total_entries: self.last_seq(),
            success_count: count(Status::Success),
            warn_count: count(Status::Warn),
            error_count: count(Status::Error),
            last_update: self.by_time.last().and_then(|&row| self.ts.get(row as usize)).copied(),
        }
    }

    /// Returns roughly how many bytes of memory the table takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let numbers = self.ts.capacity() * size_of::<Time>()
            + (self.agent.capacity() + self.emoji.capacity() + self.by_time.capacity()) * size_of::<u32>();
        let texts = [&self.message, &self.meta, &self.entry_id, &self.raw_line, &self.sha256];
        let texts: usize = texts.into_iter().map(Texts::bytes).sum();
        numbers + texts + self.folded.borrow().bytes() + self.agents.bytes() + self.emojis.bytes()
    }
}
