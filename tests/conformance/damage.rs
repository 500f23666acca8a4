//! 7.6: what becomes of stored bytes that are not what was written.

use scribe_store::error::ErrorKind;
use scribe_store::medium::{Medium, Table};
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, fails};
use super::world::tamper;

/// A read, the tables that it cannot do without, and what it is.
const READS: [(Read, &[Table]); 11] = [
    (Read::Project, &[Table::Projects, Table::ProjectNames]),
    (Read::Projects, &[Table::Projects, Table::ProjectNames]),
    // Before the same log is in memory, where its name needs no looking up.
    (Read::EntriesByName, &[Table::Projects, Table::ProjectNames, Table::Tail]),
    (Read::Entries, &[Table::Projects, Table::Tail]),
    (Read::Entry, &[Table::Projects, Table::Identifiers, Table::Tail]),
    (Read::Changes, &[Table::Projects, Table::DocChanges]),
    (Read::Cards, &[Table::Projects, Table::ReportCards]),
    (Read::Session, &[Table::Sessions]),
    (Read::Sessions, &[Table::Sessions]),
    (Read::AgentProject, &[Table::AgentProjects]),
    (Read::Events, &[Table::AgentEvents]),
];

#[derive(Debug, Clone, Copy)]
enum Read {
    Project,
    Projects,
    Entries,
    EntriesByName,
    Entry,
    Changes,
    Cards,
    Session,
    Sessions,
    AgentProject,
    Events,
}

impl Read {
    async fn run(
        self,
        store: &Api<impl StorageBackend>,
        project: &Value,
    ) -> scribe_store::error::Result<Value> {
        let by_record = json!({ "project": project });
        match self {
            Self::Project => store.fetch_project(json!({ "name": "p" })).await,
            Self::Projects => store.list_projects().await,
            Self::Entries => store.query_entries(by_record).await,
            Self::EntriesByName => store.query_entries(json!({ "project": "p" })).await,
            Self::Entry => store.fetch_entry(json!({ "entryId": "e1" })).await,
            Self::Changes => store.list_doc_changes(by_record).await,
            Self::Cards => store.list_agent_report_cards(by_record).await,
            Self::Session => store.fetch_agent_session(json!({ "sessionId": "s" })).await,
            Self::Sessions => store.list_agent_sessions(json!({})).await,
            Self::AgentProject => store.get_agent_project(json!({ "agentId": "a" })).await,
            Self::Events => store.list_agent_events(json!({})).await,
        }
    }
}

/// What an error about a table's record names.
fn place(table: Table) -> &'static str {
    match table {
        Table::Projects => "project",
        Table::ProjectNames => "name",
        Table::Tail => "entry 1 of project",
        Table::Identifiers => "the identifier \"e1\"",
        Table::Heads => "the head of project",
        Table::Segments => "of entries 1 to",
        Table::Fingerprints => "fingerprints",
        Table::DocChanges => "document change",
        Table::ReportCards => "report card",
        Table::Sessions => "session",
        Table::AgentProjects => "agent \"a\"",
        Table::AgentEvents => "event",
        Table::Counters => "counter",
    }
}

/// Writes one of everything into project "p".
async fn fill(store: &Api<impl StorageBackend>) -> Value {
    let project = store.project("p").await;
    store.insert(json!({ "entryId": "e1" })).await;
    let change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "" });
    store.record_doc_change(json!({ "project": "p", "change": change })).await.unwrap();
    let card = json!({ "filePath": "f", "agentName": "a" });
    store.record_agent_report_card(json!({ "project": "p", "card": card })).await.unwrap();
    store.upsert_agent_session(json!({ "agentId": "a", "sessionId": "s" })).await.unwrap();
    let set = json!({ "agentId": "a", "projectName": "p", "updatedBy": "a", "sessionId": "s" });
    store.set_agent_project(set).await.unwrap();
    project
}

fn flip_last_bit(mut value: Vec<u8>) -> Vec<u8> {
    *value.last_mut().unwrap() ^= 1;
    value
}

pub async fn c7_6_damaged_records_of_every_kind_are_corrupt<W: World>(world: &W) {
    let store = world.open().await;
    let project = fill(&store).await;
    let mut intact = Vec::new();
    for (read, _) in READS {
        intact.push(read.run(&store, &project).await.unwrap());
    }
    let medium = world.medium().await;
    for table in Table::ALL {
        tamper(&medium, table, |_, value| Some(flip_last_bit(value))).await;
        // A store that has nothing in memory.
        let store = world.open().await;
        for ((read, needed), intact) in READS.iter().zip(&intact) {
            let result = read.run(&store, &project).await;
            if needed.contains(&table) {
                fails(result, ErrorKind::Corrupt, place(table));
            } else {
                assert_eq!(result.unwrap(), *intact, "{read:?}: the rest stays readable");
            }
        }
        if table == Table::Counters {
            let another = json!({ "name": "another", "repoRoot": "", "progressLogPath": "" });
            fails(store.upsert_project(another).await, ErrorKind::Corrupt, place(table));
        }
        tamper(&medium, table, |_, value| Some(flip_last_bit(value))).await;
        for ((read, _), intact) in READS.iter().zip(&intact) {
            let result = read.run(&store, &project).await.unwrap();
            assert_eq!(result, *intact, "{read:?}: what was repaired is readable, also by the same store");
        }
    }
}

/// Changes the value of project "p"'s entry `seq`, the project being the first one.
async fn tamper_with_entry(medium: &impl Medium, seq: u64, change: impl Fn(Vec<u8>) -> Option<Vec<u8>>) {
    let wanted = [1_u64.to_be_bytes(), seq.to_be_bytes()].concat();
    tamper(medium, Table::Tail, |key, value| if key == wanted { change(value) } else { Some(value) }).await;
}

/// Makes projects "p", with entries `e1` to `e3`, and "q", with entry `other`.
async fn fill_two(store: &Api<impl StorageBackend>) -> Value {
    let project = store.project("p").await;
    assert_eq!(project["id"], 1, "the first project");
    store.project("q").await;
    for (id, project) in [("e1", "p"), ("e2", "p"), ("e3", "p"), ("other", "q")] {
        assert!(store.insert(json!({ "entryId": id, "project": project, "message": id })).await);
    }
    project
}

/// Checks that entry 2 of "p" is corrupt, and so is what needs it, and nothing else.
async fn check_second_is_corrupt(store: &Api<impl StorageBackend>, project: &Value) {
    let named = "entry 2 of project";
    fails(store.fetch_entry(json!({ "entryId": "e2" })).await, ErrorKind::Corrupt, named);
    for query in [json!({ "project": "p" }), json!({ "project": project })] {
        for result in [
            store.query_entries(query.clone()).await,
            store.query_entries_paginated(query.clone()).await,
            store.count_query_entries(query.clone()).await,
            store.fetch_recent_entries(query.clone()).await,
            store.iterate_entries(query, 1).await.map(|entries| json!(entries)),
        ] {
            fails(result, ErrorKind::Corrupt, named);
        }
    }
    for id in ["e1", "e3", "other"] {
        let found = store.fetch_entry(json!({ "entryId": id })).await.unwrap();
        assert_eq!(found["message"], id, "the rest stays readable");
    }
    assert_eq!(store.ids(json!({ "project": "q" })).await, ["other"]);
    assert_eq!(store.fetch_project(json!({ "name": "p" })).await.unwrap(), *project);
    assert!(!store.insert(json!({ "entryId": "e2" })).await, "its identifier is still taken");
}

pub async fn c7_6_a_damaged_entry_is_corrupt_and_the_rest_readable<W: World>(world: &W) {
    let store = world.open().await;
    let project = fill_two(&store).await;
    let medium = world.medium().await;
    // Bits of the header, of what it holds, and of the end.
    for (byte, bit) in [(0, 1), (1, 1), (2, 4), (3, 1), (6, 128), (7, 1), (20, 4), (36, 1)] {
        let flip = |mut value: Vec<u8>| {
            value[byte] ^= bit;
            Some(value)
        };
        tamper_with_entry(&medium, 2, flip).await;
        let reader = world.open().await;
        check_second_is_corrupt(&reader, &project).await;
        tamper_with_entry(&medium, 2, flip).await;
        let ids = reader.ids(json!({ "project": "p" })).await;
        assert_eq!(ids, ["e3", "e2", "e1"], "what was repaired is readable, also by the same store");
    }
    for length in [0, 1, 7, 20] {
        let cut = |mut value: Vec<u8>| {
            value.truncate(length);
            Some(value)
        };
        tamper_with_entry(&medium, 2, cut).await;
        check_second_is_corrupt(&world.open().await, &project).await;
    }
    // A record that is whole, but not in its place.
    let first = medium
        .read(&[Table::Tail], async |transaction| {
            let key = [1_u64.to_be_bytes(), 1_u64.to_be_bytes()].concat();
            transaction.get(Table::Tail, &key).await
        })
        .await
        .unwrap();
    tamper_with_entry(&medium, 2, |_| first.clone()).await;
    check_second_is_corrupt(&world.open().await, &project).await;
}

pub async fn c7_6_a_missing_entry_is_corrupt<W: World>(world: &W) {
    let store = world.open().await;
    let project = fill_two(&store).await;
    tamper_with_entry(&world.medium().await, 2, |_| None).await;
    check_second_is_corrupt(&world.open().await, &project).await;
}

pub async fn c7_6_a_damaged_project_can_be_deleted<W: World>(world: &W) {
    let store = world.open().await;
    fill_two(&store).await;
    fill(&store).await;
    let medium = world.medium().await;
    for table in [Table::Tail, Table::DocChanges, Table::ReportCards] {
        tamper(&medium, table, |_, value| Some(flip_last_bit(value))).await;
    }
    let store = world.open().await;
    fails(store.query_entries(json!({ "project": "p" })).await, ErrorKind::Corrupt, "entry 1 of project");
    assert_eq!(store.delete_project(json!({ "name": "p" })).await.unwrap(), json!(true));
    store.project("p").await;
    assert!(store.ids(json!({ "project": "p" })).await.is_empty());
    assert_eq!(store.fetch_entry(json!({ "entryId": "e2" })).await.unwrap(), Value::Null);
    for id in ["e1", "e2", "e3"] {
        assert!(store.insert(json!({ "entryId": id })).await, "{id} can be inserted again");
    }
    for store in [&store, &world.open().await] {
        assert_eq!(store.ids(json!({ "project": "p" })).await, ["e3", "e2", "e1"]);
        assert_eq!(store.fetch_entry(json!({ "entryId": "e2" })).await.unwrap()["seq"], 2);
    }
    fill(&store).await;
}
