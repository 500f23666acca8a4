//! 6: agents' sessions, current projects and events.

use futures_util::future::join_all;
use scribe_store::error::{ErrorKind, Versions};
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, fails, items};
use super::world::contents;

async fn session(store: &Api<impl StorageBackend>, agent: &str, session: &str) -> Value {
    store.upsert_agent_session(json!({ "agentId": agent, "sessionId": session })).await.unwrap()
}

/// What sets agent "a" to a project.
fn change(project: &Value, expected_version: &Value) -> Value {
    json!({
        "agentId": "a", "projectName": project, "expectedVersion": expected_version, "updatedBy": "test",
        "sessionId": "s",
    })
}

async fn event_types(store: &Api<impl StorageBackend>, options: Value) -> Vec<String> {
    let events = store.list_agent_events(options).await.unwrap();
    items(&events).iter().map(|event| event["eventType"].as_str().unwrap().to_owned()).collect()
}

pub async fn c6_1_a_session_is_created_touched_and_revived<W: World>(world: &W) {
    let store = world.open().await;
    let other = world.open().await;
    let given = json!({ "agentId": "a", "sessionId": "s", "metadata": { "k": 1 } });
    let created = store.upsert_agent_session(given).await.unwrap();
    let now = "2026-01-01T00:00:00.000000Z";
    let expected = json!({
        "sessionId": "s", "agentId": "a", "status": "active", "startedAt": now, "lastActiveAt": now,
        "metadata": { "k": 1 },
    });
    assert_eq!(created, expected, "creates an active session");
    assert_eq!(other.fetch_agent_session(json!({ "sessionId": "s" })).await.unwrap(), created);
    assert_eq!(store.fetch_agent_session(json!({ "sessionId": "S" })).await.unwrap(), Value::Null);

    world.clock().advance_ms(1000);
    let mut expected = expected;
    (expected["lastActiveAt"], expected["metadata"]) = (json!("2026-01-01T00:00:01.000000Z"), Value::Null);
    assert_eq!(session(&other, "a", "s").await, expected, "touched; `metadata` replaced, `startedAt` stays");
    other.end_session(json!({ "sessionId": "s" })).await.unwrap();
    world.clock().advance_ms(1000);
    expected["lastActiveAt"] = json!("2026-01-01T00:00:02.000000Z");
    assert_eq!(session(&store, "a", "s").await, expected, "active again");
    assert_eq!(other.fetch_agent_session(json!({ "sessionId": "s" })).await.unwrap(), expected);
    assert_eq!(
        event_types(&store, json!({})).await,
        ["session_started", "session_ended", "session_started"],
        "a session that is merely touched has not started"
    );

    world.clock().advance_ms(1000);
    session(&store, "b", "t").await;
    session(&store, "a", "r").await;
    session(&store, "a", "q").await;
    store.end_session(json!({ "sessionId": "r" })).await.unwrap();
    let listed = async |options: Value| {
        let sessions = other.list_agent_sessions(options).await.unwrap();
        let ids: Vec<String> =
            items(&sessions).iter().map(|s| s["sessionId"].as_str().unwrap().into()).collect();
        ids
    };
    assert_eq!(listed(json!({})).await, ["q", "r", "t", "s"], "the latest sign of life first");
    assert_eq!(listed(json!({ "agentId": "a" })).await, ["q", "r", "s"]);
    assert_eq!(listed(json!({ "agentId": "a", "status": "active" })).await, ["q", "s"]);
    assert_eq!(listed(json!({ "status": "expired" })).await, ["r"]);
    assert_eq!(listed(json!({ "agentId": "A" })).await, Vec::<String>::new());
    for (member, value) in [("status", json!("ended")), ("agentId", json!(1)), ("sessionId", json!("s"))] {
        let mut options = json!({});
        options[member] = value;
        fails(store.list_agent_sessions(options).await, ErrorKind::InvalidArgument, member);
    }
    for (member, value) in [
        ("agentId", json!("")),
        ("sessionId", json!("")),
        ("agentId", Value::Null),
        ("sessionId", json!(1)),
        ("metadata", json!([])),
        ("typo", json!(1)),
    ] {
        let mut session = json!({ "agentId": "a", "sessionId": "s" });
        session[member] = value;
        fails(store.upsert_agent_session(session).await, ErrorKind::InvalidArgument, member);
    }
}

pub async fn c6_1_another_agents_session_is_a_conflict<W: World>(world: &W) {
    let store = world.open().await;
    session(&store, "a", "s").await;
    world.clock().advance_ms(1000);
    for ended in [false, true] {
        let before = contents(&world.medium().await).await;
        for store in [&store, &world.open().await] {
            let theirs = json!({ "agentId": "b", "sessionId": "s", "metadata": {} });
            fails(store.upsert_agent_session(theirs).await, ErrorKind::Conflict, "\"s\"");
        }
        assert_eq!(contents(&world.medium().await).await, before, "nothing changes");
        let was_active = store.end_session(json!({ "sessionId": "s" })).await.unwrap();
        assert_eq!(was_active, json!(!ended));
    }
}

pub async fn c6_2_heartbeat_and_end_tell_whether_the_session_was_active<W: World>(world: &W) {
    let store = world.open().await;
    session(&store, "a", "s").await;
    let (known, unknown) = (json!({ "sessionId": "s" }), json!({ "sessionId": "none" }));
    let before = contents(&world.medium().await).await;
    for store in [&store, &world.open().await] {
        assert_eq!(store.heartbeat_session(unknown.clone()).await.unwrap(), json!(false));
        assert_eq!(store.end_session(unknown.clone()).await.unwrap(), json!(false), "never an error");
    }
    assert_eq!(contents(&world.medium().await).await, before);

    world.clock().advance_ms(1000);
    assert_eq!(store.heartbeat_session(known.clone()).await.unwrap(), json!(true));
    let touched = store.fetch_agent_session(known.clone()).await.unwrap();
    assert_eq!(touched["lastActiveAt"], "2026-01-01T00:00:01.000000Z", "it was touched");
    assert_eq!(touched["startedAt"], "2026-01-01T00:00:00.000000Z");
    world.clock().advance_ms(1000);
    assert_eq!(store.end_session(known.clone()).await.unwrap(), json!(true), "it was active");
    let ended = store.fetch_agent_session(known.clone()).await.unwrap();
    assert_eq!(ended["status"], "expired");
    assert_eq!(store.end_session(known.clone()).await.unwrap(), json!(false), "it was not any more");
    assert_eq!(store.heartbeat_session(known.clone()).await.unwrap(), json!(false), "nor can it be touched");
    assert_eq!(store.fetch_agent_session(known).await.unwrap(), ended);
    assert_eq!(event_types(&store, json!({})).await, ["session_ended", "session_started"]);
}

pub async fn c6_2_idle_sessions_expire<W: World>(world: &W) {
    let store = world.open().await;
    for id in ["oldest", "touched", "ended"] {
        session(&store, "a", id).await;
    }
    store.end_session(json!({ "sessionId": "ended" })).await.unwrap();
    world.clock().advance_ms(1000);
    session(&store, "b", "newer").await;
    store.heartbeat_session(json!({ "sessionId": "touched" })).await.unwrap();
    world.clock().advance_ms(500);
    let expire = async |idle: Value| store.expire_sessions(json!({ "idleMs": idle })).await.unwrap();
    assert_eq!(expire(json!(1501)).await, json!([]), "each was active within 1501 ms");
    assert_eq!(expire(json!(1e300)).await, json!([]));
    assert_eq!(expire(json!(500.001)).await, json!(["oldest"]), "to the microsecond");
    assert_eq!(expire(json!(500.001)).await, json!([]), "what has expired does not expire again");
    let oldest = store.fetch_agent_session(json!({ "sessionId": "oldest" })).await.unwrap();
    assert_eq!(oldest["status"], "expired");
    let event = store.list_agent_events(json!({ "limit": 1 })).await.unwrap()[0].clone();
    let expected = json!({
        "id": event["id"], "agentId": "a", "sessionId": "oldest", "eventType": "session_ended",
        "fromProject": null, "toProject": null, "expectedVersion": null, "actualVersion": null,
        "success": true, "createdAt": "2026-01-01T00:00:01.500000Z",
    });
    assert_eq!(event, expected, "expiry is told as well");
    let mut expired = items(&expire(json!(0)).await);
    expired.sort_by_key(ToString::to_string);
    assert_eq!(expired, [json!("newer"), json!("touched")], "every active one");
    for idle in [json!(-1), json!("5"), Value::Null] {
        for said in ["`idleMs`", &idle.to_string()] {
            let result = store.expire_sessions(json!({ "idleMs": idle })).await;
            fails(result, ErrorKind::InvalidArgument, said);
        }
    }
}

pub async fn c6_3_versions_count_up_and_are_checked<W: World>(world: &W) {
    let store = world.open().await;
    for name in ["p", "q"] {
        store.project(name).await;
    }
    let agent = json!({ "agentId": "a" });
    assert_eq!(store.get_agent_project(agent.clone()).await.unwrap(), Value::Null);
    let conflict = async |expected: u64, actual: Option<u64>| {
        let before = store.get_agent_project(agent.clone()).await.unwrap();
        let events = event_types(&store, json!({ "limit": 1000 })).await.len();
        let error = store.set_agent_project(change(&json!("q"), &json!(expected))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        let versions = Versions { expected: Some(expected), actual };
        assert_eq!(error.versions(), Some(versions), "it carries both versions");
        assert_eq!(store.get_agent_project(agent.clone()).await.unwrap(), before, "nothing changes");
        let after = store.list_agent_events(json!({ "limit": 1000 })).await.unwrap();
        assert_eq!(items(&after).len(), events + 1, "but the event log");
        let event = &after[0];
        assert_eq!((&event["eventType"], &event["success"]), (&json!("conflict_detected"), &json!(false)));
        assert_eq!((&event["expectedVersion"], &event["actualVersion"]), (&json!(expected), &json!(actual)));
        assert_eq!((&event["fromProject"], &event["toProject"]), (&before["projectName"], &json!("q")));
    };
    conflict(1, None).await;
    let set = store.set_agent_project(change(&json!("p"), &json!(0))).await.unwrap();
    let expected = json!({
        "agentId": "a", "projectName": "p", "version": 1, "updatedAt": "2026-01-01T00:00:00.000000Z",
        "updatedBy": "test", "sessionId": "s",
    });
    assert_eq!(set, expected, "0: only if the agent has none yet; the version is 1 on creation");
    conflict(0, Some(1)).await;
    conflict(2, Some(1)).await;
    world.clock().advance_ms(1000);
    for (project, expected_version, version) in [
        (json!("q"), json!(1), 2),
        (json!("q"), Value::Null, 3),
        (Value::Null, json!(3), 4),
        (json!("p"), json!(4), 5),
        (Value::Null, Value::Null, 6),
    ] {
        let set = store.set_agent_project(change(&project, &expected_version)).await.unwrap();
        assert_eq!((&set["version"], &set["projectName"]), (&json!(version), &project), "+1 each time");
        assert_eq!(set["updatedAt"], "2026-01-01T00:00:01.000000Z");
        let other = world.open().await;
        assert_eq!(other.get_agent_project(agent.clone()).await.unwrap(), set);
        conflict(version - 1, Some(version)).await;
        conflict(version + 1, Some(version)).await;
        conflict(0, Some(version)).await;
    }
    let mut other = change(&json!("p"), &json!(0));
    other["agentId"] = json!("b");
    assert_eq!(store.set_agent_project(other).await.unwrap()["version"], 1, "per agent");
    let mut missing = change(&json!("p"), &Value::Null);
    missing.as_object_mut().unwrap().remove("expectedVersion");
    assert_eq!(store.set_agent_project(missing).await.unwrap()["version"], 7, "missing is null");
}

pub async fn c6_3_of_racing_calls_exactly_one_succeeds<W: World>(world: &W) {
    const RACERS: usize = 8;
    let mut stores = Vec::new();
    for _ in 0..4 {
        stores.push(world.open().await);
    }
    stores[0].project("p").await;
    for round in 0..5_u64 {
        let racers = (0..RACERS).map(|racer| {
            let mut set = change(&json!("p"), &json!(round));
            set["updatedBy"] = json!(racer.to_string());
            stores[racer % stores.len()].set_agent_project(set)
        });
        let results = join_all(racers).await;
        let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1, "of {RACERS} racing calls with the same expectation, exactly one succeeds");
        for result in lost {
            let versions = Versions { expected: Some(round), actual: Some(round + 1) };
            assert_eq!(result.unwrap_err().versions(), Some(versions));
        }
        let winner = won.into_iter().next().unwrap().unwrap();
        assert_eq!(winner["version"], round + 1);
        for store in &stores {
            assert_eq!(store.get_agent_project(json!({ "agentId": "a" })).await.unwrap(), winner);
        }
    }
    let events = event_types(&stores[0], json!({ "limit": 1000 })).await;
    assert_eq!(events.len(), 5 * RACERS, "each call is told");
    assert_eq!(events.iter().filter(|kind| *kind == "project_set").count(), 5);
}

pub async fn c6_4_the_project_must_exist_and_a_mismatch_comes_first<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let before = contents(&world.medium().await).await;
    for expected in [Value::Null, json!(0)] {
        fails(
            store.set_agent_project(change(&json!("none"), &expected)).await,
            ErrorKind::NotFound,
            "\"none\"",
        );
    }
    assert_eq!(contents(&world.medium().await).await, before, "nothing changes, not even the event log");
    let mismatch = store.set_agent_project(change(&json!("none"), &json!(1))).await;
    fails(mismatch, ErrorKind::Conflict, "version 1");
    assert_eq!(event_types(&store, json!({})).await, ["conflict_detected"]);
    let set = store.set_agent_project(change(&json!("p"), &Value::Null)).await.unwrap();
    assert_eq!(set["sessionId"], "s", "`sessionId` is not checked");
    let ends = store.set_agent_project(change(&json!("P"), &json!(1))).await;
    fails(ends, ErrorKind::NotFound, "\"P\"");
    for (member, value) in [
        ("agentId", json!("")),
        ("agentId", json!(1)),
        ("projectName", json!("")),
        ("projectName", json!(1)),
        ("expectedVersion", json!(-1)),
        ("expectedVersion", json!(0.5)),
        ("expectedVersion", json!("1")),
        ("updatedBy", Value::Null),
        ("sessionId", json!(1)),
        ("typo", json!(1)),
    ] {
        let mut bad = change(&json!("p"), &Value::Null);
        bad[member] = value;
        fails(store.set_agent_project(bad).await, ErrorKind::InvalidArgument, member);
    }
    let mut missing = change(&json!("p"), &Value::Null);
    missing.as_object_mut().unwrap().remove("projectName");
    fails(store.set_agent_project(missing).await, ErrorKind::InvalidArgument, "projectName");
}

pub async fn c6_5_events_tell_what_happened<W: World>(world: &W) {
    let store = world.open().await;
    for name in ["p", "q"] {
        store.project(name).await;
    }
    session(&store, "a", "s").await;
    for (project, expected) in [
        (json!("p"), json!(0)),
        (json!("p"), Value::Null),
        (json!("q"), json!(2)),
        (json!("p"), json!(1)),
        (Value::Null, Value::Null),
        (Value::Null, json!(4)),
        (json!("q"), json!(5)),
    ] {
        // The conflict among these is part of the story.
        let _ = store.set_agent_project(change(&project, &expected)).await;
    }
    store.end_session(json!({ "sessionId": "s" })).await.unwrap();
    let told: Vec<Value> = items(&store.list_agent_events(json!({})).await.unwrap())
        .into_iter()
        .rev()
        .map(|event| {
            assert_eq!((&event["agentId"], &event["sessionId"]), (&json!("a"), &json!("s")));
            assert_eq!(event["createdAt"], "2026-01-01T00:00:00.000000Z");
            json!([
                event["eventType"],
                event["fromProject"],
                event["toProject"],
                event["expectedVersion"],
                event["actualVersion"],
                event["success"],
            ])
        })
        .collect();
    let expected = [
        json!(["session_started", null, null, null, null, true]),
        json!(["project_set", null, "p", 0, 1, true]),
        json!(["project_set", "p", "p", null, 2, true]),
        json!(["project_switched", "p", "q", 2, 3, true]),
        json!(["conflict_detected", "q", "p", 1, 3, false]),
        json!(["project_cleared", "q", null, null, 4, true]),
        json!(["project_cleared", null, null, 4, 5, true]),
        json!(["project_set", null, "q", 5, 6, true]),
        json!(["session_ended", null, null, null, null, true]),
    ];
    assert_eq!(told, expected);
}

pub async fn c6_5_events_are_listed_newest_first<W: World>(world: &W) {
    const SESSIONS: usize = 60;
    let store = world.open().await;
    for number in 0..SESSIONS {
        let agent = if number.is_multiple_of(2) { "even" } else { "odd" };
        session(&store, agent, &number.to_string()).await;
    }
    store.end_session(json!({ "sessionId": "0" })).await.unwrap();
    let reader = world.open().await;
    let sessions = async |options: Value| {
        let events = items(&reader.list_agent_events(options).await.unwrap());
        let ids: Vec<u64> = events.iter().map(|event| event["id"].as_u64().unwrap()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "newest first: {ids:?}");
        events.iter().map(|event| event["sessionId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all: Vec<String> =
        std::iter::once(0).chain((0..SESSIONS).rev()).map(|number| number.to_string()).collect();
    assert_eq!(sessions(json!({})).await, all[..50], "50 by default");
    assert_eq!(sessions(json!({ "limit": 1000 })).await, all);
    assert_eq!(sessions(json!({ "limit": 2 })).await, all[..2]);
    assert_eq!(sessions(json!({ "limit": 0 })).await, Vec::<String>::new());
    let odd = sessions(json!({ "agentId": "odd", "limit": 3 })).await;
    assert_eq!(odd, ["59", "57", "55"], "the limit applies after the filters");
    assert_eq!(sessions(json!({ "eventType": "session_ended" })).await, ["0"]);
    assert_eq!(sessions(json!({ "eventType": "session_started", "limit": 1 })).await, ["59"]);
    let none = json!({ "agentId": "odd", "eventType": "session_ended" });
    assert_eq!(sessions(none).await, Vec::<String>::new());
    for (member, value) in [("eventType", json!("ended")), ("agentId", json!(1)), ("limit", json!(-1))] {
        let mut options = json!({});
        options[member] = value;
        fails(reader.list_agent_events(options).await, ErrorKind::InvalidArgument, member);
    }
}
