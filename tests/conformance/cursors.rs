//! 4.10: cursors.

use scribe_store::error::ErrorKind;
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, entry_with, fails, ids};

/// The two methods that know cursors, with a query for which every second entry matches.
const METHODS: [Method; 2] = [Method::Query, Method::Recent];

#[derive(Debug, Clone, Copy)]
enum Method {
    Query,
    Recent,
}

impl Method {
    fn query(self) -> Value {
        match self {
            Self::Query => json!({ "project": "p", "emojis": ["✅"], "message": "a" }),
            Self::Recent => json!({ "project": "p", "filters": { "emoji": "✅" } }),
        }
    }

    async fn page(self, store: &Api<impl StorageBackend>, member: &str, value: &Value) -> Value {
        let mut query = self.query();
        query[member] = value.clone();
        if member != "cursor" {
            query["pageSize"] = json!(10);
        }
        self.call(store, query).await.unwrap()
    }

    async fn call(
        self,
        store: &Api<impl StorageBackend>,
        query: Value,
    ) -> scribe_store::error::Result<Value> {
        match self {
            Self::Query => store.query_entries_paginated(query).await,
            Self::Recent => store.fetch_recent_entries_paginated(query).await,
        }
    }
}

/// Inserts 50 entries, of which 25 match, and returns the identifiers of those, newest first.
async fn fill(store: &Api<impl StorageBackend>) -> Vec<String> {
    store.project("p").await;
    let entry = |number: usize| {
        let ts = format!("2026-01-01T00:00:{:02}Z", number * 7 % 10);
        let emoji = if number.is_multiple_of(2) { "✅" } else { "❌" };
        entry_with(json!({ "entryId": number.to_string(), "ts": ts, "emoji": emoji }))
    };
    store.insert_entries((0..50).map(entry).collect()).await.unwrap();
    store.ids(Method::Query.query()).await
}

/// Inserts entries that match: older, newer, and as old as others.
async fn disturb(store: &Api<impl StorageBackend>, round: &str) {
    let entry = |ts: &str| {
        let id = format!("{round} {ts}");
        entry_with(json!({ "entryId": id, "ts": ts, "emoji": "✅" }))
    };
    let times = ["2025-01-01", "2026-01-01T00:00:04Z", "2026-01-01T00:00:04.5Z", "2027-01-01"];
    store.insert_entries(times.into_iter().map(entry).collect()).await.unwrap();
}

pub async fn c4_10_a_walk_stays_in_its_snapshot<W: World>(world: &W) {
    let store = world.open().await;
    let sorted = fill(&store).await;
    assert_eq!(sorted.len(), 25);
    let mut matching = sorted.len();
    for method in METHODS {
        let sorted = store.ids(Method::Query.query()).await;
        let mut page = method.page(&store, "page", &json!(1)).await;
        let mut seen = Vec::new();
        for number in 1.. {
            assert_eq!(page["page"], number, "on a cursor's page, `page` counts on");
            assert_eq!(page["pageSize"], 10);
            assert_eq!(page["totalCount"], sorted.len(), "the total is that of the snapshot");
            assert_eq!(page["totalPages"], sorted.len().div_ceil(10));
            assert_eq!(page["hasNext"], page["nextCursor"].is_string());
            seen.extend(ids(&page["items"]));
            disturb(&store, &format!("{method:?} {number}")).await;
            matching += 4;
            if page["nextCursor"].is_null() {
                break;
            }
            page = method.page(&store, "cursor", &page["nextCursor"]).await;
        }
        assert_eq!(seen, sorted, "{method:?}: entries written later do not appear, shift or repeat anything");
    }
    assert_eq!(store.ids(Method::Query.query()).await.len(), matching, "they are there, though");
}

pub async fn c4_10_a_walk_goes_back_as_well<W: World>(world: &W) {
    let store = world.open().await;
    let sorted = fill(&store).await;
    // Two walks at once, of which neither minds the other.
    let later = async |round: &str| {
        disturb(&store, round).await;
        Method::Query.page(&store, "page", &json!(1)).await
    };
    let mut page = Method::Query.page(&store, "page", &json!(2)).await;
    assert_eq!(ids(&page["items"]), sorted[10..20], "a walk may begin anywhere");
    for (step, (member, number, range)) in [
        ("nextCursor", 3, 20..25),
        ("prevCursor", 2, 10..20),
        ("prevCursor", 1, 0..10),
        ("nextCursor", 2, 10..20),
        ("prevCursor", 1, 0..10),
    ]
    .into_iter()
    .enumerate()
    {
        let newer = later(&step.to_string()).await;
        assert_eq!(newer["totalCount"], 25 + 4 * (step + 1));
        page = Method::Query.page(&store, "cursor", &page[member]).await;
        assert_eq!(page["page"], number);
        assert_eq!(ids(&page["items"]), sorted[range], "{member} to page {number}");
        assert_eq!([&page["hasPrev"], &page["hasNext"]], [number > 1, number < 3]);
        assert_eq!(page["prevCursor"].is_string(), number > 1);
    }
    assert_eq!(page["prevCursor"], Value::Null, "there is nothing before the first page");
    // From a page past the end there is a way back as well.
    let past = Method::Query.page(&store, "page", &json!(100)).await;
    assert_eq!(past["items"], json!([]));
    let back = Method::Query.page(&store, "cursor", &past["prevCursor"]).await;
    assert_eq!((&back["page"], &back["items"]), (&json!(99), &json!([])));
}

pub async fn c4_10_a_cursor_holds_in_another_store<W: World>(world: &W) {
    let store = world.open().await;
    let sorted = fill(&store).await;
    for method in METHODS {
        let first = method.page(&store, "page", &json!(1)).await;
        let (total, cursor) = (first["totalCount"].as_u64().unwrap(), &first["nextCursor"]);
        disturb(&store, &format!("{method:?}")).await;
        let other = world.open().await;
        let second = method.page(&other, "cursor", cursor).await;
        assert_eq!(second, method.page(&store, "cursor", cursor).await, "it holds across reloads");
        assert_eq!(second["totalCount"], total);
        let mut with_size = method.query();
        (with_size["cursor"], with_size["pageSize"]) = (cursor.clone(), json!(10));
        assert_eq!(
            method.call(&other, with_size).await.unwrap(),
            second,
            "its own page size is no other query"
        );
    }
    assert_eq!(sorted.len(), 25);
    // A project is the same whichever way it is named.
    let first = Method::Query.page(&store, "page", &json!(1)).await;
    let mut query = Method::Query.query();
    query["cursor"] = first["nextCursor"].clone();
    query["project"] = store.fetch_project(json!({ "name": "p" })).await.unwrap();
    assert_eq!(store.query_entries_paginated(query).await.unwrap()["page"], 2);
}

pub async fn c4_10_a_cursor_of_another_query_is_refused<W: World>(world: &W) {
    let store = world.open().await;
    fill(&store).await;
    store.project("q").await;
    let queries = [
        json!({ "project": "p" }),
        json!({ "project": "p", "start": "2026-01-01" }),
        json!({ "project": "p", "end": "2026-01-01" }),
        json!({ "project": "p", "start": "2026-01-01T00:00:00.000001Z" }),
        json!({ "project": "p", "agents": ["✅"] }),
        json!({ "project": "p", "emojis": ["✅"] }),
        json!({ "project": "p", "emojis": ["✅", "❌"] }),
        json!({ "project": "p", "emojis": ["✅❌"] }),
        json!({ "project": "p", "message": "a" }),
        json!({ "project": "p", "message": "A" }),
        json!({ "project": "p", "message": "a", "caseSensitive": true }),
        json!({ "project": "p", "message": "a", "messageMode": "exact" }),
        json!({ "project": "p", "message": "a", "messageMode": "regex" }),
        json!({ "project": "p", "metaFilters": { "a": 1 } }),
        json!({ "project": "p", "metaFilters": { "a": "1" } }),
        json!({ "project": "p", "metaFilters": { "a": true } }),
        json!({ "project": "p", "metaFilters": { "a": null } }),
        json!({ "project": "p", "metaFilters": { "b": 1 } }),
        json!({ "project": "p", "metaFilters": { "a": 1, "b": 1 } }),
        json!({ "project": "p", "message": "s✅" }),
        json!({ "project": "p", "metaFilters": { "\0\0": "✅" } }),
        json!({ "project": "q" }),
    ];
    // Past the end there is always a page before.
    for (index, query) in queries.iter().enumerate() {
        let mut first = query.clone();
        first["page"] = json!(3);
        let first = store.query_entries_paginated(first).await.unwrap();
        for (other_index, other) in queries.iter().enumerate() {
            let mut next = other.clone();
            next["cursor"] = first["prevCursor"].clone();
            let result = store.query_entries_paginated(next).await;
            if index == other_index {
                assert_eq!(result.unwrap()["page"], 2, "{query}");
            } else {
                let error = result.expect_err(&format!("a cursor of {query} with {other}"));
                assert_eq!(error.kind(), ErrorKind::InvalidCursor, "{error}");
            }
        }
    }
    let first = Method::Query.page(&store, "page", &json!(1)).await;
    let cursor = first["nextCursor"].as_str().unwrap();
    let with = |member: &str, value: Value| {
        let mut query = Method::Query.query();
        query["cursor"] = json!(cursor);
        query[member] = value;
        query
    };
    let size = store.query_entries_paginated(with("pageSize", json!(11))).await;
    fails(size, ErrorKind::InvalidCursor, "10 items");
    // Damaged: each character replaced, or the end cut off or grown.
    let mut damaged: Vec<String> = (0..cursor.len())
        .map(|at| {
            let other = if &cursor[at..=at] == "A" { "B" } else { "A" };
            format!("{}{other}{}", &cursor[..at], &cursor[at + 1..])
        })
        .collect();
    damaged.extend((0..cursor.len()).map(|end| cursor[..end].to_owned()));
    damaged.extend([format!("{cursor}A"), format!("{cursor}="), "é".to_owned(), "null".to_owned()]);
    for damaged in damaged {
        let result = store.query_entries_paginated(with("cursor", json!(damaged))).await;
        fails(result, ErrorKind::InvalidCursor, "the cursor");
    }
    fails(
        store.query_entries_paginated(with("cursor", json!(1))).await,
        ErrorKind::InvalidArgument,
        "`cursor`",
    );
    // A log of the same name, but another one.
    store.delete_project(json!({ "name": "p" })).await.unwrap();
    fill(&store).await;
    fails(
        store.query_entries_paginated(with("cursor", json!(cursor))).await,
        ErrorKind::InvalidCursor,
        "the cursor",
    );
}

pub async fn c4_10_page_and_cursor_exclude_each_other<W: World>(world: &W) {
    let store = world.open().await;
    fill(&store).await;
    for method in METHODS {
        let first = method.page(&store, "page", &json!(1)).await;
        for page in [1, 2] {
            let mut query = method.query();
            (query["cursor"], query["page"]) = (first["nextCursor"].clone(), json!(page));
            fails(method.call(&store, query).await, ErrorKind::InvalidArgument, "`page` and `cursor`");
        }
    }
}
