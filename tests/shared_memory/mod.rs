//! A medium in memory that several stores share, as tabs share a database.

use std::cell::Cell;
use std::rc::Rc;

use scribe_store::error::{Error, ErrorKind, Result};
use scribe_store::medium::{Medium, Memory, Table, Transaction};

/// One connection to data in memory; closing it does not close the others.
#[derive(Debug, Default)]
pub struct SharedMemory {
    memory: Rc<Memory>,
    /// How many transactions have written, through whichever connection.
    writes: Rc<Cell<u32>>,
    is_closed: Cell<bool>,
}

impl SharedMemory {
    /// Opens another connection to the same data.
    pub fn connect(&self) -> Self {
        Self { memory: Rc::clone(&self.memory), writes: Rc::clone(&self.writes), is_closed: Cell::new(false) }
    }

    /// Tells how many transactions have written.
    pub fn writes(&self) -> u32 {
        self.writes.get()
    }

    fn check_open(&self) -> Result<()> {
        if self.is_closed.get() { Err(Error::new(ErrorKind::Closed, "closed")) } else { Ok(()) }
    }
}

impl Medium for SharedMemory {
    async fn read<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.check_open()?;
        self.memory.read(tables, body).await
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.check_open()?;
        self.writes.set(self.writes.get() + 1);
        self.memory.write(tables, body).await
    }

    async fn close(&self) {
        self.is_closed.set(true);
    }
}
