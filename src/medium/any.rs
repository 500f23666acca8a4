//! Either medium, so that what stands on a medium is compiled once.

use super::{IndexedDb, Medium, Memory, Pending, Table, Transaction};
use crate::error::{Error, Result};

/// A medium that is chosen when a store is opened.
#[derive(Debug)]
pub enum Any {
    /// In memory.
    Memory(Memory),
    /// In the browser's database.
    IndexedDb(IndexedDb),
}

/// A transaction's body, without its type: what media do with a body is compiled once, not for every body.
trait Body {
    /// Runs the body, once, and keeps what it returns.
    fn run<'t>(&'t mut self, transaction: &'t dyn Transaction) -> Pending<'t, ()>;
}

/// A body, then what it returned.
struct Once<F, T> {
    body: Option<F>,
    result: Option<T>,
}

impl<F, T> Once<F, T> {
    fn new(body: F) -> Self {
        Self { body: Some(body), result: None }
    }

    fn into_result(self) -> Result<T> {
        self.result.ok_or_else(|| Error::internal("a transaction committed without having run"))
    }
}

impl<F: AsyncFnOnce(&dyn Transaction) -> Result<T>, T> Body for Once<F, T> {
    fn run<'t>(&'t mut self, transaction: &'t dyn Transaction) -> Pending<'t, ()> {
        Box::pin(async move {
            let body = self.body.take().ok_or_else(|| Error::internal("a transaction was run twice"))?;
            self.result = Some(body(transaction).await?);
            Ok(())
        })
    }
}

impl Any {
    fn read_erased<'a>(&'a self, tables: &'a [Table], body: &'a mut dyn Body) -> Pending<'a, ()> {
        Box::pin(async move {
            let body = async |transaction: &dyn Transaction| body.run(transaction).await;
            match self {
                Self::Memory(medium) => medium.read(tables, body).await,
                Self::IndexedDb(medium) => medium.read(tables, body).await,
            }
        })
    }

    fn write_erased<'a>(&'a self, tables: &'a [Table], body: &'a mut dyn Body) -> Pending<'a, ()> {
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
        let mut body = Once::new(body);
        self.read_erased(tables, &mut body).await?;
        body.into_result()
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        let mut body = Once::new(body);
        self.write_erased(tables, &mut body).await?;
        body.into_result()
    }

    async fn close(&self) {
        match self {
            Self::Memory(medium) => medium.close().await,
            Self::IndexedDb(medium) => medium.close().await,
        }
    }
}
