//! What `pruneEntries` does to segments.

use scribe_store::error::ErrorKind;
use scribe_store::medium::Table;
use scribe_store::model::sha256_hex;
use serde_json::{Value, json};

use super::log::{Memory, change, entry as unhashed, forge_packed, keys, named, open, replace};
use super::shared_memory::SharedMemory;

/// An entry whose hash is that of its line.
fn entry(number: usize) -> Value {
    let mut entry = unhashed(number);
    entry["sha256"] = json!(sha256_hex(entry["rawLine"].as_str().unwrap()));
    entry
}

/// Makes project "p" with so many entries, inserted at once.
async fn fill(store: &Memory, count: usize) {
    store.project("p").await;
    store.insert_entries((0..count).map(entry).collect()).await.unwrap();
}

/// How many parts a segment has.
const PARTS: usize = 5;

/// The format version and the fields of the one head that is stored.
async fn head(data: &SharedMemory) -> (u8, Vec<u8>) {
    let (mut format, mut fields) = (0, Vec::new());
    let key = keys(data, Table::Heads).await.remove(0);
    change(data, Table::Heads, &key, |value| {
        format = value[1];
        forge_packed(&value, |unpacked| fields.clone_from(unpacked));
        Some(value)
    })
    .await;
    (format, fields)
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn whole_segments_go_and_at_most_one_is_made_anew() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        // Ten segments of ten entries, one of five, and two in the tail.
        fill(&store, 105).await;
        for number in 105..107 {
            store.insert(entry(number)).await;
        }
        let before = keys(&data, Table::Segments).await;
        assert_eq!(before.len(), 11 * PARTS);
        for (kept, segments, made, tail) in [
            (77, 8, 0, 2),
            (73, 8, 1, 2),
            (67, 7, 0, 2),
            (4, 1, 1, 2),
            (2, 0, 0, 2),
            (1, 0, 0, 1),
            (0, 0, 0, 0),
        ] {
            let old = keys(&data, Table::Segments).await;
            let pruner = open(&data);
            let report = pruner.prune_entries(json!({ "project": "p", "keepNewest": kept })).await.unwrap();
            assert_eq!(report["remaining"], kept, "{report}");
            let new = keys(&data, Table::Segments).await;
            assert_eq!(new.len(), segments * PARTS, "segments of {kept} entries");
            assert_eq!(new.iter().filter(|key| !old.contains(key)).count(), made * PARTS, "{kept} entries");
            assert_eq!(keys(&data, Table::Fingerprints).await.len(), segments);
            assert_eq!(keys(&data, Table::Tail).await.len(), tail);
            assert_eq!(keys(&data, Table::Identifiers).await.len(), tail);
            for store in [&store, &pruner, &open(&data)] {
                assert_eq!(store.ids(json!({ "project": "p" })).await, named((107 - kept..107).rev()));
                let report = store.verify_project(json!({ "project": "p" })).await.unwrap();
                assert_eq!((&report["ok"], &report["fromSeq"]), (&json!(true), &json!(108 - kept)));
            }
        }
        // The log goes on, in segments again.
        fill(&store, 25).await;
        assert_eq!(store.ids(json!({ "project": "p" })).await.len(), 25);
        assert_eq!(store.fetch_entry(json!({ "entryId": "e0" })).await.unwrap()["seq"], 108);
        let report = open(&data).verify_project(json!({ "project": "p" })).await.unwrap();
        assert_eq!((&report["ok"], &report["entries"]), (&json!(true), &json!(25)));
        // And nothing is left of it once it is deleted.
        assert!(store.delete_project(json!({ "name": "p" })).await.unwrap() == json!(true));
        for table in [Table::Segments, Table::Fingerprints, Table::Heads, Table::Tail, Table::Identifiers] {
            assert_eq!(keys(&data, table).await.len(), 0, "{table:?}");
        }
    });
}

#[test]
fn only_the_head_of_a_log_that_was_cut_has_the_format_that_older_releases_refuse() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        store.project("p").await;
        let mut first = entry(0);
        first["agent"] = json!("An agent of long ago");
        store.insert_entries(std::iter::once(first).chain((1..40).map(entry)).collect()).await.unwrap();
        let (format, fields) = head(&data).await;
        assert_eq!(format, 1);
        assert!(has(&fields, "An agent of long ago"));
        let report = store.prune_entries(json!({ "project": "p", "keepNewest": 40 })).await.unwrap();
        assert_eq!(report["removed"], 0);
        assert_eq!(head(&data).await.0, 1, "nothing was removed");
        store.prune_entries(json!({ "project": "p", "keepNewest": 33 })).await.unwrap();
        let (format, fields) = head(&data).await;
        assert_eq!(format, 2);
        assert!(!has(&fields, "An agent of long ago"), "nor is a name left of what was removed");
        let query = json!({ "project": "p", "agents": ["Bob"] });
        assert_eq!(
            store.count_query_entries(query).await.unwrap(),
            11,
            "and numbers stand for the same names"
        );
    });
}

#[test]
fn a_start_that_does_not_fit_is_corrupt() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        fill(&store, 30).await;
        store.prune_entries(json!({ "project": "p", "keepNewest": 20 })).await.unwrap();
        let key = keys(&data, Table::Heads).await.remove(0);
        let mut whole = Vec::new();
        change(&data, Table::Heads, &key, |value| {
            whole.clone_from(&value);
            // The last bytes are the chain, before it stands the `seq`.
            Some(forge_packed(&value, |fields| {
                let at = fields.len() - 33;
                assert_eq!(fields[at], 10);
                fields[at] = 9;
            }))
        })
        .await;
        let failed = open(&data).fetch_metrics(json!({ "project": "p" })).await;
        assert_eq!(failed.unwrap_err().kind(), ErrorKind::Corrupt);
        change(&data, Table::Heads, &key, |_| {
            Some(forge_packed(&whole, |fields| {
                let last = fields.len() - 1;
                fields[last] ^= 1;
            }))
        })
        .await;
        let report = open(&data).verify_project(json!({ "project": "p" })).await.unwrap();
        assert_eq!((&report["ok"], &report["firstBad"]["reason"]), (&json!(false), &json!("chain")));
        assert_eq!(report["firstBad"]["seq"], 20, "the first segment that is left");
    });
}

#[test]
fn what_was_tampered_with_is_not_hidden_by_removing_what_stands_before_it() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        fill(&store, 30).await;
        let mut parts = keys(&data, Table::Segments).await;
        parts.reverse();
        // The messages of the second segment.
        change(&data, Table::Segments, &parts[PARTS + 1], |value| {
            Some(forge_packed(&value, |fields| replace(fields, "Message 17", "Massage 17")))
        })
        .await;
        for (kept, is_sound) in [(17, false), (13, false), (12, false), (10, true)] {
            open(&data).prune_entries(json!({ "project": "p", "keepNewest": kept })).await.unwrap();
            let report = open(&data).verify_project(json!({ "project": "p" })).await.unwrap();
            assert_eq!(
                (&report["ok"], &report["fromSeq"]),
                (&json!(is_sound), &json!(31 - kept)),
                "{report}"
            );
            let reason = if is_sound { Value::Null } else { json!("chain") };
            assert_eq!(report["firstBad"]["reason"], reason);
        }
    });
}
