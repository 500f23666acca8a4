//! 3.5: what `appendEntry` fills in.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use scribe_store::error::ErrorKind;
use serde_json::{Value, json};

use super::World;
use super::api::{entry_with, fails, ids, items};
use super::world::contents;

pub async fn c3_5_the_line_and_its_hash_are_canonical<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let append = json!({
        "project": "p", "entryId": "id-1", "ts": "2026-01-31T08:09:10.987654Z", "status": "success", "agent": "Ada",
        "message": "one\ntwo|three\r\nfour",
        "meta": {
            "text": "é\"q", "n": 1.5, "none": null, "flag": true, "deep": { "y": {}, "x": [1, null, "a|b"] },
            "a|b": " x\ny|",
        },
    });
    let entry = store.append_entry(append.clone()).await.unwrap();
    let line = "[✅] [2026-01-31 08:09:10 UTC] [Agent: Ada] [Project: p] [ID: id-1] one two three four \
                | a b= x y ; deep={\"x\":[1,null,\"a b\"],\"y\":{}}; flag=true; n=1.5; none=null; text=é\"q";
    assert_eq!(entry["rawLine"], line);
    let hash = "66ed7cb8c2859a1b6ac95f9ea02774b73215f5bfd7a791a752229f52c6428dae";
    assert_eq!(entry["sha256"], hash, "lower-case hex SHA-256 of the line in UTF-8");
    assert_eq!(entry["message"], append["message"], "the message itself stays as given");
    assert_eq!(entry["meta"], append["meta"], "and so does the metadata");

    let append = json!({ "project": "p", "entryId": "id-2", "message": "plain" });
    let entry = store.append_entry(append).await.unwrap();
    let line = "[ℹ️] [2026-01-01 00:00:00 UTC] [Agent: Scribe] [Project: p] [ID: id-2] plain";
    assert_eq!(entry["rawLine"], line, "no metadata, no agent");
    assert_eq!(entry["sha256"], "4e441f0cce830bc56df35ab502799b6eb4e4750bb355deb4d86267f5458556c8");
    assert_eq!(entry["agent"], Value::Null, "an absent agent is only written as `Scribe`");
}

pub async fn c3_5_status_gives_the_emoji<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for (status, emoji) in
        [("info", "ℹ️"), ("success", "✅"), ("warn", "⚠️"), ("error", "❌"), ("bug", "🐞"), ("plan", "🧭")]
    {
        let append = json!({ "project": "p", "message": "m", "status": status });
        assert_eq!(store.append_entry(append.clone()).await.unwrap()["emoji"], emoji, "{status}");
        let mut append = append;
        append["emoji"] = json!("🚀");
        assert_eq!(store.append_entry(append).await.unwrap()["emoji"], "🚀", "`emoji` wins over `status`");
    }
    let append = json!({ "project": "p", "message": "m" });
    assert_eq!(store.append_entry(append).await.unwrap()["emoji"], "ℹ️", "`info` is the default");
    for (member, value) in [
        ("status", json!("Info")),
        ("status", json!("fatal")),
        ("status", json!(1)),
        ("emoji", json!(1)),
        ("message", json!(1)),
        ("agent", json!(1)),
        ("meta", json!([])),
        ("ts", json!("never")),
        ("entryId", json!("")),
        ("entryId", json!(1)),
        ("rawLine", json!("x")),
    ] {
        let mut append = json!({ "project": "p", "message": "m" });
        append[member] = value;
        fails(store.append_entry(append).await, ErrorKind::InvalidArgument, member);
    }
    assert_eq!(store.count_entries(json!({ "project": "p" })).await.unwrap(), json!(13));
}

pub async fn c3_5_what_is_missing_is_filled_in<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    world.clock().advance_ms(1234);
    let append = |number: usize| json!({ "project": "p", "message": number.to_string() });
    let entries = join_all((0..20).map(|number| store.append_entry(append(number)))).await;
    let entries: Vec<Value> = entries.into_iter().map(Result::unwrap).collect();
    for entry in &entries {
        assert_eq!(entry["ts"], "2026-01-01T00:00:01.234000Z", "the time is now");
        let id = entry["entryId"].as_str().unwrap();
        assert!(is_uuid_v7(id), "{id} is a UUIDv7");
        let millis = i64::from_str_radix(&id.replace('-', "")[..12], 16).unwrap();
        assert_eq!(millis, 1_767_225_601_234, "made at that time");
        let stored = store.fetch_entry(json!({ "entryId": id })).await.unwrap();
        assert_eq!(*entry, stored, "it resolves to the stored entry");
    }
    let given = ids(&json!(entries));
    assert!(given.is_sorted(), "identifiers of one store ascend");
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 20);
    let read = store.query_entries(json!({ "project": "p" })).await.unwrap();
    let newest_first: Vec<Value> = entries.into_iter().rev().collect();
    assert_eq!(items(&read), newest_first);
}

fn is_uuid_v7(id: &str) -> bool {
    let is_fine = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => byte == b'7',
        19 => b"89ab".contains(&byte),
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    id.len() == 36 && id.bytes().enumerate().all(is_fine)
}

pub async fn c3_5_an_identifier_already_present_gives_the_entry_that_was_there<W: World>(world: &W) {
    let store = world.open().await;
    let other = world.open().await;
    store.project("p").await;
    store.project("q").await;
    store.insert_entry(entry_with(json!({ "entryId": "e", "message": "was there" }))).await.unwrap();
    let first = store.fetch_entry(json!({ "entryId": "e" })).await.unwrap();
    let before = contents(&world.medium().await).await;
    for store in [&store, &other] {
        for project in ["p", "q"] {
            let retry = json!({ "project": project, "entryId": "e", "message": "retry", "status": "error" });
            assert_eq!(store.append_entry(retry).await.unwrap(), first, "the entry that was there");
        }
    }
    assert_eq!(contents(&world.medium().await).await, before, "nothing changes");
}
