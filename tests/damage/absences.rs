//! Records whose absence nothing that is read tells of, and what becomes of them.

use scribe_store::error::ErrorKind;
use scribe_store::medium::Table;
use serde_json::{Value, json};

use super::api::{fails, items};
use super::scene::{Record, Tab, entry, entry_ids, make, open, restore};

/// Opens a store that lacks some records.
async fn without(is_missing: impl Fn(&Record) -> bool) -> Tab {
    let mut all = make().await;
    let count = all.len();
    all.retain(|record| !is_missing(record));
    assert!(all.len() < count, "something is missing");
    open(&restore(&all).await)
}

async fn missing(table: Table, key: &[u8]) -> Tab {
    without(|record| record.table == table && record.key == key).await
}

fn in_project(id: u64, rest: &[u8]) -> Vec<u8> {
    [&id.to_be_bytes(), rest].concat()
}

#[test]
fn the_newest_entry_shows_where_its_identifier_is() {
    pollster::block_on(async {
        let ids = entry_ids("p");
        let (last, seq) = (ids.last().unwrap(), ids.len() as u64);
        let store = missing(Table::Tail, &in_project(1, &seq.to_be_bytes())).await;
        let p = json!({ "project": "p" });
        assert_eq!(store.count_query_entries(p.clone()).await.unwrap(), json!(seq - 1));
        assert_eq!(store.fetch_metrics(p.clone()).await.unwrap()["totalEntries"], json!(seq - 1));
        fails(store.fetch_entry(json!({ "entryId": last })).await, ErrorKind::Corrupt, "is missing");
        let report = store.verify_project(p).await.unwrap();
        assert_eq!(report["entries"], json!(seq - 1), "the chain is whole as far as it goes");
        assert!(!store.insert(entry("p", last, 30)).await, "its identifier is taken");
    });
}

#[test]
fn an_entry_without_its_identifier_is_taken_for_new() {
    pollster::block_on(async {
        let store = missing(Table::Identifiers, b"p12").await;
        assert_eq!(store.fetch_entry(json!({ "entryId": "p12" })).await.unwrap(), Value::Null);
        assert!(store.ids(json!({ "project": "p" })).await.contains(&"p12".to_owned()));
        assert!(store.insert(entry("r", "p12", 30)).await, "it is taken for new");
    });
}

#[test]
fn entries_of_a_segment_without_fingerprints_are_taken_for_new() {
    pollster::block_on(async {
        let store = missing(Table::Fingerprints, &1_u64.to_be_bytes()).await;
        assert_eq!(store.fetch_entry(json!({ "entryId": "p1" })).await.unwrap(), Value::Null);
        assert_eq!(
            store.ids(json!({ "project": "p" })).await.len(),
            entry_ids("p").len(),
            "queries find them"
        );
        assert!(store.insert(entry("r", "p1", 30)).await);
    });
}

#[test]
fn documents_and_sessions_are_as_if_they_had_never_been() {
    pollster::block_on(async {
        let change = 2_u64.to_be_bytes();
        let store = missing(Table::DocChanges, &in_project(1, &change)).await;
        let changes = store.list_doc_changes(json!({ "project": "p" })).await.unwrap();
        assert_eq!(changes["totalCount"], 2);
        let store = missing(Table::ReportCards, &in_project(1, b"f")).await;
        let cards = store.list_agent_report_cards(json!({ "project": "p" })).await.unwrap();
        assert_eq!(cards["totalCount"], 1);
        let store = missing(Table::Sessions, b"s1").await;
        assert_eq!(store.fetch_agent_session(json!({ "sessionId": "s1" })).await.unwrap(), Value::Null);
        assert_eq!(store.heartbeat_session(json!({ "sessionId": "s1" })).await.unwrap(), json!(false));
        let store = missing(Table::AgentProjects, b"a").await;
        assert_eq!(store.get_agent_project(json!({ "agentId": "a" })).await.unwrap(), Value::Null);
    });
}

#[test]
fn of_events_only_the_last_may_be_missing() {
    pollster::block_on(async {
        let events = items(&open(&restore(&make().await).await).list_agent_events(json!({})).await.unwrap());
        let last = events[0]["id"].as_u64().unwrap();
        let store = missing(Table::AgentEvents, &last.to_be_bytes()).await;
        assert_eq!(items(&store.list_agent_events(json!({})).await.unwrap()), events[1..]);
    });
}

#[test]
fn a_whole_project_is_as_if_it_had_never_been() {
    pollster::block_on(async {
        let store = without(|record| match record.table {
            Table::Fingerprints | Table::Counters | Table::Sessions | Table::AgentProjects => false,
            _ => record.owner().starts_with('p'),
        })
        .await;
        assert_eq!(store.fetch_project(json!({ "name": "p" })).await.unwrap(), Value::Null);
        fails(store.query_entries(json!({ "project": "p" })).await, ErrorKind::NotFound, "\"p\"");
        for id in entry_ids("p") {
            assert_eq!(store.fetch_entry(json!({ "entryId": id })).await.unwrap(), Value::Null);
        }
        assert_eq!(store.ids(json!({ "project": "q" })).await.len(), entry_ids("q").len());
    });
}
