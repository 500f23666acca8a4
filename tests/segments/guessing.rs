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
        let once = looks(&ours, COUNT).await;
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
        assert!(once > 0);
    });
}

#[test]
fn an_error_of_a_state_that_is_gone_is_not_told() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let theirs = open(&data);
        // Keeps no segment, so that a guess has to read those that are gone.
        let ours =
            open_with(&data, StoreOptions { cache_bytes: 0, sealing: SMALL, ..StoreOptions::default() });
        fill(&theirs, COUNT).await;
        looks(&ours, COUNT).await;
        theirs.prune_entries(json!({ "project": "p", "keepNewest": 12 })).await.unwrap();
        let page = page(&ours).await;
        assert_eq!(page["totalCount"], json!(12));
        assert_eq!(ids(&page["items"]), named((COUNT - 3..COUNT).rev()));
    });
}
