//! A medium in memory, stricter than the one in the browser.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::ops::Bound;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::RwLock;

use super::{KeyRange, Medium, Table, Transaction};
use crate::error::{Error, ErrorKind, Result};

type Key = (Table, Vec<u8>);

/// A medium in memory. Nothing outlives it.
///
/// It holds a transaction to what `IndexedDB` demands: a body that awaits anything but its transaction, or
/// touches a table that was not named, fails. Each operation yields once, so that whatever can interleave
/// does.
#[derive(Debug, Default)]
pub struct Memory {
    /// The lock is fair: transactions begin in the order in which they were asked for.
    data: RwLock<BTreeMap<Key, Vec<u8>>>,
    is_closed: Cell<bool>,
}

impl Memory {
    /// Makes an empty medium.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn check_open(&self) -> Result<()> {
        if self.is_closed.get() { Err(closed()) } else { Ok(()) }
    }
}

fn closed() -> Error {
    Error::new(ErrorKind::Closed, "this store was closed")
}

impl Medium for Memory {
    type Transaction<'t> = MemoryTransaction<'t>;

    async fn read<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&Self::Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.check_open()?;
        let data = self.data.read().await;
        let transaction = MemoryTransaction::new(&data, tables, false);
        transaction.run(body(&transaction)).await
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&Self::Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.check_open()?;
        let mut data = self.data.write().await;
        let transaction = MemoryTransaction::new(&data, tables, true);
        let result = transaction.run(body(&transaction)).await?;
        for (key, value) in transaction.changes.into_inner() {
            match value {
                Some(value) => data.insert(key, value),
                None => data.remove(&key),
            };
        }
        Ok(result)
    }

    async fn close(&self) {
        self.is_closed.set(true);
        drop(self.data.write().await);
    }
}

/// A transaction on [`Memory`]: what it writes lies over the data until it commits.
#[derive(Debug)]
pub struct MemoryTransaction<'t> {
    data: &'t BTreeMap<Key, Vec<u8>>,
    changes: RefCell<BTreeMap<Key, Option<Vec<u8>>>>,
    tables: Vec<Table>,
    can_write: bool,
    /// How many operations are being awaited.
    pending: Cell<u32>,
}

impl<'t> MemoryTransaction<'t> {
    fn new(data: &'t BTreeMap<Key, Vec<u8>>, tables: &[Table], can_write: bool) -> Self {
        let (changes, pending) = (RefCell::default(), Cell::default());
        Self { data, changes, tables: tables.to_vec(), can_write, pending }
    }

    /// Runs a body, and fails it when it waits for something that is not this transaction.
    async fn run<T>(&self, body: impl Future<Output = Result<T>>) -> Result<T> {
        let mut body = pin!(body);
        poll_fn(|context| match body.as_mut().poll(context) {
            Poll::Pending if self.pending.get() == 0 => Poll::Ready(Err(Error::internal(
                "a transaction was idle while its body waited for something else",
            ))),
            poll => poll,
        })
        .await
    }

    /// Stands for the time that an operation takes.
    async fn operate(&self) {
        self.pending.set(self.pending.get() + 1);
        let mut has_yielded = false;
        poll_fn(|context| {
            if has_yielded {
                return Poll::Ready(());
            }
            has_yielded = true;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        self.pending.set(self.pending.get() - 1);
    }

    fn check_scope(&self, table: Table) -> Result<()> {
        if self.tables.contains(&table) {
            return Ok(());
        }
        Err(Error::internal(format!("the table {} is not in the transaction's scope", table.name())))
    }

    fn check_writable(&self, table: Table) -> Result<()> {
        self.check_scope(table)?;
        if self.can_write {
            Ok(())
        } else {
            Err(Error::internal("a read-only transaction was asked to write"))
        }
    }

    /// Returns the first keys and values in a range, the changes laid over the data.
    fn rows(&self, table: Table, range: &KeyRange, limit: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        if range.is_empty() {
            return Vec::new();
        }
        let bounds = bounds(table, range);
        let data = self.data.range(bounds.clone()).map(|(key, value)| (key.1.clone(), value.clone()));
        let changes = self.changes.borrow();
        let mut changes = changes.range(bounds).peekable();
        if changes.peek().is_none() {
            return data.take(limit).collect();
        }
        let mut rows: BTreeMap<_, _> = data.collect();
        for (key, value) in changes {
            match value {
                Some(value) => rows.insert(key.1.clone(), value.clone()),
                None => rows.remove(&key.1),
            };
        }
        rows.into_iter().take(limit).collect()
    }
}

fn bounds(table: Table, range: &KeyRange) -> (Bound<Key>, Bound<Key>) {
    let next_table = || Table::ALL.into_iter().find(|&other| other > table);
    let end = match (&range.end, next_table()) {
        (Some(end), _) => Bound::Excluded((table, end.clone())),
        (None, Some(next)) => Bound::Excluded((next, Vec::new())),
        (None, None) => Bound::Unbounded,
    };
    (Bound::Included((table, range.start.clone())), end)
}

impl Transaction for MemoryTransaction<'_> {
    async fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.check_scope(table)?;
        self.operate().await;
        let key = (table, key.to_vec());
        if let Some(change) = self.changes.borrow().get(&key) {
            return Ok(change.clone());
        }
        Ok(self.data.get(&key).cloned())
    }

    async fn scan(&self, table: Table, range: &KeyRange, limit: u32) -> Result<Vec<Vec<u8>>> {
        self.check_scope(table)?;
        self.operate().await;
        Ok(self.rows(table, range, limit as usize).into_iter().map(|(_, value)| value).collect())
    }

    async fn last_key(&self, table: Table, range: &KeyRange) -> Result<Option<Vec<u8>>> {
        self.check_scope(table)?;
        self.operate().await;
        if range.is_empty() {
            return Ok(None);
        }
        let bounds = bounds(table, range);
        let changes = self.changes.borrow();
        let is_kept = |key: &Key| changes.get(key) != Some(&None);
        let stored = self.data.range(bounds.clone()).map(|(key, _)| key).rfind(|key| is_kept(key));
        let written = changes.range(bounds).map(|(key, _)| key).rfind(|key| is_kept(key));
        Ok(stored.max(written).map(|key| key.1.clone()))
    }

    fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        self.check_writable(table)?;
        self.changes.borrow_mut().insert((table, key.to_vec()), Some(value.to_vec()));
        Ok(())
    }

    fn delete(&self, table: Table, range: &KeyRange) -> Result<()> {
        self.check_writable(table)?;
        let rows = self.rows(table, range, usize::MAX);
        self.changes.borrow_mut().extend(rows.into_iter().map(|(key, _)| ((table, key), None)));
        Ok(())
    }
}
