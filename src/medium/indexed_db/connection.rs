//! A connection to a database, and how it ends.

use std::cell::Cell;
use std::rc::Rc;

use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{IdbOpenDbRequest, IdbVersionChangeEvent};

use super::failure::Failure;
use super::patience::wait;
use super::transaction::{Access, IndexedDbTransaction};
use super::{IndexedDbOptions, bindings, schema, torn_log};
use crate::error::{Error, Result};
use crate::medium::{Durability, Table};
use crate::model::Quoted;

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
/// `indexed_db_futures` opens, closes and deletes it. The database's own events are listened to, since the crate's
/// listener cannot be stopped when the connection is closed from here; and transactions are the browser's own: the
/// crate's take a channel and three closures each, and more code than the rest of this medium.
#[derive(Debug)]
pub(super) struct Connection {
    database: Database,
    number: u32,
    state: Rc<Cell<State>>,
    _on_version_change: Closure<dyn FnMut()>,
    _on_close: Closure<dyn FnMut()>,
}

impl Connection {
    /// Opens a database, or creates it. The number is what transactions tell of the connection.
    pub async fn open(options: IndexedDbOptions, number: u32) -> Result<Self> {
        if options.name == torn_log::NAME {
            return Err(Error::invalid("`name` is that of a database that every store makes and deletes"));
        }
        let request = Database::open(options.name.as_str())
            .with_version(schema::VERSION)
            .build()
            .map_err(Failure::from)?;
        let events = request.as_sys().clone();
        let upgrade = upgrade_when_needed(&events);
        match wait(request.into_future(), &events, &options.name, options.blocked_timeout_ms).await {
            Ok(database) => {
                let connection = Self::listen(database.map_err(Failure::from)?, number);
                connection.check_tables(&options.name)?;
                spawn_local(torn_log::begin_new_log());
                Ok(connection)
            }
            Err((error, request)) => {
                // A request cannot be called back: when it succeeds after all, the connection must be closed lest
                // it block others.
                spawn_local(async move {
                    if let Ok(database) = request.await {
                        database.close();
                    }
                    drop(upgrade);
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
        Err(Error::corrupt(format_args!("the database {}", Quoted(name)), "is not what this package made"))
    }

    fn listen(database: Database, number: u32) -> Self {
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
        Self { database, number, state, _on_version_change: on_version_change, _on_close: on_close }
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
        access: Access,
        durability: Durability,
    ) -> Result<IndexedDbTransaction, Failure> {
        let names: Array = tables.iter().map(|table| JsValue::from_str(table.name())).collect();
        let options = Object::new();
        let durability = match durability {
            Durability::Relaxed => "relaxed",
            Durability::Strict => "strict",
        };
        Reflect::set(&options, &"durability".into(), &durability.into())?;
        let mode = match access {
            Access::Read => "readonly",
            Access::Write => "readwrite",
        };
        let database: &bindings::Database = self.database.as_sys().unchecked_ref();
        Ok(IndexedDbTransaction::new(database.transaction(&names, mode, &options)?, access, self.number))
    }
}

/// Upgrades the database that a request opens, if need be. What it throws aborts the upgrade, and the request fails.
///
/// Returns the listener, which must live as long as the request.
fn upgrade_when_needed(
    request: &IdbOpenDbRequest,
) -> Closure<dyn FnMut(IdbVersionChangeEvent) -> Result<(), JsValue>> {
    let opened = request.clone();
    let upgrade = Closure::new(move |event: IdbVersionChangeEvent| {
        torn_log::tell_of_loss(&event);
        schema::upgrade(event.old_version(), opened.result()?.unchecked_ref())
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    upgrade
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
