//! Inserting entries.

use std::collections::HashMap;

use futures_util::future::{join_all, try_join};
use tokio::sync::oneshot;
use uuid::{ContextV7, Timestamp, Uuid};

use super::keys;
use super::logs::TailRow;
use super::projects::{fetch_by_id, resolve};
use super::record::{self, Kind};
use super::store::Store;
use crate::error::{Error, Result};
use crate::medium::{Medium, Table, Transaction};
use crate::model::{
    AppendEntry, Entry, Inserted, Meta, NewEntry, Project, ProjectRef, Time, canonical_line, sha256_hex,
};

const TABLES: [Table; 4] = [Table::Projects, Table::ProjectNames, Table::Tail, Table::Identifiers];

/// How many identifiers are looked up at a time.
const LOOKUPS: usize = 1000;

/// Where an entry is.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(super) struct EntryPlace {
    pub project_id: u64,
    pub seq: u64,
}

/// What one call wants inserted, and where its result goes.
#[derive(Debug)]
pub(super) struct Insertion {
    drafts: Vec<Draft>,
    result: oneshot::Sender<Result<Outcome>>,
}

/// An entry that is still to be completed with what only its project's record tells.
#[derive(Debug, Clone)]
enum Draft {
    Whole(NewEntry),
    /// One of a list, in whose errors its index is named.
    Element(NewEntry),
    /// An entry without its line, to be returned once stored.
    Append(NewEntry),
}

/// What became of an insertion.
#[derive(Debug, Default)]
struct Outcome {
    counts: Inserted,
    /// The entry that was appended, or was there before.
    appended: Option<Entry>,
}

/// Entries that a transaction wrote.
struct Written {
    project: Project,
    first_seq: u64,
    rows: Vec<Vec<u8>>,
}

impl Draft {
    const fn entry(&self) -> &NewEntry {
        match self {
            Self::Whole(entry) | Self::Element(entry) | Self::Append(entry) => entry,
        }
    }

    /// Completes the entry.
    fn finish(&self, project: &Project, seq: u64) -> Result<Entry> {
        let NewEntry { entry_id, ts, emoji, agent, message, meta, raw_line, sha256, .. } =
            self.entry().clone();
        let (raw_line, sha256) = match self {
            Self::Whole(_) | Self::Element(_) => (raw_line, sha256),
            Self::Append(_) => {
                let line =
                    canonical_line(&emoji, ts, agent.as_deref(), &project.name, &entry_id, &message, &meta)?;
                let hash = sha256_hex(&line);
                (line, hash)
            }
        };
        let project = project.name.clone();
        Ok(Entry { entry_id, project, seq, ts, emoji, agent, message, meta, raw_line, sha256 })
    }
}

impl<M: Medium> Store<M> {
    pub(super) async fn do_insert_entry(&self, entry: NewEntry) -> Result<bool> {
        Ok(self.insert(vec![Draft::Whole(entry)]).await?.counts.inserted == 1)
    }

    pub(super) async fn do_insert_entries(&self, entries: Vec<NewEntry>) -> Result<Inserted> {
        Ok(self.insert(entries.into_iter().map(Draft::Element).collect()).await?.counts)
    }

    pub(super) async fn do_append_entry(&self, entry: AppendEntry) -> Result<Entry> {
        let now = self.now();
        let AppendEntry { project, message, emoji, agent, meta, ts, entry_id } = entry;
        let entry_id = entry_id.unwrap_or_else(|| self.new_entry_id(now));
        let (ts, raw_line, sha256) = (ts.unwrap_or(now), String::new(), String::new());
        let draft = NewEntry { entry_id, project, ts, emoji, agent, message, meta, raw_line, sha256 };
        let outcome = self.insert(vec![Draft::Append(draft)]).await?;
        outcome.appended.ok_or_else(|| Error::internal("an appended entry was not returned"))
    }

    /// Returns a new identifier, later in order than all before it.
    fn new_entry_id(&self, now: Time) -> String {
        let micros = now.as_micros().max(0).unsigned_abs();
        let nanos = u32::try_from(micros % 1_000_000 * 1000).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(&self.identifiers, micros / 1_000_000, nanos)).to_string()
    }

    /// Inserts in a transaction shared with the other calls that wait.
    async fn insert(&self, drafts: Vec<Draft>) -> Result<Outcome> {
        self.check_open()?;
        let (result, outcome) = oneshot::channel();
        if let Some((_turn, insertions)) = self.turns.shared(Insertion { drafts, result }).await {
            self.insert_together(insertions).await;
        }
        outcome
            .await
            .map_err(|_| Error::internal("the call that was to write this one's entries went away"))?
    }

    /// Inserts all in one transaction. If that fails, each in one of its own, so that none fails for
    /// another's sake.
    async fn insert_together(&self, insertions: Vec<Insertion>) {
        let all: Vec<&[Draft]> = insertions.iter().map(|insertion| insertion.drafts.as_slice()).collect();
        let mut outcomes = match self.insert_in_one_transaction(&all).await {
            Ok(outcomes) => outcomes.into_iter(),
            Err(error) if all.len() == 1 => vec![Err(error)].into_iter(),
            Err(_) => {
                let mut outcomes = Vec::with_capacity(all.len());
                for drafts in all {
                    outcomes.push(match self.insert_in_one_transaction(&[drafts]).await {
                        Ok(outcomes) => outcomes.into_iter().next().unwrap_or_else(|| Ok(Outcome::default())),
                        Err(error) => Err(error),
                    });
                }
                outcomes.into_iter()
            }
        };
        for insertion in insertions {
            let outcome =
                outcomes.next().unwrap_or_else(|| Err(Error::internal("an insertion was left out")));
            // A caller that does not wait for its result does not miss it.
            let _ = insertion.result.send(outcome);
        }
    }

    async fn insert_in_one_transaction(&self, insertions: &[&[Draft]]) -> Result<Vec<Result<Outcome>>> {
        let (outcomes, written) = self
            .medium
            .write(&TABLES, async |transaction| {
                let mut plan = Plan::read(transaction, insertions).await?;
                let mut outcomes = Vec::with_capacity(insertions.len());
                for drafts in insertions {
                    outcomes.push(match plan.check_projects(drafts) {
                        Ok(()) => Ok(plan.insert(transaction, drafts).await?),
                        Err(error) => Err(error),
                    });
                }
                Ok((outcomes, plan.into_written()))
            })
            .await?;
        for Written { project, first_seq, rows } in written {
            // Only logs in memory: for the others, reading them is soon enough.
            if let Some(log) = self.logs.find(&(&project).into()) {
                log.borrow_mut().append(first_seq, &rows)?;
                self.logs.evict(&log);
            }
        }
        Ok(outcomes)
    }
}

/// What a transaction has to know before it writes.
struct Plan<'a> {
    projects: HashMap<&'a ProjectRef, Result<Project>>,
    /// Where the entries are whose identifiers are taken, here or by what is written.
    taken: HashMap<&'a str, EntryPlace>,
    /// What is written to the logs of those projects.
    logs: Vec<Written>,
}

impl<'a> Plan<'a> {
    /// Reads what there is of the projects and identifiers that the insertions name.
    async fn read(transaction: &dyn Transaction, insertions: &[&'a [Draft]]) -> Result<Self> {
        let entries = || insertions.iter().flat_map(|drafts| drafts.iter()).map(Draft::entry);
        let mut plan = Self { projects: HashMap::new(), taken: HashMap::new(), logs: Vec::new() };
        for entry in entries() {
            if plan.projects.contains_key(&entry.project) {
                continue;
            }
            let project = match resolve(transaction, &entry.project).await {
                Err(error) if error.kind() != crate::error::ErrorKind::NotFound => return Err(error),
                project => project,
            };
            if let Ok(project) = &project {
                plan.find_end(transaction, project).await?;
            }
            plan.projects.insert(&entry.project, project);
        }
        let ids: Vec<&str> = entries().map(|entry| entry.entry_id.as_str()).collect();
        for ids in ids.chunks(LOOKUPS) {
            let places = join_all(ids.iter().map(|id| find_place(transaction, id))).await;
            for (id, place) in ids.iter().zip(places) {
                if let Some(place) = place? {
                    plan.taken.insert(id, place);
                }
            }
        }
        Ok(plan)
    }

    /// Finds where a project's log ends.
    async fn find_end(&mut self, transaction: &dyn Transaction, project: &Project) -> Result<()> {
        if self.log_of(project).is_none() {
            let last = transaction.last_key(Table::Tail, &keys::of_project(project.id)).await?;
            let first_seq = last.and_then(|key| keys::last_number(&key)).unwrap_or(0) + 1;
            self.logs.push(Written { project: project.clone(), first_seq, rows: Vec::new() });
        }
        Ok(())
    }

    fn log_of(&mut self, project: &Project) -> Option<&mut Written> {
        self.logs.iter_mut().find(|log| log.project.id == project.id)
    }

    /// Tells whether all projects exist that an insertion names.
    fn check_projects(&self, drafts: &[Draft]) -> Result<()> {
        for (index, draft) in drafts.iter().enumerate() {
            if let Some(Err(error)) = self.projects.get(&draft.entry().project) {
                let error = error.duplicate();
                let is_element = matches!(draft, Draft::Element(_));
                return Err(if is_element { error.within(format_args!("entries[{index}]")) } else { error });
            }
        }
        Ok(())
    }

    /// Writes one insertion's entries, but for those whose identifiers are taken.
    async fn insert(&mut self, transaction: &dyn Transaction, drafts: &'a [Draft]) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        for draft in drafts {
            let id = draft.entry().entry_id.as_str();
            let place = if let Some(&place) = self.taken.get(id) {
                outcome.counts.duplicates += 1;
                place
            } else {
                outcome.counts.inserted += 1;
                self.write(transaction, draft)?
            };
            if let Draft::Append(_) = draft {
                outcome.appended = Some(read_entry(transaction, id, place).await?);
            }
        }
        Ok(outcome)
    }

    /// Writes an entry, and returns where it is.
    fn write(&mut self, transaction: &dyn Transaction, draft: &'a Draft) -> Result<EntryPlace> {
        let project = self.projects.get(&draft.entry().project).and_then(|project| project.as_ref().ok());
        let log = project.and_then(|project| self.logs.iter_mut().find(|log| log.project.id == project.id));
        let Some(log) = log else { return Err(Error::internal("an entry's project was not looked up")) };
        let seq = log.first_seq + log.rows.len() as u64;
        let place = EntryPlace { project_id: log.project.id, seq };
        let entry = draft.finish(&log.project, seq)?;
        let row = encode_row(&entry)?;
        transaction.put(Table::Tail, &keys::in_project(place.project_id, seq), &row)?;
        let bytes = record::encode(Kind::EntryPlace, &place)?;
        transaction.put(Table::Identifiers, entry.entry_id.as_bytes(), &bytes)?;
        log.rows.push(row);
        self.taken.insert(&draft.entry().entry_id, place);
        Ok(place)
    }

    fn into_written(self) -> Vec<Written> {
        self.logs.into_iter().filter(|log| !log.rows.is_empty()).collect()
    }
}

/// Returns where the entry with an identifier is. One whose project was deleted is not anywhere.
pub(super) async fn find_place(transaction: &dyn Transaction, entry_id: &str) -> Result<Option<EntryPlace>> {
    let Some(bytes) = transaction.get(Table::Identifiers, entry_id.as_bytes()).await? else {
        return Ok(None);
    };
    let place: EntryPlace =
        record::decode(Kind::EntryPlace, &bytes, format_args!("the identifier {entry_id:?}"))?;
    let project = transaction.get(Table::Projects, &keys::number(place.project_id)).await?;
    Ok(project.map(|_| place))
}

/// Reads the entry at a place.
pub(super) async fn read_entry(
    transaction: &dyn Transaction,
    entry_id: &str,
    place: EntryPlace,
) -> Result<Entry> {
    let EntryPlace { project_id, seq } = place;
    let key = keys::in_project(project_id, seq);
    let (project, bytes) =
        try_join(fetch_by_id(transaction, project_id), transaction.get(Table::Tail, &key)).await?;
    let damaged = |what: &str| Error::corrupt(format_args!("entry {seq} of project {project_id}"), what);
    let (Some(project), Some(bytes)) = (project, bytes) else { return Err(damaged("is missing")) };
    let row = TailRow::decode(&bytes, &project.name, seq)?;
    if row.entry_id != entry_id {
        return Err(damaged("has another identifier"));
    }
    Ok(decode_entry(&row, project.name))
}

fn encode_row(entry: &Entry) -> Result<Vec<u8>> {
    let row = TailRow {
        seq: entry.seq,
        ts: entry.ts,
        emoji: &entry.emoji,
        agent: entry.agent.as_deref(),
        entry_id: &entry.entry_id,
        message: &entry.message,
        meta: entry.meta.as_str(),
        raw_line: &entry.raw_line,
        sha256: &entry.sha256,
    };
    record::encode(Kind::TailRow, &row)
}

fn decode_entry(row: &TailRow<'_>, project: String) -> Entry {
    Entry {
        entry_id: row.entry_id.to_owned(),
        project,
        seq: row.seq,
        ts: row.ts,
        emoji: row.emoji.to_owned(),
        agent: row.agent.map(str::to_owned),
        message: row.message.to_owned(),
        meta: Meta::from_canonical(row.meta),
        raw_line: row.raw_line.to_owned(),
        sha256: row.sha256.to_owned(),
    }
}

/// What identifiers are made from, so that those of one store ascend.
pub(super) type IdentifierContext = ContextV7;
