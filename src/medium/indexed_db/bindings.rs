//! What `web-sys` does not have, or not for long.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An `IDBDatabase`.
    pub(super) type Database;
    /// With options, such as the durability.
    #[wasm_bindgen(catch, method)]
    pub(super) fn transaction(
        this: &Database,
        tables: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<web_sys::IdbTransaction, JsValue>;

    /// An `IDBTransaction`.
    pub(super) type Transaction;
    /// Commits without waiting until nothing more is asked for.
    #[wasm_bindgen(catch, method)]
    pub(super) fn commit(this: &Transaction) -> Result<(), JsValue>;
}
