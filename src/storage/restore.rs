//! Records of a backup, put back as they were stored. What is newer here stays.

use super::agents::{fetch_agent_project, fetch_session};
use super::documents::{KEPT_CHANGES, StoredCard, StoredChange};
use super::keys;
use super::projects::{StoredProject, fetch_by_name, fetch_stored_by_name, next_number, resolve};
use super::store::{ALL_ROWS, Store};
use crate::error::Result;
use crate::medium::{KeyRange, Medium, Pending, Table, Transaction};
use crate::model::record::{self, Kind};
use crate::model::{
    AgentProject, AgentSession, Change, NewDocChange, NewReportCard, Project, ProjectRef, Time,
};

/// The tables of all that is restored, but for entries.
const TABLES: [Table; 7] = [
    Table::Projects,
    Table::ProjectNames,
    Table::Counters,
    Table::DocChanges,
    Table::ReportCards,
    Table::Sessions,
    Table::AgentProjects,
];

/// A record of a backup.
#[derive(Debug, Clone, PartialEq)]
pub enum Restored {
    /// A project, whose `id` does not count. If there is one of its name, the later paths stay, and all else.
    Project(Project),
    /// A change of a project's document, unless the very same is there, or 500 are.
    DocChange(ProjectRef, NewDocChange, Time),
    /// A report card, when it was first recorded, and when last. The one that was recorded later stays.
    ReportCard(ProjectRef, NewReportCard, Time, Time),
    /// A session. The one with the later sign of life stays; another agent's stays in any case.
    Session(AgentSession),
    /// An agent's current project. That of the higher version stays.
    AgentProject(AgentProject),
}

impl<M: Medium> Store<M> {
    /// Returns all agents' current projects, in the order of agents' identifiers.
    ///
    /// It rejects as a read does.
    pub fn list_agent_projects(&self) -> Pending<'_, Vec<AgentProject>> {
        self.read(&[Table::AgentProjects], async |transaction| {
            let rows = transaction.scan(Table::AgentProjects, &KeyRange::all(), ALL_ROWS).await?;
            record::decode_all(Kind::AgentProject, &rows, "agents' projects")
        })
    }

    /// Puts records of a backup back as they were stored, all or none. Returns how many changed something.
    ///
    /// It rejects with `not_found` if the project of a document does not exist.
    pub fn restore(&self, records: Vec<Restored>) -> Pending<'_, u64> {
        self.write(&TABLES, async move |transaction| {
            let mut count = 0;
            let mut changes: Vec<(ProjectRef, Vec<(NewDocChange, Time)>)> = Vec::new();
            for record in records {
                let has_changed = match record {
                    Restored::Project(project) => self.restore_project(transaction, project).await?,
                    Restored::ReportCard(project, card, created_at, updated_at) => {
                        let stored = StoredCard { card, created_at, updated_at };
                        self.restore_card(transaction, &project, stored).await?
                    }
                    Restored::Session(session) => self.restore_session(transaction, session).await?,
                    Restored::AgentProject(project) => {
                        self.restore_agent_project(transaction, project).await?
                    }
                    Restored::DocChange(project, change, created_at) => {
                        match changes.last_mut().filter(|(last, _)| *last == project) {
                            Some((_, changes)) => changes.push((change, created_at)),
                            None => changes.push((project, vec![(change, created_at)])),
                        }
                        false
                    }
                };
                count += u64::from(has_changed);
            }
            for (project, changes) in changes {
                count += self.restore_changes(transaction, &project, changes).await?;
            }
            Ok(count)
        })
    }

    async fn restore_project(&self, transaction: &dyn Transaction, new: Project) -> Result<bool> {
        let stored = match fetch_stored_by_name(transaction, &new.name).await? {
            Some(StoredProject { project: old, .. }) if old.updated_at >= new.updated_at => return Ok(false),
            Some(StoredProject { project: old, generation }) => {
                let project = Project { id: old.id, created_at: old.created_at, ..new };
                StoredProject { project, generation }
            }
            None => {
                let id = next_number(transaction, "projects").await?;
                let bytes = record::encode(Kind::ProjectId, &id)?;
                transaction.put(Table::ProjectNames, new.name.as_bytes(), &bytes)?;
                StoredProject { project: Project { id, ..new }, generation: 0 }
            }
        };
        transaction.put(Table::Projects, &keys::number(stored.project.id), &stored.encode()?)?;
        self.note(Change::of_project(&stored.project.name, "upserted"));
        Ok(true)
    }

    /// Adds the changes that are not there, the newest first if not all have room: what is there stays.
    async fn restore_changes(
        &self,
        transaction: &dyn Transaction,
        project: &ProjectRef,
        changes: Vec<(NewDocChange, Time)>,
    ) -> Result<u64> {
        let project = resolve(transaction, project).await?.project;
        let rows = transaction.scan(Table::DocChanges, &keys::of_project(project.id), ALL_ROWS).await?;
        let what = format!("the document changes of project {:?}", project.name);
        let mut old = record::decode_all::<StoredChange>(Kind::DocChange, &rows, &what)?;
        let room = KEPT_CHANGES.saturating_sub(old.len());
        let mut new = Vec::new();
        for (change, created_at) in changes {
            let is_it = |old: &StoredChange| old.created_at == created_at && old.change == change;
            match old.iter().position(is_it) {
                // One that was recorded twice is there twice.
                Some(place) => drop(old.swap_remove(place)),
                None => new.push((change, created_at)),
            }
        }
        let excess = new.len().saturating_sub(room);
        let mut count = 0;
        for (change, created_at) in new.into_iter().skip(excess) {
            let id = next_number(transaction, "doc_changes").await?;
            let bytes = record::encode(Kind::DocChange, &StoredChange { id, change, created_at })?;
            transaction.put(Table::DocChanges, &keys::in_project(project.id, id), &bytes)?;
            count += 1;
        }
        if count > 0 {
            self.note(Change::Document { project: project.name });
        }
        Ok(count)
    }

    async fn restore_card(
        &self,
        transaction: &dyn Transaction,
        project: &ProjectRef,
        mut new: StoredCard,
    ) -> Result<bool> {
        let project = resolve(transaction, project).await?.project;
        let key = keys::named_in_project(project.id, &new.card.file_path);
        if let Some(bytes) = transaction.get(Table::ReportCards, &key).await? {
            let place = format!("the report card of {:?}", new.card.file_path);
            let old: StoredCard = record::decode(Kind::ReportCard, &bytes, place)?;
            if old.updated_at >= new.updated_at {
                return Ok(false);
            }
            new.created_at = new.created_at.min(old.created_at);
        }
        transaction.put(Table::ReportCards, &key, &record::encode(Kind::ReportCard, &new)?)?;
        self.note(Change::Document { project: project.name });
        Ok(true)
    }

    async fn restore_session(&self, transaction: &dyn Transaction, mut new: AgentSession) -> Result<bool> {
        if let Some(old) = fetch_session(transaction, &new.session_id).await? {
            if old.agent_id != new.agent_id || old.last_active_at >= new.last_active_at {
                return Ok(false);
            }
            new.started_at = new.started_at.min(old.started_at);
        }
        self.put_session(transaction, &new)?;
        Ok(true)
    }

    async fn restore_agent_project(
        &self,
        transaction: &dyn Transaction,
        mut new: AgentProject,
    ) -> Result<bool> {
        let old = fetch_agent_project(transaction, &new.agent_id).await?;
        if old.is_some_and(|old| old.version >= new.version) {
            return Ok(false);
        }
        // It may have been deleted while the backup was made.
        if let Some(name) = &new.project_name
            && fetch_by_name(transaction, name).await?.is_none()
        {
            new.project_name = None;
        }
        self.put_agent_project(transaction, &new)?;
        Ok(true)
    }
}
