//! A backend that does no more than it must.

use scribe_store::error::Result;
use scribe_store::model::{
    AgentEvent, AgentEventType, AgentProject, AgentSession, AppendEntry, DocChange, Entry, Inserted, Meta,
    NewDocChange, NewEntry, NewProject, NewReportCard, Project, ProjectMetrics, ProjectRef, PruneReport,
    ReportCard, Retention, SessionStatus, SetAgentProject, VerifyReport,
};
use scribe_store::query::{Bucketing, Criteria, Page, PageRequest, Summary, Window};
use scribe_store::storage::{Batch, Place, Snapshot, StorageBackend};

/// Passes on to a backend the methods that have no default implementation, and only those, so that the
/// default ones are what is tested.
pub struct Plain<B>(pub B);

impl<B: StorageBackend> StorageBackend for Plain<B> {
    async fn close(&self) {
        self.0.close().await;
    }

    async fn upsert_project(&self, project: NewProject) -> Result<Project> {
        self.0.upsert_project(project).await
    }

    async fn fetch_project(&self, name: &str) -> Result<Option<Project>> {
        self.0.fetch_project(name).await
    }

    async fn list_projects(&self) -> Result<Vec<Project>> {
        self.0.list_projects().await
    }

    async fn delete_project(&self, name: &str) -> Result<bool> {
        self.0.delete_project(name).await
    }

    async fn fetch_metrics(&self, project: &ProjectRef) -> Result<ProjectMetrics> {
        self.0.fetch_metrics(project).await
    }

    async fn insert_entry(&self, entry: NewEntry) -> Result<bool> {
        self.0.insert_entry(entry).await
    }

    async fn insert_entries(&self, entries: Vec<NewEntry>) -> Result<Inserted> {
        self.0.insert_entries(entries).await
    }

    async fn append_entry(&self, entry: AppendEntry) -> Result<Entry> {
        self.0.append_entry(entry).await
    }

    async fn fetch_entry(&self, entry_id: &str) -> Result<Option<Entry>> {
        self.0.fetch_entry(entry_id).await
    }

    async fn snapshot(&self, project: &ProjectRef) -> Result<Snapshot> {
        self.0.snapshot(project).await
    }

    async fn query_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        up_to: Option<u64>,
        window: Window,
    ) -> Result<Vec<Entry>> {
        self.0.query_entries(project, criteria, up_to, window).await
    }

    async fn iterate_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        place: Option<Place>,
        limit: usize,
    ) -> Result<Batch> {
        self.0.iterate_entries(project, criteria, place, limit).await
    }

    async fn summarize_entries(
        &self,
        project: &ProjectRef,
        criteria: &Criteria,
        bucketing: Bucketing,
    ) -> Result<Summary> {
        self.0.summarize_entries(project, criteria, bucketing).await
    }

    async fn prune_entries(&self, retention: &Retention) -> Result<PruneReport> {
        self.0.prune_entries(retention).await
    }

    async fn verify_project(&self, project: &ProjectRef) -> Result<VerifyReport> {
        self.0.verify_project(project).await
    }

    async fn record_doc_change(&self, project: &ProjectRef, change: NewDocChange) -> Result<DocChange> {
        self.0.record_doc_change(project, change).await
    }

    async fn list_doc_changes(
        &self,
        project: &ProjectRef,
        doc: Option<&str>,
        request: &PageRequest,
    ) -> Result<Page<DocChange>> {
        self.0.list_doc_changes(project, doc, request).await
    }

    async fn record_agent_report_card(
        &self,
        project: &ProjectRef,
        card: NewReportCard,
    ) -> Result<ReportCard> {
        self.0.record_agent_report_card(project, card).await
    }

    async fn list_agent_report_cards(
        &self,
        project: &ProjectRef,
        agent_name: Option<&str>,
        request: &PageRequest,
    ) -> Result<Page<ReportCard>> {
        self.0.list_agent_report_cards(project, agent_name, request).await
    }

    async fn upsert_agent_session(
        &self,
        agent_id: &str,
        session_id: &str,
        metadata: Option<Meta>,
    ) -> Result<AgentSession> {
        self.0.upsert_agent_session(agent_id, session_id, metadata).await
    }

    async fn fetch_agent_session(&self, session_id: &str) -> Result<Option<AgentSession>> {
        self.0.fetch_agent_session(session_id).await
    }

    async fn list_agent_sessions(
        &self,
        agent_id: Option<&str>,
        status: Option<SessionStatus>,
    ) -> Result<Vec<AgentSession>> {
        self.0.list_agent_sessions(agent_id, status).await
    }

    async fn heartbeat_session(&self, session_id: &str) -> Result<bool> {
        self.0.heartbeat_session(session_id).await
    }

    async fn end_session(&self, session_id: &str) -> Result<bool> {
        self.0.end_session(session_id).await
    }

    async fn expire_sessions(&self, idle_micros: i64) -> Result<Vec<String>> {
        self.0.expire_sessions(idle_micros).await
    }

    async fn get_agent_project(&self, agent_id: &str) -> Result<Option<AgentProject>> {
        self.0.get_agent_project(agent_id).await
    }

    async fn set_agent_project(&self, change: SetAgentProject) -> Result<AgentProject> {
        self.0.set_agent_project(change).await
    }

    async fn list_agent_events(
        &self,
        agent_id: Option<&str>,
        event_type: Option<AgentEventType>,
        limit: u64,
    ) -> Result<Vec<AgentEvent>> {
        self.0.list_agent_events(agent_id, event_type, limit).await
    }
}
