//! The store: a [`StorageBackend`] on any medium.

use std::cell::{Cell, RefCell};

use super::backend::{Batch, Place, Snapshot, StorageBackend};
use super::identifiers::{Finder, Identifiers};
use super::insert::Insertion;
use super::logs::Logs;
use super::parts::{Parts, Reads};
use super::seal::Sealing;
use super::turns::Turns;
use super::uuids::Uuids;
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{Body, Medium, Pending, Table, Transaction, transact};
use crate::model::{
    AgentEvent, AgentEventType, AgentProject, AgentSession, AppendEntry, Change, DocChange, Entry, Inserted,
    Meta, NewDocChange, NewEntry, NewProject, NewReportCard, Project, ProjectMetrics, ProjectRef,
    PruneReport, ReportCard, Retention, SessionStatus, SetAgentProject, Time, VerifyReport,
};
use crate::query::{Bucketing, Criteria, Page, PageRequest, Summary, Window};

/// A limit for scans that want everything: more rows than a browser keeps.
pub(super) const ALL_ROWS: u32 = u32::MAX;

/// Where a store takes the current time from.
pub type Clock = Box<dyn Fn() -> Time>;

/// What hears of every change that a store made, once it is committed.
pub type Listener = Box<dyn Fn(&Change)>;

/// How a store behaves.
pub struct StoreOptions {
    /// Upper bound on decoded log data kept in memory, in bytes. What a call is working on may take more.
    pub cache_bytes: usize,
    /// When entries are sealed, and how large segments are.
    pub sealing: Sealing,
    /// Where the current time comes from.
    pub clock: Clock,
    /// Hears of every change. It must not call the store.
    pub listener: Listener,
}

impl Default for StoreOptions {
    /// 64 MiB and the system's clock; nobody listens.
    fn default() -> Self {
        let (clock, listener) = (Box::new(Time::now), Box::new(|_: &Change| ()));
        Self { cache_bytes: 64 << 20, sealing: Sealing::default(), clock, listener }
    }
}

impl std::fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreOptions").field("cache_bytes", &self.cache_bytes).finish_non_exhaustive()
    }
}

/// A store on a medium: the one implementation of [`StorageBackend`].
pub struct Store<M> {
    pub(super) medium: M,
    pub(super) logs: Logs,
    pub(super) parts: Parts,
    pub(super) identifiers: Identifiers,
    pub(super) sealing: Sealing,
    pub(super) turns: Turns<Insertion>,
    /// How many more insertions read before they write, since another tab was writing.
    pub(super) rivalry: Cell<u32>,
    /// What new identifiers are made from.
    pub(super) uuids: Uuids,
    clock: Clock,
    listener: Listener,
    /// What the write under way changes.
    noted: RefCell<Vec<Change>>,
    is_closed: Cell<bool>,
}

impl<M: Medium> Store<M> {
    /// Makes a store on a medium.
    #[must_use]
    pub fn new(medium: M, options: StoreOptions) -> Self {
        let StoreOptions { cache_bytes, sealing, clock, listener } = options;
        Self {
            medium,
            // Tails and zone maps; the rest is for segments.
            logs: Logs::new(cache_bytes / 2),
            parts: Parts::new(cache_bytes),
            identifiers: Identifiers::new(cache_bytes / 4),
            sealing,
            turns: Turns::new(),
            rivalry: Cell::default(),
            uuids: Uuids::default(),
            clock,
            listener,
            noted: RefCell::default(),
            is_closed: Cell::new(false),
        }
    }

    /// Tells what was read of segments so far.
    #[must_use]
    pub fn reads(&self) -> Reads {
        self.parts.reads()
    }

    pub(super) fn finder<'a>(&'a self, transaction: &'a dyn Transaction) -> Finder<'a> {
        let Self { logs, parts, identifiers, .. } = self;
        Finder { transaction, logs, parts, identifiers }
    }

    pub(super) fn now(&self) -> Time {
        (self.clock)()
    }

    pub(super) fn check_open(&self) -> Result<()> {
        if self.is_closed.get() {
            return Err(Error::new(ErrorKind::Closed, "this store was closed"));
        }
        Ok(())
    }

    /// Reads in a transaction.
    pub(super) fn read<'a, T: 'a>(
        &'a self,
        tables: &'a [Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T> + 'a,
    ) -> Pending<'a, T> {
        transact(body, |body| self.read_boxed(tables, body))
    }

    fn read_boxed<'a>(&'a self, tables: &'a [Table], mut body: Box<dyn Body + 'a>) -> Pending<'a, ()> {
        Box::pin(async move {
            self.check_open()?;
            self.medium.read(tables, async |transaction| body.run(transaction).await).await
        })
    }

    /// Writes in a transaction, once the writes that were called before are done.
    pub(super) fn write<'a, T: 'a>(
        &'a self,
        tables: &'a [Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T> + 'a,
    ) -> Pending<'a, T> {
        transact(body, |body| self.write_boxed(tables, body))
    }

    fn write_boxed<'a>(&'a self, tables: &'a [Table], mut body: Box<dyn Body + 'a>) -> Pending<'a, ()> {
        Box::pin(async move {
            self.check_open()?;
            let _turn = self.turns.alone().await;
            self.noted.take();
            self.medium.write(tables, async |transaction| body.run(transaction).await).await?;
            for change in self.noted.take() {
                self.tell(&change);
            }
            Ok(())
        })
    }

    /// Notes what a write changes, to be told of once it is committed.
    pub(super) fn note(&self, change: Change) {
        self.noted.borrow_mut().push(change);
    }

    /// Tells of a change that is committed.
    pub(super) fn tell(&self, change: &Change) {
        (self.listener)(change);
    }
}

impl<M> std::fmt::Debug for Store<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("is_closed", &self.is_closed.get()).finish_non_exhaustive()
    }
}

impl<M: Medium> StorageBackend for Store<M> {
    async fn close(&self) {
        self.is_closed.set(true);
        let _turn = self.turns.alone().await;
        self.medium.close().await;
    }

    async fn upsert_project(&self, project: NewProject) -> Result<Project> {
        self.do_upsert_project(project, None).await
    }

    async fn fetch_project(&self, name: &str) -> Result<Option<Project>> {
        self.do_fetch_project(name).await
    }

    async fn list_projects(&self) -> Result<Vec<Project>> {
        self.do_list_projects().await
    }

    async fn delete_project(&self, name: &str) -> Result<bool> {
        self.do_delete_project(name).await
    }

    async fn fetch_metrics(&self, project: &ProjectRef) -> Result<ProjectMetrics> {
        self.do_fetch_metrics(project).await
    }

    async fn insert_entry(&self, entry: NewEntry) -> Result<bool> {
        self.do_insert_entry(entry).await
    }

    async fn insert_entries(&self, entries: Vec<NewEntry>) -> Result<Inserted> {
        self.do_insert_entries(entries, None).await
    }

    async fn append_entry(&self, entry: AppendEntry) -> Result<Entry> {
        self.do_append_entry(entry).await
    }

    async fn fetch_entry(&self, entry_id: &str) -> Result<Option<Entry>> {
        self.do_fetch_entry(entry_id).await
    }

    async fn snapshot(&self, project: &ProjectRef) -> Result<Snapshot> {
        Ok(self.current_log(project).await?.snapshot())
    }

    async fn query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
        window: Window,
    ) -> Result<Vec<Entry>> {
        self.do_query_entries(project, criteria, up_to, window, Ok).await
    }

    async fn iterate_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        place: Option<Place>,
        limit: usize,
    ) -> Result<Batch> {
        self.do_iterate_entries(project, criteria, place, limit, false).await
    }

    async fn follow_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        place: Option<Place>,
        limit: usize,
    ) -> Result<Batch> {
        self.do_iterate_entries(project, criteria, place, limit, true).await
    }

    /// Counts in one pass.
    async fn count_query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
    ) -> Result<u64> {
        self.do_count_query_entries(project, criteria, up_to).await
    }

    /// Selects and counts in one pass.
    async fn query_entries_paginated(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        request: &PageRequest,
    ) -> Result<Page<Entry>> {
        self.do_query_entries_paginated(project, criteria, request, Ok).await
    }

    async fn summarize_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        bucketing: Bucketing,
    ) -> Result<Summary> {
        self.do_summarize_entries(project, criteria, bucketing).await
    }

    async fn prune_entries(&self, retention: &Retention) -> Result<PruneReport> {
        self.do_prune_entries(retention).await
    }

    async fn verify_project(&self, project: &ProjectRef) -> Result<VerifyReport> {
        self.do_verify_project(project).await
    }

    async fn record_doc_change(&self, project: &ProjectRef, change: NewDocChange) -> Result<DocChange> {
        self.do_record_doc_change(project.clone(), change, None).await
    }

    async fn list_doc_changes(
        &self,
        project: &ProjectRef,
        doc: Option<&str>,
        request: &PageRequest,
    ) -> Result<Page<DocChange>> {
        self.do_list_doc_changes(project, doc, request).await
    }

    async fn record_agent_report_card(
        &self,
        project: &ProjectRef,
        card: NewReportCard,
    ) -> Result<ReportCard> {
        self.do_record_report_card(project.clone(), card, None).await
    }

    async fn list_agent_report_cards(
        &self,
        project: &ProjectRef,
        agent_name: Option<&str>,
        request: &PageRequest,
    ) -> Result<Page<ReportCard>> {
        self.do_list_report_cards(project, agent_name, request).await
    }

    async fn upsert_agent_session(
        &self,
        agent_id: &str,
        session_id: &str,
        metadata: Option<Meta>,
    ) -> Result<AgentSession> {
        self.do_upsert_session(agent_id.to_owned(), session_id.to_owned(), metadata, None).await
    }

    async fn fetch_agent_session(&self, session_id: &str) -> Result<Option<AgentSession>> {
        self.do_fetch_session(session_id).await
    }

    async fn list_agent_sessions(
        &self,
        agent_id: Option<&str>,
        status: Option<SessionStatus>,
    ) -> Result<Vec<AgentSession>> {
        self.do_list_sessions(agent_id, status).await
    }

    async fn heartbeat_session(&self, session_id: &str) -> Result<bool> {
        self.do_heartbeat_session(session_id).await
    }

    async fn end_session(&self, session_id: &str) -> Result<bool> {
        self.do_end_session(session_id).await
    }

    async fn expire_sessions(&self, idle_micros: i64) -> Result<Vec<String>> {
        self.do_expire_sessions(idle_micros).await
    }

    async fn get_agent_project(&self, agent_id: &str) -> Result<Option<AgentProject>> {
        self.do_get_agent_project(agent_id).await
    }

    async fn set_agent_project(&self, change: SetAgentProject) -> Result<AgentProject> {
        self.do_set_agent_project(change, None).await
    }

    async fn stored_bytes(&self) -> Result<u64> {
        self.do_stored_bytes().await
    }

    async fn list_agent_events(
        &self,
        agent_id: Option<&str>,
        event_type: Option<AgentEventType>,
        limit: u64,
    ) -> Result<Vec<AgentEvent>> {
        self.do_list_agent_events(agent_id, event_type, limit).await
    }
}
