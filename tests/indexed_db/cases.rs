//! Cases that only `IndexedDB` has.

use futures_util::future::{join, join_all};
use scribe_store::error::ErrorKind;
use scribe_store::medium::{Durability, IndexedDb, IndexedDbOptions, Medium, delete_database};
use scribe_store::storage::Store;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use super::script::{self, Patch};
use super::{InIndexedDb, PATIENCE_MS};
use crate::conformance::{Api, World, entry_with, fails};

const PROJECT: &str = r#"{"project": "p"}"#;

fn project() -> Value {
    serde_json::from_str(PROJECT).unwrap()
}

fn entry(id: &str) -> Value {
    entry_with(json!({ "entryId": id }))
}

pub async fn c3_7_strict_durability_is_asked_for(world: &InIndexedDb) {
    let wrap = "return function (names, mode, options) {
        (state.asked ??= []).push(`${mode} ${options?.durability}`);
        return original.apply(this, arguments);
    }";
    for (durability, expected) in
        [(Durability::Strict, "readwrite strict"), (Durability::Relaxed, "readwrite relaxed")]
    {
        let medium = IndexedDb::open(IndexedDbOptions { durability, ..world.options() }).await.unwrap();
        let store = Api::new(Store::new(medium, world.clock().options()));
        store.project("p").await;
        let patch = Patch::new("IDBDatabase", "transaction", wrap);
        store.append_entry(json!({ "project": "p", "message": "m" })).await.unwrap();
        let asked = js_sys::Array::from(&patch.get("asked")).join(", ");
        assert_eq!(asked, expected, "a write is one transaction of this durability");
    }
    assert_eq!(world.open().await.ids(project()).await.len(), 2);
}

pub async fn c3_8_calls_made_without_waiting_share_transactions(world: &InIndexedDb) {
    let store = world.open().await;
    store.project("p").await;
    let wrap = "return function () {
        state.count = (state.count ?? 0) + 1;
        return original.apply(this, arguments);
    }";
    let patch = Patch::new("IDBDatabase", "transaction", wrap);
    join_all((0..100).map(|number| store.insert(json!({ "entryId": number.to_string() })))).await;
    let count = patch.get("count").as_f64().unwrap();
    assert!(count <= 2.0, "the first call, and those that came meanwhile: {count}");
    assert_eq!(store.ids(project()).await.len(), 100);
}

pub async fn c4_11_a_search_behind_a_write_sees_it_and_is_made_once(world: &InIndexedDb) {
    const SEALED: usize = 2500;
    let store = world.open().await;
    store.project("p").await;
    let entries = (0..SEALED).map(|number| entry(&number.to_string())).collect();
    store.insert_entries(entries).await.unwrap();
    let search = async || {
        let before = store.backend.reads().segments;
        let query = json!({ "project": "p", "message": "m", "messageMode": "substring" });
        let count = store.count_query_entries(query).await.unwrap();
        (count, store.backend.reads().segments - before)
    };
    let (_, segments) = search().await;
    assert!(segments > 0);
    for number in 1..=3 {
        let (_, (count, looked)) =
            join(store.insert(json!({ "entryId": format!("behind {number}") })), search()).await;
        assert_eq!(count, json!(SEALED + number), "what was called before is seen");
        assert_eq!(looked, segments, "nothing was worked out that the write made untrue");
    }
}

pub async fn c7_3_deleting_the_database_closes_every_store(world: &InIndexedDb) {
    let stores = [world.open().await, world.open().await];
    stores[0].project("p").await;
    stores[0].insert(json!({ "entryId": "e" })).await;
    world.delete().await;
    for store in &stores {
        fails(store.list_projects().await, ErrorKind::Closed, "another tab");
        fails(store.insert_entry(entry("x")).await, ErrorKind::Closed, "another tab");
        fails(store.query_entries(project()).await, ErrorKind::Closed, "another tab");
        store.close().await;
    }
    let next = world.open().await;
    assert_eq!(next.list_projects().await.unwrap(), json!([]), "what is opened next is empty");
}

pub async fn c7_3_an_upgrade_closes_every_store(world: &InIndexedDb) {
    let store = world.open().await;
    store.project("p").await;
    let newer = script::open(world.name(), Some(1000)).await;
    fails(store.list_projects().await, ErrorKind::Closed, "another tab");
    fails(store.insert_entry(entry("x")).await, ErrorKind::Closed, "another tab");
    script::close(&newer);
}

pub async fn c7_3_calls_under_way_settle(world: &InIndexedDb) {
    let store = world.open().await;
    store.project("p").await;
    let calls = async {
        let mut inserted = Vec::new();
        for round in 0..20 {
            let results = join_all((0..5).map(|call| {
                let id = format!("{round} {call}");
                let store = &store;
                async move {
                    let read = store.query_entries(project()).await;
                    (store.insert_entry(entry(&id)).await, read)
                }
            }));
            for (written, read) in results.await {
                for result in [&written, &read] {
                    let kind = result.as_ref().err().map(scribe_store::error::Error::kind);
                    assert!(matches!(kind, None | Some(ErrorKind::Closed)), "settled otherwise: {result:?}");
                }
                inserted.push(written.is_ok());
            }
        }
        inserted
    };
    let (inserted, ()) = join(calls, world.delete()).await;
    assert_eq!(inserted.last(), Some(&false), "later ones reject with `closed`");
    let ended = inserted.iter().position(|&is_ok| !is_ok).unwrap();
    assert!(inserted[ended..].iter().all(|&is_ok| !is_ok), "and none of them gets through");
}

pub async fn c7_4_a_dropped_connection_is_opened_again(world: &InIndexedDb) {
    let store = world.open().await;
    store.project("p").await;
    let connection = connection_of(&store).await;
    // What a browser does that drops a connection: it closes it, and tells.
    let body = "connection.close(); connection.dispatchEvent(new Event('close'))";
    script::run("connection", body, &[&connection]);
    assert!(store.insert(json!({ "entryId": "e" })).await);
    assert_eq!(store.ids(project()).await, ["e"]);
    assert!(!js_sys::Object::is(&connection, &connection_of(&store).await), "over another connection");
}

pub async fn c7_4_a_connection_found_closed_is_opened_again(world: &InIndexedDb) {
    let store = world.open().await;
    store.project("p").await;
    for (id, expected) in [("1", vec!["1"]), ("2", vec!["2", "1"])] {
        // A connection that is gone without a word, which shows when a transaction is to begin.
        script::close(&connection_of(&store).await);
        assert!(store.insert(json!({ "entryId": id })).await, "a call that had not begun is tried once more");
        script::close(&connection_of(&store).await);
        assert_eq!(store.ids(project()).await, expected);
    }
    // Many at once share the new connection.
    script::close(&connection_of(&store).await);
    let wrap = "return function (name) {
        state.names = [...(state.names ?? []), name];
        return original.apply(this, arguments);
    }";
    let patch = Patch::new("IDBFactory", "open", wrap);
    let (inserted, read) =
        join(join_all(["3", "4"].map(|id| store.insert(json!({ "entryId": id })))), store.list_projects())
            .await;
    assert_eq!(inserted, [true, true]);
    assert_eq!(read.unwrap().as_array().unwrap().len(), 1);
    let opened = js_sys::Array::from(&patch.get("names")).iter().filter(|name| *name == world.name()).count();
    assert_eq!(opened, 1, "one is opened and not several");
}

/// Finds a store's connection by having it used.
async fn connection_of(store: &Api<impl scribe_store::storage::StorageBackend>) -> JsValue {
    let wrap = "return function () {
        state.connection = this;
        return original.apply(this, arguments);
    }";
    let patch = Patch::new("IDBDatabase", "transaction", wrap);
    store.list_projects().await.unwrap();
    patch.get("connection")
}

pub async fn c7_5_a_full_disk_rejects_and_leaves_the_store_usable(world: &InIndexedDb) {
    let wrap = "return function () { throw new DOMException('no space left', 'QuotaExceededError') }";
    rejects_while_patched(world, ErrorKind::QuotaExceeded, ("IDBObjectStore", &["put", "add"], wrap)).await;
}

pub async fn c7_5_a_disk_found_full_later_rejects_as_well(world: &InIndexedDb) {
    // The transaction is aborted under its body; only its own error tells why.
    let wrap = "return function () {
        const request = original.apply(this, arguments), transaction = this.transaction;
        Object.defineProperty(transaction, 'error', { value: new DOMException('', 'QuotaExceededError') });
        transaction.abort();
        return request;
    }";
    rejects_while_patched(world, ErrorKind::QuotaExceeded, ("IDBObjectStore", &["put", "add"], wrap)).await;
}

pub async fn c7_5_a_disk_found_full_at_commit_rejects_as_well(world: &InIndexedDb) {
    // The write is done, and the transaction is not.
    let wrap = "return function () {
        const request = original.apply(this, arguments), transaction = this.transaction;
        request.addEventListener('success', () => {
            Object.defineProperty(transaction, 'error', { value: new DOMException('', 'QuotaExceededError') });
            transaction.abort();
        }, { once: true });
        return request;
    }";
    rejects_while_patched(world, ErrorKind::QuotaExceeded, ("IDBObjectStore", &["put", "add"], wrap)).await;
}

pub async fn a_transaction_that_the_browser_aborts_is_unavailable(world: &InIndexedDb) {
    let wrap = "return function () {
        const request = original.apply(this, arguments);
        request.addEventListener('success', () => this.transaction.abort(), { once: true });
        return request;
    }";
    rejects_while_patched(world, ErrorKind::Unavailable, ("IDBObjectStore", &["put", "add"], wrap)).await;
}

/// Checks that writes reject with `kind` while methods are patched, and that nothing else is amiss.
async fn rejects_while_patched(
    world: &InIndexedDb,
    kind: ErrorKind,
    (class, methods, wrap): (&'static str, &'static [&'static str], &str),
) {
    let store = world.open().await;
    store.project("p").await;
    store.insert(json!({ "entryId": "before" })).await;
    {
        let _patches: Vec<Patch> = methods.iter().map(|method| Patch::new(class, method, wrap)).collect();
        fails(store.insert_entry(entry("e")).await, kind, "");
        fails(store.append_entry(json!({ "project": "p", "message": "m" })).await, kind, "");
        let session = json!({ "agentId": "a", "sessionId": "s" });
        fails(store.upsert_agent_session(session).await, kind, "");
        let all = join_all(["f", "g"].map(|id| store.insert_entry(entry(id)))).await;
        for result in all {
            fails(result, kind, "");
        }
        assert_eq!(store.ids(project()).await, ["before"], "what was stored before stays readable");
        assert_eq!(world.open().await.ids(project()).await, ["before"], "a write that rejected left nothing");
    }
    assert!(store.insert(json!({ "entryId": "e" })).await, "and the store stays usable");
    let found = store.fetch_entry(json!({ "entryId": "e" })).await.unwrap();
    assert_eq!(found["seq"], 2);
    for store in [&store, &world.open().await] {
        assert_eq!(store.ids(project()).await, ["e", "before"]);
    }
}

pub async fn c7_6_a_value_that_is_not_bytes_is_corrupt(world: &InIndexedDb) {
    let store = world.open().await;
    store.project("p").await;
    store.project("q").await;
    let database = script::open(world.name(), None).await;
    for value in [JsValue::from_str("text"), JsValue::from_f64(1.0), js_sys::Array::new().into()] {
        let body = "return new Promise((resolve, reject) => {
            const transaction = database.transaction('project_names', 'readwrite');
            transaction.oncomplete = resolve;
            transaction.onabort = () => reject(transaction.error);
            transaction.objectStore('project_names').put(value, new TextEncoder().encode('p'));
        })";
        script::run_async("database, value", body, &[&database, &value]).await;
        fails(store.fetch_project(json!({ "name": "p" })).await, ErrorKind::Corrupt, "project_names");
        let other = store.fetch_project(json!({ "name": "q" })).await.unwrap();
        assert_eq!(other["name"], "q", "the rest stays readable");
    }
    script::close(&database);
}

pub async fn c7_6_a_database_of_something_else_is_corrupt(world: &InIndexedDb) {
    // Of the same version: without tables, with others, with those of this package and others.
    world.open().await.close().await;
    let made = script::tables(world.name()).await;
    for tables in ["", "theirs", "projects", &format!("{made},theirs")] {
        world.delete().await;
        script::make(world.name(), tables).await;
        let error = IndexedDb::open(world.options()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{tables}: {error}");
        assert!(error.message().contains(world.name()), "{error}");
        assert_eq!(
            script::tables(world.name()).await,
            tables,
            "it is left as it is, and nothing holds it open"
        );
    }
}

pub async fn a_database_of_a_newer_release_is_too_new(world: &InIndexedDb) {
    script::close(&script::open(world.name(), Some(1000)).await);
    let error = IndexedDb::open(world.options()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooNew, "{error}");
    assert!(error.message().contains("update the package"), "{error}");
}

pub async fn a_database_that_another_tab_holds_is_blocked(world: &InIndexedDb) {
    const IMPATIENCE_MS: u32 = 200;
    world.open().await.close().await;
    let stubborn = script::open(world.name(), None).await;
    let error = delete_database(world.name(), IMPATIENCE_MS).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked, "{error}");
    assert!(error.kind().is_retryable());
    script::close(&stubborn);
    // What was waiting went on by itself.
    assert_eq!(world.open().await.list_projects().await.unwrap(), json!([]));
}

pub async fn a_slow_database_is_not_blocked(world: &InIndexedDb) {
    // A request takes longer than no time at all, but nobody else is in its way.
    let options = IndexedDbOptions { blocked_timeout_ms: 0, ..world.options() };
    for _ in 0..5 {
        IndexedDb::open(options.clone()).await.unwrap().close().await;
        delete_database(world.name(), 0).await.unwrap();
    }
}

pub async fn a_database_that_does_not_answer_is_unavailable(world: &InIndexedDb) {
    world.open().await.close().await;
    let stubborn = script::open(world.name(), None).await;
    let error = delete_database(world.name(), 100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked, "{error}");
    // The deletion still waits, and whoever opens the database waits for it, but is not told.
    let error = {
        let _faster = script::FasterTimers::new(100);
        IndexedDb::open(IndexedDbOptions { blocked_timeout_ms: 0, ..world.options() }).await.unwrap_err()
    };
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert!(error.kind().is_retryable());
    assert!(error.message().contains(world.name()), "{error}");
    script::close(&stubborn);
    // What was waiting went on by itself, and the connection that nobody wants is closed: nothing blocks.
    delete_database(world.name(), PATIENCE_MS).await.unwrap();
    assert_eq!(world.open().await.list_projects().await.unwrap(), json!([]));
}

pub async fn a_transaction_that_is_not_answered_is_unavailable(world: &InIndexedDb) {
    let store = world.open().await;
    store.project("p").await;
    store.insert(json!({ "entryId": "e" })).await;
    {
        // The request that is returned gets no answer, and others keep the transaction from ending by itself.
        let busy = "return function (key) {
            const ask = () => { original.call(this, key).onsuccess = ask; };
            ask();
            return {};
        }";
        let _patch = Patch::new("IDBObjectStore", "get", busy);
        let _faster = script::FasterTimers::new(100);
        fails(store.insert_entry(entry("x")).await, ErrorKind::Unavailable, "has not answered");
        fails(store.query_entries(project()).await, ErrorKind::Unavailable, "has not answered");
    }
    assert_eq!(store.ids(project()).await, ["e"], "nothing was written");
    assert!(store.insert(json!({ "entryId": "x" })).await, "and the store goes on");
    assert_eq!(world.open().await.ids(project()).await, ["x", "e"]);
}

pub async fn a_commit_that_is_not_answered_is_unavailable(world: &InIndexedDb) {
    let store = world.open().await;
    store.project("p").await;
    {
        let deaf = "return function () {
            this.transaction.oncomplete = null;
            return original.apply(this, arguments);
        }";
        let _patch = Patch::new("IDBObjectStore", "add", deaf);
        // Not too fast: what is answered has to be answered in time, also on a busy machine.
        let _faster = script::FasterTimers::new(15);
        fails(store.insert_entry(entry("x")).await, ErrorKind::Unavailable, "may still be done");
    }
    // It was done, which the store learns like what another tab wrote.
    assert_eq!(store.ids(project()).await, ["x"]);
    assert!(!store.insert(json!({ "entryId": "x" })).await, "asked again, it is there");
    assert!(store.insert(json!({ "entryId": "y" })).await);
    assert_eq!(world.open().await.ids(project()).await, ["y", "x"]);
}
