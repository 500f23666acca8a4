//! Reading entries.

use std::cell::Cell;

use super::backend::{Batch, Place, Snapshot};
use super::identifiers::ENTRY_TABLES;
use super::logs::View;
use super::search::{LOG_TABLES, Wanted};
use super::store::Store;
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{Medium, Pending};
use crate::model::{Entry, ProjectRef};
use crate::query::{Criteria, Page, PageRequest, Walk, Window};
use crate::segment::{Bounds, Position};

const EVERYTHING: u64 = u64::MAX;

impl<M: Medium> Store<M> {
    /// Returns the state of a project's log as it is now.
    pub(super) fn current_log<'a>(&'a self, project: &'a ProjectRef) -> Pending<'a, View> {
        Box::pin(async move {
            self.check_open()?;
            self.medium
                .read(&LOG_TABLES, async |transaction| self.logs.catch_up(transaction, project).await)
                .await
        })
    }

    pub(super) async fn do_fetch_entry(&self, entry_id: &str) -> Result<Option<Entry>> {
        self.check_open()?;
        let found = self
            .medium
            .read(&ENTRY_TABLES, async |transaction| self.finder(transaction).find(entry_id).await)
            .await;
        self.identifiers.evict();
        self.parts.evict(self.logs.bytes());
        found
    }

    pub(super) async fn do_query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
        window: Window,
    ) -> Result<Vec<Entry>> {
        let bounds = Bounds { up_to: up_to.unwrap_or(EVERYTHING), after: None };
        let wanted = Wanted { bounds, window, total: false };
        Ok(self.search(project, criteria, &|_| Ok(wanted)).await?.entries)
    }

    pub(super) async fn do_count_query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
    ) -> Result<u64> {
        let bounds = Bounds { up_to: up_to.unwrap_or(EVERYTHING), after: None };
        let wanted = Wanted { bounds, window: Window { offset: 0, limit: 0 }, total: true };
        Ok(self.search(project, criteria, &|_| Ok(wanted)).await?.total)
    }

    pub(super) async fn do_query_entries_paginated(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        request: &PageRequest,
    ) -> Result<Page<Entry>> {
        let cell = Cell::new(None);
        let begin = |Snapshot { project_id, last_seq }: Snapshot| {
            let walk = Walk::begin(request, criteria.fingerprint(project_id), last_seq)?;
            cell.set(Some(walk));
            let bounds = Bounds { up_to: walk.up_to, after: None };
            Ok(Wanted { bounds, window: walk.window(), total: true })
        };
        let found = self.search(project, criteria, &begin).await?;
        let walk = cell.get().ok_or_else(|| Error::internal("a walk was not begun"))?;
        Ok(walk.into_page(found.entries, found.total))
    }

    pub(super) async fn do_iterate_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        place: Option<Place>,
        limit: usize,
    ) -> Result<Batch> {
        // An iteration stays with the project that it began with, whatever has its name by now.
        let project =
            place.map_or_else(|| project.clone(), |place| ProjectRef::Id(place.snapshot.project_id));
        let cell = Cell::new(None);
        let begin = |latest: Snapshot| {
            let snapshot = place.map_or(latest, |place| place.snapshot);
            if snapshot.last_seq > latest.last_seq {
                let message = "the iteration is of a log that is not this one";
                return Err(Error::new(ErrorKind::InvalidCursor, message));
            }
            cell.set(Some(snapshot));
            let bounds = Bounds { up_to: snapshot.last_seq, after: place.map(|place| place.after) };
            let window = Window { offset: 0, limit: limit as u64 };
            Ok(Wanted { bounds, window, total: false })
        };
        let entries = self.search(&project, criteria, &begin).await?.entries;
        let last = entries.last().filter(|_| entries.len() == limit);
        let next = last
            .zip(cell.get())
            .map(|(last, snapshot)| Place { snapshot, after: Position { ts: last.ts, seq: last.seq } });
        Ok(Batch { entries, next })
    }
}
