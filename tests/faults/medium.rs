//! A medium that fails, or falls silent.

use std::cell::Cell;
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use futures_util::future::{Either, select};

use scribe_store::error::{Error, ErrorKind, Result};
use scribe_store::medium::{KeyRange, Medium, Memory, Pending, Table, Transaction};

/// Data in memory, one operation on which fails or is never answered: beginning a transaction, something in it, or its
/// commit.
#[derive(Debug, Clone, Default)]
pub struct Faulty {
    memory: Rc<Memory>,
    fault: Fault,
}

/// What becomes of an operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// It fails.
    #[default]
    Fails,
    /// It is never answered. The medium has no patience: at once it gives the transaction up, as the one in the browser
    /// does after its time, and drops the body where it waits.
    Silent,
    /// The same, but a commit that is not answered is done all the same.
    SilentlyDone,
}

/// Which operation fails or is not answered.
#[derive(Debug, Clone, Default)]
pub struct Fault {
    kind: Rc<Cell<Kind>>,
    /// How many operations are still to come, with the one that fails; 0 if none fails.
    left: Rc<Cell<u32>>,
    /// Whether the transaction under way is not answered any more.
    is_silent: Rc<Cell<bool>>,
}

impl Fault {
    /// Lets the n-th operation from now on fail, counted from 1.
    pub fn set(&self, kind: Kind, nth: u32) {
        self.kind.set(kind);
        self.left.set(nth);
    }

    /// Lets none fail, and tells whether one was still to come.
    pub fn clear(&self) -> bool {
        self.left.replace(0) > 0
    }

    /// Takes note of an operation.
    fn step(&self) -> Result<()> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        match (left, self.kind.get()) {
            (1, Kind::Fails) => Err(fault()),
            (1, _) => {
                self.is_silent.set(true);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes note of an operation that is waited for.
    async fn answer(&self) -> Result<()> {
        self.step()?;
        if self.is_silent.get() { pending().await } else { Ok(()) }
    }

    /// Runs a body until it is done or not answered any more.
    async fn run<T>(&self, body: impl Future<Output = Result<T>>) -> Result<T> {
        let silence = poll_fn(|_| if self.is_silent.get() { Poll::Ready(()) } else { Poll::Pending });
        match select(pin!(body), pin!(silence)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(fault()),
        }
    }
}

fn fault() -> Error {
    Error::new(ErrorKind::Unavailable, "the fault")
}

impl Faulty {
    /// Begins a transaction, which is always answered, or refused: it is no request.
    fn begin(&self) -> Result<()> {
        self.fault.is_silent.set(false);
        self.fault.step()?;
        if self.fault.is_silent.get() { Err(fault()) } else { Ok(()) }
    }

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
        self.begin()?;
        let body = async |inner: &dyn Transaction| {
            self.fault.run(body(&FaultyTransaction { inner, fault: &self.fault })).await
        };
        self.memory.read(tables, body).await
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.begin()?;
        let body = async |inner: &dyn Transaction| {
            let result = self.fault.run(body(&FaultyTransaction { inner, fault: &self.fault })).await?;
            // The commit. What was asked for before and is not answered shows here as well.
            self.fault.step()?;
            if self.fault.is_silent.get() && self.fault.kind.get() == Kind::Silent {
                return Err(fault());
            }
            Ok(result)
        };
        let result = self.memory.write(tables, body).await?;
        if self.fault.is_silent.get() { Err(fault()) } else { Ok(result) }
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
            self.fault.answer().await?;
            Ok(value)
        })
    }

    fn scan<'a>(&'a self, table: Table, range: &'a KeyRange, limit: u32) -> Pending<'a, Vec<Vec<u8>>> {
        Box::pin(async move {
            let values = self.inner.scan(table, range, limit).await?;
            self.fault.answer().await?;
            Ok(values)
        })
    }

    fn last_key<'a>(&'a self, table: Table, range: &'a KeyRange) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let key = self.inner.last_key(table, range).await?;
            self.fault.answer().await?;
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
