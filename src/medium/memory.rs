//! A medium in memory, stricter than the one in the browser.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::ops::Bound;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::RwLock;

use super::{KeyRange, Medium, Pending, Table, Transaction};
use crate::error::{Error, ErrorKind, Result};

type Key = (Table, Vec<u8>);

/// A medium in memory. Nothing outlives it.
///
/// It holds a transaction to what `IndexedDB` demands: a body that awaits anything but its transaction, or
/// touches a table that was not named, fails. Each operation yields once, so that whatever can interleave
/// does.
#[derive(Debug, Default)]
pub struct Memory {
    data: RefCell<BTreeMap<Key, Vec<u8>>>,
    /// Who may touch the data. The lock is fair: transactions begin in the order in which they were asked
    /// for.
    lock: RwLock<()>,
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
    async fn read<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.check_open()?;
        let _lock = self.lock.read().await;
        let transaction = MemoryTransaction::new(&self.data, tables, false);
        transaction.run(body(&transaction)).await
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.check_open()?;
        let _lock = self.lock.write().await;
        let transaction = MemoryTransaction::new(&self.data, tables, true);
        let result = transaction.run(body(&transaction)).await?;
        transaction.commit()?;
        Ok(result)
    }

    async fn close(&self) {
        self.is_closed.set(true);
        drop(self.lock.write().await);
    }
}

/// A transaction on [`Memory`]. It writes to the data itself, and takes back what it wrote when it is
/// dropped without having been committed.
#[derive(Debug)]
struct MemoryTransaction<'t> {
    data: &'t RefCell<BTreeMap<Key, Vec<u8>>>,
    /// What the keys had before they were written, in the order of the writes.
    undo: RefCell<Vec<(Key, Option<Vec<u8>>)>>,
    tables: Vec<Table>,
    can_write: bool,
    /// How many operations are being awaited.
    pending: Cell<u32>,
    /// Whether a key was added that is taken. As in `IndexedDB`, this shows when the transaction ends.
    is_in_conflict: Cell<bool>,
}

impl<'t> MemoryTransaction<'t> {
    fn new(data: &'t RefCell<BTreeMap<Key, Vec<u8>>>, tables: &[Table], can_write: bool) -> Self {
        let (undo, pending, is_in_conflict) = (RefCell::default(), Cell::default(), Cell::default());
        Self { data, undo, tables: tables.to_vec(), can_write, pending, is_in_conflict }
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

    fn commit(self) -> Result<()> {
        if self.is_in_conflict.get() {
            return Err(Error::new(ErrorKind::Conflict, "a key that was added is taken"));
        }
        self.undo.borrow_mut().clear();
        Ok(())
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

    /// Sets the value of a key, or removes it.
    fn set(&self, key: Key, value: Option<Vec<u8>>) {
        let mut data = self.data.borrow_mut();
        let before = match value {
            Some(value) => data.insert(key.clone(), value),
            None => data.remove(&key),
        };
        self.undo.borrow_mut().push((key, before));
    }
}

impl Drop for MemoryTransaction<'_> {
    fn drop(&mut self) {
        let mut data = self.data.borrow_mut();
        for (key, before) in self.undo.take().into_iter().rev() {
            match before {
                Some(value) => data.insert(key, value),
                None => data.remove(&key),
            };
        }
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
    fn get<'a>(&'a self, table: Table, key: &'a [u8]) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            self.check_scope(table)?;
            self.operate().await;
            Ok(self.data.borrow().get(&(table, key.to_vec())).cloned())
        })
    }

    fn scan<'a>(&'a self, table: Table, range: &'a KeyRange, limit: u32) -> Pending<'a, Vec<Vec<u8>>> {
        Box::pin(async move {
            self.check_scope(table)?;
            self.operate().await;
            if range.is_empty() {
                return Ok(Vec::new());
            }
            let data = self.data.borrow();
            Ok(data
                .range(bounds(table, range))
                .take(limit as usize)
                .map(|(_, value)| value.clone())
                .collect())
        })
    }

    fn last_key<'a>(&'a self, table: Table, range: &'a KeyRange) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            self.check_scope(table)?;
            self.operate().await;
            if range.is_empty() {
                return Ok(None);
            }
            Ok(self.data.borrow().range(bounds(table, range)).next_back().map(|(key, _)| key.1.clone()))
        })
    }

    fn bytes(&self, table: Table) -> Pending<'_, u64> {
        Box::pin(async move {
            self.check_scope(table)?;
            self.operate().await;
            let mut sum = 0;
            for ((_, key), value) in self.data.borrow().range(bounds(table, &KeyRange::all())) {
                sum += (key.len() + value.len()) as u64;
            }
            Ok(sum)
        })
    }

    fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        self.check_writable(table)?;
        self.set((table, key.to_vec()), Some(value.to_vec()));
        Ok(())
    }

    fn add(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        let is_taken = self.data.borrow().contains_key(&(table, key.to_vec()));
        if is_taken {
            self.is_in_conflict.set(true);
        }
        self.put(table, key, value)
    }

    fn delete(&self, table: Table, range: &KeyRange) -> Result<()> {
        self.check_writable(table)?;
        if range.is_empty() {
            return Ok(());
        }
        let keys =
            self.data.borrow().range(bounds(table, range)).map(|(key, _)| key.clone()).collect::<Vec<_>>();
        for key in keys {
            self.set(key, None);
        }
        Ok(())
    }
}
