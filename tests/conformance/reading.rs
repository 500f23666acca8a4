//! 4: reading entries, but for how messages and metadata are matched, and for cursors.

use scribe_store::error::ErrorKind;
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, entry_with, fails, ids, items};

/// Inserts `count` entries `00`, `01`, … into "p", whose times go round in a circle of three.
async fn fill(store: &Api<impl StorageBackend>, count: usize) -> Vec<String> {
    let second = |number: usize| number * 2 % 3;
    let entry = |number: usize| {
        let ts = format!("2026-01-01T00:00:0{}Z", second(number));
        let emoji = if number.is_multiple_of(2) { "✅" } else { "❌" };
        entry_with(json!({ "entryId": format!("{number:02}"), "ts": ts, "emoji": emoji }))
    };
    store.project("p").await;
    store.insert_entries((0..count).map(entry).collect()).await.unwrap();
    let mut sorted: Vec<usize> = (0..count).collect();
    sorted.sort_by_key(|&number| std::cmp::Reverse((second(number), number)));
    sorted.into_iter().map(|number| format!("{number:02}")).collect()
}

fn even(ids: &[String]) -> Vec<String> {
    ids.iter().filter(|id| id.parse::<usize>().unwrap().is_multiple_of(2)).cloned().collect()
}

pub async fn c4_1_the_newest_comes_first_and_ties_go_by_seq<W: World>(world: &W) {
    let store = world.open().await;
    let sorted = fill(&store, 30).await;
    assert_eq!(sorted[..2], ["28", "25"], "the order of the test itself: newest first, then by `seq`");
    // Both the store that wrote and one that has to load, whichever method reads.
    for store in [&store, &world.open().await] {
        let project = json!({ "project": "p" });
        let recent = store.fetch_recent_entries(project.clone()).await.unwrap();
        assert_eq!(ids(&recent), sorted, "newest first; equal instants: later inserted first");
        assert_eq!(store.query_entries(project.clone()).await.unwrap(), recent);
        assert_eq!(json!(store.iterate_entries(project.clone(), 4).await.unwrap()), recent);
        let page = store.query_entries_paginated(project.clone()).await.unwrap();
        assert_eq!(page["items"], recent, "the order is the same everywhere");
        let page = store.fetch_recent_entries_paginated(project).await.unwrap();
        assert_eq!(page["items"], recent);
    }
    // An older entry, inserted late, takes its place among the others.
    store.insert(json!({ "entryId": "late", "ts": "2026-01-01T00:00:01.5Z" })).await;
    let mut expected = sorted;
    expected.insert(10, "late".to_owned());
    assert_eq!(store.ids(json!({ "project": "p" })).await, expected);
    assert_eq!(world.open().await.ids(json!({ "project": "p" })).await, expected);
}

pub async fn c4_2_limits_and_pages_are_checked<W: World>(world: &W) {
    let store = world.open().await;
    let sorted = fill(&store, 60).await;
    let with = |member: &str, value: &Value| {
        let mut query = json!({ "project": "p" });
        query[member] = value.clone();
        query
    };
    let never = [json!(-1), json!(1.5), json!("5"), json!(true), json!([5]), Value::Null];
    for member in ["limit", "offset"] {
        for value in &never {
            let query = with(member, value);
            let named = format!("`{member}`");
            fails(store.query_entries(query.clone()).await, ErrorKind::InvalidArgument, &named);
            fails(store.fetch_recent_entries(query).await, ErrorKind::InvalidArgument, &named);
        }
    }
    for (member, out_of_range) in [("page", vec![json!(0)]), ("pageSize", vec![json!(0), json!(1001)])] {
        for value in never.iter().chain(&out_of_range) {
            let query = with(member, value);
            let named = format!("`{member}`");
            for result in [
                store.query_entries_paginated(query.clone()).await,
                store.fetch_recent_entries_paginated(query.clone()).await,
                store.list_doc_changes(query.clone()).await,
                store.list_agent_report_cards(query).await,
            ] {
                fails(result, ErrorKind::InvalidArgument, &named);
            }
        }
    }
    for value in &never {
        let result = store.list_agent_events(json!({ "limit": value })).await;
        fails(result, ErrorKind::InvalidArgument, "`limit`");
    }

    let window = async |window: Value| {
        let mut query = window;
        query["project"] = json!("p");
        let entries = ids(&store.query_entries(query.clone()).await.unwrap());
        assert_eq!(ids(&store.fetch_recent_entries(query).await.unwrap()), entries);
        entries
    };
    assert_eq!(window(json!({})).await, sorted[..50], "`limit` is 50 and `offset` 0 by default");
    assert_eq!(window(json!({ "limit": 0 })).await, Vec::<String>::new());
    assert_eq!(window(json!({ "limit": 3.0, "offset": 5e0 })).await, sorted[5..8]);
    assert_eq!(window(json!({ "offset": 58 })).await, sorted[58..]);
    assert_eq!(window(json!({ "offset": 60 })).await, Vec::<String>::new());
    assert_eq!(window(json!({ "limit": 9_007_199_254_740_991_i64 })).await, sorted);
    let far = json!({ "limit": 9_007_199_254_740_991_i64, "offset": 9_007_199_254_740_991_i64 });
    assert_eq!(window(far).await, Vec::<String>::new());

    let page = store.query_entries_paginated(json!({ "project": "p" })).await.unwrap();
    assert_eq!((&page["page"], &page["pageSize"]), (&json!(1), &json!(50)), "1 and 50 by default");
    assert_eq!(ids(&page["items"]), sorted[..50]);
    let page = store.query_entries_paginated(json!({ "project": "p", "pageSize": 1000 })).await.unwrap();
    assert_eq!(ids(&page["items"]), sorted);
}

pub async fn c4_3_filters_are_exact_and_unknown_keys_refused<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for (id, agent, emoji) in [
        ("1", json!("Ada"), "✅"),
        ("2", json!("ada"), "✅"),
        ("3", Value::Null, "✅"),
        ("4", json!("Ada"), "⚠️"),
        ("5", json!("Ada "), "⚠"),
        ("6", json!(""), ""),
    ] {
        store.insert(json!({ "entryId": id, "agent": agent, "emoji": emoji })).await;
    }
    for (filters, expected) in [
        (json!({}), vec!["6", "5", "4", "3", "2", "1"]),
        (json!({ "agent": null, "emoji": null }), vec!["6", "5", "4", "3", "2", "1"]),
        (json!({ "agent": "Ada" }), vec!["4", "1"]),
        (json!({ "emoji": "⚠️" }), vec!["4"]),
        (json!({ "agent": "Ada", "emoji": "✅" }), vec!["1"]),
        (json!({ "agent": "Ad" }), vec![]),
        (json!({ "agent": "" }), vec!["6"]),
        (json!({ "emoji": "" }), vec!["6"]),
        (json!({ "agent": "nobody", "emoji": null }), vec![]),
    ] {
        let query = json!({ "project": "p", "filters": filters });
        let found = ids(&store.fetch_recent_entries(query.clone()).await.unwrap());
        assert_eq!(found, expected, "{filters}: exact strings, null means any");
        let page = store.fetch_recent_entries_paginated(query.clone()).await.unwrap();
        assert_eq!(ids(&page["items"]), expected, "{filters}");
        assert_eq!(page["totalCount"], expected.len(), "{filters}");
        assert_eq!(store.count_entries(query).await.unwrap(), json!(expected.len()), "{filters}");
    }
    for filters in [json!({ "agents": ["Ada"] }), json!({ "Agent": "Ada" }), json!({ "agent": 1 }), json!([])]
    {
        let query = json!({ "project": "p", "filters": filters });
        fails(store.fetch_recent_entries(query.clone()).await, ErrorKind::InvalidArgument, "");
        fails(store.fetch_recent_entries_paginated(query.clone()).await, ErrorKind::InvalidArgument, "");
        fails(store.count_entries(query).await, ErrorKind::InvalidArgument, "");
    }
    let typo = json!({ "project": "p", "agnets": ["Ada"] });
    for result in [
        store.fetch_recent_entries(typo.clone()).await,
        store.fetch_recent_entries_paginated(typo.clone()).await,
        store.count_entries(typo.clone()).await,
        store.query_entries(typo.clone()).await,
        store.query_entries_paginated(typo.clone()).await,
        store.count_query_entries(typo.clone()).await,
        store.iterate_entries(typo.clone(), 10).await.map(|entries| json!(entries)),
        store.list_doc_changes(typo.clone()).await,
        store.list_agent_report_cards(typo).await,
        store.list_agent_sessions(json!({ "agnets": "Ada" })).await,
        store.list_agent_events(json!({ "agnets": "Ada" })).await,
        store.expire_sessions(json!({ "idleMs": 0, "agnets": 1 })).await,
    ] {
        fails(result, ErrorKind::InvalidArgument, "agnets");
    }
    // Known elsewhere, but not here.
    for (member, value) in [("filters", json!({})), ("page", json!(1)), ("cursor", json!("x"))] {
        let mut query = json!({ "project": "p" });
        query[member] = value;
        fails(store.query_entries(query).await, ErrorKind::InvalidArgument, member);
    }
    let query = json!({ "project": "p", "limit": 1 });
    fails(store.query_entries_paginated(query.clone()).await, ErrorKind::InvalidArgument, "limit");
    fails(store.count_query_entries(query).await, ErrorKind::InvalidArgument, "limit");
}

pub async fn c4_4_lists_match_any_and_criteria_hold_together<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    let entry = |id: &str, day: u32, agent: Value, emoji: &str, message: &str, meta: Value| {
        let ts = format!("2026-01-0{day}T12:00:00Z");
        json!({ "entryId": id, "ts": ts, "agent": agent, "emoji": emoji, "message": message, "meta": meta })
    };
    for given in [
        entry("1", 1, json!("Ada"), "✅", "built it", json!({ "n": 1 })),
        entry("2", 2, json!("Bob"), "✅", "built it", json!({ "n": 1 })),
        entry("3", 3, json!("Cy"), "❌", "built it", json!({ "n": 1 })),
        entry("4", 4, Value::Null, "✅", "built it", json!({ "n": 1 })),
        entry("5", 5, json!("Ada"), "✅", "broke it", json!({ "n": 1 })),
        entry("6", 6, json!("Ada"), "✅", "built it", json!({ "n": 2 })),
        entry("7", 7, json!("ada"), "", "built it", json!({})),
    ] {
        store.insert(given).await;
    }
    let all = ["7", "6", "5", "4", "3", "2", "1"].as_slice();
    for (criteria, expected) in [
        (json!({ "agents": [], "emojis": [] }), all),
        (json!({ "agents": null, "emojis": null, "message": null, "metaFilters": null }), all),
        (json!({ "agents": ["Ada", "Bob", "nobody", "Ada"] }), &["6", "5", "2", "1"]),
        (json!({ "agents": ["nobody"] }), &[]),
        (json!({ "agents": [""] }), &[]),
        (json!({ "emojis": ["❌", ""] }), &["7", "3"]),
        (json!({ "emojis": ["☂️"] }), &[]),
        (json!({ "agents": ["Ada", "Cy"], "emojis": ["✅"] }), &["6", "5", "1"]),
        (
            json!({
                "agents": ["Ada", "Bob"], "emojis": ["✅", "❌"], "message": "built", "metaFilters": { "n": 1 },
                "start": "2026-01-01", "end": "2026-01-06",
            }),
            &["2", "1"],
        ),
        (json!({ "message": "broke", "metaFilters": { "n": 2 } }), &[]),
    ] {
        let mut query = criteria.clone();
        query["project"] = json!("p");
        assert_eq!(store.ids(query.clone()).await, expected, "{criteria}");
        let count = store.count_query_entries(query.clone()).await.unwrap();
        assert_eq!(count, json!(expected.len()), "{criteria}");
        let page = store.query_entries_paginated(query.clone()).await.unwrap();
        assert_eq!(ids(&page["items"]), expected, "{criteria}");
        let iterated = json!(store.iterate_entries(query, 2).await.unwrap());
        assert_eq!(ids(&iterated), expected, "{criteria}");
    }
    for (member, value) in
        [("agents", json!("Ada")), ("emojis", json!([1])), ("agents", json!([null])), ("emojis", json!({}))]
    {
        let mut query = json!({ "project": "p" });
        query[member] = value;
        fails(store.query_entries(query).await, ErrorKind::InvalidArgument, member);
    }
}

pub async fn c4_8_totals_are_exact_and_a_page_past_the_end_is_empty<W: World>(world: &W) {
    let store = world.open().await;
    let sorted = fill(&store, 25).await;
    for (page, page_size, items, pages) in
        [(1, 10, 0..10, 3), (3, 10, 20..25, 3), (5, 5, 20..25, 5), (1, 25, 0..25, 1), (1, 1000, 0..25, 1)]
    {
        let query = json!({ "project": "p", "page": page, "pageSize": page_size });
        let result = store.query_entries_paginated(query.clone()).await.unwrap();
        assert_eq!(result, store.fetch_recent_entries_paginated(query).await.unwrap());
        assert_eq!(ids(&result["items"]), sorted[items]);
        let found = [&result["page"], &result["pageSize"], &result["totalCount"], &result["totalPages"]];
        assert_eq!(found, [page, page_size, 25, pages]);
        assert_eq!(result["hasNext"], page < pages);
        assert_eq!(result["hasPrev"], page > 1);
        assert_eq!(result["nextCursor"].is_string(), page < pages);
        assert_eq!(result["prevCursor"].is_string(), page > 1);
    }
    for page in [4, 1000, 9_007_199_254_740_991_i64] {
        let query = json!({ "project": "p", "page": page, "pageSize": 10 });
        let result = store.query_entries_paginated(query).await.unwrap();
        assert_eq!(result["items"], json!([]), "a page past the end has no items");
        assert_eq!([&result["hasNext"], &result["hasPrev"]], [false, true]);
        assert_eq!([&result["totalCount"], &result["totalPages"], &result["page"]], [25, 3, page]);
        assert_eq!(result["nextCursor"], Value::Null);
    }
    let query = json!({ "project": "p", "emojis": ["none"] });
    let result = store.query_entries_paginated(query).await.unwrap();
    let expected = json!({
        "items": [], "page": 1, "pageSize": 50, "totalCount": 0, "totalPages": 0, "hasNext": false,
        "hasPrev": false, "nextCursor": null, "prevCursor": null,
    });
    assert_eq!(result, expected, "nothing matches");
    // More than a page can hold, and more than any batch.
    let entry = |number: usize| entry_with(json!({ "entryId": format!("x{number}"), "emoji": "x" }));
    store.insert_entries((0..3210).map(entry).collect()).await.unwrap();
    let query = json!({ "project": "p", "emojis": ["x"], "pageSize": 1000, "page": 4 });
    for store in [&store, &world.open().await] {
        let result = store.query_entries_paginated(query.clone()).await.unwrap();
        assert_eq!([&result["totalCount"], &result["totalPages"]], [3210, 4], "exact for any number");
        assert_eq!(items(&result["items"]).len(), 210);
        let count = store.count_query_entries(json!({ "project": "p", "emojis": ["x"] })).await.unwrap();
        assert_eq!(count, json!(3210));
        let count = json!({ "project": "p", "filters": { "emoji": "x" } });
        assert_eq!(store.count_entries(count).await.unwrap(), json!(3210));
    }
}

pub async fn c4_9_windows_and_pages_are_disjoint_and_complete<W: World>(world: &W) {
    let store = world.open().await;
    let sorted = fill(&store, 47).await;
    for (criteria, matches) in [(json!({}), sorted.clone()), (json!({ "emojis": ["✅"] }), even(&sorted))] {
        for size in [1, 3, 7, 46, 47, 48] {
            let mut query = criteria.clone();
            (query["project"], query["limit"]) = (json!("p"), json!(size));
            let mut seen = Vec::new();
            for offset in (0..50).step_by(size) {
                query["offset"] = json!(offset);
                seen.extend(ids(&store.query_entries(query.clone()).await.unwrap()));
            }
            assert_eq!(seen, matches, "windows of {size} are disjoint and together complete");

            let mut query = criteria.clone();
            (query["project"], query["pageSize"]) = (json!("p"), json!(size));
            let mut seen = Vec::new();
            for page in 1.. {
                query["page"] = json!(page);
                let result = store.query_entries_paginated(query.clone()).await.unwrap();
                seen.extend(ids(&result["items"]));
                if result["hasNext"] == false {
                    assert_eq!(result["totalPages"], page);
                    break;
                }
            }
            assert_eq!(seen, matches, "pages of {size} are disjoint and together complete");
        }
    }
}

pub async fn c4_9_an_iteration_gives_every_match_once<W: World>(world: &W) {
    let store = world.open().await;
    let sorted = fill(&store, 47).await;
    for (criteria, matches) in [
        (json!({ "project": "p" }), sorted.clone()),
        (json!({ "project": "p", "emojis": ["✅"] }), even(&sorted)),
        (json!({ "project": "p", "emojis": ["none"] }), vec![]),
        (json!({ "project": "p", "end": "2026-01-01T00:00:00Z" }), sorted[31..].to_vec()),
    ] {
        for limit in [1, 2, 24, 46, 47, 48, 1000] {
            let entries = json!(store.iterate_entries(criteria.clone(), limit).await.unwrap());
            assert_eq!(ids(&entries), matches, "{criteria}, {limit} at a time");
        }
    }
    // Over one snapshot: what is inserted meanwhile does not appear.
    let query = json!({ "project": "p" });
    let (mut seen, mut place) = store.iterate_from(query.clone(), Value::Null, 10).await.unwrap();
    for round in 0_u32.. {
        for ts in ["2025-12-31", "2026-01-01T00:00:01Z", "2026-01-02"] {
            store.insert(json!({ "entryId": format!("{round} {ts}"), "ts": ts })).await;
        }
        if place.is_null() {
            break;
        }
        // The place holds in another store as well.
        let reader = world.open().await;
        let (batch, next) = reader.iterate_from(query.clone(), place, 10).await.unwrap();
        seen.extend(batch);
        place = next;
    }
    assert_eq!(ids(&json!(seen)), sorted);
}

pub async fn c4_11_a_read_sees_what_other_stores_wrote<W: World>(world: &W) {
    let (one, other) = (world.open().await, world.open().await);
    one.project("p").await;
    assert!(other.ids(json!({ "project": "p" })).await.is_empty());
    for round in 1..=10 {
        for (writer, reader) in [(&one, &other), (&other, &one)] {
            let id = format!("{round} {}", std::ptr::eq(writer, &raw const one));
            assert!(writer.insert(json!({ "entryId": id })).await);
            let project = json!({ "project": "p" });
            assert_eq!(
                reader.ids(project.clone()).await[0],
                id,
                "a read sees every write that resolved before"
            );
            assert_eq!(reader.fetch_entry(json!({ "entryId": id })).await.unwrap()["entryId"], *id);
            let count = reader.count_entries(project.clone()).await.unwrap();
            assert_eq!(reader.fetch_metrics(project).await.unwrap()["totalEntries"], count);
            assert!(!reader.insert(json!({ "entryId": id })).await);
        }
    }
    assert_eq!(other.count_entries(json!({ "project": "p" })).await.unwrap(), json!(20));
    let paths = json!({ "name": "p", "repoRoot": "/elsewhere", "progressLogPath": "" });
    let project = one.upsert_project(paths).await.unwrap();
    assert_eq!(other.fetch_project(json!({ "name": "p" })).await.unwrap(), project);
    assert_eq!(other.list_projects().await.unwrap(), json!([project]));
    let session = json!({ "agentId": "a", "sessionId": "s" });
    let session = one.upsert_agent_session(session).await.unwrap();
    assert_eq!(other.fetch_agent_session(json!({ "sessionId": "s" })).await.unwrap(), session);
    assert_eq!(other.list_agent_events(json!({})).await.unwrap()[0]["eventType"], "session_started");
    one.delete_project(json!({ "name": "p" })).await.unwrap();
    fails(other.query_entries(json!({ "project": "p" })).await, ErrorKind::NotFound, "\"p\"");
}

pub async fn c4_11_an_unknown_project_is_not_found_by_every_read<W: World>(world: &W) {
    let store = world.open().await;
    store.project("p").await;
    for project in [json!("P"), json!({ "id": 1_000_000 })] {
        let query = json!({ "project": project });
        for result in [
            store.fetch_metrics(query.clone()).await,
            store.fetch_recent_entries(query.clone()).await,
            store.fetch_recent_entries_paginated(query.clone()).await,
            store.count_entries(query.clone()).await,
            store.query_entries(query.clone()).await,
            store.query_entries_paginated(query.clone()).await,
            store.count_query_entries(query.clone()).await,
            store.iterate_entries(query.clone(), 10).await.map(|entries| json!(entries)),
            store.list_doc_changes(query.clone()).await,
            store.list_agent_report_cards(query).await,
        ] {
            fails(result, ErrorKind::NotFound, "does not exist");
        }
    }
}

pub async fn c4_11_a_single_entry_is_found_by_its_identifier<W: World>(world: &W) {
    let store = world.open().await;
    for name in ["p", "q"] {
        store.project(name).await;
        store.insert(json!({ "entryId": format!("in {name}"), "project": name, "message": name })).await;
    }
    for name in ["p", "q"] {
        let query = json!({ "project": name });
        let entry = store.fetch_entry(json!({ "entryId": format!("in {name}") })).await.unwrap();
        assert_eq!(json!([entry]), store.query_entries(query).await.unwrap());
        assert_eq!([&entry["project"], &entry["message"]], [name, name]);
    }
    for id in ["", "in", "in P", "in p "] {
        assert_eq!(store.fetch_entry(json!({ "entryId": id })).await.unwrap(), Value::Null, "{id:?}");
    }
    fails(store.fetch_entry(json!({ "entryId": 1 })).await, ErrorKind::InvalidArgument, "`entryId`");
}

pub async fn c4_12_entries_are_counted_by_time<W: World>(world: &W) {
    let store = world.open().await;
    fill(&store, 30).await;
    store.insert(json!({ "entryId": "Ann's", "agent": "Ann", "ts": "2026-01-01T00:00:01.9Z" })).await;
    for store in [&store, &world.open().await] {
        let query = json!({ "project": "p", "bucket": 1000, "by": "emoji" });
        let bucket = |second: u32, count: u32, counts: [u32; 3]| json!({ "start": format!("2026-01-01T00:00:0{second}.000000Z"), "count": count, "counts": counts });
        let expected = json!({
            "bucketMs": 1000,
            "totalCount": 31,
            "groups": ["✅", "❌", "ℹ️"],
            "buckets": [bucket(0, 10, [5, 5, 0]), bucket(1, 11, [5, 5, 1]), bucket(2, 10, [5, 5, 0])],
        });
        assert_eq!(store.summarize_entries(query).await.unwrap(), expected);
        let query = json!({ "project": "p", "bucket": "minute", "by": "agent", "message": "message" });
        let summary = store.summarize_entries(query).await.unwrap();
        assert_eq!((&summary["totalCount"], &summary["groups"]), (&json!(31), &json!([null, "Ann"])));
        assert_eq!(summary["buckets"][0]["counts"], json!([30, 1]));
    }
    store.project("ends").await;
    for (number, day) in ["0001-01-01", "1969-12-31", "9999-12-31"].into_iter().enumerate() {
        let entry = json!({ "entryId": format!("end {number}"), "project": "ends", "ts": day });
        store.insert(entry).await;
    }
    let query = json!({ "project": "ends", "bucket": 9_007_199_254_740_991_u64 });
    let half = |start: &str, count: u32| json!({ "start": start, "count": count, "counts": [] });
    assert_eq!(
        store.summarize_entries(query).await.unwrap()["buckets"],
        json!([half("0001-01-01T00:00:00.000000Z", 2), half("1970-01-01T00:00:00.000000Z", 1)]),
        "the longest buckets"
    );
    let query = json!({ "project": "unknown", "bucket": "day" });
    fails(store.summarize_entries(query).await, ErrorKind::NotFound, "unknown");
    let query = json!({ "project": "p", "bucket": "day", "by": "message" });
    fails(store.summarize_entries(query).await, ErrorKind::InvalidArgument, "`by`");
    let query = json!({ "project": "p", "bucket": 0 });
    fails(store.summarize_entries(query).await, ErrorKind::InvalidArgument, "`bucket`");
}
