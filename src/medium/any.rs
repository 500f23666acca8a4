//! Either medium, so that what stands on a medium is compiled once.

use super::indexed_db::IndexedDbTransaction;
use super::memory::MemoryTransaction;
use super::{IndexedDb, KeyRange, Medium, Memory, Table, Transaction};
use crate::error::Result;

/// A medium that is chosen when a store is opened.
#[derive(Debug)]
pub enum Any {
    /// In memory.
    Memory(Memory),
    /// In the browser's database.
    IndexedDb(IndexedDb),
}

/// A transaction of either medium.
#[derive(Debug)]
pub enum AnyTransaction<'t> {
    /// In memory.
    Memory(&'t MemoryTransaction<'t>),
    /// In the browser's database.
    IndexedDb(&'t IndexedDbTransaction<'t>),
}

impl Medium for Any {
    type Transaction<'t> = AnyTransaction<'t>;

    async fn read<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&Self::Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        match self {
            Self::Memory(medium) => {
                medium
                    .read(tables, async |transaction| body(&AnyTransaction::Memory(transaction)).await)
                    .await
            }
            Self::IndexedDb(medium) => {
                medium
                    .read(tables, async |transaction| body(&AnyTransaction::IndexedDb(transaction)).await)
                    .await
            }
        }
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&Self::Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        match self {
            Self::Memory(medium) => {
                medium
                    .write(tables, async |transaction| body(&AnyTransaction::Memory(transaction)).await)
                    .await
            }
            Self::IndexedDb(medium) => {
                medium
                    .write(tables, async |transaction| body(&AnyTransaction::IndexedDb(transaction)).await)
                    .await
            }
        }
    }

    async fn close(&self) {
        match self {
            Self::Memory(medium) => medium.close().await,
            Self::IndexedDb(medium) => medium.close().await,
        }
    }
}

impl Transaction for AnyTransaction<'_> {
    async fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Memory(transaction) => transaction.get(table, key).await,
            Self::IndexedDb(transaction) => transaction.get(table, key).await,
        }
    }

    async fn scan(&self, table: Table, range: &KeyRange, limit: u32) -> Result<Vec<Vec<u8>>> {
        match self {
            Self::Memory(transaction) => transaction.scan(table, range, limit).await,
            Self::IndexedDb(transaction) => transaction.scan(table, range, limit).await,
        }
    }

    async fn last_key(&self, table: Table, range: &KeyRange) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Memory(transaction) => transaction.last_key(table, range).await,
            Self::IndexedDb(transaction) => transaction.last_key(table, range).await,
        }
    }

    fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        match self {
            Self::Memory(transaction) => transaction.put(table, key, value),
            Self::IndexedDb(transaction) => transaction.put(table, key, value),
        }
    }

    fn delete(&self, table: Table, range: &KeyRange) -> Result<()> {
        match self {
            Self::Memory(transaction) => transaction.delete(table, range),
            Self::IndexedDb(transaction) => transaction.delete(table, range),
        }
    }
}
