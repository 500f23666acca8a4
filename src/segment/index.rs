//! The numbers of a segment: times, `seq`, and who and what as numbers in dictionaries.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::record::{self, Kind};
use crate::model::{Dictionary, StoredTexts, Texts, in_ascending_order};
use crate::model::{Row, Time};
use crate::query::{Filter, GroupBy};

/// A place in the order of entries: that of an entry already seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Its time.
    pub ts: Time,
    /// Its `seq`.
    pub seq: u64,
}

/// Which entries of a log are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The highest `seq`.
    pub up_to: u64,
    /// Only entries behind this place, which is newer than all of them.
    pub after: Option<Position>,
}

impl Bounds {
    /// All entries.
    pub const NONE: Self = Self { up_to: u64::MAX, after: None };
}

/// No more rows than one in so many are put in order by themselves.
const FEW: usize = 64;

/// The number that stands for "no agent".
const NO_AGENT: u32 = u32::MAX;

/// The numbers of a segment, row by row.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    first_seq: u64,
    ts: Vec<Time>,
    /// What is to be added to `first_seq`.
    seq: Vec<u32>,
    /// Numbers in `agents`; [`NO_AGENT`] for none.
    agent: Vec<u32>,
    emoji: Vec<u32>,
    agents: Dictionary,
    emojis: Dictionary,
    /// Rows by time, then `seq`, oldest first; missing where that is the order of rows.
    by_time: Option<Vec<u32>>,
}

/// The numbers as they are stored. Rows are in the order of time, then `seq`.
#[derive(Debug, Serialize, Deserialize)]
struct Stored<'a> {
    first_seq: u64,
    /// The oldest time; then what the time grew by, row by row. Microseconds.
    oldest: Time,
    steps: Vec<u64>,
    /// What `seq` grew by, row by row, from `first_seq` on.
    seq_steps: Vec<i32>,
    #[serde(borrow)]
    agents: StoredTexts<'a>,
    #[serde(borrow)]
    emojis: StoredTexts<'a>,
    /// Numbers in `agents`, from 1; 0 for none.
    agent: Vec<u32>,
    /// Numbers in `emojis`, from 0.
    emoji: Vec<u32>,
}

impl Index {
    pub fn new(first_seq: u64) -> Self {
        Self { first_seq, ..Self::default() }
    }

    /// Appends a row, which has the `seq` given.
    pub fn push(&mut self, seq: u64, row: &Row<'_>) {
        let count = self.len();
        let newest = count.checked_sub(1).and_then(|last| self.ts(self.nth(last)?));
        if newest.is_some_and(|newest| newest > row.ts) {
            let rank = self.rank_where(|place| place.ts <= row.ts);
            self.by_time.get_or_insert_with(|| (0..count).collect()).insert(rank as usize, count);
        } else if let Some(by_time) = &mut self.by_time {
            by_time.push(count);
        }
        self.ts.push(row.ts);
        self.seq.push(u32::try_from(seq.saturating_sub(self.first_seq)).unwrap_or(u32::MAX));
        self.agent.push(row.agent.map_or(NO_AGENT, |agent| self.agents.number(agent)));
        self.emoji.push(self.emojis.number(row.emoji));
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> u32 {
        u32::try_from(self.ts.len()).unwrap_or(u32::MAX)
    }

    pub fn ts(&self, row: u32) -> Option<Time> {
        self.ts.get(row as usize).copied()
    }

    pub fn seq(&self, row: u32) -> Option<u64> {
        self.seq.get(row as usize).map(|&offset| self.first_seq.saturating_add(offset.into()))
    }

    /// Returns a row's place in the order.
    pub fn position(&self, row: u32) -> Option<Position> {
        Some(Position { ts: self.ts(row)?, seq: self.seq(row)? })
    }

    /// Returns the agent of a row.
    pub fn agent(&self, row: u32) -> Option<&str> {
        self.agent.get(row as usize).and_then(|&number| self.agents.string(number))
    }

    pub fn emoji(&self, row: u32) -> Option<&str> {
        self.emoji.get(row as usize).and_then(|&number| self.emojis.string(number))
    }

    /// Returns the numbers of who or what, row by row, and what they stand for. That of no agent is `u32::MAX`.
    pub fn column(&self, by: GroupBy) -> (&[u32], &Dictionary) {
        match by {
            GroupBy::Agent => (&self.agent, &self.agents),
            GroupBy::Emoji => (&self.emoji, &self.emojis),
        }
    }

    /// Returns the oldest and the newest time.
    pub fn span(&self) -> Option<(Time, Time)> {
        let last = self.len().checked_sub(1)?;
        Some((self.ts(self.nth(0)?)?, self.ts(self.nth(last)?)?))
    }

    /// Counts rows by agent: how many have none, and how many have each.
    pub fn agent_counts(&self) -> (u32, Vec<(&str, u32)>) {
        let without = self.agent.iter().filter(|&&number| number == NO_AGENT).count();
        (u32::try_from(without).unwrap_or(u32::MAX), counts(&self.agent, &self.agents))
    }

    /// Counts rows by emoji.
    pub fn emoji_counts(&self) -> Vec<(&str, u32)> {
        counts(&self.emoji, &self.emojis)
    }

    /// Returns the row that has a rank in the order of time, oldest first.
    fn nth(&self, rank: u32) -> Option<u32> {
        match &self.by_time {
            Some(by_time) => by_time.get(rank as usize).copied(),
            None => (rank < self.len()).then_some(rank),
        }
    }

    /// Returns the first rank whose row is not before what `is_before` tells of.
    fn rank_where(&self, is_before: impl Fn(Position) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.nth(middle).and_then(|row| self.position(row)).is_some_and(&is_before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Returns the rows that match as far as numbers tell, oldest first.
    pub fn select(&self, filter: &Filter, bounds: Bounds) -> Vec<u32> {
        let from = filter.start.map_or(0, |start| self.rank_where(|place| place.ts < start));
        let to = filter.end.map_or(self.len(), |end| self.rank_where(|place| place.ts <= end));
        let to = bounds.after.map_or(to, |after| self.rank_where(|place| place < after).min(to));
        let up_to = bounds.up_to.checked_sub(self.first_seq);
        let Some(up_to) = up_to else { return Vec::new() };
        let mut rows: Vec<u32> = match &self.by_time {
            Some(by_time) => by_time.get(from as usize..to as usize).unwrap_or_default().to_vec(),
            None => (from..to).collect(),
        };
        if up_to < u64::from(self.len()).saturating_sub(1) {
            rows.retain(|&row| self.seq.get(row as usize).is_some_and(|&seq| u64::from(seq) <= up_to));
        }
        for (wanted, known, numbers) in
            [(&filter.agents, &self.agents, &self.agent), (&filter.emojis, &self.emojis, &self.emoji)]
        {
            if !wanted.is_empty() {
                rows = rows_that_have(&known.mask(wanted), numbers, &rows);
            }
        }
        rows
    }

    /// Tells whether all rows match as far as numbers tell: none is looked at.
    pub fn takes_all(&self, filter: &Filter, bounds: Bounds) -> bool {
        let Filter { start: None, end: None, agents, emojis, .. } = filter else { return false };
        let Bounds { up_to, after: None } = bounds else { return false };
        agents.is_empty()
            && emojis.is_empty()
            && up_to >= self.first_seq.saturating_add(self.len().saturating_sub(1).into())
    }

    /// Puts rows, which are ascending, in the order of time, oldest first.
    pub fn in_order(&self, rows: Vec<u32>) -> Vec<u32> {
        let Some(by_time) = &self.by_time else { return rows };
        if rows.len() > by_time.len() / FEW {
            let is_there = flags(&rows, self.len());
            return by_time
                .iter()
                .copied()
                .filter(|row| is_there.get(*row as usize) == Some(&true))
                .collect();
        }
        in_ascending_order(rows, |&row| self.ts(row).map_or(0, Time::as_micros))
    }

    /// Returns how many bytes of memory this takes.
    pub fn bytes(&self) -> usize {
        let by_time = self.by_time.as_ref().map_or(0, Vec::capacity);
        self.ts.capacity() * size_of::<Time>()
            + (self.seq.capacity() + self.agent.capacity() + self.emoji.capacity() + by_time)
                * size_of::<u32>()
            + self.agents.bytes()
            + self.emojis.bytes()
    }

    /// Writes the stored part. Rows must be in order.
    pub fn encode(&self, segment_id: u64) -> Result<Vec<u8>> {
        let oldest = self.ts(0).ok_or_else(|| Error::internal("a segment has no rows"))?;
        let micros = || self.ts.iter().map(|ts| ts.as_micros());
        let before = std::iter::once(oldest.as_micros()).chain(micros());
        let seq_before = std::iter::once(0).chain(self.seq.iter().copied());
        let stored = Stored {
            first_seq: self.first_seq,
            oldest,
            steps: micros().zip(before).map(|(ts, before)| ts.abs_diff(before)).collect(),
            seq_steps: self
                .seq
                .iter()
                .zip(seq_before)
                .map(|(seq, before)| seq.cast_signed().wrapping_sub(before.cast_signed()))
                .collect(),
            agents: self.agents.strings().to_stored(),
            emojis: self.emojis.strings().to_stored(),
            agent: self.agent.iter().map(|&number| number.wrapping_add(1)).collect(),
            emoji: self.emoji.clone(),
        };
        record::encode_packed(Kind::Index, segment_id, &stored)
    }

    /// Reads a stored part.
    pub fn decode(bytes: &[u8], segment_id: u64, place: &dyn fmt::Display) -> Result<Self> {
        let fields = record::unpack(Kind::Index, segment_id, bytes, place)?;
        let stored: Stored = record::read_fields(&fields, place)?;
        Self::from_stored(&stored).ok_or_else(|| Error::corrupt(place, "does not fit together"))
    }

    fn from_stored(stored: &Stored) -> Option<Self> {
        let rows = stored.steps.len();
        if [stored.seq_steps.len(), stored.agent.len(), stored.emoji.len()] != [rows; 3] {
            return None;
        }
        let mut index = Self::new(stored.first_seq);
        let mut micros = stored.oldest.as_micros();
        for &step in &stored.steps {
            micros = micros.checked_add_unsigned(step)?;
            index.ts.push(Time::from_micros(micros).ok()?);
        }
        let mut seq = 0_i32;
        for &step in &stored.seq_steps {
            seq = seq.checked_add(step)?;
            index.seq.push(u32::try_from(seq).ok()?);
        }
        index.agents = Dictionary::from_texts(Texts::from_stored(&stored.agents)?);
        index.emojis = Dictionary::from_texts(Texts::from_stored(&stored.emojis)?);
        index.agent = stored.agent.iter().map(|&number| number.wrapping_sub(1)).collect();
        index.emoji.clone_from(&stored.emoji);
        let agents_known =
            index.agent.iter().all(|&number| number == NO_AGENT || number < index.agents.len());
        let emojis_known = index.emoji.iter().all(|&number| number < index.emojis.len());
        (agents_known && emojis_known).then_some(index)
    }
}

fn counts<'a>(column: &[u32], dictionary: &'a Dictionary) -> Vec<(&'a str, u32)> {
    let mut counts: Vec<(&str, u32)> = dictionary.strings().iter().map(|string| (string, 0)).collect();
    for &number in column {
        if let Some((_, count)) = counts.get_mut(number as usize) {
            *count += 1;
        }
    }
    counts
}

/// Tells of each of so many rows whether it is one of some.
pub(super) fn flags(rows: &[u32], len: u32) -> Vec<bool> {
    let mut flags = vec![false; len as usize];
    for &row in rows {
        if let Some(flag) = flags.get_mut(row as usize) {
            *flag = true;
        }
    }
    flags
}

/// Returns the rows whose number a mask has. A plain loop: it runs over every entry of a log.
pub(super) fn rows_that_have(mask: &[bool], numbers: &[u32], rows: &[u32]) -> Vec<u32> {
    let mut kept = Vec::new();
    if mask.contains(&true) {
        for &row in rows {
            let number = numbers.get(row as usize).copied().unwrap_or(u32::MAX);
            if mask.get(number as usize).copied().unwrap_or_default() {
                kept.push(row);
            }
        }
    }
    kept
}
