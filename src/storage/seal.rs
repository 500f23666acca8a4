//! Sealing: how entries of the tail, and new ones, become segments.

use super::identifiers::{SEGMENTS, StoredFingerprints};
use super::insert::Finished;
use super::keys;
use super::logs::View;
use super::projects::{StoredProject, put_number};
use crate::error::Result;
use crate::medium::{KeyRange, Table, Transaction};
use crate::model::record::{self, Kind};
use crate::model::{Chain, Entry, Row, ascending_order};
use crate::segment::{Columns, Head, Part, Zone};

/// When entries are sealed, and how large segments are.
#[derive(Debug, Clone, Copy)]
pub struct Sealing {
    /// A tail of so many entries is sealed.
    pub tail_rows: u32,
    /// A segment has at most so many entries.
    pub segment_rows: u32,
}

impl Default for Sealing {
    /// Segments whose parts a browser keeps with its other records: Chromium makes a file of a value above
    /// 64 KiB, and 2000 hashes are 64 000 bytes.
    fn default() -> Self {
        Self { tail_rows: 512, segment_rows: 2000 }
    }
}

/// A tail is sealed when its texts have so many bytes, and a segment has no more, unless it is one entry's: entries may be
/// long, and a tail is in memory whenever its log is.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// How much there is to be stored.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amount {
    rows: usize,
    /// Of texts.
    bytes: usize,
}

impl Amount {
    /// Adds an entry.
    pub fn with(self, row: &Row<'_>) -> Self {
        Self { rows: self.rows + 1, bytes: self.bytes.saturating_add(row.bytes()) }
    }

    /// Returns it with another number of entries.
    pub fn of_rows(self, rows: usize) -> Self {
        Self { rows, ..self }
    }
}

impl Sealing {
    /// Tells whether a tail is to be sealed with these new entries.
    pub(super) fn is_due(self, view: &View, new: Amount) -> bool {
        view.tail.len() as usize + new.rows >= self.tail_rows as usize
            || view.tail.bytes().saturating_add(new.bytes) > MOST_BYTES
    }

    /// Splits rows into those of one segment each.
    fn split<'r, 'a>(self, mut rows: &'r [(u64, Row<'a>)]) -> impl Iterator<Item = &'r [(u64, Row<'a>)]> {
        std::iter::from_fn(move || {
            let mut amount = Amount::default();
            let fits = |(_, row): &&(u64, Row<'_>)| {
                amount = amount.with(row);
                amount.rows <= self.segment_rows as usize && amount.bytes <= MOST_BYTES
            };
            let count = rows.iter().take_while(fits).count();
            let (first, rest) = rows.split_at_checked(count.max(1))?;
            rows = rest;
            Some(first)
        })
    }
}

/// Segments ready to be written, and what they take the place of.
pub(super) struct Sealed {
    /// The state of the log once they are written.
    pub view: View,
    /// The segments that are no more.
    pub replaced: Vec<u64>,
    /// The keys of the rows of the tail that are no more.
    pub tail: KeyRange,
    parts: Vec<(u64, Part, Vec<u8>)>,
    fingerprints: Vec<StoredFingerprints>,
    /// Identifiers of those rows, which are found by fingerprints from now on, if at all.
    pub tail_ids: Vec<String>,
}

/// Tells which segment new entries are to be merged with: the last one, unless it is full.
pub(super) fn to_be_merged(view: &View, sealing: Sealing) -> Option<&Zone> {
    view.head.zones().last().filter(|zone| zone.count < sealing.segment_rows)
}

/// Makes segments of a log's tail and of new entries. `last` is the segment that they are merged with, whole in
/// memory; segments are numbered from `first_id`.
pub(super) fn seal(
    view: &View,
    last: Option<&Columns>,
    new: &[Finished<'_>],
    first_id: u64,
    sealing: Sealing,
) -> Result<Sealed> {
    let mut head = Head::clone(&view.head);
    let replaced = if last.is_some() { head.pop() } else { None };
    let project = view.project.name.as_str();
    let mut old = match last {
        Some(last) => in_order_of_seq(last, project)?,
        None => Vec::new(),
    };
    let tail = in_order_of_seq(&view.tail, project)?;
    let mut sealed = Sealed::new(view);
    sealed.replaced.extend(replaced.as_ref().map(|zone| zone.id));
    sealed.tail_ids = tail.iter().map(|entry| entry.entry_id.clone()).collect();
    old.extend(tail);
    let mut rows: Vec<(u64, Row)> = old.iter().map(|entry| (entry.seq, Row::from(entry))).collect();
    rows.extend(new.iter().map(|entry| (entry.seq(), entry.row())));

    // Where the head of the chain is known, that is the one that counts: should an entry have been tampered
    // with, it still shows.
    let known = [
        (replaced.as_ref().map(Zone::last_seq), replaced.as_ref().map(|zone| zone.chain)),
        (Some(view.last_seq()), Some(view.chain)),
    ];
    let mut chain = head.chain();
    for (chunk, id) in sealing.split(&rows).zip(first_id..) {
        for (entry_seq, row) in chunk {
            chain = chain.then(row);
            if let Some((_, Some(stored))) = known.iter().find(|(seq, _)| *seq == Some(*entry_seq)) {
                chain = *stored;
            }
        }
        sealed.add(&mut head, id, chunk, chain)?;
    }
    sealed.view = view.with_head(head);
    Ok(sealed)
}

/// Reads all entries of columns, whole, in the order of `seq`.
pub(super) fn in_order_of_seq(columns: &Columns, project: &str) -> Result<Vec<Entry>> {
    let seq = |row| columns.position(row).map_or(0, |place| place.seq.cast_signed());
    let order = ascending_order((0..columns.len()).map(seq));
    order.into_iter().map(|row| columns.entry(row, project)).collect()
}

impl Sealed {
    /// Begins with the tail of a state going away, and nothing else.
    pub fn new(view: &View) -> Self {
        Self {
            view: view.clone(),
            replaced: Vec::new(),
            tail: keys::of_project(view.project.id),
            parts: Vec::new(),
            fingerprints: Vec::new(),
            tail_ids: Vec::new(),
        }
    }

    /// Makes a segment of rows in the order of `seq`, behind those of a head, and adds it there. The chain is the one
    /// behind its last row.
    pub fn add(&mut self, head: &mut Head, id: u64, rows: &[(u64, Row<'_>)], chain: Chain) -> Result<()> {
        let first_seq = head.last_seq() + 1;
        let by_time = ascending_order(rows.iter().map(|(_, row)| row.ts.as_micros()));
        let rows: Vec<(u64, Row)> =
            by_time.into_iter().filter_map(|place| rows.get(place as usize)).copied().collect();
        let project = &self.view.project;
        let columns = Columns::of_segment(first_seq, &rows, &project.name)?;
        head.push(id, first_seq, &columns, chain)?;
        for part in Part::ALL {
            self.parts.push((id, part, columns.encode(part, id)?));
        }
        let (project_id, fingerprints) = (project.id, columns.fingerprints()?);
        self.fingerprints.push(StoredFingerprints { segment_id: id, project_id, fingerprints });
        Ok(())
    }

    /// Writes the segments, the head and the project's generation, and deletes what they take the place of.
    pub fn write(&self, transaction: &dyn Transaction) -> Result<()> {
        let project_id = self.view.project.id;
        for (first, last) in keys::runs(&self.replaced) {
            transaction.delete(Table::Segments, &keys::of_segments(project_id, first, last))?;
            transaction.delete(Table::Fingerprints, &keys::of_numbers(first, last))?;
        }
        if !self.tail_ids.is_empty() {
            transaction.delete(Table::Tail, &self.tail)?;
        }
        for id in &self.tail_ids {
            transaction.delete(Table::Identifiers, &KeyRange::only(id.as_bytes()))?;
        }
        for (id, part, bytes) in &self.parts {
            transaction.put(Table::Segments, &keys::segment_part(project_id, *id, *part), bytes)?;
        }
        for segment in &self.fingerprints {
            let bytes = record::encode(Kind::Fingerprints, record::ANY, segment)?;
            transaction.put(Table::Fingerprints, &keys::number(segment.segment_id), &bytes)?;
        }
        transaction.put(Table::Heads, &keys::number(project_id), &self.view.head.encode(project_id)?)?;
        let stored =
            StoredProject { project: (*self.view.project).clone(), generation: self.view.generation };
        transaction.put(Table::Projects, &keys::number(project_id), &stored.encode()?)?;
        let last = self.fingerprints.last().map(|segment| segment.segment_id);
        last.map_or(Ok(()), |last| put_number(transaction, SEGMENTS, last))
    }

    /// Returns how many segments there are.
    pub const fn len(&self) -> usize {
        self.fingerprints.len()
    }

    /// Returns what identifiers are found by from now on, and the segment that is no more.
    pub fn into_fingerprints(self) -> (Option<u64>, Vec<StoredFingerprints>) {
        (self.replaced.first().copied(), self.fingerprints)
    }
}

/// New entries with their `seq`, and the chain behind each of them, as they are appended to a state's tail.
pub(super) fn chains<'a>(
    view: &View,
    entries: &'a [Finished<'_>],
) -> impl Iterator<Item = (u64, Row<'a>, Chain)> {
    let mut chain = view.chain;
    entries.iter().map(move |entry| {
        let row = entry.row();
        chain = chain.then(&row);
        (entry.seq(), row, chain)
    })
}
