//! Inserting entries.

use std::slice;

use tokio::sync::oneshot;

use super::identifiers::ENTRY_TABLES;
use super::plan::{Knowledge, Plan, know};
use super::store::Store;
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{Medium, Pending, Table};
use crate::model::{AppendEntry, Entry, Inserted, NewEntry, Project, Row, canonical_line, sha256_hex};

/// With fewer entries than this, everything is read and written in one transaction; with more, what does not
/// need one is done before.
const MANY: usize = 64;

/// How many insertions read before they write once another tab was found writing: without reading, each would most
/// likely have to be done again.
const RIVALRY: u32 = 16;

/// The tables that appending to a tail touches. A transaction on more of them takes longer to begin.
const TAIL_TABLES: [Table; 4] = [Table::Projects, Table::Tail, Table::Identifiers, Table::Counters];

/// Tells whether a caller gave up. It is asked once more, with `true`, right before its entries are committed: what it
/// says then stands, whatever the caller does later.
pub type GivenUp = Box<dyn Fn(bool) -> bool>;

/// What one call wants inserted, and where its result goes.
pub(super) struct Insertion {
    drafts: Vec<Draft>,
    given_up: Option<GivenUp>,
    result: oneshot::Sender<Result<Outcome>>,
}

/// An entry that is still to be completed with what only its project's record tells.
#[derive(Debug, Clone)]
pub(super) enum Draft {
    Whole(NewEntry),
    /// One of a list, in whose errors its index is named.
    Element(NewEntry),
    /// An entry without its line, to be returned once stored. Its identifier may have been made here.
    Append {
        entry: NewEntry,
        is_new: bool,
    },
}

/// What became of an insertion.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    pub counts: Inserted,
    /// The entry that was appended, or was there before.
    pub appended: Option<Entry>,
}

impl Insertion {
    fn is_given_up(&self, is_last_call: bool) -> bool {
        self.given_up.as_ref().is_some_and(|given_up| given_up(is_last_call))
    }
}

impl std::fmt::Debug for Insertion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Insertion").field("drafts", &self.drafts.len()).finish_non_exhaustive()
    }
}

/// Fails if a caller gave up, so that nothing is committed.
fn last_call(insertions: &[Insertion]) -> Result<()> {
    if insertions.iter().any(|insertion| insertion.is_given_up(true)) {
        return Err(Error::internal("a caller gave up"));
    }
    Ok(())
}

impl Draft {
    pub const fn entry(&self) -> &NewEntry {
        match self {
            Self::Whole(entry) | Self::Element(entry) | Self::Append { entry, .. } => entry,
        }
    }

    /// Completes the entry. What is whole stays where it is: a call may bring a great many.
    pub fn finish(&self, project: &Project, seq: u64) -> Result<Finished<'_>> {
        let entry = match self {
            Self::Whole(entry) | Self::Element(entry) => return Ok(Finished::Whole(entry, seq)),
            Self::Append { entry, .. } => entry.clone(),
        };
        let NewEntry { entry_id, ts, emoji, agent, message, meta, .. } = entry;
        let raw_line =
            canonical_line(&emoji, ts, agent.as_deref(), &project.name, &entry_id, &message, &meta)?;
        let (sha256, project) = (sha256_hex(&raw_line), project.name.clone());
        let entry = Entry { entry_id, project, seq, ts, emoji, agent, message, meta, raw_line, sha256 };
        Ok(Finished::Appended(entry))
    }
}

/// An entry ready to be written, and its `seq`.
#[derive(Debug)]
pub(super) enum Finished<'d> {
    Whole(&'d NewEntry, u64),
    Appended(Entry),
}

impl Finished<'_> {
    pub const fn seq(&self) -> u64 {
        match self {
            Self::Whole(_, seq) => *seq,
            Self::Appended(entry) => entry.seq,
        }
    }

    pub fn row(&self) -> Row<'_> {
        match self {
            Self::Whole(entry, _) => Row::from(*entry),
            Self::Appended(entry) => Row::from(entry),
        }
    }

    /// Returns the entry, whole.
    pub fn to_entry(&self, project: &Project) -> Entry {
        match self {
            Self::Whole(entry, seq) => {
                let NewEntry { entry_id, ts, emoji, agent, message, meta, raw_line, sha256, .. } =
                    NewEntry::clone(entry);
                let (project, seq) = (project.name.clone(), *seq);
                Entry { entry_id, project, seq, ts, emoji, agent, message, meta, raw_line, sha256 }
            }
            Self::Appended(entry) => entry.clone(),
        }
    }
}

impl<M: Medium> Store<M> {
    pub(crate) fn do_insert_entry(&self, entry: NewEntry) -> Pending<'_, bool> {
        let insert = self.insert(vec![Draft::Whole(entry)], None);
        Box::pin(async move { Ok(insert.await?.counts.inserted == 1) })
    }

    pub(crate) fn do_insert_entries(
        &self,
        entries: Vec<NewEntry>,
        given_up: Option<GivenUp>,
    ) -> Pending<'_, Inserted> {
        let insert = self.insert(entries.into_iter().map(Draft::Element).collect(), given_up);
        Box::pin(async move { Ok(insert.await?.counts) })
    }

    pub(crate) fn do_append_entry(&self, entry: AppendEntry) -> Pending<'_, Entry> {
        let now = self.now();
        let AppendEntry { project, message, emoji, agent, meta, ts, entry_id } = entry;
        let is_new = entry_id.is_none();
        let entry_id = entry_id.unwrap_or_else(|| self.uuids.next(now));
        let (ts, raw_line, sha256) = (ts.unwrap_or(now), String::new(), String::new());
        let entry = NewEntry { entry_id, project, ts, emoji, agent, message, meta, raw_line, sha256 };
        let insert = self.insert(vec![Draft::Append { entry, is_new }], None);
        Box::pin(async move {
            let appended = insert.await?.appended;
            appended.ok_or_else(|| Error::internal("an appended entry was not returned"))
        })
    }

    /// Inserts in a transaction shared with the other calls that wait.
    fn insert(&self, drafts: Vec<Draft>, given_up: Option<GivenUp>) -> Pending<'_, Outcome> {
        Box::pin(async move {
            self.check_open()?;
            let (result, outcome) = oneshot::channel();
            let insertion = Insertion { drafts, given_up, result };
            if let Some((_turn, insertions)) = self.turns.shared(insertion).await {
                self.insert_together(insertions).await;
            }
            outcome
                .await
                .map_err(|_| Error::internal("the call that was to write this one's entries went away"))?
        })
    }

    /// Inserts all in one transaction. If that fails, each in one of its own, so that none fails for
    /// another's sake, until the database itself fails: it would fail the others as well, each after a long wait.
    async fn insert_together(&self, mut insertions: Vec<Insertion>) {
        insertions.retain(|insertion| !insertion.is_given_up(false));
        let mut outcomes = match self.insert_in_one_transaction(&insertions).await {
            Ok(outcomes) => outcomes.into_iter(),
            Err(error) if insertions.len() == 1 => vec![Err(error)].into_iter(),
            Err(_) => {
                let mut outcomes: Vec<Result<Outcome>> = Vec::with_capacity(insertions.len());
                for one in &insertions {
                    if let Some(Err(error)) = outcomes.last()
                        && matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Closed)
                    {
                        outcomes.push(Err(error.duplicate()));
                        continue;
                    }
                    outcomes.push(match self.insert_in_one_transaction(slice::from_ref(one)).await {
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

    async fn insert_in_one_transaction(&self, together: &[Insertion]) -> Result<Vec<Result<Outcome>>> {
        let insertions: Vec<&[Draft]> =
            together.iter().map(|insertion| insertion.drafts.as_slice()).collect();
        let insertions = insertions.as_slice();
        if insertions.is_empty() {
            return Ok(Vec::new());
        }
        let commit = || last_call(together);
        let plan = match self.try_what_is_known(insertions, &commit).await? {
            Some(plan) => plan,
            None if insertions.iter().map(|drafts| drafts.len()).sum::<usize>() < MANY => {
                self.medium
                    .write(&ENTRY_TABLES, async |transaction| {
                        let known = know(self.finder(transaction), insertions, self.sealing).await?;
                        let plan = Plan::make(known, insertions, self.sealing)?;
                        plan.write(transaction)?;
                        commit()?;
                        Ok(plan)
                    })
                    .await?
            }
            None => self.insert_many(insertions, &commit).await?,
        };
        Ok(self.take_note_of(plan))
    }

    /// Makes segments before the transaction that writes them. If others wrote meanwhile, makes them anew in it.
    async fn insert_many<'d>(
        &self,
        insertions: &[&'d [Draft]],
        commit: &dyn Fn() -> Result<()>,
    ) -> Result<Plan<'d>> {
        let known = self
            .medium
            .read(&ENTRY_TABLES, async |transaction| {
                know(self.finder(transaction), insertions, self.sealing).await
            })
            .await?;
        let plan = Plan::make(known, insertions, self.sealing)?;
        self.medium
            .write(&ENTRY_TABLES, async |transaction| {
                let known = know(self.finder(transaction), insertions, self.sealing).await?;
                let plan =
                    if plan.is_of(&known) { plan } else { Plan::make(known, insertions, self.sealing)? };
                plan.write(transaction)?;
                commit()?;
                Ok(plan)
            })
            .await
    }

    /// Writes to the tails right behind what is in memory, without reading first, and checks in the same
    /// transaction that nobody else wrote meanwhile. `None`, and nothing is written, if that does not hold or
    /// more must be known.
    async fn try_what_is_known<'d>(
        &self,
        insertions: &[&'d [Draft]],
        commit: &dyn Fn() -> Result<()>,
    ) -> Result<Option<Plan<'d>>> {
        if let Some(left) = self.rivalry.get().checked_sub(1) {
            self.rivalry.set(left);
            return Ok(None);
        }
        let known = Knowledge::from_memory(&self.logs, &self.identifiers, insertions, self.sealing);
        let Some(known) = known else { return Ok(None) };
        let plan = Plan::make(known, insertions, self.sealing)?;
        let written = self
            .medium
            .write(&TAIL_TABLES, async |transaction| {
                plan.write(transaction)?;
                plan.check(transaction).await?;
                commit()
            })
            .await;
        match written {
            Ok(()) => Ok(Some(plan)),
            Err(error) if error.kind() == ErrorKind::Conflict => {
                self.rivalry.set(RIVALRY);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Brings what is in memory up to what was written.
    fn take_note_of(&self, plan: Plan<'_>) -> Vec<Result<Outcome>> {
        plan.changes().for_each(|change| self.tell(&change));
        let outcomes = plan.take_note(&self.logs, &self.identifiers);
        self.identifiers.evict();
        self.parts.evict(self.logs.bytes());
        outcomes
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::expect_used, reason = "this is how tests fail")]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use futures_util::future::join_all;

    use super::*;
    use crate::medium::{Memory, Transaction};
    use crate::model::{Change, Meta, NewProject, ProjectRef, Time};
    use crate::query::{Criteria, Window};
    use crate::storage::{StorageBackend, StoreOptions};

    fn entry(id: &str) -> NewEntry {
        NewEntry {
            entry_id: id.to_owned(),
            project: "p".into(),
            ts: Time::default(),
            emoji: String::new(),
            agent: None,
            message: String::new(),
            meta: Meta::default(),
            raw_line: String::new(),
            sha256: String::new(),
        }
    }

    /// A caller that gives up when it is asked for the n-th time.
    fn at_question(nth: u32) -> GivenUp {
        let questions = Cell::new(0);
        Box::new(move |_| {
            questions.set(questions.get() + 1);
            questions.get() >= nth
        })
    }

    async fn opened() -> (Store<Memory>, Rc<Cell<u64>>) {
        let told = Rc::new(Cell::new(0));
        let listener = Box::new({
            let told = Rc::clone(&told);
            move |change: &Change| {
                if let Change::Entries { first_seq, last_seq, .. } = change {
                    told.set(told.get() + last_seq + 1 - first_seq);
                }
            }
        });
        let store = Store::new(Memory::new(), StoreOptions { listener, ..StoreOptions::default() });
        let (name, path) = ("p".to_owned(), String::new());
        let project = NewProject { name, repo_root: path.clone(), progress_log_path: path };
        store.upsert_project(project).await.expect("a project");
        (store, told)
    }

    async fn ids(store: &Store<Memory>) -> Vec<String> {
        let project = ProjectRef::from("p");
        let (criteria, window) = (Criteria::default(), Window { offset: 0, limit: 100_000 });
        let found = store.query_entries(&project, &criteria, None, window).await.expect("entries");
        found.into_iter().rev().map(|entry| entry.entry_id).collect()
    }

    #[test]
    fn whoever_gives_up_gets_nothing_and_the_others_of_the_group_all() {
        pollster::block_on(async {
            for (nth, place) in (1..5).flat_map(|nth| (0..4).map(move |place| (nth, place))) {
                let (store, told) = opened().await;
                // From the second time on there is a log in memory to append to.
                for round in 0..3 {
                    let id = |call: usize| format!("{round}-{call}");
                    let calls = (0..4).map(|call| {
                        let given_up = (call == place).then(|| at_question(nth));
                        store.do_insert_entries(vec![entry(&id(call))], given_up)
                    });
                    let results = join_all(calls).await;
                    let is_there = |result: &Result<Inserted>| result.as_ref().is_ok_and(|n| n.inserted == 1);
                    let there: Vec<bool> = results.iter().map(is_there).collect();
                    let expected: Vec<String> = (0..4).filter(|call| there[*call]).map(id).collect();
                    let found: Vec<String> = ids(&store)
                        .await
                        .into_iter()
                        .filter(|id| id.starts_with(&format!("{round}-")))
                        .collect();
                    assert_eq!(found, expected, "call {place} gives up at question {nth}: {results:?}");
                    assert!((0..4).all(|call| call == place || there[call]), "{results:?}");
                    // It is asked when its turn comes, and before the commit.
                    assert_eq!(there[place], nth > 2, "question {nth}: {results:?}");
                }
                assert_eq!(told.get(), ids(&store).await.len() as u64, "no more is told than is there");
            }
        });
    }

    /// A medium on which, once it is down, writes fail after some time.
    #[derive(Default)]
    struct Failing {
        memory: Memory,
        is_down: Cell<bool>,
        tried: Cell<u32>,
    }

    impl Medium for Failing {
        async fn read<T>(
            &self,
            tables: &[Table],
            body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
        ) -> Result<T> {
            self.memory.read(tables, body).await
        }

        async fn write<T>(
            &self,
            tables: &[Table],
            body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
        ) -> Result<T> {
            if !self.is_down.get() {
                return self.memory.write(tables, body).await;
            }
            self.tried.set(self.tried.get() + 1);
            self.memory.read(tables, async |transaction| transaction.get(Table::Counters, b"").await).await?;
            Err(Error::new(ErrorKind::Unavailable, "the database is down"))
        }

        async fn close(&self) {}
    }

    #[test]
    fn when_the_database_is_down_calls_that_wait_fail_together() {
        pollster::block_on(async {
            let store = Store::new(Failing::default(), StoreOptions::default());
            let (name, path) = ("p".to_owned(), String::new());
            let project = NewProject { name, repo_root: path.clone(), progress_log_path: path };
            store.upsert_project(project).await.expect("a project");
            store.medium.is_down.set(true);
            let results =
                join_all((0..20).map(|number| store.do_insert_entry(entry(&number.to_string())))).await;
            for result in results {
                assert_eq!(result.expect_err("it is down").kind(), ErrorKind::Unavailable);
            }
            // The first by itself; the others together, and one of them by itself.
            assert_eq!(store.medium.tried.get(), 3, "so many transactions were tried");
            store.medium.is_down.set(false);
            assert!(store.do_insert_entry(entry("0")).await.expect("it is back"));
        });
    }

    #[test]
    fn a_large_insertion_that_is_given_up_leaves_nothing() {
        pollster::block_on(async {
            for nth in 1..4 {
                let (store, told) = opened().await;
                let entries = (0..3000).map(|number| entry(&number.to_string())).collect();
                let result = store.do_insert_entries(entries, Some(at_question(nth))).await;
                let expected = if nth > 2 { 3000 } else { 0 };
                assert_eq!(result.is_ok(), nth > 2, "question {nth}: {result:?}");
                assert_eq!((ids(&store).await.len(), told.get()), (expected, expected as u64));
            }
        });
    }
}
