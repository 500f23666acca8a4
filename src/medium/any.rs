//! Either medium, so that what stands on a medium is compiled once.

use super::{Body, IndexedDb, Medium, Memory, Pending, Table, Transaction, transact};
use crate::error::Result;

/// A medium that is chosen when a store is opened.
#[derive(Debug)]
pub enum Any {
    /// In memory.
    Memory(Memory),
    /// In the browser's database.
    IndexedDb(IndexedDb),
}

impl Any {
    fn read_boxed<'a>(&'a self, tables: &'a [Table], mut body: Box<dyn Body + 'a>) -> Pending<'a, ()> {
        Box::pin(async move {
            let body = async |transaction: &dyn Transaction| body.run(transaction).await;
            match self {
                Self::Memory(medium) => medium.read(tables, body).await,
                Self::IndexedDb(medium) => medium.read(tables, body).await,
            }
        })
    }

    fn write_boxed<'a>(&'a self, tables: &'a [Table], mut body: Box<dyn Body + 'a>) -> Pending<'a, ()> {
        Box::pin(async move {
            let body = async |transaction: &dyn Transaction| body.run(transaction).await;
            match self {
                Self::Memory(medium) => medium.write(tables, body).await,
                Self::IndexedDb(medium) => medium.write(tables, body).await,
            }
        })
    }
}

impl Medium for Any {
    async fn read<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        transact(body, |body| self.read_boxed(tables, body)).await
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        transact(body, |body| self.write_boxed(tables, body)).await
    }

    async fn close(&self) {
        match self {
            Self::Memory(medium) => medium.close().await,
            Self::IndexedDb(medium) => medium.close().await,
        }
    }
}
