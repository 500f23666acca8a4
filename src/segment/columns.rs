//! Entries in columns: those of a segment, or of the tail.

use std::cell::OnceCell;
use std::fmt;

use super::head::Zone;
use super::identifiers::Identifiers;
use super::index::{Bounds, Index, Position};
use super::lines::Lines;
use super::messages::Messages;
use super::metas::Metas;
use crate::error::{Error, Result};
use crate::model::{Entry, Meta, Row, Time, canonical_line};
use crate::query::Filter;

/// What a segment is stored in, each part by itself. The numbers are stored: they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Numbers and dictionaries.
    Index = 0,
    /// Messages.
    Messages = 1,
    /// Metadata.
    Metas = 2,
    /// Identifiers.
    Identifiers = 3,
    /// Lines and hashes.
    Lines = 4,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] = [Self::Index, Self::Messages, Self::Metas, Self::Identifiers, Self::Lines];

    /// Returns what messages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Index => "the index part",
            Self::Messages => "the messages part",
            Self::Metas => "the metadata part",
            Self::Identifiers => "the identifiers part",
            Self::Lines => "the lines part",
        }
    }

    /// Returns the parts that a query needs to tell which entries match.
    #[must_use]
    pub fn needed_by(filter: &Filter) -> Vec<Self> {
        let mut parts = vec![Self::Index];
        if filter.text.is_some() {
            parts.push(Self::Messages);
        }
        if !filter.meta.is_empty() {
            parts.push(Self::Metas);
        }
        parts
    }
}

/// Entries in columns, as far as they are in memory.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    index: OnceCell<Index>,
    messages: OnceCell<Messages>,
    metas: OnceCell<Metas>,
    identifiers: OnceCell<Identifiers>,
    lines: OnceCell<Lines>,
}

impl Columns {
    /// Makes the columns of a tail, whose first entry will have the `seq` given.
    #[must_use]
    pub fn of_tail(first_seq: u64) -> Self {
        Self {
            index: OnceCell::from(Index::new(first_seq)),
            messages: OnceCell::from(Messages::default()),
            metas: OnceCell::from(Metas::default()),
            identifiers: OnceCell::from(Identifiers::default()),
            lines: OnceCell::from(Lines::default()),
        }
    }

    /// Makes the columns of a segment: rows with their `seq`, in the order of time, then `seq`.
    ///
    /// # Errors
    /// `corrupt` if metadata is not a JSON object, which that of an entry always is.
    pub fn of_segment(first_seq: u64, rows: &[(u64, Row<'_>)], project: &str) -> Result<Self> {
        let mut index = Index::new(first_seq);
        let mut messages = Messages::default();
        let mut identifiers = Identifiers::default();
        let mut lines = Lines::default();
        for (seq, row) in rows {
            index.push(*seq, row);
            messages.push(row.message);
            identifiers.push(row.entry_id);
            let meta = Meta::from_canonical(row.meta);
            let canonical =
                canonical_line(row.emoji, row.ts, row.agent, project, row.entry_id, row.message, &meta)?;
            lines.push((canonical != row.raw_line).then_some(row.raw_line), row.sha256);
        }
        let metas = Metas::from_texts(&rows.iter().map(|(_, row)| row.meta).collect::<Vec<_>>());
        Ok(Self {
            index: OnceCell::from(index),
            messages: OnceCell::from(messages),
            metas: OnceCell::from(metas),
            identifiers: OnceCell::from(identifiers),
            lines: OnceCell::from(lines),
        })
    }

    /// Appends an entry to a tail.
    pub fn push(&mut self, seq: u64, row: &Row<'_>) {
        self.index.get_mut().into_iter().for_each(|index| index.push(seq, row));
        self.messages.get_mut().into_iter().for_each(|messages| messages.push(row.message));
        self.metas.get_mut().into_iter().for_each(|metas| metas.push(row.meta));
        self.identifiers.get_mut().into_iter().for_each(|identifiers| identifiers.push(row.entry_id));
        self.lines.get_mut().into_iter().for_each(|lines| lines.push(Some(row.raw_line), row.sha256));
    }

    /// Returns how many rows there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.index.get().map_or(0, Index::len)
    }

    /// Tells whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells whether a part is in memory.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::Index => self.index.get().is_some(),
            Part::Messages => self.messages.get().is_some(),
            Part::Metas => self.metas.get().is_some(),
            Part::Identifiers => self.identifiers.get().is_some(),
            Part::Lines => self.lines.get().is_some(),
        }
    }

    /// Reads a stored part of a segment, which has so many rows. A part that is there already stays.
    ///
    /// # Errors
    /// `corrupt` if the bytes are not what was written; `too_new` if a newer release wrote them.
    pub fn load(&self, part: Part, bytes: &[u8], zone: &Zone, place: &dyn fmt::Display) -> Result<()> {
        let &Zone { id, count: rows, .. } = zone;
        let kept = match part {
            Part::Index => keep(&self.index, Index::decode(bytes, id, place)?, Index::len, rows),
            Part::Messages => keep(&self.messages, Messages::decode(bytes, id, place)?, Messages::len, rows),
            Part::Metas => keep(&self.metas, Metas::decode(bytes, id, place)?, Metas::len, rows),
            Part::Identifiers => {
                keep(&self.identifiers, Identifiers::decode(bytes, id, rows, place)?, Identifiers::len, rows)
            }
            Part::Lines => keep(&self.lines, Lines::decode(bytes, id, place)?, Lines::len, rows),
        };
        kept.map_err(|found| Error::corrupt(place, format_args!("has {found} rows and not {rows}")))
    }

    /// Writes a part of the segment that has a number.
    ///
    /// # Errors
    /// `internal` if it is not in memory, or cannot be written, which no part is.
    pub fn encode(&self, part: Part, segment_id: u64) -> Result<Vec<u8>> {
        match part {
            Part::Index => self.index()?.encode(segment_id),
            Part::Messages => loaded(&self.messages)?.encode(segment_id),
            Part::Metas => loaded(&self.metas)?.encode(segment_id),
            Part::Identifiers => loaded(&self.identifiers)?.encode(segment_id),
            Part::Lines => loaded(&self.lines)?.encode(segment_id),
        }
    }

    pub(super) fn index(&self) -> Result<&Index> {
        loaded(&self.index)
    }

    /// Returns the rows that match, oldest first. Of a pattern it is only known that they may match it.
    ///
    /// # Errors
    /// `internal` if a part that this takes is not in memory.
    pub fn select(&self, filter: &Filter, bounds: Bounds) -> Result<Vec<u32>> {
        let index = self.index()?;
        // To put in order what is found takes less than to ask of each row, in order, whether it was found.
        if let Some(matcher) = &filter.text
            && filter.meta.is_empty()
            && index.takes_all(filter, bounds)
            && let Some(rows) = loaded(&self.messages)?.matching(matcher)
        {
            return Ok(index.in_order(rows));
        }
        let mut rows = index.select(filter, bounds);
        for filter in &filter.meta {
            loaded(&self.metas)?.retain(filter, &mut rows);
        }
        if let Some(matcher) = &filter.text {
            loaded(&self.messages)?.retain(matcher, &mut rows);
        }
        Ok(rows)
    }

    /// Returns a row's message.
    ///
    /// # Errors
    /// `internal` if the messages are not in memory.
    pub fn message(&self, row: u32) -> Result<&str> {
        Ok(loaded(&self.messages)?.get(row))
    }

    /// Returns a row's place in the order.
    #[must_use]
    pub fn position(&self, row: u32) -> Option<Position> {
        self.index.get()?.position(row)
    }

    /// Returns the oldest and the newest time; `None` while there are no rows.
    #[must_use]
    pub fn span(&self) -> Option<(Time, Time)> {
        self.index.get()?.span()
    }

    /// Counts rows by emoji.
    #[must_use]
    pub fn emoji_counts(&self) -> Vec<(&str, u32)> {
        self.index.get().map(Index::emoji_counts).unwrap_or_default()
    }

    /// Returns the row that has an identifier.
    ///
    /// # Errors
    /// `internal` if the identifiers are not in memory.
    pub fn find(&self, entry_id: &str) -> Result<Option<u32>> {
        Ok(loaded(&self.identifiers)?.find(entry_id))
    }

    /// Returns the fingerprints of all identifiers, ascending.
    ///
    /// # Errors
    /// `internal` if the identifiers are not in memory.
    pub fn fingerprints(&self) -> Result<Vec<u32>> {
        Ok(loaded(&self.identifiers)?.fingerprints())
    }

    /// Returns the entry of a row. All parts must be in memory.
    ///
    /// # Errors
    /// `internal` if a part is not in memory or there is no such row; `corrupt` if its metadata is not a
    /// JSON object.
    pub fn entry(&self, row: u32, project: &str) -> Result<Entry> {
        let index = self.index()?;
        let missing = || Error::internal("a row that was selected is not there");
        let Position { ts, seq } = index.position(row).ok_or_else(missing)?;
        let emoji = index.emoji(row).ok_or_else(missing)?.to_owned();
        let agent = index.agent(row).map(str::to_owned);
        let message = loaded(&self.messages)?.get(row).to_owned();
        let meta = Meta::from_canonical(&loaded(&self.metas)?.get(row));
        let entry_id = loaded(&self.identifiers)?.get(row).to_owned();
        let lines = loaded(&self.lines)?;
        let raw_line = match lines.line(row) {
            Some(line) => line.to_owned(),
            None => canonical_line(&emoji, ts, agent.as_deref(), project, &entry_id, &message, &meta)?,
        };
        let (project, sha256) = (project.to_owned(), lines.hash(row));
        Ok(Entry { entry_id, project, seq, ts, emoji, agent, message, meta, raw_line, sha256 })
    }

    /// Returns roughly how many bytes of memory this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.index.get().map_or(0, Index::bytes)
            + self.messages.get().map_or(0, Messages::bytes)
            + self.metas.get().map_or(0, Metas::bytes)
            + self.identifiers.get().map_or(0, Identifiers::bytes)
            + self.lines.get().map_or(0, Lines::bytes)
    }
}

/// Keeps a part that has as many rows as it should; of another it returns how many it has.
fn keep<T>(cell: &OnceCell<T>, part: T, len: fn(&T) -> u32, rows: u32) -> Result<(), u32> {
    let found = len(&part);
    if found != rows {
        return Err(found);
    }
    cell.get_or_init(|| part);
    Ok(())
}

fn loaded<T>(cell: &OnceCell<T>) -> Result<&T> {
    cell.get().ok_or_else(|| Error::internal("a part of a segment was not read"))
}
