//! 8: changes as they happen, and what a store takes.

use futures_util::future::{join, join_all, join4};
use scribe_store::error::ErrorKind;
use scribe_store::medium::Table;
use scribe_store::model::Change;
use scribe_store::wire::ToJson;
use serde_json::{Value, json};

use super::World;
use super::api::{entry_with, fails, items};
use super::world;

/// What was told, as JavaScript gets it.
fn told<W: World>(world: &W) -> Vec<Value> {
    let changes = world.clock().take_changes();
    changes.iter().map(|change| serde_json::from_str(&change.to_json()).unwrap()).collect()
}

fn inserted(project: &str, first: u64, last: u64) -> Value {
    json!({ "kind": "entries", "project": project, "firstSeq": first, "lastSeq": last })
}

/// Entries whose times do not go with `seq`.
fn mixed(first: u64, count: u64) -> Value {
    let entry = |number: u64| {
        let agent = if number.is_multiple_of(3) { json!(null) } else { json!(format!("a{}", number % 5)) };
        entry_with(json!({
            "entryId": format!("e{number}"),
            "ts": number * 7919 % 1000,
            "agent": agent,
            "message": format!("m{}", number % 4),
            "meta": { "place": number % 6 },
        }))
    };
    (first..first + count).map(entry).collect()
}

fn seqs(entries: &[Value]) -> Vec<u64> {
    entries.iter().map(|entry| entry["seq"].as_u64().unwrap()).collect()
}

pub async fn c8_1_every_write_tells_what_it_changed<W: World>(world: &W) {
    let store = world.open().await;
    let project = json!({ "kind": "project", "project": "p", "action": "upserted" });
    store.project("p").await;
    assert_eq!(told(world), std::slice::from_ref(&project));
    store.upsert_project(json!({ "name": "p", "repoRoot": "", "progressLogPath": "" })).await.unwrap();
    assert_eq!(told(world), [project]);
    store.insert(json!({ "entryId": "x" })).await;
    store.append_entry(json!({ "project": "p", "message": "m" })).await.unwrap();
    store.insert_entries(mixed(0, 20)).await.unwrap();
    assert_eq!(told(world), [inserted("p", 1, 1), inserted("p", 2, 2), inserted("p", 3, 22)]);
    let change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "" });
    store.record_doc_change(json!({ "project": "p", "change": change })).await.unwrap();
    let card = json!({ "filePath": "f", "agentName": "a" });
    store.record_agent_report_card(json!({ "project": "p", "card": card })).await.unwrap();
    let document = json!({ "kind": "document", "project": "p" });
    assert_eq!(told(world), [document.clone(), document]);
    for session in ["s", "t"] {
        store.upsert_agent_session(json!({ "agentId": "a", "sessionId": session })).await.unwrap();
    }
    store.heartbeat_session(json!({ "sessionId": "s" })).await.unwrap();
    store.end_session(json!({ "sessionId": "s" })).await.unwrap();
    store.expire_sessions(json!({ "idleMs": 0 })).await.unwrap();
    let session = |id: &str| json!({ "kind": "session", "agentId": "a", "sessionId": id });
    assert_eq!(told(world), ["s", "t", "s", "s", "t"].map(session));
    let set = json!({ "agentId": "a", "projectName": "p", "updatedBy": "a", "sessionId": "s" });
    store.set_agent_project(set).await.unwrap();
    assert!(store.delete_project(json!({ "name": "p" })).await.unwrap() == json!(true));
    let agent = |project: Value, version: u64| json!({ "kind": "agent_project", "agentId": "a", "project": project, "version": version });
    let deleted = json!({ "kind": "project", "project": "p", "action": "deleted" });
    assert_eq!(told(world), [agent(json!("p"), 1), agent(json!(null), 2), deleted]);
}

pub async fn c8_1_what_changed_nothing_tells_nothing<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    store.insert(json!({ "entryId": "x" })).await;
    store.upsert_agent_session(json!({ "agentId": "a", "sessionId": "s" })).await.unwrap();
    told(world);
    store.project("p").await;
    let again = entry_with(json!({ "entryId": "x" }));
    assert!(!store.insert(json!({ "entryId": "x" })).await);
    store.insert_entries(json!([again, again])).await.unwrap();
    store.insert_entries(json!([])).await.unwrap();
    store.append_entry(json!({ "project": "p", "message": "m", "entryId": "x" })).await.unwrap();
    fails(
        store
            .insert_entries(json!([
                entry_with(json!({ "entryId": "y" })),
                entry_with(json!({
                    "entryId": "z", "project": "none"
                }))
            ]))
            .await,
        ErrorKind::NotFound,
        "none",
    );
    store.delete_project(json!({ "name": "none" })).await.unwrap();
    store.heartbeat_session(json!({ "sessionId": "none" })).await.unwrap();
    let late = json!({
        "agentId": "a", "projectName": "p", "expectedVersion": 3, "updatedBy": "a", "sessionId": "s"
    });
    fails(store.set_agent_project(late).await, ErrorKind::Conflict, "3");
    let theirs = json!({ "agentId": "b", "sessionId": "s" });
    fails(store.upsert_agent_session(theirs).await, ErrorKind::Conflict, "s");
    assert_eq!(told(world), Vec::<Value>::new());
    store.insert_entries(json!([again, entry_with(json!({ "entryId": "y" })), again])).await.unwrap();
    assert_eq!(told(world), [inserted("p", 2, 2)], "of a call with duplicates what is new");
}

pub async fn c8_1_calls_that_share_a_transaction_tell_of_each_entry_once<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    store.project("q").await;
    told(world);
    let call = |number: u64| {
        let project = ["p", "q", "none"][usize::try_from(number % 3).unwrap()];
        store.insert_entry(entry_with(json!({ "entryId": number.to_string(), "project": project })))
    };
    let results = join_all((0..60).map(call)).await;
    assert_eq!(results.into_iter().filter(Result::is_err).count(), 20, "those of no project");
    for name in ["p", "q"] {
        let mut seqs = Vec::new();
        for change in world.clock().take_changes_of(name) {
            let Change::Entries { first_seq, last_seq, .. } = change else { panic!("{change:?}") };
            seqs.extend(first_seq..=last_seq);
        }
        assert_eq!(seqs, (1..=20).collect::<Vec<_>>(), "no gap, no repeat, in order");
    }
}

pub async fn c8_2_a_log_is_followed_in_the_order_of_seq<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    store.insert_entries(mixed(0, 40)).await.unwrap();
    for number in 40..53 {
        store.insert_entries(mixed(number, 1)).await.unwrap();
    }
    let queries = [
        json!({}),
        json!({ "agents": ["a1", "a2"] }),
        json!({ "agents": ["nobody"] }),
        json!({ "message": "M1" }),
        json!({ "metaFilters": { "place": 3 }, "start": 100, "end": 700 }),
    ];
    for mut query in queries {
        query["project"] = json!("p");
        let mut all = query.clone();
        all["limit"] = json!(1000);
        let mut expected = items(&store.query_entries(all).await.unwrap());
        expected.sort_by_key(|entry| entry["seq"].as_u64());
        for limit in [1, 2, 7, 100] {
            for from in [0, 1, 3, 8, 40, 41, 53] {
                let behind: Vec<Value> =
                    expected.iter().filter(|entry| entry["seq"].as_u64() >= Some(from)).cloned().collect();
                let place = json!({ "ts": 0, "seq": from });
                let (found, next) = store.follow_entries(query.clone(), place, limit).await.unwrap();
                assert_eq!(found, behind, "{query} from {from} by {limit}");
                assert_eq!(next["seq"], json!(54), "{query} from {from} by {limit}");
            }
        }
    }
}

pub async fn c8_2_following_begins_where_it_is_told_to<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let query = json!({ "project": "p" });
    let (none, first) = store.follow_entries(query.clone(), Value::Null, 5).await.unwrap();
    assert_eq!((none.len(), &first["seq"]), (0, &json!(1)), "an empty log");
    store.insert_entries(mixed(0, 7)).await.unwrap();
    let (none, here) = store.follow_entries(query.clone(), Value::Null, 5).await.unwrap();
    assert_eq!((none.len(), &here["seq"]), (0, &json!(8)), "without a place there is nothing yet");
    let ahead = json!({ "ts": 0, "seq": 11 });
    let (none, ahead) = store.follow_entries(query.clone(), ahead, 5).await.unwrap();
    assert_eq!((none.len(), &ahead["seq"]), (0, &json!(11)), "a place that no entry has yet stays");
    store.insert_entries(mixed(7, 5)).await.unwrap();
    for (place, seqs_from) in [(first, 1..=12), (here, 8..=12), (ahead, 11..=12)] {
        let (found, next) = store.follow_entries(query.clone(), place, 5).await.unwrap();
        assert_eq!(seqs(&found), seqs_from.collect::<Vec<_>>());
        assert_eq!(next["seq"], json!(13));
    }
}

pub async fn c8_2_following_begins_behind_what_was_called_before<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let append = |message: &str| store.append_entry(json!({ "project": "p", "message": message }));
    let query = json!({ "project": "p" });
    let begin = store.follow_entries(query.clone(), Value::Null, 5);
    // The second waits for the first; the last is called when neither is there.
    let (one, two, place, three) = join4(append("one"), append("two"), begin, append("three")).await;
    assert_eq!([one, two, three].map(|entry| entry.unwrap()["seq"].clone()), [json!(1), json!(2), json!(3)]);
    let (found, _) = store.follow_entries(query, place.unwrap().1, 5).await.unwrap();
    assert_eq!(seqs(&found), [3], "the first whose insertion is called later");
}

pub async fn c8_2_following_sees_what_others_insert<W: World>(world: &W) {
    let (reader, writer) = (world.open().await, world.open().await);
    reader.project("p").await;
    let query = json!({ "project": "p", "agents": ["a1", "a3"] });
    let (_, mut place) = reader.follow_entries(query.clone(), Value::Null, 3).await.unwrap();
    let mut seen = Vec::new();
    for round in 0..12_u64 {
        let write = writer.insert_entries(mixed(round * 10, 1 + round % 4 * 3));
        let (found, written) = join(reader.follow_entries(query.clone(), place, 3), write).await;
        written.unwrap();
        let (found, next) = found.unwrap();
        seen.extend(found);
        place = next;
    }
    seen.extend(reader.follow_entries(query.clone(), place, 3).await.unwrap().0);
    let mut all = query;
    all["limit"] = json!(1000);
    let mut expected = seqs(&items(&reader.query_entries(all).await.unwrap()));
    expected.sort_unstable();
    assert_eq!(seqs(&seen), expected, "no gap, no repeat");
}

pub async fn c8_2_following_ends_with_its_project<W: World>(world: &W) {
    let store = world.open().await;
    fails(store.follow_entries(json!({ "project": "p" }), Value::Null, 5).await, ErrorKind::NotFound, "p");
    let typo = json!({ "project": "p", "fromseq": 1 });
    fails(store.follow_entries(typo, Value::Null, 5).await, ErrorKind::InvalidArgument, "fromseq");
    let record = store.project("p").await;
    let (_, place) = store.follow_entries(json!({ "project": "p" }), Value::Null, 5).await.unwrap();
    let (_, same) = store.follow_entries(json!({ "project": record }), Value::Null, 5).await.unwrap();
    assert_eq!(place, same, "by its name and by its record");
    store.delete_project(json!({ "name": "p" })).await.unwrap();
    store.project("p").await;
    store.insert_entries(mixed(0, 5)).await.unwrap();
    let anew = store.follow_entries(json!({ "project": "p" }), place, 5).await;
    fails(anew, ErrorKind::NotFound, "does not exist");
}

pub async fn c8_4_the_bytes_of_a_store_are_those_of_its_keys_and_values<W: World>(world: &W) {
    let store = world.open().await;
    assert_eq!(store.stored_bytes().await.unwrap(), json!(0), "of an empty store");
    store.project("p").await;
    store.insert_entries(mixed(0, 700)).await.unwrap();
    for number in 700..712 {
        store.insert_entries(mixed(number, 1)).await.unwrap();
    }
    store.upsert_agent_session(json!({ "agentId": "a", "sessionId": "s" })).await.unwrap();
    let medium = world.medium().await;
    let mut sum = 0;
    for table in Table::ALL {
        let (keys, values) = (world::keys(&medium, table).await, world::values(&medium, table).await);
        assert_eq!(keys.len(), values.len());
        sum += keys.iter().chain(&values).map(Vec::len).sum::<usize>();
    }
    assert_eq!(store.stored_bytes().await.unwrap(), json!(sum));
}
