//! The logs that are in memory, and how they catch up with what is stored.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
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
#[serde(rename_all = "camelCase")]
pub(super) struct TailRow<'a> {
    pub seq: u64,
    /// Microseconds since the epoch.
    pub ts: i64,
    #[serde(borrow)]
    pub emoji: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    pub agent: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    pub entry_id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    pub message: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    pub meta: &'a serde_json::value::RawValue,
    #[serde(borrow)]
    pub raw_line: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    pub sha256: std::borrow::Cow<'a, str>,
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

    fn as_row(&self) -> Result<Row<'_>> {
        Ok(Row {
            ts: Time::from_micros(self.ts)?,
            emoji: &self.emoji,
            agent: self.agent.as_deref(),
            entry_id: &self.entry_id,
            message: &self.message,
            meta: self.meta.get(),
            raw_line: &self.raw_line,
            sha256: &self.sha256,
        })
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
                self.tail.push(row.as_row()?);
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
    by_id: RefCell<BTreeMap<u64, SharedLog>>,
    uses: Cell<u64>,
    /// Upper bound on what logs that are not in use may take, in bytes.
    limit: usize,
}

impl Logs {
    pub fn new(limit: usize) -> Self {
        Self { by_id: RefCell::default(), uses: Cell::default(), limit }
    }

    /// Brings a project's log up to what a transaction sees, and returns it.
    pub async fn catch_up(&self, transaction: &impl Transaction, project: &ProjectRef) -> Result<SharedLog> {
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
    async fn catch_up_with(&self, transaction: &impl Transaction, log: &SharedLog) -> Result<bool> {
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
        let logs = self.by_id.borrow();
        let log = match project {
            ProjectRef::Id(id) => logs.get(id),
            ProjectRef::Name(name) => logs.values().find(|log| log.borrow().project.name == *name),
        }?;
        self.touch(log);
        Some(Rc::clone(log))
    }

    fn get_or_insert(&self, project: Project) -> SharedLog {
        let mut logs = self.by_id.borrow_mut();
        let is_current = |log: &SharedLog| log.borrow().is_of(&project);
        if let Some(log) = logs.get(&project.id).filter(|log| is_current(log)) {
            return Rc::clone(log);
        }
        let id = project.id;
        let log = Rc::new(RefCell::new(Log { project, tail: Table::default(), last_used: 0 }));
        self.touch(&log);
        logs.insert(id, Rc::clone(&log));
        log
    }

    fn forget(&self, log: &SharedLog) {
        let id = log.borrow().project.id;
        let mut logs = self.by_id.borrow_mut();
        if logs.get(&id).is_some_and(|known| Rc::ptr_eq(known, log)) {
            logs.remove(&id);
        }
    }

    fn touch(&self, log: &SharedLog) {
        self.uses.set(self.uses.get() + 1);
        log.borrow_mut().last_used = self.uses.get();
    }

    /// Lets go of the logs not used for longest, until the rest fits; never of one that is in use.
    pub fn evict(&self, in_use: &SharedLog) {
        let mut logs = self.by_id.borrow_mut();
        loop {
            let bytes: usize = logs.values().map(|log| log.borrow().tail.bytes()).sum();
            let unused =
                logs.iter().filter(|(_, log)| !Rc::ptr_eq(log, in_use) && Rc::strong_count(log) == 1);
            let oldest = unused.min_by_key(|(_, log)| log.borrow().last_used).map(|(&id, _)| id);
            match oldest {
                Some(id) if bytes > self.limit => logs.remove(&id),
                _ => return,
            };
        }
    }

    /// How many logs are in memory.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.by_id.borrow().len()
    }
}
