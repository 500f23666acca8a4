//! 3: writing entries.

use futures_util::future::{join_all, join3};
use scribe_store::error::ErrorKind;
use scribe_store::storage::StorageBackend;
use scribe_store::wire;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, entry_with, fails, ids, items};
use super::world::contents;

fn identified(id: &str) -> Value {
    json!({ "entryId": id })
}

pub async fn c3_1_an_identifier_is_unique_in_the_whole_store<W: World>(world: &W) {
    let store = world.open().await;
    let other = world.open().await;
    store.project("p").await;
    store.project("q").await;
    assert!(store.insert(json!({ "entryId": "e", "message": "first", "emoji": "✅" })).await);
    let entry = store.fetch_entry(identified("e")).await.unwrap();
    let before = contents(&world.medium().await).await;
    for project in ["p", "q"] {
        for store in [&store, &other] {
            let second = json!({ "entryId": "e", "project": project, "message": "second", "emoji": "❌" });
            assert!(!store.insert(second).await, "a second insert yields false, in whatever project");
        }
    }
    assert_eq!(contents(&world.medium().await).await, before, "and changes nothing");
    assert_eq!(other.fetch_entry(identified("e")).await.unwrap(), entry);
    let metrics = store.fetch_metrics(json!({ "project": "q" })).await.unwrap();
    assert_eq!(metrics["totalEntries"], 0, "no metric either");
    // Identifiers are compared exactly.
    for id in ["E", "e ", " e", "é", "e\u{301}", "e\0"] {
        assert!(store.insert(identified(id)).await, "{id:?} is another identifier");
    }
    assert_eq!(store.count_entries(json!({ "project": "p" })).await.unwrap(), json!(7));
}

pub async fn c3_2_every_field_comes_back_as_given<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let strings = [
        "",
        " ",
        "plain",
        "\0\u{1}\u{7F}",
        "a\r\nb\tc",
        "\\\"'`",
        "\u{FEFF}é e\u{301}",
        "😀👩‍👩‍👧",
        "\u{FFFF}\u{10FFFF}",
        "</script>",
        &"long ".repeat(20_000),
    ];
    for (index, text) in strings.into_iter().enumerate() {
        let given = json!({
            "entryId": format!("{index}{text}"), "project": "p", "ts": "2026-01-31T08:09:10.123456Z",
            "emoji": text, "agent": text, "message": text, "meta": {}, "rawLine": text, "sha256": text,
        });
        assert_eq!(store.insert_entry(given.clone()).await.unwrap(), json!(true));
        let mut expected = given.clone();
        expected["seq"] = json!(index + 1);
        let reader = world.open().await;
        let fetched = reader.fetch_entry(json!({ "entryId": given["entryId"] })).await.unwrap();
        assert_eq!(fetched, expected, "all fields come back as given");
        let queried = reader.query_entries(json!({ "project": "p", "limit": 1 })).await.unwrap();
        assert_eq!(queried, json!([expected]), "from a query as well");
    }
    for (id, agent) in [("missing", json!({})), ("null", json!({ "agent": null, "meta": null }))] {
        let mut given = agent;
        given["entryId"] = json!(id);
        store.insert(given).await;
        let entry = store.fetch_entry(identified(id)).await.unwrap();
        assert_eq!((&entry["agent"], &entry["meta"]), (&Value::Null, &json!({})), "{id}");
    }
    // Text that JavaScript may hand over and a `Value` cannot hold.
    let text = r#"{"entryId": "\ud800", "project": "p", "ts": 0, "emoji": "\udfff!", "message": "a\ud83d\ude00\ud83d",
        "meta": {"\udc00": "\ud83d"}, "rawLine": "", "sha256": ""}"#;
    assert!(store.backend.insert_entry(wire::new_entry(text).unwrap()).await.unwrap());
    let entry = store.fetch_entry(identified("\u{FFFD}")).await.unwrap();
    let found = (&entry["emoji"], &entry["message"], &entry["meta"]);
    let expected = (&json!("\u{FFFD}!"), &json!("a😀\u{FFFD}"), &json!({ "\u{FFFD}": "\u{FFFD}" }));
    assert_eq!(found, expected, "a lone surrogate becomes U+FFFD");
}

pub async fn c3_2_metadata_comes_back_deep_equal<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let mut deepest = json!("bottom");
    for _ in 0..110 {
        deepest = json!({ "": deepest });
    }
    let metas = [
        json!({}),
        json!({ "a": null, "b": true, "c": false, "d": "", "e": [], "f": {}, "g": [[], {}, [null]] }),
        json!({ "z": 1, "a": { "y": [1, 2, { "x": 3 }], "b": "two" }, "": { "": "" } }),
        json!({ "__proto__": { "polluted": true }, "constructor": 1, "a.b": 2, "toJSON": "no", "0": 3 }),
        json!({ "$serde_json::private::Number": "1", "$serde_json::private::RawValue": "2" }),
        json!({ "big": 9_007_199_254_740_991_i64, "small": -9_007_199_254_740_991_i64, "half": 0.5 }),
        json!({ "tiny": 5e-324, "huge": 1.797_693_134_862_315_7e308, "third": 0.1 + 0.2, "zero": 0 }),
        json!({ "text": "a\r\n\t\"\\/\u{8}\u{c}\u{2028}\u{7f}😀\0", "é\n": "|;=" }),
        json!({ "long": "x".repeat(100_000), "many": (0..1000).collect::<Vec<_>>() }),
        json!({ "deep": deepest }),
    ];
    for (index, meta) in metas.iter().enumerate() {
        let id = index.to_string();
        assert!(store.insert(json!({ "entryId": id, "meta": meta })).await);
        let appended = json!({ "project": "p", "message": "m", "entryId": format!("a{id}"), "meta": meta });
        assert_eq!(store.append_entry(appended).await.unwrap()["meta"], *meta);
    }
    let reader = world.open().await;
    for (index, meta) in metas.iter().enumerate() {
        for id in [index.to_string(), format!("a{index}")] {
            assert_eq!(reader.fetch_entry(identified(&id)).await.unwrap()["meta"], *meta, "deep-equal");
        }
    }
    let queried = reader.query_entries(json!({ "project": "p", "limit": 100 })).await.unwrap();
    let queried: Vec<Value> = items(&queried).iter().rev().map(|entry| entry["meta"].clone()).collect();
    let expected: Vec<Value> = metas.iter().flat_map(|meta| [meta.clone(), meta.clone()]).collect();
    assert_eq!(queried, expected);

    // Other metadata goes the same ways.
    for meta in &metas {
        let session = json!({ "agentId": "a", "sessionId": "s", "metadata": meta });
        store.upsert_agent_session(session).await.unwrap();
        let session = reader.fetch_agent_session(json!({ "sessionId": "s" })).await.unwrap();
        assert_eq!(session["metadata"], *meta);
        let change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "", "metadata": meta });
        store.record_doc_change(json!({ "project": "p", "change": change })).await.unwrap();
        let changes = reader.list_doc_changes(json!({ "project": "p" })).await.unwrap();
        assert_eq!(changes["items"][0]["metadata"], *meta);
        let card = json!({ "filePath": "f", "agentName": "a", "metadata": meta });
        store.record_agent_report_card(json!({ "project": "p", "card": card })).await.unwrap();
        let cards = reader.list_agent_report_cards(json!({ "project": "p" })).await.unwrap();
        assert_eq!(cards["items"][0]["metadata"], *meta);
    }
    for bad in [json!([]), json!("{}"), json!(1), json!(true)] {
        let entry = entry_with(json!({ "entryId": "bad", "meta": bad }));
        fails(store.insert_entry(entry).await, ErrorKind::InvalidArgument, "`meta`");
    }
}

pub async fn c3_3_fields_of_the_wrong_type_are_refused<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for member in ["entryId", "emoji", "rawLine", "sha256", "message"] {
        for value in [Value::Null, json!(1), json!(true), json!(["x"]), json!({})] {
            let mut entry = entry_with(identified("bad"));
            entry[member] = value;
            fails(store.insert_entry(entry).await, ErrorKind::InvalidArgument, &format!("`{member}`"));
        }
        let mut entry = entry_with(identified("bad"));
        entry.as_object_mut().unwrap().remove(member);
        fails(store.insert_entry(entry).await, ErrorKind::InvalidArgument, &format!("`{member}`"));
    }
    let empty = entry_with(identified(""));
    fails(store.insert_entry(empty).await, ErrorKind::InvalidArgument, "`entryId`");
    let unknown = entry_with(json!({ "entryId": "bad", "mesage": "a typo" }));
    fails(store.insert_entry(unknown).await, ErrorKind::InvalidArgument, "mesage");
    let agent = entry_with(json!({ "entryId": "bad", "agent": 1 }));
    fails(store.insert_entry(agent).await, ErrorKind::InvalidArgument, "`agent`");
    for other in [Value::Null, json!("entry"), json!([entry_with(identified("bad"))])] {
        fails(store.insert_entry(other).await, ErrorKind::InvalidArgument, "the entry");
    }
    assert_eq!(store.count_entries(json!({ "project": "p" })).await.unwrap(), json!(0), "nothing was stored");

    // What looks wrong is the caller's business.
    let odd = json!({ "entryId": "odd", "rawLine": "two\nlines", "sha256": "not a hash", "seq": "ignored" });
    assert!(store.insert(odd).await);
    let entry = store.fetch_entry(identified("odd")).await.unwrap();
    assert_eq!((&entry["rawLine"], &entry["sha256"]), (&json!("two\nlines"), &json!("not a hash")));
    assert_eq!(entry["seq"], 1, "`seq` is ignored");
}

pub async fn c3_3_a_read_entry_can_be_inserted_elsewhere<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    store.insert(json!({ "entryId": "other" })).await;
    let append = json!({ "project": "p", "message": "m", "agent": "a", "meta": { "k": [1, { "l": null }] } });
    let entry = store.append_entry(append).await.unwrap();
    assert_eq!(entry["seq"], 2);
    store.delete_project(json!({ "name": "p" })).await.unwrap();
    store.project("p").await;
    assert_eq!(store.insert_entry(entry.clone()).await.unwrap(), json!(true), "just as it was read");
    let mut expected = entry;
    expected["seq"] = json!(1);
    assert_eq!(store.fetch_entry(json!({ "entryId": expected["entryId"] })).await.unwrap(), expected);
}

pub async fn c3_4_a_bad_element_rejects_the_call_and_stores_nothing<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let before = contents(&world.medium().await).await;
    for (bad, named) in [
        (json!({ "entryId": "" }), "`entryId`"),
        (json!({ "entryId": "x", "ts": "never" }), "`ts`"),
        (json!({ "entryId": "x", "emoji": null }), "`emoji`"),
        (json!({ "entryId": "x", "typo": 1 }), "typo"),
        (json!({ "entryId": "x", "project": 1 }), "`project`"),
    ] {
        let good = |id: &str| entry_with(identified(id));
        let entries = json!([good("a"), good("b"), entry_with(bad), good("c")]);
        let result = store.insert_entries(entries).await;
        let error = result.as_ref().unwrap_err();
        assert!(error.message().contains("entries[2]"), "the message names the index: {error}");
        fails(result, ErrorKind::InvalidArgument, named);
    }
    fails(store.insert_entries(json!(["x"])).await, ErrorKind::InvalidArgument, "entries[0]");
    fails(store.insert_entries(json!({})).await, ErrorKind::InvalidArgument, "an array");
    assert_eq!(contents(&world.medium().await).await, before, "nothing is stored");
}

pub async fn c3_4_an_unknown_project_rejects_the_call_and_stores_nothing<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let before = contents(&world.medium().await).await;
    let good = |id: &str| entry_with(identified(id));
    let bad = entry_with(json!({ "entryId": "x", "project": "none" }));
    let result = store.insert_entries(json!([good("a"), good("b"), bad, good("c")])).await;
    let error = result.as_ref().unwrap_err();
    assert!(error.message().contains("entries[2]"), "the message names the index: {error}");
    fails(result, ErrorKind::NotFound, "\"none\"");
    assert_eq!(contents(&world.medium().await).await, before, "nothing is stored");
    assert_eq!(ids(&store.query_entries(json!({ "project": "p" })).await.unwrap()), Vec::<String>::new());
    // Not even a duplicate excuses it.
    store.insert(identified("a")).await;
    let bad = entry_with(json!({ "entryId": "a", "project": "none" }));
    fails(store.insert_entries(json!([bad])).await, ErrorKind::NotFound, "\"none\"");
}

pub async fn c3_4_duplicates_are_counted_and_the_first_wins<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    store.project("q").await;
    store.insert(json!({ "entryId": "stored", "message": "stored first" })).await;
    let entries = json!([
        entry_with(json!({ "entryId": "new", "message": "first" })),
        entry_with(json!({ "entryId": "stored", "message": "again" })),
        entry_with(json!({ "entryId": "new", "message": "second" })),
        entry_with(json!({ "entryId": "new", "message": "third", "project": "q" })),
        entry_with(json!({ "entryId": "last" })),
        entry_with(json!({ "entryId": "in q", "project": "q" })),
    ]);
    let counts = store.insert_entries(entries.clone()).await.unwrap();
    assert_eq!(counts, json!({ "inserted": 3, "duplicates": 3 }));
    let entry = async |id: &str| store.fetch_entry(identified(id)).await.unwrap();
    assert_eq!(entry("new").await["message"], "first", "the first wins");
    assert_eq!(entry("stored").await["message"], "stored first");
    assert_eq!(store.ids(json!({ "project": "p" })).await, ["last", "new", "stored"]);
    assert_eq!(store.ids(json!({ "project": "q" })).await, ["in q"]);
    assert_eq!([entry("new").await, entry("last").await].map(|entry| entry["seq"].clone()), [2, 3]);
    let before = contents(&world.medium().await).await;
    let again = store.insert_entries(entries).await.unwrap();
    assert_eq!(again, json!({ "inserted": 0, "duplicates": 6 }));
    let nothing = store.insert_entries(json!([])).await.unwrap();
    assert_eq!(nothing, json!({ "inserted": 0, "duplicates": 0 }));
    assert_eq!(contents(&world.medium().await).await, before, "nothing changes");
}

pub async fn c3_4_many_entries_go_in_at_once<W: World>(world: &W) {
    const COUNT: usize = 4500;
    let store = world.open().await;
    store.project("p").await;
    let ts = |number: usize| format!("2026-01-01T{:02}:{:02}:00Z", number / 60 % 24, number % 60);
    let entry =
        |number: usize| entry_with(json!({ "entryId": number.to_string(), "ts": ts(number), "emoji": "✅" }));
    let counts = store.insert_entries((0..COUNT).map(entry).collect()).await.unwrap();
    assert_eq!(counts, json!({ "inserted": COUNT, "duplicates": 0 }));
    // Both the store that wrote and one that has to load.
    for store in [&store, &world.open().await] {
        let mut expected: Vec<usize> = (0..COUNT).collect();
        expected.sort_by_key(|&number| std::cmp::Reverse((ts(number), number)));
        let expected: Vec<String> = expected.iter().map(usize::to_string).collect();
        assert_eq!(store.ids(json!({ "project": "p" })).await, expected);
        let metrics = store.fetch_metrics(json!({ "project": "p" })).await.unwrap();
        assert_eq!(metrics["successCount"], COUNT);
        let last = store.fetch_entry(identified(&(COUNT - 1).to_string())).await.unwrap();
        assert_eq!(last["seq"], COUNT, "`seq` is the order of insertion");
    }
    assert_eq!(store.delete_project(json!({ "name": "p" })).await.unwrap(), json!(true));
    let left: usize = contents(&world.medium().await).await.iter().map(Vec::len).sum();
    assert_eq!(left, 2, "all can be deleted; only the counters of projects and segments are left");
}

pub async fn c3_6_metrics_equal_a_recount<W: World>(world: &W) {
    let store = world.open().await;
    let reader = world.open().await;
    store.project("p").await;
    let check = async |last_update: Value| {
        for store in [&store, &reader] {
            let project = json!({ "project": "p" });
            let metrics = store.fetch_metrics(project.clone()).await.unwrap();
            let entries = store.query_entries(json!({ "project": "p", "limit": 1000 })).await.unwrap();
            let count = |emoji: &str| items(&entries).iter().filter(|entry| entry["emoji"] == emoji).count();
            let recount = json!({
                "totalEntries": items(&entries).len(), "successCount": count("✅"),
                "warnCount": count("⚠️"), "errorCount": count("❌"), "lastUpdate": last_update,
            });
            assert_eq!(metrics, recount, "metrics always equal a recount");
        }
    };
    check(Value::Null).await;
    // The warning sign without its variation selector, and others that look alike, do not count.
    for (number, emoji) in ["✅", "⚠️", "⚠", "❌", "✖️", "✅ ", "ℹ️", "", "✅", "⚠️"].into_iter().enumerate()
    {
        let ts = format!("2026-01-31T00:00:0{}Z", (number * 7) % 10);
        store.insert(json!({ "entryId": format!("e{number}"), "emoji": emoji, "ts": ts })).await;
    }
    let metrics = store.fetch_metrics(json!({ "project": "p" })).await.unwrap();
    assert_eq!([&metrics["successCount"], &metrics["warnCount"], &metrics["errorCount"]], [2, 2, 1]);
    let last = json!("2026-01-31T00:00:09.000000Z");
    check(last.clone()).await;
    store.insert(json!({ "entryId": "e0", "emoji": "❌" })).await;
    check(last.clone()).await;
    let batch = ["x", "y", "x"].map(|id| entry_with(json!({ "entryId": id, "emoji": "❌" })));
    reader.insert_entries(json!(batch)).await.unwrap();
    check(last.clone()).await;
    let bad = json!([entry_with(identified("z")), entry_with(json!({ "entryId": "w", "project": "none" }))]);
    reader.insert_entries(bad).await.unwrap_err();
    check(last).await;
    let append = json!({ "project": "p", "message": "m", "status": "warn", "ts": "2026-02-01" });
    store.append_entry(append).await.unwrap();
    check(json!("2026-02-01T00:00:00.000000Z")).await;
}

/// Writes one of everything.
async fn write_all(store: &Api<impl StorageBackend>) {
    store.project("p").await;
    store.insert(json!({ "entryId": "inserted" })).await;
    store.insert_entries(json!([entry_with(identified("in bulk"))])).await.unwrap();
    let append = json!({ "project": "p", "message": "m", "entryId": "appended" });
    store.append_entry(append).await.unwrap();
    let change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "" });
    store.record_doc_change(json!({ "project": "p", "change": change })).await.unwrap();
    let card = json!({ "filePath": "f", "agentName": "a", "overallGrade": 1.5 });
    store.record_agent_report_card(json!({ "project": "p", "card": card })).await.unwrap();
    let session = json!({ "agentId": "a", "sessionId": "s", "metadata": { "k": 1 } });
    store.upsert_agent_session(session).await.unwrap();
    let set = json!({ "agentId": "a", "projectName": "p", "updatedBy": "a", "sessionId": "s" });
    store.set_agent_project(set).await.unwrap();
}

/// Reads all that there is.
async fn read_all(store: &Api<impl StorageBackend>) -> Value {
    let project = json!({ "project": "p" });
    json!([
        store.list_projects().await.unwrap(),
        store.fetch_metrics(project.clone()).await.unwrap(),
        store.query_entries(project.clone()).await.unwrap(),
        store.list_doc_changes(project.clone()).await.unwrap(),
        store.list_agent_report_cards(project).await.unwrap(),
        store.list_agent_sessions(json!({})).await.unwrap(),
        store.get_agent_project(json!({ "agentId": "a" })).await.unwrap(),
        store.list_agent_events(json!({})).await.unwrap(),
    ])
}

pub async fn c3_7_what_was_written_is_there_for_the_next_store<W: World>(world: &W) {
    let store = world.open().await;
    write_all(&store).await;
    let written = read_all(&store).await;
    assert_eq!(items(&written[2]).len(), 3);
    store.close().await;
    drop(store);
    let next = world.open().await;
    assert_eq!(read_all(&next).await, written, "a write that resolved survives");
    assert!(!next.insert(identified("appended")).await, "and so do its identifiers");
    let appended = next.append_entry(json!({ "project": "p", "message": "m" })).await.unwrap();
    assert_eq!(appended["seq"], 4, "numbers go on where they were");
}

pub async fn c3_7_what_was_rejected_left_nothing<W: World>(world: &W) {
    let store = world.open().await;
    write_all(&store).await;
    let before = contents(&world.medium().await).await;
    let unknown = json!("none");
    let entry = entry_with(json!({ "entryId": "x", "project": unknown }));
    let change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "" });
    let card = json!({ "filePath": "f", "agentName": "a" });
    let set = json!({ "agentId": "a", "projectName": unknown, "updatedBy": "a", "sessionId": "s" });
    let rejected = [
        store.insert_entry(entry.clone()).await,
        store.insert_entries(json!([entry_with(identified("y")), entry])).await,
        store.append_entry(json!({ "project": unknown, "message": "m" })).await,
        store.record_doc_change(json!({ "project": unknown, "change": change })).await,
        store.record_agent_report_card(json!({ "project": unknown, "card": card })).await,
        store.set_agent_project(set).await,
    ];
    for result in rejected {
        fails(result, ErrorKind::NotFound, "\"none\"");
    }
    let session = json!({ "agentId": "another", "sessionId": "s", "metadata": {} });
    fails(store.upsert_agent_session(session).await, ErrorKind::Conflict, "\"s\"");
    assert_eq!(contents(&world.medium().await).await, before, "a write that rejected left nothing");
}

pub async fn c3_8_effects_follow_the_order_of_calls<W: World>(world: &W) {
    const CALLS: usize = 60;
    let store = world.open().await;
    let old = store.project("p").await;
    let number = |id: usize| json!({ "entryId": format!("{id:02}") });
    let inserts = join_all((0..CALLS).map(|id| store.insert(number(id))));
    assert!(inserts.await.iter().all(|&inserted| inserted));
    let newest_first: Vec<String> = (0..CALLS).rev().map(|id| format!("{id:02}")).collect();
    assert_eq!(store.ids(json!({ "project": "p" })).await, newest_first, "`seq` follows the order of calls");

    // Inserts before, between and after other writes, all without waiting.
    let project = json!({ "name": "p", "repoRoot": "/new", "progressLogPath": "" });
    let (_, deleted, (_, remade, after)) = join3(
        store.insert_entry(entry_with(identified("before"))),
        store.delete_project(json!({ "name": "p" })),
        join3(
            store.insert_entry(entry_with(json!({ "entryId": "between" }))),
            store.upsert_project(project),
            join_all(["after", "00"].map(|id| store.insert(identified(id)))),
        ),
    )
    .await;
    assert_eq!(deleted.unwrap(), json!(true));
    assert_ne!(remade.unwrap()["id"], old["id"]);
    assert_eq!(after, [true, true], "the deletion had freed the identifier");
    assert_eq!(store.ids(json!({ "project": "p" })).await, ["00", "after"]);
    let gone = store.fetch_entry(identified("before")).await.unwrap();
    assert_eq!(gone, Value::Null, "inserted, then deleted with its project");
    let never = store.fetch_entry(identified("between")).await.unwrap();
    assert_eq!(never, Value::Null, "its project was gone");

    let append = |id: &str, message: &str| json!({ "project": "p", "entryId": id, "message": message });
    let (first, second, inserted) = join3(
        store.append_entry(append("same", "first")),
        store.append_entry(append("same", "second")),
        store.insert(identified("same")),
    )
    .await;
    assert_eq!(first.unwrap()["message"], "first");
    assert_eq!(second.unwrap()["message"], "first", "the first call wins");
    assert!(!inserted);
}

pub async fn c3_8_a_call_that_fails_does_not_fail_the_others<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let call = |number: usize| {
        let entry = |id: String, project: &str| entry_with(json!({ "entryId": id, "project": project }));
        match number % 3 {
            0 => json!([entry(number.to_string(), "p")]),
            1 => json!([entry(number.to_string(), "p"), entry(format!("{number}x"), "none")]),
            _ => json!([entry(number.to_string(), "p"), entry("0".to_owned(), "p")]),
        }
    };
    let results = join_all((0..30).map(|number| store.insert_entries(call(number)))).await;
    for (number, result) in results.into_iter().enumerate() {
        match number % 3 {
            0 => assert_eq!(result.unwrap(), json!({ "inserted": 1, "duplicates": 0 })),
            1 => fails(result, ErrorKind::NotFound, "\"none\""),
            _ => assert_eq!(result.unwrap(), json!({ "inserted": 1, "duplicates": 1 })),
        }
    }
    let mut expected: Vec<String> =
        (0..30).filter(|number| number % 3 != 1).map(|number| number.to_string()).collect();
    expected.reverse();
    assert_eq!(store.ids(json!({ "project": "p" })).await, expected, "in the order of calls");
    assert_eq!(world.open().await.ids(json!({ "project": "p" })).await, expected);
}
