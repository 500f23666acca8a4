//! A fault of Chromium that costs a site all its data, and the way around it.
//!
//! Chromium keeps what a site stores in a `LevelDB`, which goes on with the log that it finds. When the browser was
//! killed in the middle of a write, that log ends with a piece of a record. What is written next stands behind the piece,
//! and the start after that takes the log for damaged and throws the database away
//! (<https://github.com/google/leveldb/issues/1287>). But when a database is deleted, `LevelDB` makes a table of its log
//! and begins a new one. So one is made and deleted whenever a store was opened.

use indexed_db_futures::database::Database;
use indexed_db_futures::error::OpenDbError;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::IdbVersionChangeEvent;

/// The database that is made and deleted; no store can have its name. One that holds anything is somebody else's, and
/// stays.
pub(super) const NAME: &str = "scribe-store: a new log";

/// Has the browser begin a new log, if it may be going on with a torn one.
pub(super) async fn begin_new_log() {
    if may_reuse_torn_log() == Ok(true) {
        // If it fails, all is as it was before, and the next opening tries again.
        let _ = make_and_delete().await;
    }
}

/// Warns in the console if a database is made anew because the browser threw the old one away.
pub(super) fn tell_of_loss(event: &IdbVersionChangeEvent) {
    let why = Reflect::get(event, &"dataLossMessage".into()).unwrap_or_default();
    if why.is_truthy() {
        warn("scribe-store: the browser threw away what this site had stored:", &why);
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn warn(text: &str, why: &JsValue);
}

/// Only Chromium has events that tell of lost data.
fn may_reuse_torn_log() -> Result<bool, JsValue> {
    let event = Reflect::get(&js_sys::global(), &"IDBVersionChangeEvent".into())?;
    Reflect::has(&Reflect::get(&event, &"prototype".into())?, &"dataLoss".into())
}

async fn make_and_delete() -> Result<(), OpenDbError> {
    let database = Database::open(NAME).with_version(1_u8).await?;
    let is_empty = database.object_store_names().next().is_none();
    database.close();
    if is_empty {
        Database::delete_by_name(NAME)?.await?;
    }
    Ok(())
}
