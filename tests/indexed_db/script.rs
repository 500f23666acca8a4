//! Scripts that do with the browser's database what the package never does.
//!
//! They are functions made from text, since a worker's script cannot import files.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Calls a function with some arguments, given the names that they have in its body.
pub fn run(names: &str, body: &str, arguments: &[&JsValue]) -> JsValue {
    let arguments: Array = arguments.iter().collect();
    Function::new_with_args(names, body).apply(&JsValue::UNDEFINED, &arguments).unwrap()
}

/// Calls a function that returns a promise, and waits for it.
pub async fn run_async(names: &str, body: &str, arguments: &[&JsValue]) -> JsValue {
    JsFuture::from(run(names, body, arguments).unchecked_into::<Promise>()).await.unwrap()
}

/// Opens a database, at whatever version it has without one, as a page would that ignores all requests to
/// let go of it.
pub async fn open(name: &str, version: Option<u32>) -> JsValue {
    let body = "return new Promise((resolve, reject) => {
        const request = indexedDB.open(name, version);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
        request.onblocked = () => reject(new Error('blocked'));
    })";
    run_async("name, version", body, &[&name.into(), &version.into()]).await
}

/// Makes a database with some tables, named one behind the other with commas between.
pub async fn make(name: &str, tables: &str) {
    let body = "return new Promise((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onupgradeneeded = () => {
            for (const table of tables.split(',')) if (table) request.result.createObjectStore(table);
        };
        request.onsuccess = () => resolve(request.result.close());
        request.onerror = () => reject(request.error);
    })";
    run_async("name, tables", body, &[&name.into(), &tables.into()]).await;
}

/// Returns the tables of a database as [`make`] takes them.
pub async fn tables(name: &str) -> String {
    let database = open(name, None).await;
    let tables = run("database", "return [...database.objectStoreNames].join()", &[&database]);
    close(&database);
    tables.as_string().unwrap()
}

/// Closes a database that [`open`] returned, or [`connection_of`].
pub fn close(database: &JsValue) {
    run("database", "database.close()", &[database]);
}

/// Has timers that are started fire sooner, until dropped.
pub struct FasterTimers {
    original: JsValue,
}

impl FasterTimers {
    /// Divides all delays.
    pub fn new(by: u32) -> Self {
        let body = "const original = setTimeout;
            globalThis.setTimeout = (callback, delay) => original(callback, delay / by);
            return original";
        Self { original: run("by", body, &[&by.into()]) }
    }
}

impl Drop for FasterTimers {
    fn drop(&mut self) {
        run("original", "globalThis.setTimeout = original", &[&self.original]);
    }
}

/// Replaces a method of a built-in class until dropped. `wrap` is the body of a function of `original`, the
/// method that there is, and `state`, an object that is kept, which returns the new method.
pub struct Patch {
    class: &'static str,
    method: &'static str,
    original: JsValue,
    /// What the new method keeps.
    pub state: JsValue,
}

impl Patch {
    pub fn new(class: &'static str, method: &'static str, wrap: &str) -> Self {
        let state: JsValue = js_sys::Object::new().into();
        let names = "class_name, method, state";
        let body = format!(
            "const prototype = globalThis[class_name].prototype, original = prototype[method];
             prototype[method] = (function () {{ {wrap} }})();
             return original"
        );
        let original = run(names, &body, &[&class.into(), &method.into(), &state]);
        Self { class, method, original, state }
    }

    /// Returns a member of the state.
    pub fn get(&self, member: &str) -> JsValue {
        js_sys::Reflect::get(&self.state, &member.into()).unwrap()
    }
}

impl Drop for Patch {
    fn drop(&mut self) {
        let body = "globalThis[class_name].prototype[method] = original";
        run("class_name, method, original", body, &[&self.class.into(), &self.method.into(), &self.original]);
    }
}
