//! Where a case runs.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use scribe_store::medium::{KeyRange, Medium, Table, Transaction};
use scribe_store::model::{Change, Time};
use scribe_store::storage::{StorageBackend, StoreOptions};

use super::Api;

/// A clock that a case sets, and what the stores that go by it told of their changes.
#[derive(Debug, Clone)]
pub struct TestClock(Rc<Cell<i64>>, Rc<RefCell<Vec<Change>>>);

impl TestClock {
    /// Starts at 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        Self(Rc::new(Cell::new(1_767_225_600_000_000)), Rc::default())
    }

    pub fn advance_ms(&self, millis: i64) {
        self.0.set(self.0.get() + millis * 1000);
    }

    /// Returns options for a store that goes by this clock.
    pub fn options(&self) -> StoreOptions {
        let (micros, heard) = (Rc::clone(&self.0), Rc::clone(&self.1));
        let clock = Box::new(move || Time::from_micros(micros.get()).unwrap());
        let listener = Box::new(move |change: &Change| heard.borrow_mut().push(change.clone()));
        StoreOptions { clock, listener, ..StoreOptions::default() }
    }

    /// Takes what was told of a project since the last time.
    pub fn take_changes_of(&self, name: &str) -> Vec<Change> {
        let is_of =
            |change: &mut Change| matches!(change, Change::Entries { project, .. } if project == name);
        self.1.borrow_mut().extract_if(.., is_of).collect()
    }

    /// Takes what was told since the last time.
    pub fn take_changes(&self) -> Vec<Change> {
        self.1.take()
    }
}

/// The data of one case, empty at first, and the stores on it.
pub trait World {
    /// The backend under test.
    type Backend: StorageBackend;
    /// What the data is on.
    type Medium: Medium;

    /// Opens another store on the same data, as another tab would.
    async fn open(&self) -> Api<Self::Backend>;

    /// Returns access to the data as stored.
    async fn medium(&self) -> Self::Medium;

    /// Returns the clock of all its stores.
    fn clock(&self) -> &TestClock;
}

/// Reads all values of a table, as stored.
pub async fn values(medium: &impl Medium, table: Table) -> Vec<Vec<u8>> {
    medium
        .read(&[table], async |transaction| transaction.scan(table, &KeyRange::all(), u32::MAX).await)
        .await
        .unwrap()
}

/// Reads all values of all tables, as stored.
pub async fn contents(medium: &impl Medium) -> Vec<Vec<Vec<u8>>> {
    let mut tables = Vec::new();
    for table in Table::ALL {
        tables.push(values(medium, table).await);
    }
    tables
}

/// Reads all keys of a table, the last first.
pub async fn keys(medium: &impl Medium, table: Table) -> Vec<Vec<u8>> {
    let read_all = async |transaction: &dyn Transaction| {
        let mut keys = Vec::new();
        let mut range = KeyRange::all();
        while let Some(key) = transaction.last_key(table, &range).await? {
            range.end = Some(key.clone());
            keys.push(key);
        }
        Ok(keys)
    };
    medium.read(&[table], read_all).await.unwrap()
}

/// Replaces the values of a table by what `change` makes of a key and its value; `None` removes one.
pub async fn tamper(medium: &impl Medium, table: Table, change: impl Fn(&[u8], Vec<u8>) -> Option<Vec<u8>>) {
    let keys = keys(medium, table).await;
    let change_all = async |transaction: &dyn Transaction| {
        for key in &keys {
            let value = transaction.get(table, key).await?.unwrap();
            match change(key, value) {
                Some(value) => transaction.put(table, key, &value)?,
                None => transaction.delete(table, &KeyRange::only(key))?,
            }
        }
        Ok(())
    };
    medium.write(&[table], change_all).await.unwrap();
}
