//! A connection to a database, and how it ends.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::failure::Failure;
use super::timer::sleep;
use super::transaction::IndexedDbTransaction;
use super::{IndexedDbOptions, schema};
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{Durability, Table};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The browser dropped it: storage was cleared, or the database process died.
    Lost,
    /// It was closed so that another tab can upgrade or delete the database.
    Ended,
}

/// A connection to a database.
///
/// It listens to the database's own events, not through `indexed_db_futures`, whose listener cannot be
/// stopped when the connection is closed from here.
#[derive(Debug)]
pub(super) struct Connection {
    database: Database,
    state: Rc<Cell<State>>,
    _on_version_change: Closure<dyn FnMut()>,
    _on_close: Closure<dyn FnMut()>,
}

impl Connection {
    /// Opens a database, or creates it.
    pub async fn open(options: &IndexedDbOptions) -> Result<Self> {
        let request = Database::open(options.name.as_str())
            .with_version(schema::VERSION)
            .with_on_upgrade_needed(|event, database| schema::upgrade(event.old_version(), &database))
            .build()
            .map_err(Failure::from)?;
        // Boxed, so that it can be left behind: a request cannot be called back, and when it succeeds after
        // all, the connection must be closed lest it block others.
        match select(Box::pin(request.into_future()), pin!(sleep(options.blocked_timeout_ms))).await {
            Either::Left((database, _)) => Ok(Self::listen(database.map_err(Failure::from)?)),
            Either::Right(((), request)) => {
                spawn_local(async move {
                    if let Ok(database) = request.await {
                        database.close();
                    }
                });
                Err(blocked(&options.name, options.blocked_timeout_ms))
            }
        }
    }

    fn listen(database: Database) -> Self {
        let state = Rc::new(Cell::new(State::Open));
        let on_version_change = Closure::<dyn FnMut()>::new({
            let (state, database) = (Rc::clone(&state), database.clone());
            move || {
                state.set(State::Ended);
                database.clone().close();
            }
        });
        let on_close = Closure::<dyn FnMut()>::new({
            let state = Rc::clone(&state);
            move || {
                if state.get() == State::Open {
                    state.set(State::Lost);
                }
            }
        });
        let target = database.as_sys();
        target.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
        target.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Self { database, state, _on_version_change: on_version_change, _on_close: on_close }
    }

    pub fn is_open(&self) -> bool {
        self.state.get() == State::Open
    }

    pub fn was_ended(&self) -> bool {
        self.state.get() == State::Ended
    }

    /// Notes that the browser dropped the connection.
    pub fn mark_lost(&self) {
        if self.is_open() {
            self.state.set(State::Lost);
        }
    }

    pub fn close(&self) {
        self.database.clone().close();
    }

    /// Begins a transaction.
    pub fn begin(
        &self,
        tables: &[Table],
        mode: TransactionMode,
        durability: Durability,
    ) -> Result<IndexedDbTransaction<'_>, Failure> {
        let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
        let durability = match durability {
            Durability::Relaxed => TransactionDurability::Relaxed,
            Durability::Strict => TransactionDurability::Strict,
        };
        let transaction = self
            .database
            .transaction(names.as_slice())
            .with_mode(mode)
            .with_options(TransactionOptions::new().with_durability(durability))
            .build()?;
        Ok(IndexedDbTransaction::new(transaction))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let target = self.database.as_sys();
        target.set_onversionchange(None);
        target.set_onclose(None);
        self.close();
    }
}

/// Deletes a database and waits until it is gone.
///
/// # Errors
/// `blocked` if another tab holds it open for longer than `timeout_ms` milliseconds (it is deleted all the
/// same once the last of them lets go); `unavailable` where there is no IndexedDB or it fails.
pub async fn delete_database(name: &str, timeout_ms: u32) -> Result<()> {
    let request = Database::delete_by_name(name).map_err(Failure::from)?;
    match select(request, pin!(sleep(timeout_ms))).await {
        Either::Left((deleted, _)) => Ok(deleted.map_err(Failure::from)?),
        Either::Right(((), _)) => Err(blocked(name, timeout_ms)),
    }
}

fn blocked(name: &str, timeout_ms: u32) -> Error {
    Error::new(
        ErrorKind::Blocked,
        format!("another tab holds the database {name:?} open; waited {timeout_ms} ms: close the other tabs"),
    )
}
