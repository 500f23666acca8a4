//! 1: instants and the bounds of a range.

use scribe_store::error::ErrorKind;
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, entry_with, fails};

pub async fn c1_1_every_accepted_form_is_the_same_instant<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let same_instant = [
        json!("2026-01-31T08:09:10Z"),
        json!("2026-01-31t08:09:10z"),
        json!("2026-01-31T08:09:10.000Z"),
        json!("2026-01-31T08:09:10.000000999Z"),
        json!("2026-01-31T10:39:10+02:30"),
        json!("2026-01-30T18:09:10-14:00"),
        json!("2026-01-31 08:09:10Z"),
        json!("2026-01-31 08:09:10+00:00"),
        json!("2026-01-31 08:09:10 UTC"),
        json!("2026-01-31T08:09:10"),
        json!("2026-01-31 08:09:10"),
        json!(1_769_846_950_000_i64),
        json!(1_769_846_950_000.0),
    ];
    for (index, form) in same_instant.iter().enumerate() {
        let stored = stored_time(&store, &format!("same {index}"), form).await;
        assert_eq!(stored, "2026-01-31T08:09:10.000000Z", "{form} is that instant");
    }
    for (form, expected) in [
        (json!("2026-01-31"), "2026-01-31T00:00:00.000000Z"),
        (json!("2026-01-31T08:09:10.123456999Z"), "2026-01-31T08:09:10.123456Z"),
        (json!("2026-01-31T08:09:10.5"), "2026-01-31T08:09:10.500000Z"),
        (json!(1_769_846_950_000.5), "2026-01-31T08:09:10.000500Z"),
        (json!(-0.001), "1969-12-31T23:59:59.999999Z"),
        (json!("0001-01-01"), "0001-01-01T00:00:00.000000Z"),
        (json!("9999-12-31T23:59:59.999999999Z"), "9999-12-31T23:59:59.999999Z"),
    ] {
        assert_eq!(stored_time(&store, &form.to_string(), &form).await, expected, "{form}");
    }
}

async fn stored_time(store: &Api<impl StorageBackend>, id: &str, ts: &Value) -> Value {
    assert!(store.insert(json!({ "entryId": id, "ts": ts })).await, "{ts} is accepted");
    let entry = store.fetch_entry(json!({ "entryId": id })).await.unwrap();
    entry["ts"].clone()
}

pub async fn c1_1_anything_else_is_an_invalid_argument<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for ts in [
        json!(""),
        json!("yesterday"),
        json!("2026"),
        json!("2026-02-30"),
        json!("2026-1-1"),
        json!("2026-01-31T24:00:00Z"),
        json!("2026-01-31T08:09Z"),
        json!("2026-01-31T08:09:10.1234567890Z"),
        json!("2026-01-31T08:09:10+0200"),
        json!("2026-01-31 08:09:10 CET"),
        json!(" 2026-01-31"),
        json!("0000-12-31"),
        json!("0001-01-01T00:00:00+00:01"),
        json!("9999-12-31T23:59:59-00:01"),
        json!("+12026-01-31T08:09:10Z"),
        json!(-62_135_596_800_001_i64),
        json!(253_402_300_800_000_i64),
        json!(1e300),
        json!(true),
        json!({}),
        json!([2026, 1, 31]),
    ] {
        let entry = json!({ "entryId": "bad", "ts": ts });
        fails(store.insert_entry(entry_with(entry)).await, ErrorKind::InvalidArgument, "`ts`");
        let entry = json!({ "project": "p", "message": "m", "ts": ts });
        fails(store.append_entry(entry).await, ErrorKind::InvalidArgument, "`ts`");
        for bound in ["start", "end"] {
            let query = json!({ "project": "p", bound: ts });
            let named = format!("`{bound}`");
            fails(store.query_entries(query.clone()).await, ErrorKind::InvalidArgument, &named);
            fails(store.query_entries_paginated(query.clone()).await, ErrorKind::InvalidArgument, &named);
            fails(store.count_query_entries(query.clone()).await, ErrorKind::InvalidArgument, &named);
            fails(store.iterate_entries(query, 10).await, ErrorKind::InvalidArgument, &named);
        }
    }
    let null = entry_with(json!({ "entryId": "bad", "ts": null }));
    fails(store.insert_entry(null).await, ErrorKind::InvalidArgument, "`ts`");
    assert_eq!(store.count_entries(json!({ "project": "p" })).await.unwrap(), json!(0), "nothing was stored");
}

pub async fn c1_2_times_come_back_with_six_digits<W: World>(world: &W) {
    let store = world.open().await;
    world.clock().advance_ms(250);
    let project = store.project("p").await;
    store.insert(json!({ "entryId": "e", "ts": "2026-01-31T08:09:10.12Z" })).await;
    let entry = store.append_entry(json!({ "project": "p", "message": "m" })).await.unwrap();
    let metrics = store.fetch_metrics(json!({ "project": "p" })).await.unwrap();
    let change = json!({ "doc": "d", "action": "a", "shaBefore": "", "shaAfter": "" });
    let change = store.record_doc_change(json!({ "project": "p", "change": change })).await.unwrap();
    let card = json!({ "filePath": "f", "agentName": "a" });
    let card = store.record_agent_report_card(json!({ "project": "p", "card": card })).await.unwrap();
    let session = json!({ "agentId": "a", "sessionId": "s" });
    let session = store.upsert_agent_session(session).await.unwrap();
    let set = json!({ "agentId": "a", "projectName": "p", "updatedBy": "a", "sessionId": "s" });
    let agent = store.set_agent_project(set).await.unwrap();
    let events = store.list_agent_events(json!({})).await.unwrap();

    let now = "2026-01-01T00:00:00.250000Z";
    assert_eq!(metrics["lastUpdate"], "2026-01-31T08:09:10.120000Z");
    for (record, members) in [
        (&project, ["createdAt", "updatedAt"]),
        (&entry, ["ts", "ts"]),
        (&change, ["createdAt", "createdAt"]),
        (&card, ["createdAt", "updatedAt"]),
        (&session, ["startedAt", "lastActiveAt"]),
        (&agent, ["updatedAt", "updatedAt"]),
        (&events[0], ["createdAt", "createdAt"]),
    ] {
        for member in members {
            assert_eq!(record[member], now, "{member} of {record} has six digits");
        }
    }
}

pub async fn c1_3_times_compare_as_instants<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    // As text, these sort the other way round.
    store.insert(json!({ "entryId": "first", "ts": "2026-01-02T01:00:00+02:00" })).await;
    store.insert(json!({ "entryId": "second", "ts": "2026-01-01T23:30:00Z" })).await;
    store.insert(json!({ "entryId": "third", "ts": "2026-01-01T12:00:00-12:00" })).await;
    assert_eq!(store.ids(json!({ "project": "p" })).await, ["third", "second", "first"]);
    let since = json!({ "project": "p", "start": "2026-01-02T01:30:00+02:00" });
    assert_eq!(store.ids(since).await, ["third", "second"], "bounds are instants as well");
    let until = json!({ "project": "p", "end": "2026-01-02T01:30:00.000001+02:00" });
    assert_eq!(store.ids(until).await, ["second", "first"]);
}

pub async fn c1_4_bounds_are_inclusive<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for micros in [1, 2, 3] {
        let ts = format!("2026-01-01T00:00:00.00000{micros}Z");
        store.insert(json!({ "entryId": micros.to_string(), "ts": ts })).await;
    }
    let at = |micros: u32| json!(format!("2026-01-01T00:00:00.00000{micros}Z"));
    for (start, end, expected) in [
        (at(2), Value::Null, vec!["3", "2"]),
        (Value::Null, at(2), vec!["2", "1"]),
        (at(2), at(2), vec!["2"]),
        (at(1), at(3), vec!["3", "2", "1"]),
        (at(4), Value::Null, vec![]),
        (Value::Null, at(0), vec![]),
        (at(3), at(1), vec![]),
        (Value::Null, Value::Null, vec!["3", "2", "1"]),
    ] {
        let query = json!({ "project": "p", "start": start, "end": end });
        let count = store.count_query_entries(query.clone()).await.unwrap();
        assert_eq!(count, json!(expected.len()), "{start} to {end}");
        assert_eq!(store.ids(query).await, expected, "{start} to {end}, both inclusive");
    }
}

pub async fn c1_4_a_bare_date_as_end_covers_the_day<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for ts in [
        "2026-01-30T23:59:59.999999Z",
        "2026-01-31T00:00:00Z",
        "2026-01-31T23:59:59.999999Z",
        "2026-02-01T00:00:00Z",
    ] {
        store.insert(json!({ "entryId": ts, "ts": ts })).await;
    }
    let day = json!({ "project": "p", "start": "2026-01-31", "end": "2026-01-31" });
    let ids = store.ids(day).await;
    assert_eq!(ids, ["2026-01-31T23:59:59.999999Z", "2026-01-31T00:00:00Z"], "the whole day, nothing else");
    let midnight = json!({ "project": "p", "end": "2026-01-31T00:00:00Z" });
    let ids = store.ids(midnight).await;
    assert_eq!(ids, ["2026-01-31T00:00:00Z", "2026-01-30T23:59:59.999999Z"], "a time is not its day");
}
