//! A medium that fails at every operation of every write, one after the other: what is stored is afterwards what it
//! was before the call or what the call makes of it, never anything between, and the store goes on.
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
#[path = "faults/medium.rs"]
mod medium;
#[path = "conformance/world.rs"]
#[expect(dead_code, reason = "the conformance suite tampers with what is stored")]
mod world;

use api::{Api, entry_with};
use medium::Faulty;
use scribe_store::error::{Error, ErrorKind};
use scribe_store::storage::{Sealing, Store, StoreOptions};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use world::{TestClock, contents};

type Stored = Vec<Vec<Vec<u8>>>;
type Result = std::result::Result<Value, Error>;

/// A store with something of everything in it, on a medium that may fail.
struct Scene {
    medium: Faulty,
    clock: TestClock,
    sealing: Sealing,
    store: Api<Store<Faulty>>,
}

impl Scene {
    async fn new(sealing: Sealing) -> Self {
        let (medium, clock) = (Faulty::default(), TestClock::new());
        let store = open(&medium, &clock, sealing);
        let scene = Self { medium, clock, sealing, store };
        scene.fill().await;
        scene
    }

    /// Makes two logs of segments and a tail, sessions, agents with a project, and documents.
    async fn fill(&self) {
        let Self { store, clock, .. } = self;
        for project in ["p", "q"] {
            store.project(project).await;
            for number in 0..8 {
                let id = format!("{project} {number}");
                store
                    .insert_entry(entry(json!({ "project": project, "entryId": id, "ts": number % 5 })))
                    .await
                    .unwrap();
            }
            store.record_doc_change(change(project)).await.unwrap();
            store.record_agent_report_card(card(project, 1)).await.unwrap();
        }
        for number in 0..3 {
            let session = json!({ "agentId": "a", "sessionId": format!("s{number}") });
            store.upsert_agent_session(session).await.unwrap();
        }
        store.set_agent_project(agent_project("p", 0)).await.unwrap();
        clock.advance_ms(1000);
    }

    /// What a new store finds.
    fn reopened(&self) -> Api<Store<Faulty>> {
        open(&self.medium, &self.clock, self.sealing)
    }

    async fn stored(&self) -> Stored {
        contents(&self.medium).await
    }

    /// Checks that the store in use and a new one tell the same, and that the logs are sound.
    async fn check(&self, place: &str) {
        let mut answers = Vec::new();
        for store in [&self.store, &self.reopened()] {
            let mut answer = vec![store.list_projects().await.unwrap()];
            for project in store.list_projects().await.unwrap().as_array().unwrap() {
                let project = json!({ "project": project["name"] });
                let report = store.verify_project(project.clone()).await.unwrap();
                assert_eq!(report["ok"], json!(true), "{place}: {report}");
                let metrics = store.fetch_metrics(project.clone()).await.unwrap();
                assert_eq!(metrics["totalEntries"], report["entries"], "{place}");
                answer.extend([report, metrics, store.query_entries(project).await.unwrap()]);
            }
            answer.push(store.list_agent_sessions(json!({})).await.unwrap());
            answer.push(store.list_agent_events(json!({})).await.unwrap());
            answers.push(answer);
        }
        assert_eq!(answers[0], answers[1], "{place}: the store in use and a new one");
    }
}

fn open(medium: &Faulty, clock: &TestClock, sealing: Sealing) -> Api<Store<Faulty>> {
    Api::new(Store::new(medium.clone(), StoreOptions { sealing, ..clock.options() }))
}

fn card(project: &str, grade: u32) -> Value {
    json!({ "project": project, "card": { "filePath": "f", "agentName": "a", "overallGrade": grade } })
}

fn change(project: &str) -> Value {
    let change = json!({ "doc": "d", "action": "edit", "shaBefore": "1", "shaAfter": "2" });
    json!({ "project": project, "change": change })
}

fn agent_project(project: &str, version: u32) -> Value {
    json!({
        "agentId": "a",
        "projectName": project,
        "expectedVersion": version,
        "updatedBy": "a",
        "sessionId": "s0",
    })
}

/// Makes an entry with the hash of its line.
fn entry(given: Value) -> Value {
    let mut entry = entry_with(given);
    let hash = Sha256::digest(entry["rawLine"].as_str().unwrap());
    entry["sha256"] = base16ct::lower::encode_string(&hash).into();
    entry
}

fn entries(count: u32) -> Value {
    (0..count)
        .map(|number| {
            let project = if number % 3 == 0 { "q" } else { "p" };
            // Some are there already.
            let id = if number % 7 == 0 { format!("p {}", number % 4) } else { format!("new {number}") };
            entry(json!({ "project": project, "entryId": id, "ts": 700 * (number % 11) }))
        })
        .collect()
}

/// Lets a write fail at each of its operations in turn.
fn fails_anywhere(name: &str, call: &impl AsyncFn(&Api<Store<Faulty>>) -> Result) {
    for sealing in [Sealing { tail_rows: 3, segment_rows: 5 }, Sealing::default()] {
        pollster::block_on(async {
            let scene = Scene::new(sealing).await;
            let before = scene.stored().await;
            call(&scene.store).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            let after = scene.stored().await;
            assert_ne!(before, after, "{name} writes something");

            for nth in 1.. {
                let place = format!("{name}, operation {nth}, {sealing:?}");
                let scene = Scene::new(sealing).await;
                scene.medium.fault().set(nth);
                let result = call(&scene.store).await;
                if scene.medium.fault().clear() {
                    assert!(nth > 3, "{place}: a write begins, writes and commits");
                    result.unwrap();
                    return;
                }
                let stored = scene.stored().await;
                match &result {
                    // What failed was done in another way.
                    Ok(_) => assert!(stored == after, "{place}: succeeded, and did not do it all"),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Unavailable, "{place}: {error}");
                        assert!(stored == before, "{place}: failed, and did something");
                    }
                }
                scene.check(&place).await;
                if result.is_err() {
                    call(&scene.store).await.unwrap_or_else(|error| panic!("{place}, again: {error}"));
                    assert!(scene.stored().await == after, "{place}: the next call does it all");
                    scene.check(&place).await;
                }
            }
        });
    }
}

macro_rules! fails_anywhere {
    ($($name:ident: $method:ident($argument:expr),)*) => {
        $(#[test]
        fn $name() {
            fails_anywhere(stringify!($name), &async |store| store.$method($argument).await);
        })*
    };
}

fails_anywhere! {
    creating_a_project: upsert_project(json!({ "name": "new", "repoRoot": "/", "progressLogPath": "/l" })),
    changing_a_project: upsert_project(json!({ "name": "p", "repoRoot": "/", "progressLogPath": "/l" })),
    deleting_a_project: delete_project(json!({ "name": "p" })),
    inserting_an_entry: insert_entry(entry(json!({ "entryId": "new" }))),
    inserting_some_entries: insert_entries(entries(10)),
    inserting_many_entries: insert_entries(entries(100)),
    appending_an_entry: append_entry(json!({ "project": "p", "message": "m", "entryId": "new" })),
    pruning_all_but_the_newest_entries: prune_entries(json!({ "project": "p", "keepNewest": 5 })),
    pruning_what_both_options_allow: prune_entries(json!({ "project": "p", "keepNewest": 1, "before": 3 })),
    pruning_all_entries: prune_entries(json!({ "project": "p", "keepNewest": 0 })),
    recording_a_document_change: record_doc_change(change("p")),
    recording_a_report_card: record_agent_report_card(card("p", 2)),
    beginning_a_session: upsert_agent_session(json!({ "agentId": "a", "sessionId": "new" })),
    touching_a_session: heartbeat_session(json!({ "sessionId": "s1" })),
    ending_a_session: end_session(json!({ "sessionId": "s1" })),
    expiring_sessions: expire_sessions(json!({ "idleMs": 500 })),
    setting_an_agents_project: set_agent_project(agent_project("q", 1)),
}
