//! 7.2: closing.

use futures_util::future::{join, join_all, join3};
use scribe_store::error::ErrorKind;
use serde_json::{Value, json};

use super::World;
use super::api::{entry_with, fails};

pub async fn c7_2_every_call_after_close_is_closed<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    store.insert(json!({ "entryId": "e" })).await;
    let other = world.open().await;
    store.close().await;
    store.close().await;
    let project = json!({ "project": "p" });
    let change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "" });
    let card = json!({ "filePath": "f", "agentName": "a" });
    let set = json!({ "agentId": "a", "projectName": null, "updatedBy": "a", "sessionId": "s" });
    let (agent, session) = (json!({ "agentId": "a" }), json!({ "sessionId": "s" }));
    let results = [
        store.upsert_project(json!({ "name": "p", "repoRoot": "", "progressLogPath": "" })).await,
        store.fetch_project(json!({ "name": "p" })).await,
        store.list_projects().await,
        store.delete_project(json!({ "name": "p" })).await,
        store.fetch_metrics(project.clone()).await,
        store.insert_entry(entry_with(json!({ "entryId": "x" }))).await,
        store.insert_entries(json!([])).await,
        store.append_entry(json!({ "project": "p", "message": "m" })).await,
        store.fetch_entry(json!({ "entryId": "e" })).await,
        store.fetch_recent_entries(project.clone()).await,
        store.fetch_recent_entries_paginated(project.clone()).await,
        store.count_entries(project.clone()).await,
        store.query_entries(project.clone()).await,
        store.query_entries_paginated(project.clone()).await,
        store.count_query_entries(project.clone()).await,
        store.iterate_entries(project.clone(), 10).await.map(|entries| json!(entries)),
        store.follow_entries(project.clone(), Value::Null, 10).await.map(|(entries, _)| json!(entries)),
        store.stored_bytes().await,
        store.record_doc_change(json!({ "project": "p", "change": change })).await,
        store.list_doc_changes(project.clone()).await,
        store.record_agent_report_card(json!({ "project": "p", "card": card })).await,
        store.list_agent_report_cards(project.clone()).await,
        store.upsert_agent_session(json!({ "agentId": "a", "sessionId": "s" })).await,
        store.fetch_agent_session(session.clone()).await,
        store.list_agent_sessions(json!({})).await,
        store.heartbeat_session(session.clone()).await,
        store.end_session(session).await,
        store.expire_sessions(json!({ "idleMs": 0 })).await,
        store.get_agent_project(agent).await,
        store.set_agent_project(set).await,
        store.list_agent_events(json!({})).await,
    ];
    for (index, result) in results.into_iter().enumerate() {
        let error = result.expect_err(&format!("call {index} after close"));
        assert_eq!(error.kind(), ErrorKind::Closed, "call {index}: {error}");
    }
    assert_eq!(other.ids(project).await, ["e"], "another store on the same data goes on");
    assert!(other.insert(json!({ "entryId": "x" })).await);
}

pub async fn c7_2_close_waits_for_writes_under_way<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let insert = |id: usize| store.insert_entry(entry_with(json!({ "entryId": id.to_string() })));
    let project = json!({ "name": "q", "repoRoot": "", "progressLogPath": "" });
    let (inserted, (upserted, (), late), closed_again) = join3(
        join_all((0..10).map(insert)),
        join3(store.upsert_project(project), store.close(), insert(10)),
        store.close(),
    )
    .await;
    let () = closed_again;
    for result in inserted {
        assert_eq!(result.unwrap(), json!(true), "what was called before `close` is written");
    }
    assert_eq!(upserted.unwrap()["name"], "q");
    fails(late, ErrorKind::Closed, "closed");
    let next = world.open().await;
    assert_eq!(next.count_entries(json!({ "project": "p" })).await.unwrap(), json!(10));
    assert_ne!(next.fetch_project(json!({ "name": "q" })).await.unwrap(), json!(null));

    // A read under way settles, with its result or with `closed`.
    let query = json!({ "project": "p" });
    let (read, ()) = join(next.query_entries(query), next.close()).await;
    match read {
        Ok(entries) => assert_eq!(entries.as_array().unwrap().len(), 10),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Closed, "{error}"),
    }
}
