//! 3.9: removing old entries.

use scribe_store::error::ErrorKind;
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, fails, ids};

/// Appends `count` entries to "p", a second apart.
async fn fill(store: &Api<impl StorageBackend>, count: usize) {
    store.project("p").await;
    for number in 0..count {
        let entry =
            json!({ "project": "p", "entryId": number.to_string(), "ts": 1000 * number, "message": "m" });
        store.append_entry(entry).await.unwrap();
    }
}

async fn prune(store: &Api<impl StorageBackend>, options: Value) -> Value {
    let mut options = options;
    options["project"] = json!("p");
    store.prune_entries(options).await.unwrap()
}

async fn verify(store: &Api<impl StorageBackend>) -> Value {
    store.verify_project(json!({ "project": "p" })).await.unwrap()
}

/// Checks that all that is left in "p" is entries from one number to the one before another.
async fn is_left(store: &Api<impl StorageBackend>, from: usize, to: usize, head: &Value) {
    let expected: Vec<String> = (from..to).rev().map(|number| number.to_string()).collect();
    assert_eq!(store.ids(json!({ "project": "p" })).await, expected);
    let metrics = store.fetch_metrics(json!({ "project": "p" })).await.unwrap();
    assert_eq!(metrics["totalEntries"], to - from);
    assert_eq!(metrics["lastUpdate"].is_null(), from == to);
    let report =
        json!({ "ok": true, "fromSeq": from + 1, "entries": to - from, "head": head, "firstBad": null });
    assert_eq!(verify(store).await, report);
}

pub async fn c3_9_the_oldest_entries_go_and_the_rest_is_proved<W: World>(world: &W) {
    let store = world.open().await;
    fill(&store, 25).await;
    let head = &verify(&store).await["head"];
    for (options, first) in [
        (json!({ "before": 6000 }), 6),
        (json!({ "before": "1970-01-01" }), 6),
        (json!({ "keepNewest": 17 }), 8),
        (json!({ "keepNewest": 5, "before": 9000 }), 9),
        (json!({ "keepNewest": 14, "before": 20_000 }), 11),
        (json!({ "keepNewest": 100, "before": 20_000 }), 11),
    ] {
        let report = prune(&store, options.clone()).await;
        assert_eq!(report["remaining"], 25 - first, "{options}");
        assert_eq!(report["firstSeq"], first + 1, "{options}");
        is_left(&store, first, 25, head).await;
    }
    let other = world.open().await;
    is_left(&other, 11, 25, head).await;
    assert_eq!(
        prune(&other, json!({ "keepNewest": 0 })).await,
        json!({ "removed": 14, "remaining": 0, "firstSeq": null })
    );
    for store in [&store, &other, &world.open().await] {
        is_left(store, 25, 25, head).await;
    }
    let nothing = store.prune_entries(json!({ "project": "p" })).await;
    fails(nothing, ErrorKind::InvalidArgument, "`before` or `keepNewest`");
    let unknown = store.prune_entries(json!({ "project": "unknown", "keepNewest": 1 })).await;
    fails(unknown, ErrorKind::NotFound, "\"unknown\"");
}

pub async fn c3_9_a_removed_identifier_is_free_and_its_seq_is_not<W: World>(world: &W) {
    let (store, other) = (world.open().await, world.open().await);
    fill(&store, 8).await;
    let entries = store.query_entries(json!({ "project": "p" })).await.unwrap();
    // The other one knows all identifiers.
    assert_eq!(
        other.insert_entries(entries.clone()).await.unwrap(),
        json!({ "inserted": 0, "duplicates": 8 })
    );
    prune(&store, json!({ "keepNewest": 3 })).await;
    assert_eq!(other.fetch_entry(json!({ "entryId": "2" })).await.unwrap(), Value::Null);
    assert_eq!(other.insert_entries(entries).await.unwrap(), json!({ "inserted": 5, "duplicates": 3 }));
    let mut seqs: Vec<u64> = Vec::new();
    for entry in store.query_entries(json!({ "project": "p" })).await.unwrap().as_array().unwrap() {
        seqs.push(entry["seq"].as_u64().unwrap());
    }
    seqs.sort_unstable();
    assert_eq!(seqs, (6..=13).collect::<Vec<_>>());
    // The oldest by time is behind the newest by now, which holds it back.
    let held = json!({ "removed": 0, "remaining": 8, "firstSeq": 6 });
    assert_eq!(prune(&other, json!({ "before": 5000 })).await, held);
}

pub async fn c3_9_cursors_are_refused_and_an_iteration_goes_on<W: World>(world: &W) {
    let (store, other) = (world.open().await, world.open().await);
    fill(&store, 12).await;
    let page = store.query_entries_paginated(json!({ "project": "p", "pageSize": 3 })).await.unwrap();
    let next = json!({ "project": "p", "cursor": page["nextCursor"] });
    let query = json!({ "project": "p" });
    let (_, place) = store.iterate_from(query.clone(), Value::Null, 2).await.unwrap();
    prune(&other, json!({ "keepNewest": 12 })).await;
    let second = store.query_entries_paginated(next.clone()).await.unwrap();
    assert_eq!(ids(&second["items"]), ["8", "7", "6"], "nothing was removed");
    prune(&other, json!({ "keepNewest": 5 })).await;
    fails(store.query_entries_paginated(next).await, ErrorKind::InvalidCursor, "removed");
    let (batch, place) = store.iterate_from(query, place, 8).await.unwrap();
    assert_eq!((ids(&json!(batch)), place), (vec!["9".into(), "8".into(), "7".into()], Value::Null));
}
