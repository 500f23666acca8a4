//! A medium that fails.

use std::cell::Cell;
use std::rc::Rc;

use scribe_store::error::{Error, ErrorKind, Result};
use scribe_store::medium::{KeyRange, Medium, Memory, Pending, Table, Transaction};

/// Data in memory, one operation on which fails: beginning a transaction, something in it, or its commit.
#[derive(Debug, Clone, Default)]
pub struct Faulty {
    memory: Rc<Memory>,
    fault: Fault,
}

/// Which operation fails.
#[derive(Debug, Clone, Default)]
pub struct Fault {
    /// How many operations are still to come, with the one that fails; 0 if none fails.
    left: Rc<Cell<u32>>,
}

impl Fault {
    /// Lets the n-th operation from now on fail, counted from 1.
    pub fn set(&self, nth: u32) {
        self.left.set(nth);
    }

    /// Lets none fail, and tells whether one was still to come.
    pub fn clear(&self) -> bool {
        self.left.replace(0) > 0
    }

    fn step(&self) -> Result<()> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        if left == 1 { Err(Error::new(ErrorKind::Unavailable, "the fault")) } else { Ok(()) }
    }
}

impl Faulty {
    /// Where faults are set.
    pub const fn fault(&self) -> &Fault {
        &self.fault
    }
}

impl Medium for Faulty {
    async fn read<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.fault.step()?;
        let body =
            async |inner: &dyn Transaction| body(&FaultyTransaction { inner, fault: &self.fault }).await;
        self.memory.read(tables, body).await
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.fault.step()?;
        let body = async |inner: &dyn Transaction| {
            let result = body(&FaultyTransaction { inner, fault: &self.fault }).await?;
            // The commit.
            self.fault.step()?;
            Ok(result)
        };
        self.memory.write(tables, body).await
    }

    async fn close(&self) {}
}

struct FaultyTransaction<'t> {
    inner: &'t dyn Transaction,
    fault: &'t Fault,
}

impl Transaction for FaultyTransaction<'_> {
    fn get<'a>(&'a self, table: Table, key: &'a [u8]) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let value = self.inner.get(table, key).await?;
            self.fault.step()?;
            Ok(value)
        })
    }

    fn scan<'a>(&'a self, table: Table, range: &'a KeyRange, limit: u32) -> Pending<'a, Vec<Vec<u8>>> {
        Box::pin(async move {
            let values = self.inner.scan(table, range, limit).await?;
            self.fault.step()?;
            Ok(values)
        })
    }

    fn last_key<'a>(&'a self, table: Table, range: &'a KeyRange) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let key = self.inner.last_key(table, range).await?;
            self.fault.step()?;
            Ok(key)
        })
    }

    fn bytes(&self, table: Table) -> Pending<'_, u64> {
        Box::pin(async move {
            let bytes = self.inner.bytes(table).await?;
            self.fault.step()?;
            Ok(bytes)
        })
    }

    fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        self.fault.step()?;
        self.inner.put(table, key, value)
    }

    fn add(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        self.fault.step()?;
        self.inner.add(table, key, value)
    }

    fn delete(&self, table: Table, range: &KeyRange) -> Result<()> {
        self.fault.step()?;
        self.inner.delete(table, range)
    }
}
