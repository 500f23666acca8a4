//! 2: projects.

use scribe_store::error::ErrorKind;
use scribe_store::medium::Table;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, entry_with, fails, ids};
use super::world::values;

fn named(name: &str) -> Value {
    json!({ "name": name })
}

pub async fn c2_1_names_are_exact_and_not_empty<W: World>(world: &W) {
    let store = world.open().await;
    // Alike to a file system, a collation or a normalisation; not to this store.
    let names = ["p", "P", " p", "p ", "p\0", "é", "e\u{301}", "__proto__", "a/b", "😀", "\u{FEFF}p"];
    for name in names {
        store.project(name).await;
    }
    let mut project_ids = Vec::new();
    for name in names {
        let project = store.fetch_project(named(name)).await.unwrap();
        assert_eq!(project["name"], name, "a name comes back exactly");
        project_ids.push(project["id"].as_u64().unwrap());
    }
    project_ids.sort_unstable();
    project_ids.dedup();
    assert_eq!(project_ids.len(), names.len(), "each name is another project");
    let again = store.project("p").await;
    assert_eq!(again, store.fetch_project(named("p")).await.unwrap(), "the same name is the same project");

    let empty = json!({ "name": "", "repoRoot": "", "progressLogPath": "" });
    fails(store.upsert_project(empty).await, ErrorKind::InvalidArgument, "`name`");
    fails(store.fetch_project(named("")).await, ErrorKind::InvalidArgument, "`name`");
    fails(store.delete_project(named("")).await, ErrorKind::InvalidArgument, "`name`");
    fails(store.fetch_metrics(json!({ "project": "" })).await, ErrorKind::InvalidArgument, "`project`");
    for (member, value) in [("repoRoot", json!(1)), ("progressLogPath", Value::Null), ("id", json!(1))] {
        let mut project = json!({ "name": "x", "repoRoot": "", "progressLogPath": "" });
        project[member] = value;
        fails(store.upsert_project(project).await, ErrorKind::InvalidArgument, member);
    }
}

pub async fn c2_1_identifiers_are_not_reused<W: World>(world: &W) {
    let store = world.open().await;
    let mut seen = Vec::new();
    for round in 0..4 {
        for name in ["p", "q"] {
            // The newest one of all is deleted, too.
            store.delete_project(named(name)).await.unwrap();
            let other = world.open().await;
            seen.push(other.project(name).await["id"].as_u64().unwrap());
        }
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "no id is given twice, in round {round}: {seen:?}");
    }
}

pub async fn c2_2_upsert_creates_and_changes_paths<W: World>(world: &W) {
    let store = world.open().await;
    let project = |root: &str, log: &str| json!({ "name": "p", "repoRoot": root, "progressLogPath": log });
    let created = store.upsert_project(project("/a", "/a/LOG")).await.unwrap();
    let now = "2026-01-01T00:00:00.000000Z";
    let expected = json!({
        "id": created["id"], "name": "p", "repoRoot": "/a", "progressLogPath": "/a/LOG",
        "createdAt": now, "updatedAt": now,
    });
    assert_eq!(created, expected);
    world.clock().advance_ms(1000);
    let unchanged = store.upsert_project(project("/a", "/a/LOG")).await.unwrap();
    assert_eq!(unchanged, created, "`updatedAt` changes only if a path differs");

    let mut expected = created;
    expected["updatedAt"] = json!("2026-01-01T00:00:01.000000Z");
    expected["repoRoot"] = json!("/b");
    let moved = store.upsert_project(project("/b", "/a/LOG")).await.unwrap();
    assert_eq!(moved, expected, "`createdAt` and `id` stay");
    world.clock().advance_ms(1000);
    expected["updatedAt"] = json!("2026-01-01T00:00:02.000000Z");
    expected["progressLogPath"] = json!("/b/LOG");
    assert_eq!(store.upsert_project(project("/b", "/b/LOG")).await.unwrap(), expected);
    assert_eq!(world.open().await.fetch_project(named("p")).await.unwrap(), expected, "and it is stored");
}

pub async fn c2_3_projects_are_listed_by_code_point<W: World>(world: &W) {
    let store = world.open().await;
    assert_eq!(store.list_projects().await.unwrap(), json!([]));
    // U+FF5E sorts before U+1F600 by code point, and behind it by UTF-16 code unit.
    let sorted = ["B", "Z", "a", "aa", "b", "z", "é", "\u{FF5E}", "\u{1F600}"];
    for name in ["\u{1F600}", "b", "\u{FF5E}", "a", "Z", "é", "aa", "z", "B"] {
        store.project(name).await;
    }
    let projects = store.list_projects().await.unwrap();
    let names: Vec<&str> =
        projects.as_array().unwrap().iter().map(|project| project["name"].as_str().unwrap()).collect();
    assert_eq!(names, sorted, "sorted by name, by code point");
    for project in projects.as_array().unwrap() {
        let fetched = store.fetch_project(json!({ "name": project["name"] })).await.unwrap();
        assert_eq!(*project, fetched);
    }
    assert_eq!(store.fetch_project(named("none")).await.unwrap(), Value::Null, "a missing name is null");
}

/// A project with two of everything, an agent in it, and entries named after it.
async fn fill(store: &Api<impl scribe_store::storage::StorageBackend>, name: &str) -> Value {
    let project = store.project(name).await;
    for number in [1, 2] {
        let id = format!("{name} {number}");
        assert!(store.insert(json!({ "project": name, "entryId": id, "emoji": "✅" })).await);
        let doc = format!("doc {number}");
        let change = json!({ "doc": doc, "action": "a", "shaBefore": "", "shaAfter": "" });
        store.record_doc_change(json!({ "project": name, "change": change })).await.unwrap();
        let card = json!({ "filePath": doc, "agentName": "a" });
        store.record_agent_report_card(json!({ "project": name, "card": card })).await.unwrap();
    }
    let agent = format!("agent of {name}");
    store.upsert_agent_session(json!({ "agentId": agent, "sessionId": agent })).await.unwrap();
    let set = json!({ "agentId": agent, "projectName": name, "updatedBy": "test", "sessionId": agent });
    store.set_agent_project(set).await.unwrap();
    project
}

pub async fn c2_4_deleting_removes_all_that_belongs_to_a_project<W: World>(world: &W) {
    let store = world.open().await;
    fill(&store, "p").await;
    fill(&store, "other").await;
    assert_eq!(store.delete_project(named("none")).await.unwrap(), json!(false), "false if missing");
    assert_eq!(store.delete_project(named("p")).await.unwrap(), json!(true));
    assert_eq!(store.delete_project(named("p")).await.unwrap(), json!(false), "it is missing now");

    assert_eq!(store.fetch_project(named("p")).await.unwrap(), Value::Null);
    assert_eq!(store.fetch_entry(json!({ "entryId": "p 1" })).await.unwrap(), Value::Null);
    fails(store.fetch_metrics(json!({ "project": "p" })).await, ErrorKind::NotFound, "\"p\"");
    let project = json!({ "project": "other" });
    assert_eq!(store.ids(project.clone()).await, ["other 2", "other 1"], "other projects stay whole");
    assert_eq!(store.list_doc_changes(project.clone()).await.unwrap()["totalCount"], 2);
    assert_eq!(store.list_agent_report_cards(project.clone()).await.unwrap()["totalCount"], 2);
    assert_eq!(store.fetch_metrics(project).await.unwrap()["successCount"], 2);
    // Two of each are left: those of the other project.
    let medium = world.medium().await;
    for table in [Table::Tail, Table::Identifiers, Table::DocChanges, Table::ReportCards] {
        assert_eq!(values(&medium, table).await.len(), 2, "nothing of it is left in {}", table.name());
    }
    for table in [Table::Projects, Table::ProjectNames] {
        assert_eq!(values(&medium, table).await.len(), 1, "nothing of it is left in {}", table.name());
    }
}

pub async fn c2_4_deleting_clears_agents_and_keeps_sessions<W: World>(world: &W) {
    let store = world.open().await;
    fill(&store, "p").await;
    fill(&store, "other").await;
    let agent = |name: &str| json!({ "agentId": format!("agent of {name}") });
    let before = store.list_agent_events(json!({})).await.unwrap();
    let sessions = store.list_agent_sessions(json!({})).await.unwrap();
    let others = store.get_agent_project(agent("other")).await.unwrap();
    world.clock().advance_ms(1000);
    store.delete_project(named("p")).await.unwrap();

    let now = "2026-01-01T00:00:01.000000Z";
    let cleared = json!({
        "agentId": "agent of p", "projectName": null, "version": 2, "updatedAt": now,
        "updatedBy": "test", "sessionId": "agent of p",
    });
    assert_eq!(store.get_agent_project(agent("p")).await.unwrap(), cleared, "`version + 1`");
    assert_eq!(store.get_agent_project(agent("other")).await.unwrap(), others);
    assert_eq!(store.list_agent_sessions(json!({})).await.unwrap(), sessions, "sessions stay");
    let after = store.list_agent_events(json!({})).await.unwrap();
    let (event, rest) = after.as_array().unwrap().split_first().unwrap();
    assert_eq!(rest, before.as_array().unwrap(), "events stay, and there is one more");
    let expected = json!({
        "id": event["id"], "agentId": "agent of p", "sessionId": "agent of p",
        "eventType": "project_cleared", "fromProject": "p", "toProject": null,
        "expectedVersion": null, "actualVersion": 2, "success": true, "createdAt": now,
    });
    assert_eq!(*event, expected);

    store.project("p").await;
    let mut set = agent("p");
    (set["projectName"], set["expectedVersion"]) = (json!("p"), json!(2));
    (set["updatedBy"], set["sessionId"]) = (json!("test"), json!("s"));
    let set = store.set_agent_project(set).await.unwrap();
    assert_eq!(set["version"], 3, "a version never repeats");
}

pub async fn c2_4_a_project_made_anew_has_nothing_of_the_old_one<W: World>(world: &W) {
    let store = world.open().await;
    let reader = world.open().await;
    let old = fill(&store, "p").await;
    assert_eq!(reader.ids(json!({ "project": "p" })).await.len(), 2);
    store.delete_project(named("p")).await.unwrap();
    let new = store.project("p").await;
    assert_ne!(old["id"], new["id"]);
    for store in [&store, &reader] {
        let project = json!({ "project": "p" });
        assert!(store.ids(project.clone()).await.is_empty(), "in whatever store it was read before");
        let metrics = store.fetch_metrics(project.clone()).await.unwrap();
        let nothing = json!({
            "totalEntries": 0, "successCount": 0, "warnCount": 0, "errorCount": 0, "lastUpdate": null,
        });
        assert_eq!(metrics, nothing);
        assert_eq!(store.list_doc_changes(project.clone()).await.unwrap()["items"], json!([]));
        assert_eq!(store.list_agent_report_cards(project).await.unwrap()["items"], json!([]));
    }
    assert!(store.insert(json!({ "entryId": "p 1" })).await, "its identifiers are free again");
    let entry = reader.fetch_entry(json!({ "entryId": "p 1" })).await.unwrap();
    assert_eq!(entry["seq"], 1);
    assert_eq!(reader.ids(json!({ "project": new })).await, ["p 1"]);
}

pub async fn c2_5_records_are_resolved_by_id_and_names_by_name<W: World>(world: &W) {
    let store = world.open().await;
    let (p, q) = (store.project("p").await, store.project("q").await);
    store.insert(json!({ "entryId": "in p", "project": p })).await;
    store.insert(json!({ "entryId": "in q", "project": "q" })).await;
    let both = json!([
        entry_with(json!({ "entryId": "in p too", "project": "p" })),
        entry_with(json!({ "entryId": "in p as well", "project": p })),
    ]);
    store.insert_entries(both).await.unwrap();
    // What else a record says does not count.
    let mut misleading = p.clone();
    (misleading["name"], misleading["repoRoot"]) = (json!("q"), json!("elsewhere"));
    for project in [p, misleading, json!("p")] {
        let ids = store.ids(json!({ "project": project })).await;
        assert_eq!(ids, ["in p as well", "in p too", "in p"], "{project}");
    }
    assert_eq!(store.ids(json!({ "project": q })).await, ["in q"]);
    let entry = store.fetch_entry(json!({ "entryId": "in p" })).await.unwrap();
    assert_eq!(entry["project"], "p", "an entry names its project");
    for project in [json!(1), Value::Null, json!(["p"]), json!({ "name": "p" }), json!({ "id": "1" })] {
        let query = json!({ "project": project });
        fails(store.query_entries(query).await, ErrorKind::InvalidArgument, "`project`");
        let entry = entry_with(json!({ "entryId": "x", "project": project }));
        fails(store.insert_entry(entry).await, ErrorKind::InvalidArgument, "`project`");
    }
}

pub async fn c2_5_a_project_deleted_meanwhile_is_not_found<W: World>(world: &W) {
    let store = world.open().await;
    let reader = world.open().await;
    let old = fill(&store, "p").await;
    assert_eq!(ids(&reader.query_entries(json!({ "project": old })).await.unwrap()).len(), 2);
    store.delete_project(named("p")).await.unwrap();
    store.project("p").await;
    let before = super::world::contents(&world.medium().await).await;
    for unknown in [old, json!("none"), json!({ "id": 1_000_000 })] {
        for store in [&store, &reader] {
            let project = json!({ "project": unknown });
            let not_found = |result| fails(result, ErrorKind::NotFound, "does not exist");
            let entry = entry_with(json!({ "project": unknown, "entryId": "x" }));
            not_found(store.insert_entry(entry.clone()).await);
            not_found(store.insert_entries(json!([entry])).await);
            not_found(store.append_entry(json!({ "project": unknown, "message": "m" })).await);
            not_found(store.query_entries(project.clone()).await);
            not_found(store.fetch_metrics(project).await);
            let change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "" });
            not_found(store.record_doc_change(json!({ "project": unknown, "change": change })).await);
            let card = json!({ "filePath": "f", "agentName": "a" });
            not_found(store.record_agent_report_card(json!({ "project": unknown, "card": card })).await);
        }
    }
    let after = super::world::contents(&world.medium().await).await;
    assert_eq!(before, after, "and nothing changed");
}
