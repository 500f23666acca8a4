//! Running a query over a project's log.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::join;

use super::backend::Snapshot;
use super::logs::View;
use super::store::Store;
use crate::error::{Error, Result};
use crate::medium::{Medium, Pending, Table, Transaction};
use crate::model::{Entry, ProjectRef, Time, ascending_order};
use crate::query::{Criteria, Filter, Progress, Window};
use crate::segment::{
    Bounds, Columns, Estimate, Matches, Part, Position, Share, Tally, Touched, Zone, merge, touched,
};

/// The tables that a log is read from.
pub(super) const LOG_TABLES: [Table; 5] =
    [Table::Projects, Table::ProjectNames, Table::Heads, Table::Segments, Table::Tail];

/// How many segments are read at a time.
const BATCH: usize = 16;

/// How many segments are searched, and how many entries are made of them, while the browser is asked for the state, at
/// most. All of usual size take some milliseconds.
const MOST_SEGMENTS: usize = 128;
const MOST_ENTRIES: u64 = 256;

/// How many entries are passed over on the way to a window meanwhile, times the segments that share it, at most.
const MOST_PASSED: u64 = 1 << 16;

/// How much is searched for a pattern until the browser may do something else: some tens of milliseconds.
const SLICE: usize = 1 << 17;

/// What is wanted of the entries that match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub bounds: Bounds,
    pub window: Window,
    /// Whether to count all that match.
    pub total: bool,
    /// If a log is followed: from which `seq` on. Then the first entries are wanted, in the order of `seq`.
    pub from_seq: Option<u64>,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    /// The entries of the window, newest first.
    pub entries: Vec<Entry>,
    /// How many match in all, if that was wanted; if a log is followed, with which `seq` to go on.
    pub total: u64,
}

/// A part of a log that is searched by itself: a segment, or the tail.
struct Unit<'v> {
    /// Missing for the tail.
    zone: Option<&'v Zone>,
    oldest: Time,
    newest: Time,
    /// How many entries match, once that is known.
    count: Option<u32>,
    /// Which rows match, oldest first, once they were looked for.
    rows: Option<Vec<u32>>,
    /// The times of those rows, newest first, as far as the window may need them.
    times: Vec<Time>,
}

impl Unit<'_> {
    fn share(&self) -> Share {
        let count = self.count.unwrap_or_default().into();
        Share { count, oldest: self.oldest, newest: self.newest }
    }

    fn set_rows(&mut self, rows: Vec<u32>) {
        self.count = u32::try_from(rows.len()).ok();
        self.rows = Some(rows);
    }

    /// Returns how many matches are surely newer than a time.
    fn newer_than(&self, time: Time) -> u64 {
        if self.oldest > time {
            return self.share().count;
        }
        self.times.iter().take_while(|ts| **ts > time).count() as u64
    }
}

impl<M: Medium> Store<M> {
    /// Searches a project's log as it is now, takes what matches into a tally, which must begin empty, and makes an
    /// answer of what was found. What is wanted may depend on what state that is; with a tally it is all that match.
    ///
    /// Asking the browser for the state takes longer than most searches. Meanwhile the answer is worked out in full from
    /// the state in memory, if that takes no reading and not long; it is given if that proves to be the latest. So
    /// `wanted` and `answer` may be called twice, one after the other, and what the last calls leave behind counts.
    pub(super) fn search<'a, T: 'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        tally: Option<&'a RefCell<Tally>>,
        wanted: &'a dyn Fn(Snapshot) -> Result<Wanted>,
        answer: &'a dyn Fn(Found) -> Result<T>,
    ) -> Pending<'a, T> {
        Box::pin(async move {
            let last = Cell::new(None);
            let answer = |found| answer(found).map(|answer| last.set(Some(answer)));
            self.search_boxed(project, criteria, tally, wanted, &answer).await?;
            last.take().ok_or_else(|| Error::internal("a search ended without an answer"))
        })
    }

    fn search_boxed<'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        tally: Option<&'a RefCell<Tally>>,
        wanted: &'a dyn Fn(Snapshot) -> Result<Wanted>,
        answer: &'a dyn Fn(Found) -> Result<()>,
    ) -> Pending<'a, ()> {
        Box::pin(async move {
            let filter = Filter::compile(criteria)?;
            let done = self
                .read(&LOG_TABLES, async |transaction| {
                    let run = async |view: &View, source| {
                        let (store, filter, wanted) = (self, &filter, wanted(view.snapshot())?);
                        answer(Search { store, source, view, filter, wanted, tally }.run().await?)
                    };
                    let guess = async {
                        // A tally cannot be begun anew, a pattern may take long, a write may change the log any moment.
                        if tally.is_some() || filter.pattern().is_some() || !self.turns.are_free() {
                            return None;
                        }
                        let known = self.logs.likely(project)?;
                        run(&known, Source::Memory).await.ok()?;
                        Some(known)
                    };
                    let (latest, guess) = join(self.logs.catch_up(transaction, project), guess).await;
                    let latest = latest?;
                    match guess {
                        Some(known) if known.is_same(&latest) => return Ok(()),
                        Some(_) => self.logs.was_unlikely(),
                        None => {}
                    }
                    run(&latest, Source::Medium(transaction)).await
                })
                .await;
            self.parts.evict(self.logs.bytes());
            done
        })
    }
}

impl<M: Medium> Store<M> {
    /// Returns the place of the entry that so many others are newer than.
    pub(super) async fn nth_newest(
        &self,
        transaction: &dyn Transaction,
        view: &View,
        rank: u64,
    ) -> Result<Option<Position>> {
        let filter = &Filter::compile(&Criteria::default())?;
        let wanted = Wanted {
            bounds: Bounds::NONE,
            window: Window { offset: rank, limit: 1 },
            total: true,
            from_seq: None,
        };
        let search =
            Search { store: self, source: Source::Medium(transaction), view, filter, wanted, tally: None };
        Ok(search.run().await?.entries.first().map(|entry| Position { ts: entry.ts, seq: entry.seq }))
    }
}

/// Where a search finds segments.
enum Source<'a> {
    Medium(&'a dyn Transaction),
    /// Nowhere but in memory. It fails if one is not there, or if it would take long.
    Memory,
}

/// A search under way.
struct Search<'a, M> {
    store: &'a Store<M>,
    source: Source<'a>,
    view: &'a View,
    filter: &'a Filter,
    wanted: Wanted,
    tally: Option<&'a RefCell<Tally>>,
}

impl<M: Medium> Search<'_, M> {
    async fn run(&self) -> Result<Found> {
        self.check(self.wanted.window.limit <= MOST_ENTRIES)?;
        if let Some(from) = self.wanted.from_seq {
            return self.follow(from).await;
        }
        let mut units = self.units().await?;
        let unknown = units.iter().filter(|unit| unit.count.is_none()).count();
        self.check(unknown <= MOST_SEGMENTS)?;
        if self.wanted.total {
            let unknown = (0..units.len()).collect::<Vec<_>>();
            self.select(&mut units, &unknown).await?;
        } else {
            self.select_until_enough(&mut units).await?;
        }
        let total = units.iter().map(|unit| unit.share().count).sum();
        if self.wanted.window.limit == 0 || self.wanted.window.offset >= total {
            return Ok(Found { entries: Vec::new(), total });
        }
        let shares: Vec<Share> = units.iter().map(Unit::share).collect();
        let Touched { shares, before } = touched(&shares, self.wanted.window);
        let offset = self.wanted.window.offset - before;
        self.check(offset.saturating_mul(shares.len() as u64) <= MOST_PASSED)?;
        let entries = self.read(&mut units, shares, Window { offset, ..self.wanted.window }).await?;
        Ok(Found { entries, total })
    }

    /// Finds the first entries from a `seq` on, in the order of `seq`, in the first part of the log that may have some.
    async fn follow(&self, from: u64) -> Result<Found> {
        let plan = self.view.head.plan(self.filter, self.wanted.bounds);
        let may_match = |zone: &&Zone| zone.last_seq() >= from && plan.estimate(zone) != Estimate::Exactly(0);
        let zone = self.view.head.zones().iter().find(may_match);
        let zones: Vec<&Zone> = zone.into_iter().collect();
        let mut segments = self.load(zones.clone(), &Part::needed_by(self.filter)).await?;
        let columns = Rc::clone(segments.first().unwrap_or(&self.view.tail));
        segments.push(Rc::clone(&columns));
        let rows = self.matching_rows(&columns).await?;
        let seq = |row: &u32| columns.position(*row).map_or(0, |place| place.seq);
        let order = ascending_order(rows.iter().map(|row| seq(row).cast_signed()));
        let in_order = order.iter().filter_map(|&place| rows.get(place as usize));
        let limit = usize::try_from(self.wanted.window.limit).unwrap_or(usize::MAX);
        let chosen: Vec<(usize, u32)> =
            in_order.filter(|row| seq(row) >= from).take(limit).map(|row| (0, *row)).collect();
        let entries = self.entries(&zones, &segments, &chosen).await?;
        let last = zone.map_or(self.view.last_seq(), Zone::last_seq);
        let last = entries.last().filter(|_| entries.len() == limit).map_or(last, |last| last.seq);
        Ok(Found { entries, total: from.max(last + 1) })
    }

    /// Lists the parts of the log that may have matches, the newest first. The tail is searched at once.
    async fn units(&self) -> Result<Vec<Unit<'_>>> {
        let plan = self.view.head.plan(self.filter, self.wanted.bounds);
        let mut units = Vec::new();
        for zone in self.view.head.zones().iter().rev() {
            let is_told = |tally: &RefCell<Tally>| tally.borrow_mut().add_zone(&self.view.head, &plan, zone);
            let count = match plan.estimate(zone) {
                Estimate::Exactly(0) => continue,
                Estimate::Exactly(count) if self.tally.is_none_or(is_told) => Some(count),
                _ => None,
            };
            let (oldest, newest) = (zone.oldest, zone.newest);
            units.push(Unit { zone: Some(zone), oldest, newest, count, rows: None, times: Vec::new() });
        }
        if let Some((oldest, newest)) = self.view.tail.span() {
            let mut unit = Unit { zone: None, oldest, newest, count: None, rows: None, times: Vec::new() };
            self.look_into(&mut unit, &self.view.tail).await?;
            units.push(unit);
        }
        let order = ascending_order(units.iter().map(|unit| -unit.newest.as_micros()));
        let mut units: Vec<Option<Unit>> = units.into_iter().map(Some).collect();
        Ok(order.into_iter().filter_map(|place| units.get_mut(place as usize)?.take()).collect())
    }

    /// Finds the rows that match in units, of those whose count is not known.
    async fn select(&self, units: &mut [Unit<'_>], places: &[usize]) -> Result<()> {
        let parts = Part::needed_by(self.filter);
        let is_unknown = |place: &&usize| units.get(**place).is_some_and(|unit| unit.count.is_none());
        let unknown: Vec<usize> = places.iter().filter(is_unknown).copied().collect();
        // What is in memory takes no more of it; and if one is not there, none is searched.
        let at_once = if self.is_guess() { unknown.len().max(1) } else { BATCH };
        for batch in unknown.chunks(at_once) {
            self.find_rows(units, batch, &parts).await?;
        }
        Ok(())
    }

    /// Returns how many matches fill the window, with all that are newer.
    fn enough(&self) -> usize {
        let Window { offset, limit } = self.wanted.window;
        usize::try_from(offset.saturating_add(limit)).unwrap_or(usize::MAX)
    }

    /// Finds the rows that match in units, newest first, until the window is full.
    async fn select_until_enough(&self, units: &mut Vec<Unit<'_>>) -> Result<()> {
        let enough = self.enough() as u64;
        let (mut done, mut batch) = (0, 1);
        while let Some(next) = units.get(done) {
            // Those of which it is sure that they stand before all that was not looked at.
            let sure: u64 = units.iter().take(done).map(|unit| unit.newer_than(next.newest)).sum();
            if sure >= enough {
                units.truncate(done);
                return Ok(());
            }
            let end = units.len().min(done + batch);
            self.select(units, &(done..end).collect::<Vec<_>>()).await?;
            done = end;
            batch = (batch * 2).min(BATCH);
        }
        Ok(())
    }

    /// Finds the rows that match in a unit whose parts are in memory.
    async fn look_into(&self, unit: &mut Unit<'_>, columns: &Columns) -> Result<()> {
        let rows = self.matching_rows(columns).await?;
        if let Some(tally) = self.tally {
            tally.borrow_mut().add_rows(columns, &rows)?;
        }
        unit.set_rows(rows);
        if !self.wanted.total {
            let rows = unit.rows.as_deref().unwrap_or_default();
            let newest_first = rows.iter().rev().take(self.enough());
            unit.times = newest_first.filter_map(|&row| Some(columns.position(row)?.ts)).collect();
        }
        Ok(())
    }

    /// Returns the rows that match, oldest first, of what is in memory.
    async fn matching_rows(&self, columns: &Columns) -> Result<Vec<u32>> {
        let rows = columns.select(self.filter, self.wanted.bounds)?;
        let Some(pattern) = self.filter.pattern() else { return Ok(rows) };
        let mut matching = Vec::new();
        for row in rows {
            let message = columns.message(row)?;
            let mut progress = Progress::default();
            let is_match = loop {
                match (pattern.search(message, &mut progress, SLICE), &self.source) {
                    (Some(is_match), _) => break is_match,
                    // The answer to any question comes as a task of its own, before which others have their turn.
                    (None, Source::Medium(transaction)) => drop(transaction.get(Table::Heads, &[]).await?),
                    (None, Source::Memory) => return Err(too_much()),
                }
            };
            if is_match {
                matching.push(row);
            }
        }
        Ok(matching)
    }

    async fn find_rows(&self, units: &mut [Unit<'_>], places: &[usize], parts: &[Part]) -> Result<()> {
        let zones: Vec<&Zone> =
            places.iter().filter_map(|&place| units.get(place).and_then(|unit| unit.zone)).collect();
        let segments = self.load(zones, parts).await?;
        for (&place, columns) in places.iter().zip(&segments) {
            if let Some(unit) = units.get_mut(place) {
                self.look_into(unit, columns).await?;
            }
        }
        Ok(())
    }

    /// Reads the entries of a window of some units' matches.
    async fn read(&self, units: &mut [Unit<'_>], places: Vec<usize>, window: Window) -> Result<Vec<Entry>> {
        let is_tail = |place: &usize| units.get(*place).is_some_and(|unit| unit.zone.is_none());
        let (tail, sealed): (Vec<usize>, Vec<usize>) = places.into_iter().partition(is_tail);
        let lacking: Vec<usize> = sealed
            .iter()
            .filter(|place| units.get(**place).is_some_and(|unit| unit.rows.is_none()))
            .copied()
            .collect();
        for batch in lacking.chunks(BATCH) {
            self.find_rows(units, batch, &Part::needed_by(self.filter)).await?;
        }
        let mut zones = Vec::new();
        let mut rows: Vec<&[u32]> = Vec::new();
        for unit in sealed.iter().chain(&tail).filter_map(|&place| units.get(place)) {
            zones.extend(unit.zone);
            rows.push(unit.rows.as_deref().unwrap_or_default());
        }
        let mut segments = self.load(zones.clone(), &[Part::Index]).await?;
        segments.extend(tail.iter().map(|_| Rc::clone(&self.view.tail)));
        let matches: Vec<Matches> =
            segments.iter().zip(rows).map(|(columns, rows)| Matches { columns, rows }).collect();
        let chosen = merge(&matches, window)?;
        self.entries(&zones, &segments, &chosen).await
    }

    /// Makes the entries of chosen rows, segment by segment, so that few segments are whole in memory at once.
    async fn entries(
        &self,
        zones: &[&Zone],
        segments: &[Rc<Columns>],
        chosen: &[(usize, u32)],
    ) -> Result<Vec<Entry>> {
        let mut entries: Vec<Option<Entry>> = chosen.iter().map(|_| None).collect();
        let is_used = |place: &usize| chosen.iter().any(|(chosen, _)| chosen == place);
        let used: Vec<usize> = (0..segments.len()).filter(is_used).collect();
        for batch in used.chunks(BATCH) {
            let wanted = batch.iter().filter_map(|&place| zones.get(place).copied()).collect();
            let loaded = self.load(wanted, &Part::ALL).await?;
            for (slot, &(place, row)) in entries.iter_mut().zip(chosen) {
                let Some(in_batch) = batch.iter().position(|&used| used == place) else { continue };
                let columns = loaded.get(in_batch).unwrap_or(&self.view.tail);
                *slot = Some(columns.entry(row, &self.view.project.name)?);
            }
        }
        let missing = || Error::internal("an entry that was chosen was not read");
        entries.into_iter().map(|entry| entry.ok_or_else(missing)).collect()
    }

    /// Tells whether the answer is worked out before the state is known.
    fn is_guess(&self) -> bool {
        matches!(self.source, Source::Memory)
    }

    /// Ends a guess that would take long.
    fn check(&self, takes_little: bool) -> Result<()> {
        if self.is_guess() && !takes_little { Err(too_much()) } else { Ok(()) }
    }

    async fn load(&self, zones: Vec<&Zone>, parts: &[Part]) -> Result<Vec<Rc<Columns>>> {
        if zones.is_empty() {
            return Ok(Vec::new());
        }
        let segments = match &self.source {
            Source::Medium(transaction) => {
                self.store.parts.load(*transaction, self.view, zones, parts).await?
            }
            Source::Memory => self.store.parts.in_memory(&zones, parts).ok_or_else(too_much)?,
        };
        self.store.parts.evict(self.store.logs.bytes());
        Ok(segments)
    }
}

/// Ends a guess: the search is made once the state is known.
fn too_much() -> Error {
    Error::internal("a search in memory takes more than there is")
}
