//! A medium in memory, stricter than the one in the browser.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::ops::Range;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::{KeyRange, Medium, Pending, Table, Transaction};
use crate::error::{Error, ErrorKind, Result};

/// As many as transactions that read may be under way.
const PERMITS: u32 = 1 << 20;

/// Keys with their values, in the order of the keys. A `BTreeMap` would add 3 kB to the package; here a row that is added
/// moves 24 bytes for each row behind it, which takes less time than all else unless there are very many.
type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// The rows of each table.
type Tables = [Rows; Table::ALL.len()];

/// A medium in memory. Nothing outlives it.
///
/// It holds a transaction to what `IndexedDB` demands: a body that awaits anything but its transaction, or
/// touches a table that was not named, fails. Each operation yields once, so that whatever can interleave
/// does.
#[derive(Debug)]
pub struct Memory {
    data: RefCell<Tables>,
    /// Who may touch the data: whoever reads has one of these, whoever writes has all. They are given out in the order in
    /// which they were asked for.
    permits: Semaphore,
    is_closed: Cell<bool>,
}

impl Default for Memory {
    fn default() -> Self {
        let permits = Semaphore::new(PERMITS as usize);
        Self { data: RefCell::default(), permits, is_closed: Cell::default() }
    }
}

impl Memory {
    /// Makes an empty medium.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    async fn wait_for(&self, permits: u32) -> Result<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.permits.acquire_many(permits).await.map_err(|_| closed())
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
        let _permit = self.wait_for(1).await?;
        let transaction = MemoryTransaction::new(&self.data, tables, false);
        transaction.run(body(&transaction)).await
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.check_open()?;
        let _permit = self.wait_for(PERMITS).await?;
        let transaction = MemoryTransaction::new(&self.data, tables, true);
        let result = transaction.run(body(&transaction)).await?;
        transaction.commit()?;
        Ok(result)
    }

    async fn close(&self) {
        self.is_closed.set(true);
        drop(self.wait_for(PERMITS).await);
    }
}

/// A transaction on [`Memory`]. It writes to the data itself, and takes back what it wrote when it is
/// dropped without having been committed.
#[derive(Debug)]
struct MemoryTransaction<'t> {
    data: &'t RefCell<Tables>,
    /// The writes, in their order.
    writes: RefCell<Vec<Write>>,
    tables: Vec<Table>,
    can_write: bool,
    /// How many operations are being awaited.
    pending: Cell<u32>,
    /// Whether a key was added that is taken. As in `IndexedDB`, this shows when the transaction ends.
    is_in_conflict: Cell<bool>,
}

/// Rows that took the place of others.
#[derive(Debug)]
struct Write {
    table: Table,
    /// Where they begin.
    place: usize,
    /// How many they are.
    count: usize,
    /// What was there before.
    before: Rows,
}

impl<'t> MemoryTransaction<'t> {
    fn new(data: &'t RefCell<Tables>, tables: &[Table], can_write: bool) -> Self {
        let (writes, pending, is_in_conflict) = (RefCell::default(), Cell::default(), Cell::default());
        Self { data, writes, tables: tables.to_vec(), can_write, pending, is_in_conflict }
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
        self.writes.borrow_mut().clear();
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

    /// Reads a table's rows.
    fn read<T>(&self, table: Table, read: impl FnOnce(&Rows) -> T) -> T {
        let none = Rows::new();
        read(self.data.borrow().get(table.place()).unwrap_or(&none))
    }

    /// Puts rows in the place of others.
    fn replace(&self, table: Table, places: Range<usize>, rows: Rows) {
        let (place, count) = (places.start, rows.len());
        if let Some(stored) = self.data.borrow_mut().get_mut(table.place()) {
            let before = stored.splice(places, rows).collect();
            self.writes.borrow_mut().push(Write { table, place, count, before });
        }
    }
}

impl Drop for MemoryTransaction<'_> {
    fn drop(&mut self) {
        for Write { table, place, count, before } in self.writes.take().into_iter().rev() {
            self.replace(table, place..place + count, before);
        }
    }
}

/// Where a key is, or belongs.
fn place_of(rows: &Rows, key: &[u8]) -> Result<usize, usize> {
    rows.binary_search_by(|(other, _)| other.as_slice().cmp(key))
}

/// Where the keys of a range are.
fn places_in(rows: &Rows, range: &KeyRange) -> Range<usize> {
    let below = |bound: &[u8]| rows.partition_point(|(key, _)| key.as_slice() < bound);
    let start = below(&range.start);
    start..range.end.as_deref().map_or(rows.len(), below).max(start)
}

impl Transaction for MemoryTransaction<'_> {
    fn get<'a>(&'a self, table: Table, key: &'a [u8]) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            self.check_scope(table)?;
            self.operate().await;
            let value = |rows: &Rows| Some(rows.get(place_of(rows, key).ok()?)?.1.clone());
            Ok(self.read(table, value))
        })
    }

    fn scan<'a>(&'a self, table: Table, range: &'a KeyRange, limit: u32) -> Pending<'a, Vec<Vec<u8>>> {
        Box::pin(async move {
            self.check_scope(table)?;
            self.operate().await;
            Ok(self.read(table, |rows| {
                let found = rows.get(places_in(rows, range)).unwrap_or_default();
                found.iter().take(limit as usize).map(|(_, value)| value.clone()).collect()
            }))
        })
    }

    fn last_key<'a>(&'a self, table: Table, range: &'a KeyRange) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            self.check_scope(table)?;
            self.operate().await;
            Ok(self.read(table, |rows| {
                let found = rows.get(places_in(rows, range)).unwrap_or_default();
                found.last().map(|(key, _)| key.clone())
            }))
        })
    }

    fn bytes(&self, table: Table) -> Pending<'_, u64> {
        Box::pin(async move {
            self.check_scope(table)?;
            self.operate().await;
            let bytes = |rows: &Rows| rows.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
            Ok(self.read(table, bytes) as u64)
        })
    }

    fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        self.check_writable(table)?;
        let places = self.read(table, |rows| match place_of(rows, key) {
            Ok(place) => place..place + 1,
            Err(place) => place..place,
        });
        self.replace(table, places, vec![(key.to_vec(), value.to_vec())]);
        Ok(())
    }

    fn add(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        if self.read(table, |rows| place_of(rows, key).is_ok()) {
            self.is_in_conflict.set(true);
        }
        self.put(table, key, value)
    }

    fn delete(&self, table: Table, range: &KeyRange) -> Result<()> {
        self.check_writable(table)?;
        let places = self.read(table, |rows| places_in(rows, range));
        self.replace(table, places, Rows::new());
        Ok(())
    }
}
