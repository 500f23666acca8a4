//! The segments in memory, part by part, as many as fit.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::keys;
use super::logs::View;
use crate::error::Error;
use crate::medium::{Pending, Table, Transaction, join_all};
use crate::model::{Chain, Quoted};
use crate::segment::{Columns, Part, Zone};

/// What was read of segments since the store was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reads {
    /// How many times a segment was looked into, in memory or not.
    pub segments: u64,
    /// How many parts were read from the medium.
    pub parts: u64,
    /// How many bytes those had.
    pub bytes: u64,
}

/// A segment's number, and what it holds: numbers start anew when a browser clears a database.
type Key = (u64, [u8; 32]);

#[derive(Debug)]
struct Cached {
    key: Key,
    columns: Rc<Columns>,
    last_used: u64,
}

/// Parts of segments, as many as fit.
#[derive(Debug)]
pub(super) struct Parts {
    cached: RefCell<Vec<Cached>>,
    uses: Cell<u64>,
    reads: Cell<Reads>,
    /// Upper bound on what parts that are not in use may take, in bytes.
    limit: usize,
}

fn key(zone: &Zone) -> Key {
    let Chain(chain) = zone.chain;
    (zone.id, chain)
}

impl Parts {
    pub fn new(limit: usize) -> Self {
        Self { cached: RefCell::default(), uses: Cell::default(), reads: Cell::default(), limit }
    }

    pub fn reads(&self) -> Reads {
        self.reads.get()
    }

    /// Returns segments of a log with all the parts that are wanted. What is not in memory is read, all of it
    /// in one round trip.
    pub fn load<'a>(
        &'a self,
        transaction: &'a dyn Transaction,
        view: &'a View,
        zones: Vec<&'a Zone>,
        parts: &'a [Part],
    ) -> Pending<'a, Vec<Rc<Columns>>> {
        Box::pin(async move {
            let segments: Vec<Rc<Columns>> = zones.iter().map(|zone| self.segment(zone)).collect();
            let mut missing = Vec::new();
            for (zone, columns) in zones.iter().zip(&segments) {
                for &part in parts.iter().filter(|part| !columns.has(**part)) {
                    missing.push((*zone, columns, part, keys::segment_part(view.project.id, zone.id, part)));
                }
            }
            let gets = missing.iter().map(|(_, _, _, key)| transaction.get(Table::Segments, key));
            let values = join_all(gets).await?;
            let mut reads = self.reads.get();
            reads.segments += zones.len() as u64;
            for ((zone, columns, part, _), bytes) in missing.iter().zip(values) {
                let place = format!(
                    "{} of entries {} to {} of project {}",
                    part.name(),
                    zone.first_seq,
                    zone.last_seq(),
                    Quoted(&view.project.name)
                );
                let bytes = bytes.ok_or_else(|| Error::corrupt(&place, "is missing"))?;
                reads.parts += 1;
                reads.bytes += bytes.len() as u64;
                columns.load(*part, &bytes, zone, &place)?;
            }
            self.reads.set(reads);
            Ok(segments)
        })
    }

    /// Returns segments with all the parts that are wanted, if all are in memory.
    pub fn in_memory(&self, zones: &[&Zone], parts: &[Part]) -> Option<Vec<Rc<Columns>>> {
        let segments: Vec<Rc<Columns>> = zones.iter().map(|zone| self.known(zone)).collect::<Option<_>>()?;
        let has_all = |columns: &Rc<Columns>| parts.iter().all(|part| columns.has(*part));
        if !segments.iter().all(has_all) {
            return None;
        }
        let mut reads = self.reads.get();
        reads.segments += zones.len() as u64;
        self.reads.set(reads);
        Some(segments)
    }

    /// Lets go of a segment, so that it is read from the medium next time.
    pub fn forget(&self, zone: &Zone) {
        self.cached.borrow_mut().retain(|cached| cached.key != key(zone));
    }

    fn known(&self, zone: &Zone) -> Option<Rc<Columns>> {
        self.uses.set(self.uses.get() + 1);
        let mut cached = self.cached.borrow_mut();
        let known = cached.iter_mut().find(|cached| cached.key == key(zone))?;
        known.last_used = self.uses.get();
        Some(Rc::clone(&known.columns))
    }

    fn segment(&self, zone: &Zone) -> Rc<Columns> {
        self.known(zone).unwrap_or_else(|| {
            let columns = Rc::default();
            let cached = Cached { key: key(zone), columns: Rc::clone(&columns), last_used: self.uses.get() };
            self.cached.borrow_mut().push(cached);
            columns
        })
    }

    /// Lets go of the segments not used for longest, until the others fit beside `others` bytes; never of one
    /// that is in use.
    pub fn evict(&self, others: usize) {
        let mut cached = self.cached.borrow_mut();
        let limit = self.limit.saturating_sub(others);
        let mut bytes: usize = cached.iter().map(|cached| cached.columns.bytes()).sum();
        while bytes > limit {
            let unused =
                cached.iter().enumerate().filter(|(_, cached)| Rc::strong_count(&cached.columns) == 1);
            let oldest = unused.min_by_key(|(_, cached)| cached.last_used).map(|(place, _)| place);
            let Some(oldest) = oldest else { return };
            bytes = bytes.saturating_sub(cached.swap_remove(oldest).columns.bytes());
        }
    }
}
