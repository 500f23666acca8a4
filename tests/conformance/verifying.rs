//! 7.7: checking a log against its hashes.

use scribe_store::error::ErrorKind;
use scribe_store::model::Chain;
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::World;
use super::api::{Api, fails};

/// The head of the chain behind some entries, in the order of `seq`.
fn head_behind(entries: &[Value]) -> String {
    let mut head = [0_u8; 32];
    for entry in entries {
        let mut bytes = head.to_vec();
        // Of a `Value` made here the keys are sorted.
        let meta = entry["meta"].to_string();
        let text = |key: &str| entry[key].as_str();
        for field in [
            text("sha256"),
            text("entryId"),
            text("ts"),
            text("emoji"),
            text("agent"),
            text("message"),
            Some(meta.as_str()),
            text("rawLine"),
        ] {
            bytes.extend(field.map_or(u32::MAX, |field| u32::try_from(field.len()).unwrap()).to_le_bytes());
            bytes.extend(field.unwrap_or_default().bytes());
        }
        head = Sha256::digest(&bytes).into();
    }
    Chain(head).to_hex()
}

async fn verify(store: &Api<impl StorageBackend>) -> Value {
    store.verify_project(json!({ "project": "p" })).await.unwrap()
}

pub async fn c7_7_the_head_is_the_hash_of_all_entries<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let zeros = "0".repeat(64);
    let empty = json!({ "ok": true, "fromSeq": 1, "entries": 0, "head": zeros, "firstBad": null });
    assert_eq!(verify(&store).await, empty);
    let mut entries = Vec::new();
    for number in 0..9 {
        let entry = json!({
            "project": "p",
            "message": format!("Entry {number}\nof “p” | with a bar"),
            "agent": if number % 2 == 0 { json!("Ann") } else { Value::Null },
            // Not in the order of time.
            "ts": 1000 * (number * 5 % 9),
            "meta": { "b": [1, "x"], "a": { "number": number } },
        });
        entries.push(store.append_entry(entry).await.unwrap());
        let expected = json!({ "ok": true, "fromSeq": 1, "entries": number + 1, "head": head_behind(&entries), "firstBad": null });
        assert_eq!(verify(&store).await, expected);
    }
    let there = verify(&world.open().await).await;
    assert_eq!(there["head"], head_behind(&entries), "in another store, too");
}

pub async fn c7_7_a_hash_that_is_not_the_lines_is_named<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for number in 0..3 {
        store.append_entry(json!({ "project": "p", "message": number.to_string() })).await.unwrap();
    }
    store.insert(json!({ "entryId": "forged" })).await;
    store.append_entry(json!({ "project": "p", "message": "behind it" })).await.unwrap();
    let report = verify(&store).await;
    assert_eq!((&report["ok"], &report["entries"]), (&json!(false), &json!(5)));
    assert_eq!(report["firstBad"], json!({ "seq": 4, "entryId": "forged", "reason": "line_hash" }));
    let unknown = store.verify_project(json!({ "project": "unknown" })).await;
    fails(unknown, ErrorKind::NotFound, "\"unknown\"");
}
