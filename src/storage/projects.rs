//! Projects.

use std::collections::HashMap;

use futures_util::future::try_join;

use super::agents::clear_project;
use super::backend::no_such_project;
use super::keys;
use super::logs::TailRow;
use super::record::{self, Kind};
use super::store::{ALL_ROWS, Store};
use crate::error::{Error, Result};
use crate::medium::{KeyRange, Medium, Table, Transaction};
use crate::model::{NewProject, Project, ProjectRef};

/// How many entries are deleted at a time.
const BATCH: u32 = 2000;

/// Returns the project with an id.
pub(super) async fn fetch_by_id(transaction: &dyn Transaction, id: u64) -> Result<Option<Project>> {
    let bytes = transaction.get(Table::Projects, &keys::number(id)).await?;
    bytes.map(|bytes| record::decode(Kind::Project, &bytes, format_args!("project {id}"))).transpose()
}

/// Returns the project with a name.
pub(super) async fn fetch_by_name(transaction: &dyn Transaction, name: &str) -> Result<Option<Project>> {
    let Some(bytes) = transaction.get(Table::ProjectNames, name.as_bytes()).await? else { return Ok(None) };
    let id = record::decode(Kind::ProjectId, &bytes, format_args!("the name of project {name:?}"))?;
    match fetch_by_id(transaction, id).await? {
        Some(project) if project.name == name => Ok(Some(project)),
        _ => Err(Error::corrupt(format_args!("project {name:?}"), "has a name but no record")),
    }
}

/// Returns the project that a reference names.
pub(super) async fn resolve(transaction: &dyn Transaction, project: &ProjectRef) -> Result<Project> {
    let found = match project {
        ProjectRef::Name(name) => fetch_by_name(transaction, name).await?,
        ProjectRef::Id(id) => fetch_by_id(transaction, *id).await?,
    };
    found.ok_or_else(|| no_such_project(project))
}

/// Returns the next number of a series, and notes that it is given.
pub(super) async fn next_number(transaction: &dyn Transaction, series: &str) -> Result<u64> {
    let last = match transaction.get(Table::Counters, series.as_bytes()).await? {
        Some(bytes) => record::decode(Kind::Counter, &bytes, format_args!("the counter of {series}"))?,
        None => 0_u64,
    };
    transaction.put(Table::Counters, series.as_bytes(), &record::encode(Kind::Counter, &(last + 1))?)?;
    Ok(last + 1)
}

impl<M: Medium> Store<M> {
    pub(super) async fn do_upsert_project(&self, new: NewProject) -> Result<Project> {
        let now = self.now();
        let _turn = self.turn_to_write().await?;
        let tables = [Table::Projects, Table::ProjectNames, Table::Counters];
        self.medium
            .write(&tables, async |transaction| {
                let NewProject { name, repo_root, progress_log_path } = new;
                let project = match fetch_by_name(transaction, &name).await? {
                    Some(old) if old.repo_root == repo_root && old.progress_log_path == progress_log_path => {
                        return Ok(old);
                    }
                    Some(old) => Project { repo_root, progress_log_path, updated_at: now, ..old },
                    None => {
                        let id = next_number(transaction, "projects").await?;
                        let bytes = record::encode(Kind::ProjectId, &id)?;
                        transaction.put(Table::ProjectNames, name.as_bytes(), &bytes)?;
                        Project { id, name, repo_root, progress_log_path, created_at: now, updated_at: now }
                    }
                };
                let bytes = record::encode(Kind::Project, &project)?;
                transaction.put(Table::Projects, &keys::number(project.id), &bytes)?;
                Ok(project)
            })
            .await
    }

    pub(super) async fn do_fetch_project(&self, name: &str) -> Result<Option<Project>> {
        self.check_open()?;
        let tables = [Table::Projects, Table::ProjectNames];
        self.medium.read(&tables, async |transaction| fetch_by_name(transaction, name).await).await
    }

    pub(super) async fn do_list_projects(&self) -> Result<Vec<Project>> {
        self.check_open()?;
        let tables = [Table::Projects, Table::ProjectNames];
        self.medium
            .read(&tables, async |transaction| {
                let all = KeyRange::all();
                let records = transaction.scan(Table::Projects, &all, ALL_ROWS);
                let ids = transaction.scan(Table::ProjectNames, &all, ALL_ROWS);
                let (records, ids) = try_join(records, ids).await?;
                let projects = record::decode_all::<Project>(Kind::Project, &records, "projects")?;
                let mut projects: HashMap<u64, Project> =
                    projects.into_iter().map(|project| (project.id, project)).collect();
                // Identifiers come in the order of names.
                let ids = record::decode_all::<u64>(Kind::ProjectId, &ids, "project names")?;
                let missing = |id| Error::corrupt(format_args!("project {id}"), "has a name but no record");
                ids.into_iter().map(|id| projects.remove(&id).ok_or_else(|| missing(id))).collect()
            })
            .await
    }

    pub(super) async fn do_delete_project(&self, name: &str) -> Result<bool> {
        let now = self.now();
        let _turn = self.turn_to_write().await?;
        let tables = [
            Table::Projects,
            Table::ProjectNames,
            Table::Tail,
            Table::Identifiers,
            Table::DocChanges,
            Table::ReportCards,
            Table::AgentProjects,
            Table::AgentEvents,
            Table::Counters,
        ];
        self.medium
            .write(&tables, async |transaction| {
                let Some(project) = fetch_by_name(transaction, name).await? else { return Ok(false) };
                delete_entries(transaction, &project).await?;
                let everything = keys::of_project(project.id);
                transaction.delete(Table::DocChanges, &everything)?;
                transaction.delete(Table::ReportCards, &everything)?;
                clear_project(transaction, name, now).await?;
                transaction.delete(Table::Projects, &KeyRange::only(&keys::number(project.id)))?;
                transaction.delete(Table::ProjectNames, &KeyRange::only(name.as_bytes()))?;
                Ok(true)
            })
            .await
    }
}

/// Deletes a project's entries. A row that cannot be read leaves its identifier behind, which is then one of
/// no project and so stands for no entry.
async fn delete_entries(transaction: &dyn Transaction, project: &Project) -> Result<()> {
    let mut next = 1;
    loop {
        let rows = transaction.scan(Table::Tail, &keys::of_project_from(project.id, next), BATCH).await?;
        for (bytes, seq) in rows.iter().zip(next..) {
            if let Ok(row) = TailRow::decode(bytes, &project.name, seq) {
                transaction.delete(Table::Identifiers, &KeyRange::only(row.entry_id.as_bytes()))?;
            }
        }
        if rows.len() < BATCH as usize {
            return transaction.delete(Table::Tail, &keys::of_project(project.id));
        }
        next += u64::from(BATCH);
    }
}
