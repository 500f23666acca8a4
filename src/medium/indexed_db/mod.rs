//! The medium in the browser: the one place that knows IndexedDB.

mod bindings;
mod connection;
mod failure;
mod patience;
mod request;
mod schema;
mod timer;
mod torn_log;
mod transaction;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tokio::sync::Mutex;

use self::connection::Connection;
use self::transaction::Access;
use super::{Durability, Medium, Pending, Table, Transaction};
use crate::error::{Error, ErrorKind, Result};

pub use self::connection::delete_database;

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct IndexedDbOptions {
    /// The database's name.
    pub name: String,
    /// What a committed transaction outlives.
    pub durability: Durability,
    /// How long to wait once another tab is known to hold an older version open, in milliseconds.
    pub blocked_timeout_ms: u32,
}

/// A database in the browser.
///
/// A connection that the browser drops is opened again; one that was closed for another tab's sake, because
/// it upgrades or deletes the database, is not.
pub struct IndexedDb {
    options: IndexedDbOptions,
    connection: RefCell<Option<Rc<Connection>>>,
    /// Held while a connection is being opened, so that one is opened and not several. A caller that gives up leaves the
    /// work here, where the next one goes on with it.
    opening: Mutex<Option<Pending<'static, Connection>>>,
    /// How many connections were opened.
    opened: Cell<u32>,
    is_closed: Cell<bool>,
}

impl std::fmt::Debug for IndexedDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexedDb").field("options", &self.options).finish_non_exhaustive()
    }
}

impl IndexedDb {
    /// Opens or creates a database and brings its schema up to date.
    ///
    /// # Errors
    /// `unavailable` where there is no IndexedDB, or it fails or does not answer; `blocked` if other tabs hold an
    /// older version open for too long; `too_new` if a newer release wrote it; `corrupt` if it is not one of this
    /// package.
    pub async fn open(options: IndexedDbOptions) -> Result<Self> {
        let (connection, opening, is_closed) = (RefCell::default(), Mutex::default(), Cell::default());
        let medium = Self { options, connection, opened: Cell::default(), opening, is_closed };
        medium.connection().await?;
        Ok(medium)
    }

    /// Returns the connection, opening it again if the browser dropped it.
    async fn connection(&self) -> Result<Rc<Connection>> {
        if let Some(connection) = self.usable_connection()? {
            return Ok(connection);
        }
        let mut opening = self.opening.lock().await;
        if let Some(connection) = self.usable_connection()? {
            return Ok(connection);
        }
        let number = self.opened.get();
        let open =
            || -> Pending<'static, Connection> { Box::pin(Connection::open(self.options.clone(), number)) };
        let opened = opening.get_or_insert_with(open).await;
        *opening = None;
        let connection = Rc::new(opened?);
        self.opened.set(number + 1);
        if self.is_closed.get() {
            connection.close();
            return Err(closed());
        }
        *self.connection.borrow_mut() = Some(Rc::clone(&connection));
        Ok(connection)
    }

    fn usable_connection(&self) -> Result<Option<Rc<Connection>>> {
        if self.is_closed.get() {
            return Err(closed());
        }
        match &*self.connection.borrow() {
            Some(connection) if connection.was_ended() => Err(Error::new(
                ErrorKind::Closed,
                "another tab upgraded or deleted the database: open the store again",
            )),
            Some(connection) if connection.is_open() => Ok(Some(Rc::clone(connection))),
            _ => Ok(None),
        }
    }

    /// Runs a body in a transaction. If the connection turns out to be gone before the transaction began,
    /// it is opened again, once.
    async fn transact<T>(
        &self,
        tables: &[Table],
        access: Access,
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        let connection = self.connection().await?;
        match connection.begin(tables, access, self.options.durability) {
            Ok(transaction) => return transaction.run(&connection, body).await,
            Err(error) if error.is_connection_lost() => connection.mark_lost(),
            Err(error) => return Err(error.into()),
        }
        let connection = self.connection().await?;
        connection.begin(tables, access, self.options.durability)?.run(&connection, body).await
    }
}

fn closed() -> Error {
    Error::new(ErrorKind::Closed, "this store was closed")
}

impl Medium for IndexedDb {
    async fn read<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.transact(tables, Access::Read, body).await
    }

    async fn write<T>(
        &self,
        tables: &[Table],
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        self.transact(tables, Access::Write, body).await
    }

    /// The browser lets transactions under way finish before it lets go of the database.
    async fn close(&self) {
        self.is_closed.set(true);
        let connection = self.connection.borrow_mut().take();
        if let Some(connection) = connection {
            connection.close();
        }
    }
}
