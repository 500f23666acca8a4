//! What is in memory of projects' logs, and how it catches up with what is stored.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::try_join;

use super::backend::Snapshot;
use super::keys;
use super::projects::{StoredProject, fetch_stored, resolve};
use crate::error::{Error, Result};
use crate::medium::{Pending, Table, Transaction};
use crate::model::record::{self, Kind};
use crate::model::{Chain, Project, ProjectMetrics, ProjectRef, Quoted, Row, Time};
use crate::segment::{Columns, Head, count_statuses};

/// How many rows are read at a time while a tail is loaded.
const BATCH: u32 = 2000;

/// For how many reads the state in memory is not trusted once it was not the latest.
const DISTRUST: u32 = 8;

/// An entry as the tail keeps it.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct TailRow<'a> {
    seq: u64,
    ts: Time,
    emoji: &'a str,
    agent: Option<&'a str>,
    entry_id: &'a str,
    message: &'a str,
    /// Canonical text.
    meta: &'a str,
    raw_line: &'a str,
    sha256: &'a str,
    /// The head of the chain behind this entry.
    chain: Chain,
}

impl<'a> TailRow<'a> {
    /// Writes an entry of a project, with the head of the chain behind it.
    pub fn encode(project_id: u64, seq: u64, row: Row<'_>, chain: Chain) -> Result<Vec<u8>> {
        let Row { ts, emoji, agent, entry_id, message, meta, raw_line, sha256 } = row;
        let row = TailRow { seq, ts, emoji, agent, entry_id, message, meta, raw_line, sha256, chain };
        record::encode(Kind::TailRow, project_id, &row)
    }

    /// Reads an entry, its `seq`, and the head of the chain behind it.
    pub fn decode_any(bytes: &'a [u8], project: &Project) -> Result<(u64, Row<'a>, Chain)> {
        let place = format!("an entry of project {}", Quoted(&project.name));
        let seq = record::decode::<TailRow>(Kind::TailRow, project.id, bytes, place)?.seq;
        let (row, chain) = Self::decode(bytes, project, seq)?;
        Ok((seq, row, chain))
    }

    /// Reads the entry that should have this `seq`, and the head of the chain behind it.
    pub fn decode(bytes: &'a [u8], project: &Project, seq: u64) -> Result<(Row<'a>, Chain)> {
        let place = || format!("entry {seq} of project {}", Quoted(&project.name));
        let stored: TailRow = record::decode(Kind::TailRow, project.id, bytes, place())?;
        if stored.seq != seq {
            return Err(Error::corrupt(place(), format_args!("is entry {}", stored.seq)));
        }
        let TailRow { ts, emoji, agent, entry_id, message, meta, raw_line, sha256, chain, .. } = stored;
        Ok((Row { ts, emoji, agent, entry_id, message, meta, raw_line, sha256 }, chain))
    }
}

/// A state of a project's log: what its segments are, and its tail. It stays as it is while others write.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub project: Rc<Project>,
    /// Changes whenever the segments do.
    pub generation: u64,
    pub head: Rc<Head>,
    /// Entries that are in no segment yet, in the order of `seq`.
    pub tail: Rc<Columns>,
    /// The head of the chain behind the last entry.
    pub chain: Chain,
}

impl View {
    /// The state of a project's log that has these segments and no tail.
    pub fn without_tail(project: Rc<Project>, generation: u64, head: Head) -> Self {
        let (tail, chain) = (Columns::of_tail(head.last_seq() + 1), head.chain());
        Self { project, generation, head: Rc::new(head), tail: Rc::new(tail), chain }
    }

    /// The next state of this log: with these segments and no tail.
    pub fn with_head(&self, head: Head) -> Self {
        Self::without_tail(Rc::clone(&self.project), self.generation + 1, head)
    }

    /// The state of a log as stored, without its tail.
    pub async fn of_segments(transaction: &dyn Transaction, stored: StoredProject) -> Result<Self> {
        let StoredProject { project, generation } = stored;
        let head = if generation == 0 {
            Head::default()
        } else {
            let place = format!("the head of project {}", Quoted(&project.name));
            let bytes = transaction.get(Table::Heads, &keys::number(project.id)).await?;
            let bytes = bytes.ok_or_else(|| Error::corrupt(&place, "is missing"))?;
            Head::decode(&bytes, project.id, &place)?
        };
        Ok(Self::without_tail(Rc::new(project), generation, head))
    }

    pub fn last_seq(&self) -> u64 {
        self.head.last_seq() + u64::from(self.tail.len())
    }

    /// Returns how many entries there are.
    pub fn count(&self) -> u64 {
        self.last_seq() - self.head.removed()
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { project_id: self.project.id, removed: self.head.removed(), last_seq: self.last_seq() }
    }

    /// Counts all entries, and those of the emojis that metrics tell apart.
    pub fn metrics(&self) -> ProjectMetrics {
        let mut counts = self.head.statuses();
        for (sum, count) in counts.iter_mut().zip(count_statuses(&self.tail.emoji_counts())) {
            *sum += u64::from(count);
        }
        let [success_count, warn_count, error_count] = counts;
        let last_update = self.head.newest().max(self.tail.span().map(|(_, newest)| newest));
        ProjectMetrics { total_entries: self.count(), success_count, warn_count, error_count, last_update }
    }

    /// Appends stored rows, the first of which has the given `seq`. Rows that are there already are left out.
    fn append(&mut self, first: u64, rows: &[Vec<u8>]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut next = self.last_seq() + 1;
        let tail = Rc::make_mut(&mut self.tail);
        for (bytes, seq) in rows.iter().zip(first..) {
            if seq == next {
                let (row, chain) = TailRow::decode(bytes, &self.project, seq)?;
                tail.push(seq, &row);
                self.chain = chain;
                next += 1;
            }
        }
        Ok(())
    }

    /// Tells whether nothing changed from one state to the other.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.head, &other.head)
            && Rc::ptr_eq(&self.tail, &other.tail)
            && Rc::ptr_eq(&self.project, &other.project)
    }

    fn is_of(&self, project: &Project) -> bool {
        // Identifiers are not reused, unless the browser cleared the database under the open store.
        (self.project.id, &self.project.name, self.project.created_at)
            == (project.id, &project.name, project.created_at)
    }

    fn bytes(&self) -> usize {
        self.head.bytes() + self.tail.bytes()
    }
}

/// The logs in memory, as many as fit.
#[derive(Debug)]
pub(super) struct Logs {
    in_memory: RefCell<Vec<Known>>,
    uses: Cell<u64>,
    /// How many more reads, of whatever log, do not trust what is in memory, since others were writing.
    distrust: Cell<u32>,
    /// Upper bound on what logs that are not in use may take, in bytes.
    limit: usize,
}

#[derive(Debug)]
struct Known {
    view: View,
    last_used: u64,
}

impl Logs {
    pub fn new(limit: usize) -> Self {
        Self { in_memory: RefCell::default(), uses: Cell::default(), distrust: Cell::default(), limit }
    }

    /// Returns the state of a project's log that a transaction is likely to see: the one in memory, unless others
    /// were writing lately.
    pub fn likely(&self, project: &ProjectRef) -> Option<View> {
        match self.distrust.get().checked_sub(1) {
            None => self.find(project),
            Some(left) => {
                self.distrust.set(left);
                None
            }
        }
    }

    /// Takes note that a transaction saw another state than the likely one.
    pub fn was_unlikely(&self) {
        self.distrust.set(DISTRUST);
    }

    /// Returns the state of a project's log that a transaction sees, and keeps it for the next time.
    pub fn catch_up<'a>(
        &'a self,
        transaction: &'a dyn Transaction,
        project: &'a ProjectRef,
    ) -> Pending<'a, View> {
        Box::pin(async move {
            if let Some(view) = self.find(project) {
                if let Some(view) = self.refresh(transaction, view).await? {
                    return Ok(self.keep(view));
                }
                // Deleted meanwhile; another one may have its name by now.
                self.forget(project);
            }
            let stored = resolve(transaction, project).await?;
            Ok(self.keep(load(transaction, stored).await?))
        })
    }

    /// Reads what a known state lacks. `None` if the project is gone.
    async fn refresh(&self, transaction: &dyn Transaction, mut view: View) -> Result<Option<View>> {
        let (id, next) = (view.project.id, view.last_seq() + 1);
        let range = keys::of_project_from(id, next);
        // Both requests are on their way before the first is awaited: one round trip.
        let (stored, rows) =
            try_join(fetch_stored(transaction, id), transaction.scan(Table::Tail, &range, BATCH)).await?;
        let Some(stored) = stored.filter(|stored| view.is_of(&stored.project)) else { return Ok(None) };
        if stored.generation != view.generation {
            return load(transaction, stored).await.map(Some);
        }
        if *view.project != stored.project {
            view.project = Rc::new(stored.project);
        }
        view.append(next, &rows)?;
        if rows.len() == BATCH as usize {
            read_tail(transaction, &mut view).await?;
        }
        Ok(Some(view))
    }

    /// Returns what is in memory of a project's log, however far it is behind.
    pub fn find(&self, project: &ProjectRef) -> Option<View> {
        self.uses.set(self.uses.get() + 1);
        let mut known = self.in_memory.borrow_mut();
        let known = known.iter_mut().find(|known| is_it(project, &known.view))?;
        known.last_used = self.uses.get();
        Some(known.view.clone())
    }

    /// Keeps a state, unless a newer one is known, and lets go of the logs not used for longest until the
    /// others fit. Returns the newer one.
    pub fn keep(&self, view: View) -> View {
        let newest = match self.find(&ProjectRef::Id(view.project.id)) {
            Some(known) if known.is_of(&view.project) && is_later(&known, &view) => return view,
            _ => view,
        };
        let mut in_memory = self.in_memory.borrow_mut();
        in_memory.retain(|known| known.view.project.id != newest.project.id);
        in_memory.push(Known { view: newest.clone(), last_used: self.uses.get() });
        while in_memory.len() > 1
            && in_memory.iter().map(|known| known.view.bytes()).sum::<usize>() > self.limit
        {
            let oldest = in_memory.iter().enumerate().min_by_key(|(_, known)| known.last_used);
            let Some((oldest, _)) = oldest else { break };
            in_memory.remove(oldest);
        }
        newest
    }

    /// Appends an entry that was written to the tail, if the log is in memory up to it.
    pub fn push(&self, view: &View, seq: u64, row: &Row<'_>, chain: Chain) {
        let mut known = self.in_memory.borrow_mut();
        let known = known.iter_mut().map(|known| &mut known.view);
        let mut same =
            known.filter(|known| known.is_of(&view.project) && known.generation == view.generation);
        if let Some(known) = same.find(|known| known.last_seq() + 1 == seq) {
            let tail = Rc::make_mut(&mut known.tail);
            tail.push(seq, row);
            known.chain = chain;
        }
    }

    fn forget(&self, project: &ProjectRef) {
        self.in_memory.borrow_mut().retain(|known| !is_it(project, &known.view));
    }

    /// Returns how many bytes of memory the logs take.
    pub fn bytes(&self) -> usize {
        self.in_memory.borrow().iter().map(|known| known.view.bytes()).sum()
    }

    /// How many logs are in memory.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub fn len(&self) -> usize {
        self.in_memory.borrow().len()
    }
}

fn is_it(project: &ProjectRef, view: &View) -> bool {
    match project {
        ProjectRef::Id(id) => view.project.id == *id,
        ProjectRef::Name(name) => view.project.name == *name,
    }
}

/// Tells whether a state is a later one than another of the same log.
fn is_later(view: &View, other: &View) -> bool {
    (view.generation, view.last_seq()) > (other.generation, other.last_seq())
}

/// Reads the state of a log.
async fn load(transaction: &dyn Transaction, stored: StoredProject) -> Result<View> {
    let mut view = View::of_segments(transaction, stored).await?;
    read_tail(transaction, &mut view).await?;
    Ok(view)
}

/// Reads the rows that a state lacks.
async fn read_tail(transaction: &dyn Transaction, view: &mut View) -> Result<()> {
    loop {
        let next = view.last_seq() + 1;
        let range = keys::of_project_from(view.project.id, next);
        let rows = transaction.scan(Table::Tail, &range, BATCH).await?;
        view.append(next, &rows)?;
        if rows.len() < BATCH as usize {
            return Ok(());
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use crate::medium::Memory;
    use crate::model::{AppendEntry, Meta, NewProject, ProjectRef};
    use crate::storage::{StorageBackend, Store, StoreOptions};

    #[test]
    fn logs_that_do_not_fit_are_let_go_of() {
        pollster::block_on(async {
            for (cache_bytes, kept) in [(0, 1), (usize::MAX, 3)] {
                let store =
                    Store::new(Memory::new(), StoreOptions { cache_bytes, ..StoreOptions::default() });
                for name in ["a", "b", "c"] {
                    let (name, path) = (name.to_owned(), String::new());
                    let project = NewProject { name, repo_root: path.clone(), progress_log_path: path };
                    let project: ProjectRef =
                        (&store.upsert_project(project).await.expect("a project")).into();
                    let (message, emoji) = ("a message".to_owned(), String::new());
                    let (agent, meta, ts, entry_id) = (None, Meta::default(), None, None);
                    let entry =
                        AppendEntry { project: project.clone(), message, emoji, agent, meta, ts, entry_id };
                    store.append_entry(entry).await.expect("an entry");
                    store.fetch_metrics(&project).await.expect("its metrics");
                }
                assert_eq!(store.logs.len(), kept, "with {cache_bytes} bytes");
            }
        });
    }
}
