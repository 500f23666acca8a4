//! Reading entries.

use super::backend::{Batch, Place, Snapshot};
use super::insert::{find_place, read_entry};
use super::logs::{Log, SharedLog};
use super::store::Store;
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{Medium, Pending, Table};
use crate::model::{Entry, ProjectRef};
use crate::query::{Criteria, Filter, Page, PageRequest, Walk, Window};

const EVERYTHING: u64 = u64::MAX;

impl Log {
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { project_id: self.project.id, last_seq: self.tail.last_seq() }
    }

    fn entries(&self, rows: &[u32]) -> Result<Vec<Entry>> {
        let missing = || Error::internal("a selected row is not in the table");
        rows.iter().map(|&row| self.tail.entry(row, &self.project.name).ok_or_else(missing)).collect()
    }
}

impl<M: Medium> Store<M> {
    /// Returns a project's log as it is now.
    pub(super) fn current_log<'a>(&'a self, project: &'a ProjectRef) -> Pending<'a, SharedLog> {
        Box::pin(async move {
            self.check_open()?;
            let tables = [Table::Projects, Table::ProjectNames, Table::Tail];
            let log = self
                .medium
                .read(&tables, async |transaction| self.logs.catch_up(transaction, project).await)
                .await?;
            self.logs.evict(&log);
            Ok(log)
        })
    }

    pub(super) async fn do_fetch_entry(&self, entry_id: &str) -> Result<Option<Entry>> {
        self.check_open()?;
        let tables = [Table::Projects, Table::Tail, Table::Identifiers];
        self.medium
            .read(&tables, async |transaction| match find_place(transaction, entry_id).await? {
                Some(place) => Ok(Some(read_entry(transaction, entry_id, place).await?)),
                None => Ok(None),
            })
            .await
    }

    pub(super) async fn do_query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
        window: Window,
    ) -> Result<Vec<Entry>> {
        let filter = Filter::compile(criteria)?;
        let log = self.current_log(project).await?;
        let log = log.borrow();
        let selection = log.tail.select(&filter, up_to.unwrap_or(EVERYTHING), window);
        log.entries(&selection.rows)
    }

    pub(super) async fn do_count_query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
    ) -> Result<u64> {
        let filter = Filter::compile(criteria)?;
        let nothing = Window { offset: 0, limit: 0 };
        let log = self.current_log(project).await?;
        Ok(log.borrow().tail.select(&filter, up_to.unwrap_or(EVERYTHING), nothing).total)
    }

    pub(super) async fn do_query_entries_paginated(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        request: &PageRequest,
    ) -> Result<Page<Entry>> {
        let filter = Filter::compile(criteria)?;
        let log = self.current_log(project).await?;
        let log = log.borrow();
        let Snapshot { project_id, last_seq } = log.snapshot();
        let walk = Walk::begin(request, criteria.fingerprint(project_id), last_seq)?;
        let selection = log.tail.select(&filter, walk.up_to, walk.window());
        Ok(walk.into_page(log.entries(&selection.rows)?, selection.total))
    }

    pub(super) async fn do_iterate_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        place: Option<Place>,
        limit: usize,
    ) -> Result<Batch> {
        let filter = Filter::compile(criteria)?;
        // An iteration stays with the project that it began with, whatever has its name by now.
        let project =
            place.map_or_else(|| project.clone(), |place| ProjectRef::Id(place.snapshot.project_id));
        let log = self.current_log(&project).await?;
        let log = log.borrow();
        let latest = log.snapshot();
        let snapshot = place.map_or(latest, |place| place.snapshot);
        if snapshot.last_seq > latest.last_seq {
            return Err(Error::new(
                ErrorKind::InvalidCursor,
                "the iteration is of a log that is not this one",
            ));
        }
        let after = place.map(|place| place.after);
        let rows = log.tail.select_after(&filter, snapshot.last_seq, after, limit);
        let last = rows.last().filter(|_| rows.len() == limit).and_then(|&row| log.tail.position(row));
        Ok(Batch { entries: log.entries(&rows)?, next: last.map(|after| Place { snapshot, after }) })
    }
}
