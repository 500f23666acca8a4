//! 5: document changes and report cards.

use futures_util::future::join_all;
use scribe_store::error::ErrorKind;
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, fails, items};

async fn change(store: &Api<impl StorageBackend>, project: &str, doc: &str) -> Value {
    let change = json!({ "doc": doc, "action": "edit", "shaBefore": "0", "shaAfter": "1" });
    store.record_doc_change(json!({ "project": project, "change": change })).await.unwrap()
}

async fn docs(store: &Api<impl StorageBackend>, options: Value) -> Vec<String> {
    let page = store.list_doc_changes(options).await.unwrap();
    items(&page["items"]).iter().map(|change| change["doc"].as_str().unwrap().to_owned()).collect()
}

pub async fn c5_1_the_newest_500_changes_are_kept<W: World>(world: &W) {
    const RECORDED: usize = 503;
    let store = world.open().await;
    store.project("p").await;
    store.project("other").await;
    change(&store, "other", "first of all").await;
    let names: Vec<String> = (0..RECORDED).map(|number| number.to_string()).collect();
    join_all(names.iter().map(|name| change(&store, "p", name))).await;
    change(&store, "other", "last of all").await;

    let page = store.list_doc_changes(json!({ "project": "p", "pageSize": 1000 })).await.unwrap();
    assert_eq!(page["totalCount"], 500, "the newest 500 of a project are kept");
    let listed: Vec<&Value> = page["items"].as_array().unwrap().iter().map(|change| &change["doc"]).collect();
    let newest: Vec<&String> = names[RECORDED - 500..].iter().rev().collect();
    assert_eq!(listed, newest);
    let other = docs(&store, json!({ "project": "other" })).await;
    assert_eq!(other, ["last of all", "first of all"], "other projects have their own");
    let again = change(&store, "p", "0").await;
    let newest_id = page["items"][0]["id"].as_u64().unwrap();
    assert!(again["id"].as_u64().unwrap() > newest_id, "identifiers are not given again");
    assert_eq!(docs(&store, json!({ "project": "p", "doc": "0" })).await, ["0"]);
    assert_eq!(docs(&store, json!({ "project": "p", "doc": "3" })).await, Vec::<String>::new());
}

pub async fn c5_1_changes_are_listed_newest_first<W: World>(world: &W) {
    let store = world.open().await;
    let project = store.project("p").await;
    let full = json!({
        "doc": "a.md", "section": "intro", "action": "edit", "agent": "Ada", "metadata": { "k": [1, null] },
        "shaBefore": "0", "shaAfter": "1",
    });
    let first = store.record_doc_change(json!({ "project": "p", "change": full })).await.unwrap();
    let mut expected = full;
    (expected["id"], expected["project"]) = (first["id"].clone(), json!("p"));
    expected["createdAt"] = json!("2026-01-01T00:00:00.000000Z");
    assert_eq!(first, expected, "all fields come back as given");
    world.clock().advance_ms(1);
    let second = change(&store, "p", "b.md").await;
    assert_eq!([&second["section"], &second["agent"]], [&Value::Null; 2], "missing is null");
    assert_eq!(second["metadata"], json!({}));
    // At the same instant, and, by the clock, before the others.
    let third = change(&store, "p", "a.md").await;
    world.clock().advance_ms(-1000);
    let by_record = json!({ "doc": "c.md", "action": "", "shaBefore": "", "shaAfter": "", "section": null });
    let fourth = store.record_doc_change(json!({ "project": project, "change": by_record })).await.unwrap();

    for store in [&store, &world.open().await] {
        let page = store.list_doc_changes(json!({ "project": "p" })).await.unwrap();
        let expected = json!({
            "items": [fourth, third, second, first], "page": 1, "pageSize": 50, "totalCount": 4, "totalPages": 1,
            "hasNext": false, "hasPrev": false, "nextCursor": null, "prevCursor": null,
        });
        assert_eq!(page, expected, "newest first");
        let page = json!({ "project": project, "doc": "a.md", "page": 2, "pageSize": 1 });
        let page = store.list_doc_changes(page).await.unwrap();
        assert_eq!(page["items"], json!([first]), "pages apply after the filter");
        assert_eq!([&page["totalCount"], &page["totalPages"]], [2, 2]);
        assert_eq!([&page["hasNext"], &page["hasPrev"]], [false, true]);
        assert_eq!(docs(store, json!({ "project": "p", "doc": "A.md" })).await, Vec::<String>::new());
    }
    for (member, value) in [
        ("doc", Value::Null),
        ("action", json!(1)),
        ("shaBefore", Value::Null),
        ("shaAfter", json!(1)),
        ("section", json!(1)),
        ("agent", json!([])),
        ("metadata", json!("x")),
        ("typo", json!(1)),
    ] {
        let mut change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "" });
        change[member] = value;
        let result = store.record_doc_change(json!({ "project": "p", "change": change })).await;
        fails(result, ErrorKind::InvalidArgument, member);
    }
    fails(
        store.list_doc_changes(json!({ "project": "p", "doc": 1 })).await,
        ErrorKind::InvalidArgument,
        "doc",
    );
}

async fn card(store: &Api<impl StorageBackend>, path: &str, agent: &str, grade: Value) -> Value {
    let card = json!({ "filePath": path, "agentName": agent, "overallGrade": grade });
    store.record_agent_report_card(json!({ "project": "p", "card": card })).await.unwrap()
}

async fn paths(store: &Api<impl StorageBackend>, options: Value) -> Vec<String> {
    let page = store.list_agent_report_cards(options).await.unwrap();
    items(&page["items"]).iter().map(|card| card["filePath"].as_str().unwrap().to_owned()).collect()
}

pub async fn c5_2_a_second_card_replaces_all_but_its_creation<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    store.project("q").await;
    let full = json!({
        "filePath": "src/a", "agentName": "Ada", "stage": "review", "overallGrade": 93.25,
        "performanceLevel": "good", "metadata": { "k": 1 },
    });
    let first = store.record_agent_report_card(json!({ "project": "p", "card": full })).await.unwrap();
    let mut expected = full.clone();
    expected["project"] = json!("p");
    let now = json!("2026-01-01T00:00:00.000000Z");
    (expected["createdAt"], expected["updatedAt"]) = (now.clone(), now);
    assert_eq!(first, expected, "all fields come back as given");

    world.clock().advance_ms(1000);
    let second = card(&store, "src/a", "Bob", Value::Null).await;
    let expected = json!({
        "project": "p", "filePath": "src/a", "agentName": "Bob", "stage": null, "overallGrade": null,
        "performanceLevel": null, "metadata": {}, "createdAt": "2026-01-01T00:00:00.000000Z",
        "updatedAt": "2026-01-01T00:00:01.000000Z",
    });
    assert_eq!(second, expected, "a second card replaces all but `createdAt`");
    let listed = store.list_agent_report_cards(json!({ "project": "p" })).await.unwrap();
    assert_eq!(listed["items"], json!([second]));

    // Keyed by project and path, exactly.
    store.record_agent_report_card(json!({ "project": "q", "card": full })).await.unwrap();
    card(&store, "src/A", "Ada", json!(1)).await;
    card(&store, "src/a/", "Ada", json!(1)).await;
    card(&store, "", "Ada", json!(1)).await;
    assert_eq!(paths(&store, json!({ "project": "p" })).await, ["", "src/A", "src/a", "src/a/"]);
    assert_eq!(paths(&store, json!({ "project": "q" })).await, ["src/a"]);
}

pub async fn c5_2_cards_are_listed_by_their_latest_change<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    // By code point, not by UTF-16 code unit: U+FF5E before U+1F600.
    for (path, agent) in [("\u{1F600}", "Ada"), ("b", "Bob"), ("\u{FF5E}", "Ada"), ("B", "Ada")] {
        card(&store, path, agent, json!(1)).await;
    }
    assert_eq!(paths(&store, json!({ "project": "p" })).await, ["B", "b", "\u{FF5E}", "\u{1F600}"]);
    world.clock().advance_ms(1);
    card(&store, "b", "Ada", json!(2)).await;
    card(&store, "z", "Bob", json!(2)).await;
    let sorted = ["b", "z", "B", "\u{FF5E}", "\u{1F600}"];
    for store in [&store, &world.open().await] {
        let all = paths(store, json!({ "project": "p" })).await;
        assert_eq!(all, sorted, "by `updatedAt`, newest first, then by path");
        let ada = paths(store, json!({ "project": "p", "agentName": "Ada" })).await;
        assert_eq!(ada, ["b", "B", "\u{FF5E}", "\u{1F600}"]);
        assert_eq!(paths(store, json!({ "project": "p", "agentName": "ada" })).await, Vec::<String>::new());
        let page = json!({ "project": "p", "agentName": "Ada", "page": 2, "pageSize": 3 });
        let page = store.list_agent_report_cards(page).await.unwrap();
        assert_eq!(page["items"][0]["filePath"], "\u{1F600}");
        let found = ["page", "pageSize", "totalCount", "totalPages"].map(|member| page[member].clone());
        assert_eq!(found, [2, 3, 4, 2]);
        assert_eq!([&page["hasNext"], &page["hasPrev"]], [false, true]);
    }
}

pub async fn c5_2_arguments_are_checked<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for grade in [json!(0), json!(-1.5), json!(100), json!(1e308), json!(0.1 + 0.2)] {
        assert_eq!(card(&store, "f", "a", grade.clone()).await["overallGrade"].as_f64(), grade.as_f64());
    }
    for (member, value) in [
        ("filePath", Value::Null),
        ("agentName", json!(1)),
        ("stage", json!(1)),
        ("overallGrade", json!("A")),
        ("overallGrade", json!(true)),
        ("performanceLevel", json!([])),
        ("metadata", json!([])),
        ("typo", json!(1)),
    ] {
        let mut card = json!({ "filePath": "f", "agentName": "a" });
        card[member] = value;
        let result = store.record_agent_report_card(json!({ "project": "p", "card": card })).await;
        fails(result, ErrorKind::InvalidArgument, member);
    }
    // What JSON cannot hold, a Rust caller can.
    for grade in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let text = json!({ "project": "p", "card": { "filePath": "g", "agentName": "a" } }).to_string();
        let (project, mut card) = scribe_store::wire::report_card(&text).unwrap();
        card.overall_grade = Some(grade);
        let error = store.backend.record_agent_report_card(&project, card).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "finite or null");
    }
    assert_eq!(paths(&store, json!({ "project": "p" })).await, ["f"]);
    let query = json!({ "project": "p", "agentName": 1 });
    fails(store.list_agent_report_cards(query).await, ErrorKind::InvalidArgument, "agentName");
}
