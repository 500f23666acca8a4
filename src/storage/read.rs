//! Reading entries.

use std::cell::{Cell, RefCell};

use super::backend::{Batch, Place, Snapshot};
use super::identifiers::ENTRY_TABLES;
use super::logs::View;
use super::search::{Found, LOG_TABLES, Wanted};
use super::store::Store;
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{Medium, Pending, Table};
use crate::model::{Entry, ProjectMetrics, ProjectRef, Time};
use crate::query::{Bucketing, Criteria, Page, PageRequest, Summary, Walk, Window};
use crate::segment::{Bounds, Position, Tally};

const EVERYTHING: u64 = u64::MAX;

/// How many entries there are, and none of them.
const COUNT: Wanted =
    Wanted { bounds: Bounds::NONE, window: Window { offset: 0, limit: 0 }, total: true, from_seq: None };

impl<M: Medium> Store<M> {
    /// Returns the state of a project's log as it is now.
    pub(super) fn current_log<'a>(&'a self, project: &'a ProjectRef) -> Pending<'a, View> {
        self.read(&LOG_TABLES, async move |transaction| self.logs.catch_up(transaction, project).await)
    }

    pub(crate) fn do_stored_bytes(&self) -> Pending<'_, u64> {
        self.read(&Table::ALL, async |transaction| {
            let mut bytes = 0;
            for table in Table::ALL {
                bytes += transaction.bytes(table).await?;
            }
            Ok(bytes)
        })
    }

    pub(crate) fn do_fetch_metrics<'a>(&'a self, project: &'a ProjectRef) -> Pending<'a, ProjectMetrics> {
        let log = self.current_log(project);
        Box::pin(async move { Ok(log.await?.metrics()) })
    }

    pub(crate) fn do_fetch_entry<'a>(&'a self, entry_id: &'a str) -> Pending<'a, Option<Entry>> {
        Box::pin(async move {
            let found = self
                .read(&ENTRY_TABLES, async |transaction| self.finder(transaction).find(entry_id).await)
                .await;
            self.identifiers.evict();
            self.parts.evict(self.logs.bytes());
            found
        })
    }

    pub(crate) fn do_query_entries<'a, T: 'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        up_to: Option<u64>,
        window: Window,
        encode: fn(Vec<Entry>) -> Result<T>,
    ) -> Pending<'a, T> {
        Box::pin(async move {
            let bounds = Bounds { up_to: up_to.unwrap_or(EVERYTHING), after: None };
            let wanted = Wanted { bounds, window, total: false, from_seq: None };
            self.search(project, criteria, None, &|_| Ok(wanted), &|found| encode(found.entries)).await
        })
    }

    pub(crate) fn do_count_query_entries<'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        up_to: Option<u64>,
    ) -> Pending<'a, u64> {
        Box::pin(async move {
            let bounds = Bounds { up_to: up_to.unwrap_or(EVERYTHING), after: None };
            let wanted = Wanted { bounds, ..COUNT };
            self.search(project, criteria, None, &|_| Ok(wanted), &|found| Ok(found.total)).await
        })
    }

    pub(crate) fn do_summarize_entries<'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        bucketing: Bucketing,
    ) -> Pending<'a, Summary> {
        Box::pin(async move {
            let tally = RefCell::new(Tally::new(bucketing));
            self.search(project, criteria, Some(&tally), &|_| Ok(COUNT), &|_| Ok(())).await?;
            tally.into_inner().finish()
        })
    }

    pub(crate) fn do_query_entries_paginated<'a, T: 'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        request: &'a PageRequest,
        encode: fn(Page<Entry>) -> Result<T>,
    ) -> Pending<'a, T> {
        Box::pin(async move {
            let cell = Cell::new(None);
            let begin = |Snapshot { project_id, removed, last_seq }: Snapshot| {
                let walk = Walk::begin(request, criteria.fingerprint(project_id, removed), last_seq)?;
                cell.set(Some(walk));
                let bounds = Bounds { up_to: walk.up_to, after: None };
                Ok(Wanted { bounds, window: walk.window(), total: true, from_seq: None })
            };
            let end = |Found { entries, total }| {
                let walk = cell.get().ok_or_else(|| Error::internal("a walk was not begun"))?;
                encode(walk.into_page(entries, total))
            };
            self.search(project, criteria, None, &begin, &end).await
        })
    }

    /// Reads on with an iteration; if a log is followed, in the order of `seq`.
    pub(crate) fn do_iterate_entries<'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        place: Option<Place>,
        limit: usize,
        follows: bool,
    ) -> Pending<'a, Batch> {
        Box::pin(async move {
            // An iteration stays with the project that it began with, whatever has its name by now.
            let known = place.filter(|place| place.snapshot.project_id > 0);
            let project =
                known.map_or_else(|| project.clone(), |place| ProjectRef::Id(place.snapshot.project_id));
            let cell = Cell::new(None);
            let begin = |latest: Snapshot| {
                let snapshot = place.filter(|_| !follows).map_or(latest, |place| place.snapshot);
                if snapshot.last_seq > latest.last_seq {
                    let message = "the iteration is of a log that is not this one";
                    return Err(Error::new(ErrorKind::InvalidCursor, message));
                }
                cell.set(Some(snapshot));
                let behind = Position { ts: Time::default(), seq: latest.last_seq + 1 };
                let from_seq = follows.then_some(place.map_or(behind, |place| place.after).seq);
                let after = place.filter(|_| !follows).map(|place| place.after);
                let bounds = Bounds { up_to: snapshot.last_seq, after };
                let window = Window { offset: 0, limit: limit as u64 };
                Ok(Wanted { bounds, window, total: false, from_seq })
            };
            // What was called before comes before the beginning, and what is called from now on behind it.
            let turn = if follows && place.is_none() { Some(self.turns.alone().await) } else { None };
            let found = self.search(&project, criteria, None, &begin, &Ok).await;
            drop(turn);
            let Found { entries, total } = found?;
            let last = entries.last().filter(|_| entries.len() == limit);
            let after = if follows {
                Some(Position { ts: Time::default(), seq: total })
            } else {
                last.map(|last| Position { ts: last.ts, seq: last.seq })
            };
            let next = after.zip(cell.get()).map(|(after, snapshot)| Place { snapshot, after });
            Ok(Batch { entries, next })
        })
    }
}
