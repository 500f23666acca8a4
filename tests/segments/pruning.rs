//! How little is read: what zone maps rule out is not.

use scribe_store::storage::{Reads, Sealing, StoreOptions};
use serde_json::{Value, json};

use super::api::ids;
use super::log::{Memory, entry, fill, named, open, open_with};
use super::shared_memory::SharedMemory;

/// Ten segments of ten entries, and one of five.
const COUNT: usize = 105;

async fn log() -> SharedMemory {
    let data = SharedMemory::default();
    fill(&open(&data), COUNT).await;
    data
}

/// Returns what a call reads of a log of which nothing is in memory.
async fn reads_of(data: &SharedMemory, call: impl AsyncFnOnce(&Memory)) -> Reads {
    let store = open(data);
    call(&store).await;
    store.backend.reads()
}

async fn count(store: &Memory, criteria: Value) -> Value {
    let mut query = json!({ "project": "p" });
    query.as_object_mut().unwrap().extend(criteria.as_object().unwrap().clone());
    store.count_query_entries(query).await.unwrap()
}

#[test]
fn counts_by_agent_or_emoji_read_no_segment() {
    pollster::block_on(async {
        let data = log().await;
        for (criteria, expected) in [
            (json!({}), COUNT),
            (json!({ "agents": ["Ann"] }), COUNT.div_ceil(3)),
            (json!({ "agents": ["Ann", "Bob", "Cid"] }), COUNT),
            (json!({ "agents": ["Nobody"] }), 0),
            (json!({ "emojis": ["✅"] }), COUNT / 5),
            (json!({ "start": 0, "end": "2027-01-01" }), COUNT),
        ] {
            let reads = reads_of(&data, async |store| {
                assert_eq!(count(store, criteria.clone()).await, expected, "{criteria}");
            });
            assert_eq!(reads.await, Reads::default(), "{criteria}");
        }
        let reads = reads_of(&data, async |store| {
            let metrics = store.fetch_metrics(json!({ "project": "p" })).await.unwrap();
            assert_eq!((&metrics["totalEntries"], &metrics["successCount"]), (&json!(COUNT), &json!(21)));
        });
        assert_eq!(reads.await, Reads::default());
    });
}

#[test]
fn summaries_read_the_segments_that_cross_a_bucket() {
    pollster::block_on(async {
        let data = log().await;
        let minutes = COUNT.div_ceil(60);
        // Segments of ten seconds: none crosses a minute, so that all is known without reading one.
        for (criteria, buckets, groups, parts) in [
            (json!({ "bucket": "minute" }), minutes, 0, 0),
            (json!({ "bucket": "minute", "by": "agent" }), minutes, 3, 0),
            (json!({ "bucket": "minute", "by": "emoji" }), minutes, 2, 0),
            (json!({ "bucket": "minute", "by": "agent", "agents": ["Ann", "Bob"] }), minutes, 2, 0),
            // Which of an agent's entries have an emoji is in the segments alone.
            (json!({ "bucket": "minute", "by": "agent", "emojis": ["✅"] }), minutes, 3, 11),
            (json!({ "bucket": 15_000 }), 7, 0, 3),
            (json!({ "bucket": 1000, "by": "emoji" }), COUNT, 2, 11),
        ] {
            let mut query = json!({ "project": "p" });
            query.as_object_mut().unwrap().extend(criteria.as_object().unwrap().clone());
            let reads = reads_of(&data, async |store| {
                let summary = store.summarize_entries(query).await.unwrap();
                assert_eq!(summary["buckets"].as_array().unwrap().len(), buckets, "{criteria}");
                assert_eq!(summary["groups"].as_array().unwrap().len(), groups, "{criteria}");
            });
            assert_eq!(reads.await.parts, parts, "{criteria}");
        }
    });
}

#[test]
fn the_newest_page_reads_the_segments_that_it_shows() {
    pollster::block_on(async {
        let data = log().await;
        let reads = reads_of(&data, async |store| {
            let page = store.fetch_recent_entries_paginated(json!({ "project": "p", "pageSize": 5 })).await;
            assert_eq!(page.unwrap()["totalCount"], COUNT);
        });
        assert_eq!(reads.await.parts, 5, "all parts of the last segment");
        let reads = reads_of(&data, async |store| {
            let query = json!({ "project": "p", "pageSize": 5, "page": 11 });
            let page = store.fetch_recent_entries_paginated(query).await.unwrap();
            assert_eq!(ids(&page["items"]), named((50..55).rev()));
        });
        assert_eq!(reads.await.parts, 5, "a page in the middle is as cheap");
    });
}

#[test]
fn a_time_range_reads_the_segments_at_its_ends() {
    pollster::block_on(async {
        let data = log().await;
        let range = json!({ "start": entry(35)["ts"], "end": entry(64)["ts"] });
        let reads = reads_of(&data, async |store| {
            assert_eq!(count(store, range.clone()).await, 30);
        });
        assert_eq!(reads.await.parts, 2, "those between are known to be whole within");
        let reads = reads_of(&data, async |store| {
            let text = json!({ "start": entry(35)["ts"], "end": entry(64)["ts"], "message": "of bob" });
            assert_eq!(count(store, text).await, 10);
        });
        let reads = reads.await;
        assert_eq!((reads.segments, reads.parts), (4, 8), "numbers and messages of four segments");
    });
}

#[test]
fn a_search_that_has_enough_stops() {
    pollster::block_on(async {
        let data = log().await;
        let reads = reads_of(&data, async |store| {
            let query = json!({ "project": "p", "message": "ann", "limit": 2 });
            assert_eq!(ids(&store.query_entries(query).await.unwrap()), named([102, 99]));
        });
        assert!(reads.await.segments < 10, "most segments are older than what was found");
    });
}

#[test]
fn an_identifier_is_looked_for_in_one_segment() {
    pollster::block_on(async {
        let data = log().await;
        let reads = reads_of(&data, async |store| {
            let found = store.fetch_entry(json!({ "entryId": "e77" })).await.unwrap();
            assert_eq!(found["seq"], 78);
        });
        assert_eq!(reads.await.parts, 5);
        let reads = reads_of(&data, async |store| {
            assert_eq!(store.fetch_entry(json!({ "entryId": "unknown" })).await.unwrap(), Value::Null);
        });
        assert_eq!(reads.await.parts, 0);
    });
}

#[test]
fn what_is_in_memory_is_not_read_again() {
    pollster::block_on(async {
        let data = log().await;
        let store = open(&data);
        let query = json!({ "project": "p", "message": "of", "pageSize": 50 });
        let first = store.query_entries_paginated(query.clone()).await.unwrap();
        let reads = store.backend.reads();
        assert_eq!(store.query_entries_paginated(query).await.unwrap(), first);
        assert_eq!(store.backend.reads().parts, reads.parts);
    });
}

#[test]
fn segments_that_overlap_in_time_are_merged_in_order() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let sealing = Sealing { tail_rows: 5, segment_rows: 16 };
        let store = open_with(&data, StoreOptions { sealing, ..StoreOptions::default() });
        store.project("p").await;
        // A fixed shuffle: every segment has entries of all times, some of the same instant.
        let place = |number: usize| (number * 37) % 101 / 2;
        let entries = (0..101).map(|number| {
            let mut entry = entry(number);
            entry["ts"] = json!(place(number));
            entry
        });
        store.insert_entries(entries.collect()).await.unwrap();
        let mut expected: Vec<usize> = (0..101).collect();
        expected.sort_by_key(|&number| std::cmp::Reverse((place(number), number)));
        let expected = named(expected);
        assert_eq!(store.ids(json!({ "project": "p" })).await, expected);
        for page in 1..=15 {
            let query = json!({ "project": "p", "page": page, "pageSize": 7 });
            let found = store.query_entries_paginated(query).await.unwrap();
            assert_eq!(ids(&found["items"]), expected.chunks(7).nth(page - 1).unwrap());
        }
        let iterated = store.iterate_entries(json!({ "project": "p" }), 4).await.unwrap();
        assert_eq!(ids(&json!(iterated)), expected);
    });
}
