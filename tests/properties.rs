//! Random sequences of operations and walks, held against an oracle.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is how tests fail"
)]

#[path = "conformance/api.rs"]
#[expect(dead_code, reason = "the conformance suite calls every method")]
mod api;
#[path = "properties/generators.rs"]
mod generators;
#[path = "properties/oracle.rs"]
mod oracle;
#[expect(dead_code, reason = "the conformance suite counts transactions")]
mod shared_memory;

use api::{Api, items};
use generators::{Operation, PROJECTS, entry, operation, prune, query};
use oracle::Oracle;
use proptest::collection::vec;
use proptest::prelude::*;
use scribe_store::error::{ErrorKind, Result};
use scribe_store::storage::{Sealing, Store, StoreOptions};
use serde_json::{Value, json};
use shared_memory::SharedMemory;

type Memory = Api<Store<SharedMemory>>;

/// Opens a store; one with no room keeps nothing in memory that is not in use, and makes segments of a few
/// entries. Stores on the same data need not agree on that.
fn open(data: &SharedMemory, has_room: bool) -> Memory {
    let no_room = StoreOptions {
        cache_bytes: 0,
        sealing: Sealing { tail_rows: 3, segment_rows: 5 },
        ..StoreOptions::default()
    };
    let options = if has_room { StoreOptions::default() } else { no_room };
    Api::new(Store::new(data.connect(), options))
}

/// Opens a store that makes segments of a few entries and keeps them in memory.
fn open_small(data: &SharedMemory) -> Memory {
    let sealing = Sealing { tail_rows: 4, segment_rows: 7 };
    Api::new(Store::new(data.connect(), StoreOptions { sealing, ..StoreOptions::default() }))
}

/// Checks a result against what the oracle says, which is nothing if the project is unknown.
#[track_caller]
fn check(result: Result<Value>, expected: Option<Value>) {
    match (result, expected) {
        (Ok(result), Some(expected)) => assert_eq!(result, expected),
        (Err(error), None) => assert_eq!(error.kind(), ErrorKind::NotFound, "{error}"),
        (result, expected) => panic!("{result:?}, expected: {expected:?}"),
    }
}

fn with(query: &Value, members: &Value) -> Value {
    let mut query = query.clone();
    query.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    query
}

async fn run(operation: Operation, store: &Memory, oracle: &mut Oracle) {
    match operation {
        Operation::Upsert(name) => {
            store.project(name).await;
            oracle.upsert(name);
        }
        Operation::Delete(name) => {
            let deleted = store.delete_project(json!({ "name": name })).await.unwrap();
            assert_eq!(deleted, json!(oracle.delete(name)));
        }
        Operation::Insert(entry) => {
            let expected = oracle.insert(&entry);
            check(store.insert_entry(entry).await, expected.map(|inserted| json!(inserted)));
        }
        Operation::InsertMany(entries) => {
            let are_known =
                entries.iter().all(|entry| oracle.projects.contains_key(entry["project"].as_str().unwrap()));
            let expected = are_known.then(|| {
                let inserted = entries.iter().filter(|entry| oracle.insert(entry) == Some(true)).count();
                json!({ "inserted": inserted, "duplicates": entries.len() - inserted })
            });
            check(store.insert_entries(json!(entries)).await, expected);
        }
        Operation::Append(entry) => {
            let project = entry["project"].as_str().unwrap().to_owned();
            let result = store.append_entry(entry.clone()).await;
            if !oracle.projects.contains_key(&project) {
                return check(result, None);
            }
            let appended = result.unwrap();
            if let Some(there) = oracle.entry(&entry["entryId"]) {
                assert_eq!(appended, *there, "the entry that was there");
                return;
            }
            for (member, given) in entry.as_object().unwrap() {
                assert_eq!(appended[member], *given, "{member} as given");
            }
            assert_eq!(oracle.insert(&appended), Some(true));
            check(Ok(appended.clone()), oracle.entry(&appended["entryId"]).cloned());
        }
        Operation::Prune(options) => {
            let project = json!({ "project": options["project"] });
            let before = store.verify_project(project.clone()).await;
            let expected = oracle.prune(&options);
            let is_known = expected.is_some();
            check(store.prune_entries(options).await, expected);
            if is_known {
                let after = store.verify_project(project).await.unwrap();
                assert_eq!(after["head"], before.unwrap()["head"], "the chain goes on from where it was cut");
            }
        }
        Operation::Reopen => unreachable!("needs another store"),
        Operation::Query(query) => read(&query, store, oracle).await,
    }
}

/// Reads what matches in every way that there is.
async fn read(query: &Value, store: &Memory, oracle: &Oracle) {
    let expected = oracle.query(query);
    let all = with(query, &json!({ "limit": 1000 }));
    check(store.query_entries(all).await, expected.clone().map(Value::Array));
    let count = expected.as_ref().map(|expected| json!(expected.len()));
    check(store.count_query_entries(query.clone()).await, count);
    let iterated = store.iterate_entries(query.clone(), 3).await;
    check(iterated.map(Value::Array), expected.clone().map(Value::Array));
    let window = with(query, &json!({ "limit": 3, "offset": 2 }));
    let part = expected.as_ref().map(|expected| expected.iter().skip(2).take(3).cloned().collect());
    check(store.query_entries(window).await, part);
    let page = store.query_entries_paginated(with(query, &json!({ "page": 2, "pageSize": 3 }))).await;
    let part = expected.as_ref().map(|expected| expected.iter().skip(3).take(3).cloned().collect());
    check(page.map(|page| page["items"].clone()), part);
    for (millis, by) in [(1, json!("agent")), (2000, json!("emoji")), (86_400_000, json!("agent"))] {
        let summary = with(query, &json!({ "bucket": millis, "by": by }));
        check(store.summarize_entries(summary).await, oracle.summary(query, millis, &by));
    }
    let summary = with(query, &json!({ "bucket": "minute" }));
    check(store.summarize_entries(summary).await, oracle.summary(query, 60_000, &Value::Null));
}

/// Reads all that there is.
async fn read_all(store: &Memory, oracle: &Oracle) {
    for name in PROJECTS {
        let everything = json!({ "project": name, "limit": 1000 });
        let expected = oracle.query(&everything).map(Value::Array);
        check(store.query_entries(everything).await, expected);
        check(store.fetch_metrics(json!({ "project": name })).await, oracle.metrics(name));
        if let Ok(report) = store.verify_project(json!({ "project": name })).await {
            let (count, removed) = (oracle.projects[name].len(), oracle.removed_of(name));
            assert_eq!((&report["entries"], &report["fromSeq"]), (&json!(count), &json!(removed + 1)));
            let reason = report["firstBad"]["reason"].as_str();
            assert!(reason.is_none_or(|reason| reason == "line_hash"), "{report}");
        }
    }
    for id in 0..40 {
        let id = json!({ "entryId": id.to_string() });
        let expected = oracle.entry(&id["entryId"]).cloned();
        assert_eq!(store.fetch_entry(id).await.unwrap(), expected.unwrap_or(Value::Null));
    }
    let projects = items(&store.list_projects().await.unwrap());
    let names: Vec<&Value> = projects.iter().map(|project| &project["name"]).collect();
    assert_eq!(names, oracle.projects.keys().collect::<Vec<_>>());
}

/// A walk over pages or an iteration, and what it has to show: the matches when it began.
struct Walk {
    query: Value,
    snapshot: Vec<Value>,
    page_size: usize,
    /// The page that was read last.
    page: Value,
    /// What the iteration gave, and its place.
    iterated: Vec<Value>,
    place: Value,
}

impl Walk {
    async fn begin(query: Value, page_size: usize, store: &Memory, oracle: &Oracle) -> Self {
        let snapshot = oracle.query(&query).unwrap();
        let last_page = snapshot.len().div_ceil(page_size).max(1);
        let first = with(&query, &json!({ "page": last_page.div_ceil(2), "pageSize": page_size }));
        let page = store.query_entries_paginated(first).await.unwrap();
        let (iterated, place) = store.iterate_from(query.clone(), Value::Null, page_size).await.unwrap();
        let walk = Self { query, snapshot, page_size, page, iterated, place };
        walk.check();
        walk
    }

    /// Goes on to the page after or before, where there is one, and with the iteration.
    async fn go(&mut self, store: &Memory, member: &str) {
        if !self.page[member].is_null() {
            let next = with(&self.query, &json!({ "cursor": self.page[member] }));
            let step = if member == "nextCursor" { 1 } else { -1 };
            let expected = self.page["page"].as_i64().unwrap() + step;
            self.page = store.query_entries_paginated(next).await.unwrap();
            assert_eq!(self.page["page"], expected);
        }
        if !self.place.is_null() {
            let place = self.place.take();
            let (batch, place) = store.iterate_from(self.query.clone(), place, self.page_size).await.unwrap();
            self.iterated.extend(batch);
            self.place = place;
        }
        self.check();
    }

    fn check(&self) {
        let number = usize::try_from(self.page["page"].as_u64().unwrap()).unwrap();
        let expected: Vec<&Value> =
            self.snapshot.iter().skip((number - 1) * self.page_size).take(self.page_size).collect();
        assert_eq!(self.page["items"].as_array().unwrap().iter().collect::<Vec<_>>(), expected);
        assert_eq!(self.page["totalCount"], self.snapshot.len(), "the total of the snapshot");
        let is_last = number * self.page_size >= self.snapshot.len();
        assert_eq!(
            (self.page["nextCursor"].is_null(), self.page["prevCursor"].is_null()),
            (is_last, number == 1)
        );
        assert!(self.snapshot.starts_with(&self.iterated), "an iteration stays in its snapshot");
    }

    /// Walks to one end, then to the other, and sees everything once.
    async fn finish(mut self, store: &Memory) {
        while !self.page["prevCursor"].is_null() {
            self.go(store, "prevCursor").await;
        }
        let mut seen = items(&self.page["items"]);
        while !self.page["nextCursor"].is_null() {
            self.go(store, "nextCursor").await;
            seen.extend(items(&self.page["items"]));
        }
        while !self.place.is_null() {
            self.go(store, "nextCursor").await;
        }
        assert_eq!(seen, self.snapshot, "pages are disjoint and together complete");
        assert_eq!(self.iterated, self.snapshot, "and so is an iteration");
    }
}

#[derive(Debug, Clone)]
enum Step {
    Begin(Value, usize),
    Go(usize, bool),
    Insert(Vec<Value>),
}

fn step() -> impl Strategy<Value = Step> {
    let query = query().prop_map(|query| with(&query, &json!({ "project": "p" })));
    prop_oneof![
        1 => (query, 1_usize..6).prop_map(|(query, size)| Step::Begin(query, size)),
        1 => (1_usize..6).prop_map(|size| Step::Begin(json!({ "project": "p" }), size)),
        6 => (any::<usize>(), any::<bool>()).prop_map(|(walk, forward)| Step::Go(walk, forward)),
        3 => entries(0..6).prop_map(Step::Insert),
    ]
}

/// Entries that are new but for few.
fn entries(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Value>> {
    vec((0_u32..10_000, entry()), count).prop_map(|entries| {
        let renamed = entries
            .into_iter()
            .map(|(id, entry)| with(&entry, &json!({ "project": "p", "entryId": format!("walked {id}") })));
        renamed.collect()
    })
}

/// A walk or an iteration over a log of which entries are removed: cursors from before are refused, and the iteration
/// goes on with what is left.
async fn walk_and_prune(
    query: Value,
    page_size: usize,
    options: Value,
    stores: &[Memory; 2],
    oracle: &mut Oracle,
) {
    let [reader, pruner] = stores;
    let first = with(&query, &json!({ "pageSize": page_size }));
    let page = reader.query_entries_paginated(first).await.unwrap();
    let (mut iterated, mut place) = reader.iterate_from(query.clone(), Value::Null, page_size).await.unwrap();
    let before = oracle.query(&query).unwrap();
    run(Operation::Prune(options.clone()), pruner, oracle).await;
    let was_pruned = oracle.removed_of("p") > 0;

    if !page["nextCursor"].is_null() {
        let next =
            reader.query_entries_paginated(with(&query, &json!({ "cursor": page["nextCursor"] }))).await;
        match next {
            Err(error) => assert!(was_pruned && error.kind() == ErrorKind::InvalidCursor, "{error}"),
            Ok(_) => assert!(!was_pruned, "a page after pruning"),
        }
    }
    let seen = iterated.len();
    while !place.is_null() {
        let (batch, next) = reader.iterate_from(query.clone(), place, page_size).await.unwrap();
        iterated.extend(batch);
        place = next;
    }
    let left = oracle.query(&query).unwrap();
    let expected: Vec<Value> = before
        .iter()
        .enumerate()
        .filter(|(rank, entry)| *rank < seen || left.contains(entry))
        .map(|(_, entry)| entry.clone())
        .collect();
    assert_eq!(iterated, expected, "what was seen before, then what is left");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_operations_have_the_effects_that_the_oracle_says(
        operations in vec((0_usize..3, operation()), 1..60)
    ) {
        pollster::block_on(async {
            let data = SharedMemory::default();
            let mut stores = [open(&data, true), open(&data, false), open_small(&data)];
            let mut oracle = Oracle::default();
            run(Operation::Upsert("p"), &stores[0], &mut oracle).await;
            for (store, operation) in operations {
                match operation {
                    Operation::Reopen => {
                        stores[store].close().await;
                        stores[store] = if store == 2 { open_small(&data) } else { open(&data, store == 0) };
                    }
                    operation => run(operation, &stores[store], &mut oracle).await,
                }
            }
            for store in stores.iter().chain([&open(&data, true)]) {
                read_all(store, &oracle).await;
            }
        });
    }

    #[test]
    fn any_query_gives_what_filtering_and_sorting_everything_gives(
        entries in vec(entry(), 0..60),
        queries in vec(query(), 1..12),
    ) {
        pollster::block_on(async {
            let data = SharedMemory::default();
            let (writer, reader) = (open_small(&data), open(&data, false));
            let mut oracle = Oracle::default();
            for name in PROJECTS {
                run(Operation::Upsert(name), &writer, &mut oracle).await;
            }
            // Half of them before the reader has loaded anything, half of them behind its back.
            let (first, second) = entries.split_at(entries.len() / 2);
            for entries in [first, second] {
                run(Operation::InsertMany(entries.to_vec()), &writer, &mut oracle).await;
                for query in &queries {
                    read(query, &reader, &oracle).await;
                    read(query, &writer, &oracle).await;
                }
            }
        });
    }

    #[test]
    fn walks_are_disjoint_and_complete_whatever_is_written_meanwhile(
        entries in entries(0..30),
        steps in vec((0_usize..2, step()), 1..40),
    ) {
        pollster::block_on(async {
            let data = SharedMemory::default();
            let stores = [open_small(&data), open(&data, false)];
            let mut oracle = Oracle::default();
            run(Operation::Upsert("p"), &stores[0], &mut oracle).await;
            run(Operation::InsertMany(entries), &stores[0], &mut oracle).await;
            let mut walks = vec![Walk::begin(json!({ "project": "p" }), 4, &stores[0], &oracle).await];
            for (store, step) in steps {
                let store = &stores[store];
                match step {
                    Step::Begin(query, size) => walks.push(Walk::begin(query, size, store, &oracle).await),
                    Step::Insert(entries) => run(Operation::InsertMany(entries), store, &mut oracle).await,
                    Step::Go(walk, forward) => {
                        let walk = walk % walks.len();
                        walks[walk].go(store, if forward { "nextCursor" } else { "prevCursor" }).await;
                    }
                }
            }
            for walk in walks {
                walk.finish(&stores[0]).await;
            }
        });
    }

    #[test]
    fn walks_notice_that_entries_were_removed(
        entries in entries(1..40),
        query in query(),
        all in any::<bool>(),
        size in 1_usize..6,
        options in prune(),
    ) {
        pollster::block_on(async {
            let data = SharedMemory::default();
            let stores = [open(&data, false), open_small(&data)];
            let mut oracle = Oracle::default();
            run(Operation::Upsert("p"), &stores[1], &mut oracle).await;
            run(Operation::InsertMany(entries), &stores[1], &mut oracle).await;
            let query = if all { json!({ "project": "p" }) } else { with(&query, &json!({ "project": "p" })) };
            let options = with(&options, &json!({ "project": "p" }));
            walk_and_prune(query, size, options, &stores, &mut oracle).await;
        });
    }
}
