//! Answers that are worked out from the state in memory while the latest one is asked for.

use scribe_store::storage::StoreOptions;
use serde_json::{Value, json};

use super::api::ids;
use super::log::{Memory, SMALL, entry, fill, named, open, open_with};
use super::shared_memory::SharedMemory;

/// For so many reads the state in memory is not trusted once it was not the latest.
const DISTRUST: usize = 8;

/// Two segments of ten entries, and one of five.
const COUNT: usize = 25;

async fn page(store: &Memory) -> Value {
    store
        .query_entries_paginated(json!({ "project": "p", "message": "message", "pageSize": 3 }))
        .await
        .unwrap()
}

/// Reads a page, and returns how many segments were looked into.
async fn looks(store: &Memory, total: usize) -> u64 {
    let before = store.backend.reads().segments;
    let page = page(store).await;
    assert_eq!(page["totalCount"], json!(total));
    assert_eq!(ids(&page["items"]), named((total - 3..total).rev()));
    store.backend.reads().segments - before
}

#[test]
fn what_is_still_true_is_searched_once() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let store = open(&data);
        fill(&store, COUNT).await;
        let once = looks(&open(&data), COUNT).await;
        assert!(once > 0);
        for number in COUNT..COUNT + 3 {
            assert_eq!(looks(&store, number).await, once, "after {number} entries");
            store.insert(entry(number)).await;
        }
    });
}

#[test]
fn what_others_keep_changing_is_searched_twice_now_and_then() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let (ours, theirs) = (open(&data), open(&data));
        fill(&theirs, COUNT).await;
        looks(&ours, COUNT).await;
        let mut total = COUNT;
        for round in 0..2 {
            let mut reads = Vec::new();
            for _ in 0..=DISTRUST {
                // The tail holds three at most: what is sealed is another state, too.
                theirs.insert(entry(total)).await;
                total += 1;
                let again = looks(&open(&data), total).await;
                reads.push(looks(&ours, total).await.cmp(&again));
            }
            let twice = reads.iter().filter(|read| read.is_gt()).count();
            assert!(reads[0].is_gt(), "the first in round {round}: {reads:?}");
            assert_eq!(twice, 1, "round {round}: {reads:?}");
        }
    });
}

#[test]
fn what_is_not_in_memory_is_not_guessed() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let theirs = open(&data);
        let ours =
            open_with(&data, StoreOptions { cache_bytes: 0, sealing: SMALL, ..StoreOptions::default() });
        fill(&theirs, COUNT).await;
        let before = ours.backend.reads();
        let once = looks(&ours, COUNT).await;
        let parts = ours.backend.reads().parts - before.parts;
        theirs.insert(entry(COUNT)).await;
        let before = ours.backend.reads();
        assert_eq!(looks(&ours, COUNT + 1).await, once);
        assert_eq!(ours.backend.reads().parts - before.parts, parts, "nothing is read in vain");
        // And what would have been read by a guess is gone.
        theirs.prune_entries(json!({ "project": "p", "keepNewest": 12 })).await.unwrap();
        let page = page(&ours).await;
        assert_eq!(page["totalCount"], json!(12));
        assert_eq!(ids(&page["items"]), named((COUNT - 2..=COUNT).rev()));
    });
}

#[test]
fn what_takes_long_is_not_guessed() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let (ours, theirs) = (open(&data), open(&data));
        let mut total = 300;
        fill(&theirs, total).await;
        for (query, is_guessed) in [
            (json!({ "limit": 256 }), true),
            (json!({ "limit": 257 }), false),
            (json!({ "message": "message", "messageMode": "regex" }), false),
        ] {
            let mut query = query;
            query["project"] = json!("p");
            // Trusted again, and in memory.
            for _ in 0..=DISTRUST {
                ours.query_entries(query.clone()).await.unwrap();
                looks(&ours, total).await;
            }
            let count = async |store: &Memory| {
                let before = store.backend.reads().segments;
                store.query_entries(query.clone()).await.unwrap();
                store.backend.reads().segments - before
            };
            let once = count(&ours).await;
            // To the tail: the segments stay what they are.
            theirs.insert(entry(total)).await;
            total += 1;
            assert_eq!(count(&ours).await > once, is_guessed, "{query}");
        }
        // More segments than are searched while the browser is waited for.
        let entries = (total..total + 1000).map(entry).collect();
        theirs.insert_entries(entries).await.unwrap();
        total += 1000;
        for _ in 0..=DISTRUST {
            looks(&ours, total).await;
        }
        let once = looks(&ours, total).await;
        theirs.insert(entry(total)).await;
        assert_eq!(looks(&ours, total + 1).await, once);
        // One by one, until there are enough, it is not begun either.
        let mut searched = Vec::new();
        for store in [&ours, &open(&data)] {
            let before = store.backend.reads().segments;
            let query = json!({ "project": "p", "message": "no such words" });
            assert_eq!(store.query_entries(query).await.unwrap(), json!([]));
            searched.push(store.backend.reads().segments - before);
        }
        assert_eq!(searched[0], searched[1]);
    });
}
