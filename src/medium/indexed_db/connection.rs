//! A connection to a database, and how it ends.

use std::cell::Cell;
use std::rc::Rc;

use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::failure::Failure;
use super::patience::wait;
use super::transaction::IndexedDbTransaction;
use super::{IndexedDbOptions, schema};
use crate::error::{Error, Result};
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
        let events = request.as_sys().clone();
        match wait(request.into_future(), &events, &options.name, options.blocked_timeout_ms).await {
            Ok(database) => {
                let connection = Self::listen(database.map_err(Failure::from)?);
                connection.check_tables(&options.name)?;
                Ok(connection)
            }
            Err((error, request)) => {
                // A request cannot be called back: when it succeeds after all, the connection must be closed lest
                // it block others.
                spawn_local(async move {
                    if let Ok(database) = request.await {
                        database.close();
                    }
                });
                Err(error)
            }
        }
    }

    /// Checks that the database has the tables of this package, and no others.
    fn check_tables(&self, name: &str) -> Result<()> {
        let tables: Vec<String> = self.database.object_store_names().collect();
        let has = |table: &Table| tables.iter().any(|name| name == table.name());
        if tables.len() == Table::ALL.len() && Table::ALL.iter().all(has) {
            return Ok(());
        }
        Err(Error::corrupt(format_args!("the database {name:?}"), "is not what this package made"))
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
        // The crate's listener can be called once, and every request of a transaction that fails tells of it. What
        // went wrong is the transaction's own error, once it has been aborted.
        transaction.as_sys().set_onerror(None);
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
/// same once the last of them lets go); `unavailable` where there is no IndexedDB, or it fails or does not answer.
pub async fn delete_database(name: &str, timeout_ms: u32) -> Result<()> {
    let request = Database::delete_by_name(name).map_err(Failure::from)?;
    let events = request.as_sys().clone().unchecked_into();
    match wait(request, &events, name, timeout_ms).await {
        Ok(deleted) => Ok(deleted.map_err(Failure::from)?),
        Err((error, _)) => Err(error),
    }
}
