//! What becomes of segments whose bytes are not what was written.

use scribe_store::error::ErrorKind;
use scribe_store::medium::Table;
use serde_json::{Value, json};

use super::api::fails;
use super::log::{HEADER, OWNER, change, fill, forge, keys, named, open};
use super::shared_memory::SharedMemory;

fn flip(byte: usize) -> impl Fn(Vec<u8>) -> Option<Vec<u8>> {
    move |mut value| {
        let at = byte.min(value.len() - 1);
        value[at] ^= 4;
        Some(value)
    }
}

/// Fills two projects with 25 entries each: three segments.
async fn two_projects(data: &SharedMemory) -> Vec<Vec<u8>> {
    let store = open(data);
    fill(&store, 25).await;
    store.project("q").await;
    let other = (0..25).map(|number| {
        let mut entry = super::log::entry(number);
        entry["project"] = json!("q");
        entry["entryId"] = json!(format!("q{number}"));
        entry
    });
    store.insert_entries(other.collect()).await.unwrap();
    let mut keys = keys(data, Table::Segments).await;
    keys.reverse();
    keys
}

#[test]
fn a_damaged_part_is_corrupt_and_the_rest_readable() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let parts = two_projects(&data).await;
        // The parts of the second segment of the first project.
        for key in &parts[5..10] {
            for damage in [0, 1, 3, 9, usize::MAX] {
                change(&data, Table::Segments, key, flip(damage)).await;
                let store = open(&data);
                let everything = json!({ "project": "p", "limit": 100 });
                fails(
                    store.query_entries(everything.clone()).await,
                    ErrorKind::Corrupt,
                    "of entries 11 to 20 of",
                );
                fails(store.query_entries(everything).await, ErrorKind::Corrupt, "project \"p\"");
                let newest = store.query_entries(json!({ "project": "p", "limit": 5 })).await.unwrap();
                assert_eq!(super::api::ids(&newest), named((20..25).rev()), "other segments are readable");
                assert_eq!(store.ids(json!({ "project": "q" })).await.len(), 25, "other projects are");
                let verified = store.verify_project(json!({ "project": "p" })).await;
                fails(verified, ErrorKind::Corrupt, "of entries 11 to 20 of");
                change(&data, Table::Segments, key, flip(damage)).await;
            }
            let mut whole = None;
            change(&data, Table::Segments, key, |value| {
                whole = Some(value);
                None
            })
            .await;
            let result = open(&data).query_entries(json!({ "project": "p", "limit": 100 })).await;
            fails(result, ErrorKind::Corrupt, "is missing");
            put(&data, Table::Segments, key, &whole.unwrap()).await;
        }
        assert_eq!(open(&data).ids(json!({ "project": "p" })).await.len(), 25, "all is repaired");
    });
}

async fn put(data: &SharedMemory, table: Table, key: &[u8], value: &[u8]) {
    use scribe_store::medium::{Medium, Transaction};
    let write = async |transaction: &dyn Transaction| transaction.put(table, key, value);
    data.write(&[table], write).await.unwrap();
}

#[test]
fn a_part_in_the_place_of_another_is_corrupt() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let parts = two_projects(&data).await;
        for (from, to) in [(0, 1), (1, 2), (5, 10), (11, 1)] {
            let mut values = Vec::new();
            for key in [from, to] {
                change(&data, Table::Segments, &parts[key], |value| {
                    values.push(value.clone());
                    Some(value)
                })
                .await;
            }
            put(&data, Table::Segments, &parts[to], &values[0]).await;
            let result = open(&data).query_entries(json!({ "project": "p", "limit": 100 })).await;
            fails(result, ErrorKind::Corrupt, "of project \"p\"");
            put(&data, Table::Segments, &parts[to], &values[1]).await;
        }
    });
}

#[test]
fn a_part_with_too_few_rows_is_corrupt_each_time() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        let parts = two_projects(&data).await;
        // A part of the third segment, of five rows, as if it were of the second, of ten.
        for (second, third) in parts[5..10].iter().zip(&parts[10..15]) {
            let mut values = Vec::new();
            for key in [second, third] {
                change(&data, Table::Segments, key, |value| {
                    values.push(value.clone());
                    Some(value)
                })
                .await;
            }
            let owner = HEADER..HEADER + OWNER;
            let forged =
                forge(&values[1], |fields| fields[..OWNER].copy_from_slice(&values[0][owner.clone()]));
            put(&data, Table::Segments, second, &forged).await;
            let store = open(&data);
            for _ in 0..2 {
                let result = store.query_entries(json!({ "project": "p", "limit": 100 })).await;
                fails(result, ErrorKind::Corrupt, "of entries 11 to 20 of project \"p\"");
            }
            put(&data, Table::Segments, second, &values[0]).await;
        }
        assert_eq!(open(&data).ids(json!({ "project": "p" })).await.len(), 25, "all is repaired");
    });
}

#[test]
fn a_damaged_head_is_corrupt_and_its_project_can_be_deleted() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        two_projects(&data).await;
        let key = keys(&data, Table::Heads).await.pop().unwrap();
        for damage in [0, 2, 8, usize::MAX] {
            change(&data, Table::Heads, &key, flip(damage)).await;
            let store = open(&data);
            let named = "the head of project \"p\"";
            fails(store.query_entries(json!({ "project": "p" })).await, ErrorKind::Corrupt, named);
            fails(store.fetch_metrics(json!({ "project": "p" })).await, ErrorKind::Corrupt, named);
            assert_eq!(store.ids(json!({ "project": "q" })).await.len(), 25);
            change(&data, Table::Heads, &key, flip(damage)).await;
        }
        change(&data, Table::Heads, &key, flip(9)).await;
        let store = open(&data);
        assert_eq!(store.delete_project(json!({ "name": "p" })).await.unwrap(), json!(true));
        fill(&store, 25).await;
        for store in [&store, &open(&data)] {
            assert_eq!(store.ids(json!({ "project": "p" })).await, named((0..25).rev()));
            assert_eq!(store.fetch_entry(json!({ "entryId": "e3" })).await.unwrap()["seq"], 4);
            assert_ne!(store.fetch_entry(json!({ "entryId": "q3" })).await.unwrap(), Value::Null);
        }
    });
}

#[test]
fn damaged_fingerprints_are_corrupt_where_identifiers_are_looked_for() {
    pollster::block_on(async {
        let data = SharedMemory::default();
        two_projects(&data).await;
        let key = keys(&data, Table::Fingerprints).await.pop().unwrap();
        change(&data, Table::Fingerprints, &key, flip(usize::MAX)).await;
        let store = open(&data);
        fails(store.fetch_entry(json!({ "entryId": "q3" })).await, ErrorKind::Corrupt, "fingerprints");
        assert_eq!(store.ids(json!({ "project": "p" })).await.len(), 25, "queries do not need them");
        store.append_entry(json!({ "project": "p", "message": "nor does appending" })).await.unwrap();
    });
}
