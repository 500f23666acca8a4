//! The interface of storage backends.

use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    AgentEvent, AgentEventType, AgentProject, AgentSession, AppendEntry, DocChange, Entry, Inserted, Meta,
    NewDocChange, NewEntry, NewProject, NewReportCard, Project, ProjectMetrics, ProjectRef, PruneReport,
    ReportCard, Retention, SessionStatus, SetAgentProject, VerifyReport,
};
use crate::query::{Bucketing, Criteria, EntryFilters, Page, PageRequest, Summary, Walk, Window};
use crate::segment::Position;

/// A state of a project's log to read from: logs grow at one end and are cut at the other, so that two bounds on
/// `seq` name one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// The project.
    pub project_id: u64,
    /// The `seq` of the last entry that was removed; 0 if none was. It is of no matter to an iteration.
    pub removed: u64,
    /// The last entry's `seq`; 0 while there is none.
    pub last_seq: u64,
}

/// Where an iteration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The snapshot that is iterated over.
    pub snapshot: Snapshot,
    /// The last entry that was seen; of a log that is followed, the `seq` to go on with.
    pub after: Position,
}

/// Some entries of an iteration.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The entries, newest first; in the order of `seq` if a log is followed.
    pub entries: Vec<Entry>,
    /// Where to go on; `None` at the end.
    pub next: Option<Place>,
}

/// Everything that a store can do.
///
/// What holds for every method: it rejects with `closed` once the store is closed; a write is one
/// transaction, so that it took effect as a whole when it returns `Ok` and not at all when it returns
/// `Err`; writes of one store take effect in the order in which they were called; a read sees every write,
/// through any store on the same data, that had returned before the read was called. A project that is
/// unknown, or was deleted meanwhile, is `not_found`. Stored bytes that are not what was written are
/// `corrupt`.
///
/// The paginated and counting methods have default implementations on top of the others, which read
/// page after page; a backend that can do better should.
pub trait StorageBackend {
    /// Waits for writes under way, then lets go of the data. May be called again.
    async fn close(&self);

    /// Creates a project or, if its name is known, changes its paths. `updated_at` changes only if one of
    /// them does.
    async fn upsert_project(&self, project: NewProject) -> Result<Project>;

    /// Returns the project that has this very name.
    async fn fetch_project(&self, name: &str) -> Result<Option<Project>>;

    /// Returns all projects, sorted by name, by code point.
    async fn list_projects(&self) -> Result<Vec<Project>>;

    /// Deletes a project with its entries, document changes and report cards, and clears it from the
    /// agents whose current project it is. Returns false if there is none.
    async fn delete_project(&self, name: &str) -> Result<bool>;

    /// Counts a project's entries.
    async fn fetch_metrics(&self, project: &ProjectRef) -> Result<ProjectMetrics>;

    /// Inserts an entry. Returns false, and changes nothing, if its identifier is in the store already, in
    /// whatever project.
    async fn insert_entry(&self, entry: NewEntry) -> Result<bool>;

    /// Inserts entries: all but those whose identifiers are there already, or none.
    async fn insert_entries(&self, entries: Vec<NewEntry>) -> Result<Inserted>;

    /// Completes an entry with an identifier, the canonical line and its hash, inserts it, and returns it;
    /// or returns the entry that has its identifier already.
    async fn append_entry(&self, entry: AppendEntry) -> Result<Entry>;

    /// Returns the entry with an identifier.
    async fn fetch_entry(&self, entry_id: &str) -> Result<Option<Entry>>;

    /// Returns the latest state of a project's log.
    async fn snapshot(&self, project: &ProjectRef) -> Result<Snapshot>;

    /// Returns a window of the entries that match, newest first, among those whose `seq` is at most `up_to`
    /// where that is given.
    async fn query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
        window: Window,
    ) -> Result<Vec<Entry>>;

    /// Returns at most `limit` entries that match, newest first, from where an iteration is; from the newest
    /// one of the latest state without a place.
    async fn iterate_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        place: Option<Place>,
        limit: usize,
    ) -> Result<Batch>;

    /// Returns at most `limit` entries that match, in the order of `seq`, from that of `place.after` on; without a
    /// place none. What comes with them is always where to go on: there is more as long as that is not behind the
    /// last entry of its snapshot. In a place to begin with, the project's number is 0.
    async fn follow_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        place: Option<Place>,
        limit: usize,
    ) -> Result<Batch>;

    /// Counts the entries that match, among those whose `seq` is at most `up_to` where that is given.
    async fn count_query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
    ) -> Result<u64> {
        const BATCH: usize = 1000;
        let mut count = 0;
        let mut place = None;
        loop {
            let batch = self.iterate_entries(project, criteria, place, BATCH).await?;
            let is_wanted = |entry: &&Entry| up_to.is_none_or(|up_to| entry.seq <= up_to);
            count += batch.entries.iter().filter(is_wanted).count() as u64;
            place = match batch.next {
                Some(place) => Some(place),
                None => return Ok(count),
            };
        }
    }

    /// Returns a page of the entries that match, newest first.
    ///
    /// # Errors
    /// `invalid_cursor` for a cursor that is damaged or of another query; `invalid_argument` for a page and
    /// a cursor at once.
    async fn query_entries_paginated(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        request: &PageRequest,
    ) -> Result<Page<Entry>> {
        let Snapshot { project_id, removed, last_seq } = self.snapshot(project).await?;
        let project = ProjectRef::Id(project_id);
        let walk = Walk::begin(request, criteria.fingerprint(project_id, removed), last_seq)?;
        let items = self.query_entries(&project, criteria, Some(walk.up_to), walk.window()).await?;
        let total = self.count_query_entries(&project, criteria, Some(walk.up_to)).await?;
        Ok(walk.into_page(items, total))
    }

    /// Returns a window of the newest entries.
    async fn fetch_recent_entries(
        &self,
        project: &ProjectRef,
        filters: &EntryFilters,
        window: Window,
    ) -> Result<Vec<Entry>> {
        self.query_entries(project, &filters.into(), None, window).await
    }

    /// Returns a page of the newest entries.
    ///
    /// # Errors
    /// As [`Self::query_entries_paginated`].
    async fn fetch_recent_entries_paginated(
        &self,
        project: &ProjectRef,
        filters: &EntryFilters,
        request: &PageRequest,
    ) -> Result<Page<Entry>> {
        self.query_entries_paginated(project, &filters.into(), request).await
    }

    /// Counts a project's entries.
    async fn count_entries(&self, project: &ProjectRef, filters: &EntryFilters) -> Result<u64> {
        self.count_query_entries(project, &filters.into(), None).await
    }

    /// Counts the entries that match by time, and by who or what if that is wanted.
    ///
    /// # Errors
    /// `invalid_argument` if that would be more than 1,000,000 counts.
    async fn summarize_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        bucketing: Bucketing,
    ) -> Result<Summary>;

    /// Removes the oldest entries of a log, in the order of `seq`: those before the first one that is to be kept.
    async fn prune_entries(&self, retention: &Retention) -> Result<PruneReport>;

    /// Recomputes every hash of a project's log and compares them with what is stored.
    async fn verify_project(&self, project: &ProjectRef) -> Result<VerifyReport>;

    /// Records a change of a document. The newest 500 of a project are kept.
    async fn record_doc_change(&self, project: &ProjectRef, change: NewDocChange) -> Result<DocChange>;

    /// Returns a page of a project's document changes, newest first.
    async fn list_doc_changes(
        &self,
        project: &ProjectRef,
        doc: Option<&str>,
        request: &PageRequest,
    ) -> Result<Page<DocChange>>;

    /// Records a report card; a second one of the same file replaces the first, but for `created_at`.
    async fn record_agent_report_card(&self, project: &ProjectRef, card: NewReportCard)
    -> Result<ReportCard>;

    /// Returns a page of a project's report cards, latest change first, then by path.
    async fn list_agent_report_cards(
        &self,
        project: &ProjectRef,
        agent_name: Option<&str>,
        request: &PageRequest,
    ) -> Result<Page<ReportCard>>;

    /// Creates an active session, or makes it active again, touches it and replaces its metadata.
    ///
    /// # Errors
    /// `conflict` if the session is another agent's.
    async fn upsert_agent_session(
        &self,
        agent_id: &str,
        session_id: &str,
        metadata: Option<Meta>,
    ) -> Result<AgentSession>;

    /// Returns a session.
    async fn fetch_agent_session(&self, session_id: &str) -> Result<Option<AgentSession>>;

    /// Returns sessions, the latest sign of life first, then by identifier.
    async fn list_agent_sessions(
        &self,
        agent_id: Option<&str>,
        status: Option<SessionStatus>,
    ) -> Result<Vec<AgentSession>>;

    /// Touches a session. Returns whether it is active; only then was it touched.
    async fn heartbeat_session(&self, session_id: &str) -> Result<bool>;

    /// Ends a session. Returns whether it was active.
    async fn end_session(&self, session_id: &str) -> Result<bool>;

    /// Ends every active session without a sign of life for `idle_micros` and returns their identifiers.
    async fn expire_sessions(&self, idle_micros: i64) -> Result<Vec<String>>;

    /// Returns an agent's current project.
    async fn get_agent_project(&self, agent_id: &str) -> Result<Option<AgentProject>>;

    /// Sets an agent's current project. Of racing calls with the same expectation one succeeds.
    ///
    /// # Errors
    /// `conflict` with both versions if the expected one is not there, which the event log then tells;
    /// `not_found` if the project does not exist.
    async fn set_agent_project(&self, change: SetAgentProject) -> Result<AgentProject>;

    /// Returns how many bytes the keys and values of the whole store have.
    async fn stored_bytes(&self) -> Result<u64>;

    /// Returns the newest `limit` events, newest first.
    async fn list_agent_events(
        &self,
        agent_id: Option<&str>,
        event_type: Option<AgentEventType>,
        limit: u64,
    ) -> Result<Vec<AgentEvent>>;
}

/// Makes the error of a project that does not exist.
pub(super) fn no_such_project(project: &ProjectRef) -> Error {
    Error::new(ErrorKind::NotFound, format!("{project} does not exist"))
}
