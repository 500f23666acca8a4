//! Finding entries by their identifiers, in the tail and in segments.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::keys;
use super::logs::{Logs, TailRow, View};
use super::parts::Parts;
use super::projects::{check_absent, fetch_by_id, last_number};
use super::store::ALL_ROWS;
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{KeyRange, Pending, Table, Transaction, join_all};
use crate::model::record::{self, Kind};
use crate::model::{Dictionary, Entry, Meta, Project, ProjectRef, Quoted, Row, ascending_order};
use crate::segment::{Columns, Part, fingerprint};

/// The tables that entries are in, and are found in by their identifiers.
pub(super) const ENTRY_TABLES: [Table; 8] = [
    Table::Projects,
    Table::ProjectNames,
    Table::Heads,
    Table::Segments,
    Table::Tail,
    Table::Identifiers,
    Table::Fingerprints,
    Table::Counters,
];

/// The counter of segments.
pub(super) const SEGMENTS: &str = "segments";

/// With more identifiers than this, reading all of the tails' is quicker than looking each up.
const FEW: usize = 64;

/// How many segments' fingerprints are read at a time.
const BATCH: u32 = 500;

/// Where an entry of the tail is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EntryPlace<'a> {
    pub project_id: u64,
    pub seq: u64,
    /// Again, so that a scan over all of them says which they are.
    pub entry_id: &'a str,
}

/// The fingerprints of a segment as they are stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredFingerprints {
    pub segment_id: u64,
    pub project_id: u64,
    /// Ascending.
    pub fingerprints: Vec<u32>,
}

/// An entry that was found by its identifier.
#[derive(Debug)]
pub(super) enum Located {
    /// In the tail.
    Tail { project_id: u64, seq: u64 },
    /// In a segment.
    Segment { view: View, segment: usize, row: u32 },
}

/// The fingerprints of all segments, once they were needed.
#[derive(Debug)]
pub(super) struct Identifiers {
    segments: RefCell<Vec<Rc<StoredFingerprints>>>,
    /// The number of the last segment that was read.
    up_to: Cell<u64>,
    /// The connection on which that was. On another one, segments may be numbered anew.
    connection: Cell<u32>,
    /// Whether those up to that number are not all there is: none was read yet, or there were too many to keep.
    is_partial: Cell<bool>,
    /// Upper bound on what the fingerprints may take between calls, in bytes.
    limit: usize,
}

impl Identifiers {
    pub fn new(limit: usize) -> Self {
        let (segments, up_to, connection) = (RefCell::default(), Cell::default(), Cell::default());
        Self { segments, up_to, connection, is_partial: Cell::new(true), limit }
    }

    /// Returns the number of the last segment that is known of, and the connection on which it is.
    pub fn up_to(&self) -> (u32, u64) {
        (self.connection.get(), self.up_to.get())
    }

    /// Reads the fingerprints of the segments that were made since the last time.
    async fn catch_up(&self, transaction: &dyn Transaction) -> Result<()> {
        let last = last_segment(transaction).await?;
        if self.connection.replace(transaction.connection()) != transaction.connection() {
            // The browser may have cleared the database under the open store.
            self.forget();
        }
        while self.up_to.get() < last {
            let known = self.up_to.get();
            let rows = transaction.scan(Table::Fingerprints, &keys::from_number(known + 1), BATCH).await?;
            let stored = record::decode_all::<StoredFingerprints>(
                Kind::Fingerprints,
                record::ANY,
                &rows,
                "fingerprints",
            )?;
            // Another call may have read the same meanwhile, or let go of what was known.
            if self.up_to.get() != known {
                continue;
            }
            let is_last = rows.len() < BATCH as usize;
            let read = stored.last().map_or(known, |segment| segment.segment_id);
            self.segments.borrow_mut().extend(stored.into_iter().map(Rc::new));
            self.up_to.set(if is_last { last.max(read) } else { read });
        }
        self.is_partial.set(false);
        Ok(())
    }

    /// Takes note of segments that were made here, and of those that they took the place of.
    pub fn replace(&self, removed: Option<u64>, added: Vec<StoredFingerprints>) {
        let Some(first) = added.first().map(|segment| segment.segment_id) else { return };
        if self.up_to.get() + 1 == first {
            let last = added.last().map_or(first, |segment| segment.segment_id);
            let mut segments = self.segments.borrow_mut();
            segments.retain(|segment| Some(segment.segment_id) != removed);
            segments.extend(added.into_iter().map(Rc::new));
            self.up_to.set(last);
        }
    }

    /// Lets go of all fingerprints, which are read again when they are needed.
    pub fn forget(&self) {
        self.is_partial.set(true);
        self.segments.borrow_mut().clear();
        self.up_to.set(0);
    }

    /// Lets go of the fingerprints if they take too much.
    pub fn evict(&self) {
        let bytes = |segment: &Rc<StoredFingerprints>| segment.fingerprints.len() * size_of::<u32>();
        let total: usize = self.segments.borrow().iter().map(bytes).sum();
        if total > self.limit {
            self.forget();
        }
    }

    /// Tells of each identifier in which segments it may be.
    fn candidates(&self, ids: &[&str]) -> Vec<(usize, Rc<StoredFingerprints>)> {
        let prints: Vec<u32> = ids.iter().map(|id| fingerprint(id)).collect();
        let order = ascending_order(prints.iter().map(|&print| print.into()));
        let wanted: Vec<(u32, usize)> = order
            .into_iter()
            .filter_map(|place| Some((*prints.get(place as usize)?, place as usize)))
            .collect();
        let mut found = Vec::new();
        for segment in &*self.segments.borrow() {
            let stored = &segment.fingerprints;
            if wanted.len() < stored.len() {
                let is_stored = |(print, _): &&(u32, usize)| stored.binary_search(print).is_ok();
                found.extend(wanted.iter().filter(is_stored).map(|(_, id)| (*id, Rc::clone(segment))));
                continue;
            }
            for print in stored {
                let first = wanted.partition_point(|(wanted, _)| wanted < print);
                let same = wanted.iter().skip(first).take_while(|(wanted, _)| wanted == print);
                found.extend(same.map(|(_, id)| (*id, Rc::clone(segment))));
            }
        }
        found
    }

    /// Tells whether no segment that is known of has any of these identifiers. False if too few are known.
    pub fn are_new(&self, ids: &[&str]) -> bool {
        !self.is_partial.get() && self.candidates(ids).is_empty()
    }
}

/// Returns the number of the last segment that was made in the store.
pub(super) async fn last_segment(transaction: &dyn Transaction) -> Result<u64> {
    last_number(transaction, SEGMENTS, Table::Fingerprints, &KeyRange::all()).await
}

/// What entries are found with.
#[derive(Clone, Copy)]
pub(super) struct Finder<'a> {
    pub transaction: &'a dyn Transaction,
    pub logs: &'a Logs,
    pub parts: &'a Parts,
    pub identifiers: &'a Identifiers,
}

impl<'a> Finder<'a> {
    /// Finds where the entries with some identifiers are, of those that are anywhere. None comes twice.
    pub fn locate(self, ids: &'a [&'a str]) -> Pending<'a, Vec<(usize, Located)>> {
        Box::pin(async move {
            let mut found = self.locate_in_tails(ids).await?;
            self.drop_orphans(&mut found).await?;
            self.identifiers.catch_up(self.transaction).await?;
            let mut opened = None;
            // Those of a segment stand together: it is looked up once.
            for (id, segment) in self.identifiers.candidates(ids) {
                if opened.as_ref().is_none_or(|(number, _)| *number != segment.segment_id) {
                    opened = Some((segment.segment_id, self.open(&segment).await?));
                }
                let (Some((_, Some((view, place, columns)))), Some(text)) = (&opened, ids.get(id)) else {
                    continue;
                };
                if let Some(row) = columns.find(text)? {
                    found.push((id, Located::Segment { view: view.clone(), segment: *place, row }));
                }
            }
            Ok(found)
        })
    }

    /// Drops places in projects that were deleted while they were damaged.
    async fn drop_orphans(self, found: &mut Vec<(usize, Located)>) -> Result<()> {
        let (mut known, mut gone) = (Vec::new(), Vec::new());
        for (_, place) in &*found {
            if let Located::Tail { project_id, .. } = place
                && !known.contains(project_id)
            {
                known.push(*project_id);
                let key = keys::number(*project_id);
                if self.transaction.get(Table::Projects, &key).await?.is_none() {
                    check_absent(self.transaction, *project_id, "").await?;
                    gone.push(*project_id);
                }
            }
        }
        found.retain(|(_, place)| match place {
            Located::Tail { project_id, .. } => !gone.contains(project_id),
            Located::Segment { .. } => true,
        });
        Ok(())
    }

    async fn locate_in_tails(self, ids: &'a [&'a str]) -> Result<Vec<(usize, Located)>> {
        let mut found = Vec::new();
        if ids.len() <= FEW {
            let gets = ids.iter().map(|id| self.transaction.get(Table::Identifiers, id.as_bytes()));
            let values = join_all(gets).await?;
            for ((place, id), bytes) in ids.iter().enumerate().zip(values) {
                if let Some(bytes) = bytes {
                    let what = format_args!("the identifier {}", Quoted(id));
                    let stored: EntryPlace =
                        record::decode(Kind::EntryPlace, record::named(id), &bytes, what)?;
                    found.push((place, Located::Tail { project_id: stored.project_id, seq: stored.seq }));
                }
            }
        } else {
            let rows = self.transaction.scan(Table::Identifiers, &KeyRange::all(), ALL_ROWS).await?;
            let wanted: Dictionary = ids.iter().collect();
            record::check_different(&rows, "the identifiers of the tails")?;
            for (row, bytes) in rows.iter().enumerate() {
                let what = format_args!("identifier {row} of the tails");
                let stored: EntryPlace = record::decode(Kind::EntryPlace, record::ANY, bytes, what)?;
                if let Some(place) = wanted.find(stored.entry_id) {
                    let EntryPlace { project_id, seq, .. } = stored;
                    found.push((place as usize, Located::Tail { project_id, seq }));
                }
            }
        }
        Ok(found)
    }

    /// Returns a segment's log, its place in that, and its identifiers; `None` if it is no more.
    async fn open(self, segment: &StoredFingerprints) -> Result<Option<(View, usize, Rc<Columns>)>> {
        let project = ProjectRef::Id(segment.project_id);
        let view = match self.logs.catch_up(self.transaction, &project).await {
            Ok(view) => view,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let zones = view.head.zones();
        // It may have been merged into another since, whose fingerprints are known as well.
        let Some(place) = zones.iter().position(|zone| zone.id == segment.segment_id) else {
            return Ok(None);
        };
        let zone = zones.iter().skip(place).take(1).collect();
        let columns = self.parts.load(self.transaction, &view, zone, &[Part::Identifiers]).await?;
        Ok(columns.into_iter().next().map(|columns| (view, place, columns)))
    }

    /// Finds the entry with an identifier.
    pub async fn find(self, id: &'a str) -> Result<Option<Entry>> {
        let ids = [id];
        match self.locate(&ids).await?.into_iter().next() {
            Some((_, place)) => self.read(id, place).await,
            None => Ok(None),
        }
    }

    /// Reads the entry at a place. One whose project was deleted is not anywhere.
    pub async fn read(self, id: &str, place: Located) -> Result<Option<Entry>> {
        match place {
            Located::Tail { project_id, seq } => {
                let key = keys::in_project(project_id, seq);
                let project = fetch_by_id(self.transaction, project_id).await?;
                let Some(project) = project else { return Ok(None) };
                let bytes = self.transaction.get(Table::Tail, &key).await?;
                read_tail_row(id, &project, seq, bytes).map(Some)
            }
            Located::Segment { view, segment, row } => {
                let zone = view.head.zones().iter().skip(segment).take(1).collect();
                let columns = self.parts.load(self.transaction, &view, zone, &Part::ALL).await?;
                let columns = columns.first().map(Rc::as_ref);
                let entry = |columns: &Columns| columns.entry(row, &view.project.name);
                columns.map(entry).transpose()
            }
        }
    }
}

fn read_tail_row(id: &str, project: &Project, seq: u64, bytes: Option<Vec<u8>>) -> Result<Entry> {
    let damaged =
        |what: &str| Error::corrupt(format_args!("entry {seq} of project {}", Quoted(&project.name)), what);
    let bytes = bytes.ok_or_else(|| damaged("is missing"))?;
    let (row, _) = TailRow::decode(&bytes, project, seq)?;
    if row.entry_id != id {
        return Err(damaged("has another identifier"));
    }
    Ok(to_entry(&row, &project.name, seq))
}

fn to_entry(row: &Row<'_>, project: &str, seq: u64) -> Entry {
    Entry {
        entry_id: row.entry_id.to_owned(),
        project: project.to_owned(),
        seq,
        ts: row.ts,
        emoji: row.emoji.to_owned(),
        agent: row.agent.map(str::to_owned),
        message: row.message.to_owned(),
        meta: Meta::from_canonical(row.meta),
        raw_line: row.raw_line.to_owned(),
        sha256: row.sha256.to_owned(),
    }
}
