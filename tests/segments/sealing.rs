//! How entries get into segments, one store or several.

use std::collections::BTreeSet;
use std::ops::Range;

use futures_util::future::join_all;
use scribe_store::medium::Table;
use scribe_store::storage::{Sealing, StoreOptions};
use serde_json::{Value, json};

use super::log::{SMALL, entry, fill, keys, named, open, open_with};
use super::shared_memory::SharedMemory;

/// Each segment has five parts.
const PARTS: usize = 5;

async fn segments(data: &SharedMemory) -> usize {
    let parts = keys(data, Table::Segments).await.len();
    assert_eq!(parts % PARTS, 0, "a segment has all its parts");
    assert_eq!(parts / PARTS, keys(data, Table::Fingerprints).await.len());
    parts / PARTS
}

#[test]
fn a_long_tail_becomes_segments_which_stay_few() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        store.project("p").await;
        for number in 0..95 {
            store.insert(entry(number)).await;
            let tail = keys(&data, Table::Tail).await.len();
            assert!(tail < SMALL.tail_rows as usize, "{tail} entries are not sealed");
            assert_eq!(tail, keys(&data, Table::Identifiers).await.len());
            assert_eq!(segments(&data).await, (number + 1 - tail).div_ceil(SMALL.segment_rows as usize));
        }
        for store in [&store, &open(&data)] {
            let ids = store.ids(json!({ "project": "p" })).await;
            assert_eq!(ids, named((0..95).rev()));
            let verified = store.verify_project(json!({ "project": "p" })).await.unwrap();
            assert_eq!(verified["entries"], 95);
            assert_eq!(verified["firstBad"]["reason"], "line_hash", "the hashes are made up");
        }
    });
}

#[test]
fn long_entries_are_sealed_before_they_are_many() {
    const LONG: usize = 1_000_000;
    pollster::block_on(async {
        let data = SharedMemory::default();
        let open = || open_with(&data, StoreOptions { cache_bytes: 1 << 20, ..StoreOptions::default() });
        let (store, other) = (open(), open());
        store.project("p").await;
        for number in 0..40 {
            let mut entry = entry(number);
            entry["message"] = number.to_string().repeat(LONG / 2).into();
            let store = if number % 3 == 0 { &other } else { &store };
            assert!(store.insert(entry).await);
            let tail = keys(&data, Table::Tail).await.len();
            assert!(tail < 10, "{tail} entries of half a megabyte or more are not sealed");
        }
        let mut entries: Vec<_> = (40..60).map(entry).collect();
        entries[3]["message"] = "x".repeat(10 * LONG).into();
        let counts = store.insert_entries(entries.into()).await.unwrap();
        assert_eq!(counts, json!({ "inserted": 20, "duplicates": 0 }));
        let found = segments(&data).await;
        assert!((10..50).contains(&found), "{found} segments");
        for store in [&store, &other, &open()] {
            assert_eq!(store.ids(json!({ "project": "p" })).await, named((0..60).rev()));
            let verified = store.verify_project(json!({ "project": "p" })).await.unwrap();
            assert_eq!(verified["entries"], 60);
        }
    });
}

#[test]
fn long_entries_that_are_appended_are_sealed_as_well() {
    pollster::block_on(async {
        for width in [300, 410, 520] {
            let data = SharedMemory::default();
            let store = open_with(&data, StoreOptions::default());
            store.project("p").await;
            for number in 0..25 {
                // Their lines, which are made when they are written, are longer than what is given.
                let meta: serde_json::Map<_, _> =
                    (0..1000).map(|key| (format!("{key:width$}"), number.into())).collect();
                let entry = json!({ "project": "p", "message": "m", "meta": meta });
                store.append_entry(entry).await.unwrap();
                let tail = keys(&data, Table::Tail).await.len();
                assert!(tail < 14, "{tail} entries of {width} kB and their lines are not sealed");
            }
            assert!(segments(&data).await > 0);
            let verified = store.verify_project(json!({ "project": "p" })).await.unwrap();
            assert_eq!((&verified["entries"], &verified["ok"]), (&json!(25), &json!(true)));
        }
    });
}

#[test]
fn stores_seal_the_same_log_by_turns() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let stores = [open(&data), open(&data), open(&data)];
        stores[0].project("p").await;
        for number in 0..60 {
            assert!(stores[number % 3].insert(entry(number)).await, "entry {number}");
            let again = &stores[(number + 1) % 3];
            assert!(
                !again.insert(entry(number / 2)).await,
                "an identifier that another store wrote is taken"
            );
        }
        for store in &stores {
            assert_eq!(store.ids(json!({ "project": "p" })).await, named((0..60).rev()));
        }
    });
}

#[test]
fn calls_of_several_stores_at_once_lose_nothing() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let stores = [open(&data), open(&data), open(&data), open(&data)];
        stores[0].project("p").await;
        let append = |number: usize| {
            let message = number.to_string();
            stores[number % 4].append_entry(json!({ "project": "p", "message": message, "ts": number }))
        };
        for entry in join_all((0..200).map(append)).await {
            entry.unwrap();
        }
        let entries = open(&data).query_entries(json!({ "project": "p", "limit": 1000 })).await.unwrap();
        let mut seqs: Vec<u64> =
            entries.as_array().unwrap().iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
        seqs.sort_unstable();
        assert_eq!(seqs, (1..=200).collect::<Vec<_>>(), "`seq` has no gaps and nothing comes twice");
        let verified = stores[3].verify_project(json!({ "project": "p" })).await.unwrap();
        assert_eq!(verified["ok"], true, "{verified}");
    });
}

#[test]
fn a_read_that_began_before_entries_were_sealed_is_right() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let (reader, writer) = (open(&data), open(&data));
        fill(&writer, 33).await;
        assert_eq!(reader.ids(json!({ "project": "p" })).await.len(), 33);
        // What was in the tail is in a segment by now, and the last segment is another one.
        for number in 33..50 {
            writer.insert(entry(number)).await;
            let limit = json!({ "project": "p", "limit": 3 });
            let newest = reader.query_entries(limit).await.unwrap();
            assert_eq!(super::api::ids(&newest), named((number - 2..=number).rev()));
            let found = reader.fetch_entry(json!({ "entryId": format!("e{number}") })).await.unwrap();
            assert_eq!(found["seq"], number + 1);
        }
    });
}

#[test]
fn sealing_keeps_what_another_store_changed_of_the_project() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let (one, other) = (open(&data), open(&data));
        fill(&one, 12).await;
        let moved = json!({ "name": "p", "repoRoot": "/moved", "progressLogPath": "/moved/LOG.md" });
        other.upsert_project(moved).await.unwrap();
        one.insert_entries((12..40).map(entry).collect()).await.unwrap();
        for number in 40..50 {
            one.insert(entry(number)).await;
        }
        let project = open(&data).fetch_project(json!({ "name": "p" })).await.unwrap();
        assert_eq!(project["repoRoot"], "/moved");
    });
}

#[test]
fn identifiers_are_unique_across_projects_and_segments() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        fill(&store, 25).await;
        store.project("q").await;
        let elsewhere = |number: usize| {
            let mut entry = entry(number);
            entry["project"] = json!("q");
            entry
        };
        for store in [&store, &open(&data)] {
            let counts = store.insert_entries((20..30).map(elsewhere).collect()).await.unwrap();
            let expected = if counts["inserted"] == 5 { (5, 5) } else { (0, 10) };
            assert_eq!(counts, json!({ "inserted": expected.0, "duplicates": expected.1 }));
            assert!(!store.insert(elsewhere(3)).await);
            let there = store.append_entry(json!({ "project": "q", "message": "m", "entryId": "e7" })).await;
            assert_eq!(there.unwrap()["project"], "p", "the entry that was there");
        }
        // More than are looked up one by one.
        let counts = open(&data).insert_entries((0..200).map(elsewhere).collect()).await.unwrap();
        assert_eq!(counts, json!({ "inserted": 170, "duplicates": 30 }));
        store.delete_project(json!({ "name": "p" })).await.unwrap();
        let counts = store.insert_entries((0..25).map(elsewhere).collect()).await.unwrap();
        assert_eq!(counts, json!({ "inserted": 25, "duplicates": 0 }), "they are free again");
    });
}

#[test]
fn a_log_larger_than_the_cache_is_read_whole() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let sealing = Sealing { tail_rows: 50, segment_rows: 100 };
        let options = || StoreOptions { sealing, cache_bytes: 30_000, ..StoreOptions::default() };
        let store = open_with(&data, options());
        fill(&store, 3000).await;
        for store in [&store, &open_with(&data, options())] {
            assert_eq!(store.ids(json!({ "project": "p" })).await, named((0..3000).rev()));
            let query = json!({ "project": "p", "message": "OF ANN", "metaFilters": { "phase": 2 } });
            let page = store.query_entries_paginated(query.clone()).await.unwrap();
            assert_eq!(page["totalCount"], (0..3000).filter(|n| n % 3 == 0 && n % 4 == 2).count());
            let first = store.backend.reads();
            store.count_query_entries(query).await.unwrap();
            assert!(store.backend.reads().bytes > first.bytes, "what does not fit is read again");
        }
    });
}

#[test]
fn deleting_a_project_leaves_nothing_of_its_segments() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        fill(&store, 42).await;
        assert_eq!(store.delete_project(json!({ "name": "p" })).await.unwrap(), json!(true));
        for table in [Table::Heads, Table::Segments, Table::Fingerprints, Table::Tail, Table::Identifiers] {
            assert_eq!(keys(&data, table).await.len(), 0, "nothing is left in {}", table.name());
        }
        fill(&store, 17).await;
        assert_eq!(store.ids(json!({ "project": "p" })).await, named((0..17).rev()));
    });
}

#[test]
fn pruning_and_deleting_leave_what_others_entries_are_in_and_found_by() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        let entries = |project: &str, numbers: Range<usize>| {
            let of_project = |number| {
                let mut entry = entry(number);
                entry["project"] = json!(project);
                entry
            };
            numbers.map(of_project).collect::<Value>()
        };
        // Segments of both in turns: some alone between two of the other's, some in a row.
        for (project, numbers) in
            [("p", 0..10), ("q", 100..110), ("p", 10..50), ("q", 110..140), ("p", 50..60), ("q", 140..153)]
        {
            store.project(project).await;
            store.insert_entries(entries(project, numbers)).await.unwrap();
        }
        let of_segments = async || -> BTreeSet<Vec<u8>> {
            // A key is the project, the segment and the part.
            keys(&data, Table::Segments).await.into_iter().map(|key| key[8..16].to_vec()).collect()
        };
        let fingerprints =
            async || keys(&data, Table::Fingerprints).await.into_iter().collect::<BTreeSet<_>>();
        assert_eq!((of_segments().await.len(), fingerprints().await), (12, of_segments().await));
        let report = store.prune_entries(json!({ "project": "p", "keepNewest": 15 })).await.unwrap();
        assert_eq!(report["remaining"], 15);
        assert_eq!((of_segments().await.len(), fingerprints().await), (8, of_segments().await));
        assert_eq!(store.ids(json!({ "project": "p" })).await, named((45..60).rev()));
        assert_eq!(open(&data).ids(json!({ "project": "q" })).await, named((100..153).rev()));
        assert_eq!(store.delete_project(json!({ "name": "p" })).await.unwrap(), json!(true));
        assert_eq!((of_segments().await.len(), fingerprints().await), (6, of_segments().await));
        for store in [&store, &open(&data)] {
            assert_eq!(store.ids(json!({ "project": "q" })).await, named((100..153).rev()));
            let counts = store.insert_entries(entries("q", 100..153)).await.unwrap();
            assert_eq!(counts, json!({ "inserted": 0, "duplicates": 53 }));
            let report = store.verify_project(json!({ "project": "q" })).await.unwrap();
            assert_eq!(report["entries"], 53);
        }
    });
}
