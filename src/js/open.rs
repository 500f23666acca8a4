//! Opening and deleting stores.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::store::{StoreHandle, promise};
use crate::error::Error;
use crate::medium::{Any, IndexedDb, IndexedDbOptions, Memory, delete_database};
use crate::model::Change;
use crate::storage::{Store, StoreOptions};
use crate::wire::{self, Backend, OpenOptions, ToJson};

/// Opens a store, with the options of the package's `openStore` but for `wasm`. The listener is called with every
/// change that the store made, as text, once it is committed; it must not throw, nor call the store.
///
/// It rejects with `invalid_argument`, `unavailable`, `blocked` and `too_new`, as the package documents.
#[wasm_bindgen(js_name = openStore)]
pub fn open_store(options: String, listener: Function) -> Promise {
    promise(Box::pin(async move { Ok(open(&options, listener).await?.into()) }))
}

async fn open(options: &str, listener: Function) -> Result<StoreHandle, Error> {
    let OpenOptions { name, backend, durability, blocked_timeout_ms, cache_bytes } =
        wire::open_options(options)?;
    let medium = match backend {
        Backend::Memory => Any::Memory(Memory::new()),
        Backend::IndexedDb => {
            Any::IndexedDb(IndexedDb::open(IndexedDbOptions { name, durability, blocked_timeout_ms }).await?)
        }
    };
    let listener = Box::new(move |change: &Change| {
        let _ = listener.call1(&JsValue::NULL, &change.to_json().into());
    });
    let options = StoreOptions { cache_bytes, listener, ..StoreOptions::default() };
    Ok(StoreHandle::new(Store::new(medium, options)))
}

/// Deletes a database; takes the same options, of which `name` and `blockedTimeoutMs` count.
///
/// It rejects with `invalid_argument`, `unavailable` and `blocked`, as the package documents.
#[wasm_bindgen(js_name = deleteStore)]
pub fn delete_store(options: String) -> Promise {
    promise(Box::pin(async move {
        let options = wire::open_options(&options)?;
        delete_database(&options.name, options.blocked_timeout_ms).await?;
        Ok(JsValue::UNDEFINED)
    }))
}
