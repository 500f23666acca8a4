//! The logs that are in memory, and how they catch up with what is stored.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::try_join;

use super::backend::no_such_project;
use super::keys;
use super::projects::{fetch_by_id, resolve};
use super::record::{self, Kind};
use crate::error::{Error, Result};
use crate::medium::{Table as MediumTable, Transaction};
use crate::model::{Project, ProjectRef, Time};
use crate::segment::{Row, Table};

/// How many rows are read at a time while a log is loaded.
const BATCH: u32 = 2000;

/// An entry as the tail keeps it.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct TailRow<'a> {
    pub seq: u64,
    pub ts: Time,
    pub emoji: &'a str,
    pub agent: Option<&'a str>,
    pub entry_id: &'a str,
    pub message: &'a str,
    /// Canonical text.
    pub meta: &'a str,
    pub raw_line: &'a str,
    pub sha256: &'a str,
}

impl TailRow<'_> {
    pub fn decode<'a>(bytes: &'a [u8], project: &str, seq: u64) -> Result<TailRow<'a>> {
        let place = || format!("entry {seq} of project {project:?}");
        let row: TailRow = record::decode(Kind::TailRow, bytes, place())?;
        if row.seq == seq {
            Ok(row)
        } else {
            Err(Error::corrupt(place(), format_args!("is entry {}", row.seq)))
        }
    }

    fn as_row(&self) -> Row<'_> {
        Row {
            ts: self.ts,
            emoji: self.emoji,
            agent: self.agent,
            entry_id: self.entry_id,
            message: self.message,
            meta: self.meta,
            raw_line: self.raw_line,
            sha256: self.sha256,
        }
    }
}

/// A project's log in memory: what queries run on.
///
/// It holds the tail, which is the whole log. Segments, once there are any, stand before it: the log is
/// then what they hold and what the tail holds, and a reader asks both.
#[derive(Debug)]
pub(super) struct Log {
    pub project: Project,
    pub tail: Table,
    last_used: u64,
}

pub(super) type SharedLog = Rc<RefCell<Log>>;

impl Log {
    /// Appends stored rows, the first of which has the given `seq`. Rows that are there already are left
    /// out: another read may have brought them meanwhile.
    pub fn append(&mut self, first: u64, rows: &[Vec<u8>]) -> Result<()> {
        for (bytes, seq) in rows.iter().zip(first..) {
            if seq == self.tail.last_seq() + 1 {
                let row = TailRow::decode(bytes, &self.project.name, seq)?;
                self.tail.push(row.as_row());
            }
        }
        self.tail.settle();
        Ok(())
    }

    fn is_of(&self, project: &Project) -> bool {
        // Identifiers are not reused, unless the browser cleared the database under the open store.
        (self.project.id, &self.project.name, self.project.created_at)
            == (project.id, &project.name, project.created_at)
    }
}

/// The logs in memory, as many as fit.
#[derive(Debug)]
pub(super) struct Logs {
    in_memory: RefCell<Vec<SharedLog>>,
    uses: Cell<u64>,
    /// Upper bound on what logs that are not in use may take, in bytes.
    limit: usize,
}

impl Logs {
    pub fn new(limit: usize) -> Self {
        Self { in_memory: RefCell::default(), uses: Cell::default(), limit }
    }

    /// Brings a project's log up to what a transaction sees, and returns it.
    pub async fn catch_up(&self, transaction: &dyn Transaction, project: &ProjectRef) -> Result<SharedLog> {
        if let Some(log) = self.find(project) {
            if self.catch_up_with(transaction, &log).await? {
                return Ok(log);
            }
            // Deleted meanwhile; another one may have its name by now.
            self.forget(&log);
        }
        let project = resolve(transaction, project).await?;
        let log = self.get_or_insert(project.clone());
        if self.catch_up_with(transaction, &log).await? {
            Ok(log)
        } else {
            Err(no_such_project(&(&project).into()))
        }
    }

    /// Reads what a log lacks. False if the project is gone.
    async fn catch_up_with(&self, transaction: &dyn Transaction, log: &SharedLog) -> Result<bool> {
        let (id, mut next) = {
            let log = log.borrow();
            (log.project.id, log.tail.last_seq() + 1)
        };
        let range = keys::of_project_from(id, next);
        // Both requests are on their way before the first is awaited: one round trip.
        let (project, mut rows) =
            try_join(fetch_by_id(transaction, id), transaction.scan(MediumTable::Tail, &range, BATCH))
                .await?;
        match project {
            Some(project) if log.borrow().is_of(&project) => {}
            _ => return Ok(false),
        }
        loop {
            log.borrow_mut().append(next, &rows)?;
            if rows.len() < BATCH as usize {
                return Ok(true);
            }
            next += u64::from(BATCH);
            rows = transaction.scan(MediumTable::Tail, &keys::of_project_from(id, next), BATCH).await?;
        }
    }

    /// Returns a project's log if it is in memory, however far it is behind.
    pub fn find(&self, project: &ProjectRef) -> Option<SharedLog> {
        let is_it = |log: &&SharedLog| match project {
            ProjectRef::Id(id) => log.borrow().project.id == *id,
            ProjectRef::Name(name) => log.borrow().project.name == *name,
        };
        let log = self.in_memory.borrow().iter().find(is_it).map(Rc::clone)?;
        self.touch(&log);
        Some(log)
    }

    fn get_or_insert(&self, project: Project) -> SharedLog {
        if let Some(log) = self.find(&(&project).into()) {
            if log.borrow().is_of(&project) {
                return log;
            }
            self.forget(&log);
        }
        let log = Rc::new(RefCell::new(Log { project, tail: Table::default(), last_used: 0 }));
        self.touch(&log);
        self.in_memory.borrow_mut().push(Rc::clone(&log));
        log
    }

    fn forget(&self, log: &SharedLog) {
        self.in_memory.borrow_mut().retain(|known| !Rc::ptr_eq(known, log));
    }

    fn touch(&self, log: &SharedLog) {
        self.uses.set(self.uses.get() + 1);
        log.borrow_mut().last_used = self.uses.get();
    }

    /// Lets go of the logs not used for longest, until the rest fits; never of one that is in use.
    pub fn evict(&self, in_use: &SharedLog) {
        loop {
            let logs = self.in_memory.borrow();
            let bytes: usize = logs.iter().map(|log| log.borrow().tail.bytes()).sum();
            if bytes <= self.limit {
                return;
            }
            let unused = logs.iter().filter(|log| !Rc::ptr_eq(log, in_use) && Rc::strong_count(log) == 1);
            let Some(oldest) = unused.min_by_key(|log| log.borrow().last_used).map(Rc::clone) else { return };
            drop(logs);
            self.forget(&oldest);
        }
    }

    /// How many logs are in memory.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub fn len(&self) -> usize {
        self.in_memory.borrow().len()
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
