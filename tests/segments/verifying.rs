//! `verifyProject` and the hash chain, clause 7.7.

use scribe_store::medium::Table;
use scribe_store::model::{Chain, sha256_hex};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::log::{Memory, change, entry, forge, forge_packed, keys, open, replace};
use super::shared_memory::SharedMemory;

/// The head of the chain, worked out from what the store returns.
fn chain(entries: &[Value]) -> String {
    let mut head = [0_u8; 32];
    for entry in entries {
        let mut bytes = head.to_vec();
        let meta = canonical(&entry["meta"]);
        let text = |key: &str| entry[key].as_str().map(str::to_owned);
        for field in [
            text("sha256"),
            text("entryId"),
            text("ts"),
            text("emoji"),
            text("agent"),
            text("message"),
            Some(meta),
            text("rawLine"),
        ] {
            let length = field.as_ref().map_or(u32::MAX, |field| u32::try_from(field.len()).unwrap());
            bytes.extend(length.to_le_bytes());
            bytes.extend(field.unwrap_or_default().bytes());
        }
        head = Sha256::digest(&bytes).into();
    }
    Chain(head).to_hex()
}

/// JSON with sorted keys and no white space, of values whose numbers are whole.
fn canonical(value: &Value) -> String {
    value.to_string()
}

async fn in_order_of_seq(store: &Memory) -> Vec<Value> {
    let entries = store.query_entries(json!({ "project": "p", "limit": 1000 })).await.unwrap();
    let mut entries = entries.as_array().unwrap().clone();
    entries.sort_by_key(|entry| entry["seq"].as_u64());
    entries
}

async fn verify(data: &SharedMemory) -> Value {
    open(data).verify_project(json!({ "project": "p" })).await.unwrap()
}

/// An entry whose hash is that of its line.
fn hashed(number: usize) -> Value {
    let mut entry = entry(number);
    entry["sha256"] = json!(sha256_hex(entry["rawLine"].as_str().unwrap()));
    entry
}

/// 23 entries in segments, some appended, and three in the tail, not in the order of time.
async fn log(data: &SharedMemory) -> Memory {
    let store = open(data);
    store.project("p").await;
    store.insert_entries((0..20).rev().map(hashed).collect()).await.unwrap();
    for number in 0..6 {
        let message = format!("Appended {number}");
        let agent = (number % 2 == 0).then_some("Ann");
        let ts = 1_767_225_600_000_u64 + 500 * number;
        store
            .append_entry(json!({ "project": "p", "message": message, "agent": agent, "ts": ts, "meta": { "b": [1, "x"], "a": null } }))
            .await
            .unwrap();
    }
    assert_eq!(keys(data, Table::Tail).await.len(), 2);
    store
}

#[test]
fn c7_7_the_head_is_the_hash_of_every_entry() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        store.project("p").await;
        let empty = verify(&data).await;
        let zeros = "0".repeat(64);
        assert_eq!(empty, json!({ "ok": true, "fromSeq": 1, "entries": 0, "head": zeros, "firstBad": null }));
        drop(store);

        let data = SharedMemory::default();
        let store = log(&data).await;
        let entries = in_order_of_seq(&store).await;
        let expected =
            json!({ "ok": true, "fromSeq": 1, "entries": 26, "head": chain(&entries), "firstBad": null });
        assert_eq!(verify(&data).await, expected);
        assert_eq!(store.verify_project(json!({ "project": "p" })).await.unwrap(), expected);
    });
}

#[test]
fn c7_7_a_hash_that_is_not_the_lines_is_named() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = log(&data).await;
        store.insert(entry(500)).await;
        let report = verify(&data).await;
        assert_eq!(report["ok"], false);
        assert_eq!(report["entries"], 27);
        assert_eq!(report["firstBad"], json!({ "seq": 27, "entryId": "e500", "reason": "line_hash" }));
    });
}

#[test]
fn c7_7_forged_segments_show() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        log(&data).await;
        let mut parts = keys(&data, Table::Segments).await;
        parts.reverse();
        // The messages of the first segment, then metadata, identifiers, and lines.
        for (part, from, to) in [
            (1, "Message 15", "Massage 15"),
            (2, "number", "nomber"),
            (3, "e15", "x15"),
            (4, "a line", "a lime"),
        ] {
            let mut whole = Vec::new();
            change(&data, Table::Segments, &parts[part], |value| {
                whole.clone_from(&value);
                Some(forge_packed(&value, |fields| replace(fields, from, to)))
            })
            .await;
            let report = verify(&data).await;
            assert_eq!(report["ok"], false, "{from}");
            let first = &report["firstBad"];
            assert!(first["seq"].as_u64().unwrap() <= 10, "it is in the first segment: {first}");
            let reason = if part == 4 { "line_hash" } else { "chain" };
            assert_eq!(first["reason"], reason, "{from}");
            change(&data, Table::Segments, &parts[part], |_| Some(whole)).await;
        }
        assert_eq!(verify(&data).await["ok"], true);
    });
}

#[test]
fn c7_7_a_forged_entry_whose_line_is_canonical_is_named() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        store.project("p").await;
        for number in 0..12 {
            let message = format!("Appended {number}");
            store.append_entry(json!({ "project": "p", "message": message, "ts": number })).await.unwrap();
        }
        let mut parts = keys(&data, Table::Segments).await;
        parts.reverse();
        change(&data, Table::Segments, &parts[1], |value| {
            Some(forge_packed(&value, |fields| replace(fields, "Appended 7", "Appended 8")))
        })
        .await;
        let report = verify(&data).await;
        assert_eq!(
            (&report["firstBad"]["seq"], &report["firstBad"]["reason"]),
            (&json!(8), &json!("line_hash"))
        );
    });
}

#[test]
fn c7_7_a_forged_tail_shows_and_still_does_once_it_is_sealed() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        log(&data).await;
        let mut rows = keys(&data, Table::Tail).await;
        rows.reverse();
        change(&data, Table::Tail, &rows[0], |value| {
            // The message, not the line, which has it as well.
            Some(forge(&value, |fields| replace(fields, "Appended 4", "Appended 9")))
        })
        .await;
        let report = verify(&data).await;
        assert_eq!(
            (&report["firstBad"]["seq"], &report["firstBad"]["reason"]),
            (&json!(25), &json!("chain"))
        );
        let store = open(&data);
        for number in 600..620 {
            store.insert(hashed(number)).await;
        }
        assert!(keys(&data, Table::Tail).await.len() < 4);
        let report = verify(&data).await;
        assert_eq!(report["firstBad"]["reason"], "chain");
        let seq = report["firstBad"]["seq"].as_u64().unwrap();
        assert!((25..=40).contains(&seq), "it is in the segment of entry 25: {seq}");
    });
}

#[test]
fn c7_7_a_missing_entry_is_named() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        log(&data).await;
        let mut rows = keys(&data, Table::Tail).await;
        rows.reverse();
        change(&data, Table::Tail, &rows[0], |_| None).await;
        let report = verify(&data).await;
        assert_eq!(report["firstBad"], json!({ "seq": 25, "entryId": null, "reason": "missing" }));
        assert_eq!(report["entries"], 26);
    });
}
