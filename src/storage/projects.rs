//! Projects.

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};

use super::backend::no_such_project;
use super::keys;
use super::logs::TailRow;
use super::past::{Past, is_outdated, times};
use super::store::{ALL_ROWS, Store};
use crate::error::{Error, Result};
use crate::medium::{KeyRange, Medium, Pending, Table, Transaction, join_all};
use crate::model::record::{self, Kind};
use crate::model::{Change, NewProject, Project, ProjectRef, Quoted};
use crate::segment::Head;

/// How many entries are deleted at a time.
const BATCH: u32 = 2000;

/// A project as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredProject {
    pub project: Project,
    /// Changes whenever the segments of its log do.
    pub generation: u64,
}

impl StoredProject {
    pub fn encode(&self) -> Result<Vec<u8>> {
        record::encode(Kind::Project, self.project.id, self)
    }
}

/// Returns the project with an id, as stored.
pub(super) fn fetch_stored(transaction: &dyn Transaction, id: u64) -> Pending<'_, Option<StoredProject>> {
    Box::pin(async move {
        let bytes = transaction.get(Table::Projects, &keys::number(id)).await?;
        bytes.map(|bytes| record::decode(Kind::Project, id, &bytes, format_args!("project {id}"))).transpose()
    })
}

/// Makes sure that there is no such project as one that was looked for by its id or its name.
///
/// # Errors
/// `corrupt` if there is a name of one, or a record of the other.
pub(super) fn check_absent<'a>(transaction: &'a dyn Transaction, id: u64, name: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        for table in [Table::ProjectNames, Table::Projects] {
            for bytes in transaction.scan(table, &KeyRange::all(), ALL_ROWS).await? {
                let place = format_args!("");
                if table == Table::ProjectNames {
                    if record::decode(Kind::ProjectId, record::ANY, &bytes, place)
                        .is_ok_and(|named: u64| named == id)
                    {
                        return Err(no_record(id));
                    }
                } else if record::decode(Kind::Project, record::ANY, &bytes, place)
                    .is_ok_and(|stored: StoredProject| stored.project.name == name)
                {
                    return Err(Error::corrupt(
                        format_args!("project {}", Quoted(name)),
                        "has a record but no name",
                    ));
                }
            }
        }
        Ok(())
    })
}

fn no_record(id: u64) -> Error {
    Error::corrupt(format_args!("project {id}"), "has a name but no record")
}

/// Returns the project with an id.
pub(super) async fn fetch_by_id(transaction: &dyn Transaction, id: u64) -> Result<Option<Project>> {
    Ok(fetch_stored(transaction, id).await?.map(|stored| stored.project))
}

/// Returns the project with a name.
pub(super) async fn fetch_by_name(transaction: &dyn Transaction, name: &str) -> Result<Option<Project>> {
    Ok(fetch_stored_by_name(transaction, name).await?.map(|stored| stored.project))
}

async fn fetch_stored_by_name(transaction: &dyn Transaction, name: &str) -> Result<Option<StoredProject>> {
    let Some(bytes) = transaction.get(Table::ProjectNames, name.as_bytes()).await? else {
        check_absent(transaction, 0, name).await?;
        return Ok(None);
    };
    let id = record::decode(
        Kind::ProjectId,
        record::ANY,
        &bytes,
        format_args!("the name of project {}", Quoted(name)),
    )?;
    match fetch_stored(transaction, id).await? {
        Some(stored) if stored.project.name == name => Ok(Some(stored)),
        _ => Err(Error::corrupt(format_args!("project {}", Quoted(name)), "has a name but no record")),
    }
}

/// Returns the project that a reference names.
pub(super) async fn resolve(transaction: &dyn Transaction, project: &ProjectRef) -> Result<StoredProject> {
    let found = match project {
        ProjectRef::Name(name) => fetch_stored_by_name(transaction, name).await?,
        ProjectRef::Id(id) => {
            let found = fetch_stored(transaction, *id).await?;
            if found.is_none() {
                check_absent(transaction, *id, "").await?;
            }
            found
        }
    };
    found.ok_or_else(|| no_such_project(project))
}

/// Returns the next number of a series, and notes that it is given. What has these numbers is in a range of a table.
pub(super) async fn next_number(
    transaction: &dyn Transaction,
    series: &str,
    table: Table,
    range: &KeyRange,
) -> Result<u64> {
    let next = last_number(transaction, series, table, range).await? + 1;
    put_number(transaction, series, next)?;
    Ok(next)
}

/// Returns the number of a series that was given last; 0 before the first. What has these numbers is in a range of a
/// table.
///
/// # Errors
/// `corrupt` also if something there has a later number: the next would be given again.
pub(super) fn last_number<'a>(
    transaction: &'a dyn Transaction,
    series: &'a str,
    table: Table,
    range: &'a KeyRange,
) -> Pending<'a, u64> {
    Box::pin(async move {
        let get = transaction.get(Table::Counters, series.as_bytes());
        let mut found = join_all([transaction.last_key(table, range), get].into_iter()).await?;
        let place = format!("the counter of {series}");
        let number = match found.pop().flatten() {
            Some(bytes) => record::decode(Kind::Counter, record::named(series), &bytes, &place)?,
            None => 0,
        };
        let last = found.pop().flatten().and_then(|key| keys::last_number(&key));
        if last.is_some_and(|last| last > number) {
            return Err(Error::corrupt(place, "is behind"));
        }
        Ok(number)
    })
}

/// Notes that a number of a series is given.
pub(super) fn put_number(transaction: &dyn Transaction, series: &str, number: u64) -> Result<()> {
    transaction.put(
        Table::Counters,
        series.as_bytes(),
        &record::encode(Kind::Counter, record::named(series), &number)?,
    )
}

impl<M: Medium> Store<M> {
    pub(crate) fn do_upsert_project(&self, new: NewProject, past: Option<Past>) -> Pending<'_, Project> {
        let (created_at, updated_at) = times(past, self.now());
        let tables = &[Table::Projects, Table::ProjectNames, Table::Counters];
        self.write(tables, async move |transaction| {
            let NewProject { name, repo_root, progress_log_path } = new;
            let stored = match fetch_stored_by_name(transaction, &name).await? {
                Some(StoredProject { project: old, .. })
                    if old.repo_root == repo_root && old.progress_log_path == progress_log_path
                        || is_outdated(past, old.updated_at) =>
                {
                    return Ok(old);
                }
                Some(StoredProject { project: old, generation }) => {
                    let project = Project { repo_root, progress_log_path, updated_at, ..old };
                    StoredProject { project, generation }
                }
                None => {
                    let id = next_number(transaction, "projects", Table::Projects, &KeyRange::all()).await?;
                    let bytes = record::encode(Kind::ProjectId, record::ANY, &id)?;
                    transaction.put(Table::ProjectNames, name.as_bytes(), &bytes)?;
                    let project = Project { id, name, repo_root, progress_log_path, created_at, updated_at };
                    StoredProject { project, generation: 0 }
                }
            };
            transaction.put(Table::Projects, &keys::number(stored.project.id), &stored.encode()?)?;
            self.note(Change::of_project(&stored.project.name, "upserted"));
            Ok(stored.project)
        })
    }

    pub(crate) fn do_fetch_project<'a>(&'a self, name: &'a str) -> Pending<'a, Option<Project>> {
        let tables = &[Table::Projects, Table::ProjectNames];
        self.read(tables, async move |transaction| fetch_by_name(transaction, name).await)
    }

    pub(crate) fn do_list_projects(&self) -> Pending<'_, Vec<Project>> {
        let tables = &[Table::Projects, Table::ProjectNames];
        self.read(tables, async move |transaction| {
            let all = KeyRange::all();
            let records = transaction.scan(Table::Projects, &all, ALL_ROWS);
            let ids = transaction.scan(Table::ProjectNames, &all, ALL_ROWS);
            let (records, ids) = try_join(records, ids).await?;
            let projects =
                record::decode_all::<StoredProject>(Kind::Project, record::ANY, &records, "projects")?;
            // Identifiers come in the order of names.
            let ids = record::decode_all::<u64>(Kind::ProjectId, record::ANY, &ids, "project names")?;
            if ids.len() < projects.len() {
                return Err(Error::corrupt("one of project names", "is missing"));
            }
            // Records come in the order of identifiers.
            let find = |id| {
                let place = projects.binary_search_by_key(&id, |stored| stored.project.id).ok()?;
                Some(projects.get(place)?.project.clone())
            };
            ids.into_iter().map(|id| find(id).ok_or_else(|| no_record(id))).collect()
        })
    }

    pub(crate) fn do_delete_project<'a>(&'a self, name: &'a str) -> Pending<'a, bool> {
        let now = self.now();
        let tables = &[
            Table::Projects,
            Table::ProjectNames,
            Table::Tail,
            Table::Identifiers,
            Table::Heads,
            Table::Segments,
            Table::Fingerprints,
            Table::DocChanges,
            Table::ReportCards,
            Table::AgentProjects,
            Table::AgentEvents,
            Table::Counters,
        ];
        self.write(tables, async move |transaction| {
            let Some(project) = fetch_by_name(transaction, name).await? else { return Ok(false) };
            delete_entries(transaction, &project).await?;
            let everything = keys::of_project(project.id);
            transaction.delete(Table::DocChanges, &everything)?;
            transaction.delete(Table::ReportCards, &everything)?;
            self.clear_project(transaction, name, now).await?;
            transaction.delete(Table::Projects, &KeyRange::only(&keys::number(project.id)))?;
            transaction.delete(Table::ProjectNames, &KeyRange::only(name.as_bytes()))?;
            // Last: until the commit, a browser on LevelDB runs once more through all that is gone whenever a request
            // ends at the last key of a table that lies before it.
            transaction.delete(Table::Segments, &everything)?;
            // Waits for that, so that what takes too long is still a request, which leaves all as it was.
            transaction.get(Table::Projects, &keys::number(project.id)).await?;
            self.note(Change::of_project(name, "deleted"));
            self.identifiers.forget();
            Ok(true)
        })
    }
}

/// Deletes a project's entries, all but what its segments hold. A row that cannot be read leaves its identifier
/// behind, which is then one of no project and so stands for no entry; a head that cannot be read leaves fingerprints
/// behind, which are of no segment.
async fn delete_entries(transaction: &dyn Transaction, project: &Project) -> Result<()> {
    let key = keys::number(project.id);
    let head = transaction.get(Table::Heads, &key).await?;
    let head = head.and_then(|bytes| Head::decode(&bytes, project.id, &"the head").ok()).unwrap_or_default();
    let segments: Vec<u64> = head.zones().iter().map(|zone| zone.id).collect();
    for (first, last) in keys::runs(&segments) {
        transaction.delete(Table::Fingerprints, &keys::of_numbers(first, last))?;
    }
    transaction.delete(Table::Heads, &KeyRange::only(&key))?;
    let mut next = head.last_seq() + 1;
    loop {
        let rows = transaction.scan(Table::Tail, &keys::of_project_from(project.id, next), BATCH).await?;
        for (bytes, seq) in rows.iter().zip(next..) {
            if let Ok((row, _)) = TailRow::decode(bytes, project, seq) {
                transaction.delete(Table::Identifiers, &KeyRange::only(row.entry_id.as_bytes()))?;
            }
        }
        if rows.len() < BATCH as usize {
            return transaction.delete(Table::Tail, &keys::of_project(project.id));
        }
        next += u64::from(BATCH);
    }
}
