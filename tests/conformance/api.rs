//! A backend as JavaScript sees it: arguments and results as JSON, through the very code that the bindings use.

use scribe_store::error::{Error, ErrorKind};
use scribe_store::storage::StorageBackend;
use scribe_store::wire::{self, ToJson};
use serde::Serialize;
use serde_json::{Value, json};

type Result<T = Value> = std::result::Result<T, Error>;

/// A backend behind JSON.
pub struct Api<B> {
    pub backend: B,
}

#[expect(clippy::unnecessary_wraps, reason = "so that a call's result is what this returns")]
fn written(result: &impl Serialize) -> Result {
    Ok(serde_json::to_value(result).unwrap())
}

/// Reads what is written as one text.
#[expect(clippy::unnecessary_wraps, reason = "so that a call's result is what this returns")]
fn texts(result: &(impl ToJson + ?Sized)) -> Result {
    Ok(serde_json::from_str(&result.to_json()).unwrap())
}

impl<B: StorageBackend> Api<B> {
    pub fn new(backend: B) -> Self {
        Self { backend }
    }

    pub async fn close(&self) {
        self.backend.close().await;
    }

    pub async fn list_projects(&self) -> Result {
        written(&self.backend.list_projects().await?)
    }

    /// Collects a whole iteration, in batches of `limit`.
    pub async fn iterate_entries(&self, query: Value, limit: usize) -> Result<Vec<Value>> {
        let mut entries = Vec::new();
        let mut place = Value::Null;
        loop {
            let (batch, next) = self.iterate_from(query.clone(), place, limit).await?;
            entries.extend(batch);
            if next.is_null() {
                return Ok(entries);
            }
            place = next;
        }
    }

    /// Returns one batch of an iteration, and the place where the next one begins.
    pub async fn iterate_from(
        &self,
        query: Value,
        place: Value,
        limit: usize,
    ) -> Result<(Vec<Value>, Value)> {
        let text = json!({ "query": query, "place": place }).to_string();
        let (query, from, _) = wire::iteration(&text)?;
        let batch = self.backend.iterate_entries(&query.project, &query.criteria, from, limit).await?;
        let batch: Value = texts(&batch)?;
        Ok((items(&batch["entries"]), batch["next"].clone()))
    }

    /// Returns entries of a log that is followed, in batches of `limit` until there are none for now, and where to go
    /// on then. Without a place there are none; a place to begin with has only a `seq`.
    pub async fn follow_entries(
        &self,
        query: Value,
        place: Value,
        limit: usize,
    ) -> Result<(Vec<Value>, Value)> {
        let mut entries = Vec::new();
        let mut place = place;
        loop {
            let text = json!({ "query": query, "place": place, "follows": true }).to_string();
            let (query, from, follows) = wire::iteration(&text)?;
            assert!(follows);
            let batch = self.backend.follow_entries(&query.project, &query.criteria, from, limit).await?;
            let batch: Value = texts(&batch)?;
            let found = items(&batch["entries"]);
            assert!(found.len() <= limit, "no more than {limit}");
            entries.extend(found);
            place = batch["next"].clone();
            if place["seq"].as_u64() > place["lastSeq"].as_u64() {
                return Ok((entries, place));
            }
        }
    }

    pub async fn stored_bytes(&self) -> Result {
        written(&self.backend.stored_bytes().await?)
    }

    pub async fn upsert_project(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let project = wire::new_project(&text)?;
        written(&self.backend.upsert_project(project).await?)
    }

    pub async fn fetch_project(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let name = wire::project_name(&text)?;
        written(&self.backend.fetch_project(&name).await?)
    }

    pub async fn delete_project(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let name = wire::project_name(&text)?;
        written(&self.backend.delete_project(&name).await?)
    }

    pub async fn fetch_metrics(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let project = wire::project(&text)?;
        written(&self.backend.fetch_metrics(&project).await?)
    }

    pub async fn verify_project(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let project = wire::project(&text)?;
        written(&self.backend.verify_project(&project).await?)
    }

    pub async fn prune_entries(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let retention = wire::retention(&text)?;
        written(&self.backend.prune_entries(&retention).await?)
    }

    pub async fn insert_entry(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let entry = wire::new_entry(&text)?;
        written(&self.backend.insert_entry(entry).await?)
    }

    pub async fn insert_entries(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let list = wire::entries(&text, 0)?;
        written(&self.backend.insert_entries(list).await?)
    }

    pub async fn append_entry(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let entry = wire::append_entry(&text)?;
        texts(&self.backend.append_entry(entry).await?)
    }

    pub async fn fetch_entry(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let id = wire::entry_id(&text)?;
        texts(&self.backend.fetch_entry(&id).await?)
    }

    pub async fn fetch_recent_entries(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::recent_query(&text)?;
        texts(
            self.backend.fetch_recent_entries(&query.project, &query.filters, query.window).await?.as_slice(),
        )
    }

    pub async fn fetch_recent_entries_paginated(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::recent_page_query(&text)?;
        texts(
            &self
                .backend
                .fetch_recent_entries_paginated(&query.project, &query.criteria, &query.page)
                .await?,
        )
    }

    pub async fn count_entries(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::recent_count(&text)?;
        written(&self.backend.count_entries(&query.project, &query.criteria).await?)
    }

    pub async fn query_entries(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::query(&text)?;
        texts(
            self.backend.query_entries(&query.project, &query.criteria, None, query.window).await?.as_slice(),
        )
    }

    pub async fn query_entries_paginated(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::page_query(&text)?;
        texts(&self.backend.query_entries_paginated(&query.project, &query.criteria, &query.page).await?)
    }

    pub async fn count_query_entries(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::count_query(&text)?;
        written(&self.backend.count_query_entries(&query.project, &query.criteria, None).await?)
    }

    pub async fn summarize_entries(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::summary_query(&text)?;
        texts(&self.backend.summarize_entries(&query.project, &query.criteria, query.bucketing).await?)
    }

    pub async fn record_doc_change(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let (project, change) = wire::doc_change(&text)?;
        texts(&self.backend.record_doc_change(&project, change).await?)
    }

    pub async fn list_doc_changes(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::change_query(&text)?;
        texts(&self.backend.list_doc_changes(&query.project, query.doc.as_deref(), &query.page).await?)
    }

    pub async fn record_agent_report_card(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let (project, card) = wire::report_card(&text)?;
        texts(&self.backend.record_agent_report_card(&project, card).await?)
    }

    pub async fn list_agent_report_cards(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::card_query(&text)?;
        texts(
            &self
                .backend
                .list_agent_report_cards(&query.project, query.agent_name.as_deref(), &query.page)
                .await?,
        )
    }

    pub async fn upsert_agent_session(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let session = wire::session_upsert(&text)?;
        texts(
            &self
                .backend
                .upsert_agent_session(&session.agent_id, &session.session_id, session.metadata)
                .await?,
        )
    }

    pub async fn fetch_agent_session(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let id = wire::session_id(&text)?;
        texts(&self.backend.fetch_agent_session(&id).await?)
    }

    pub async fn list_agent_sessions(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::session_query(&text)?;
        texts(&self.backend.list_agent_sessions(query.agent_id.as_deref(), query.status).await?)
    }

    pub async fn heartbeat_session(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let id = wire::session_id(&text)?;
        written(&self.backend.heartbeat_session(&id).await?)
    }

    pub async fn end_session(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let id = wire::session_id(&text)?;
        written(&self.backend.end_session(&id).await?)
    }

    pub async fn expire_sessions(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let idle = wire::idle_micros(&text)?;
        written(&self.backend.expire_sessions(idle).await?)
    }

    pub async fn get_agent_project(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let id = wire::agent_id(&text)?;
        written(&self.backend.get_agent_project(&id).await?)
    }

    pub async fn set_agent_project(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let change = wire::set_agent_project(&text)?;
        written(&self.backend.set_agent_project(change).await?)
    }

    pub async fn list_agent_events(&self, argument: Value) -> Result {
        let text = argument.to_string();
        let query = wire::event_query(&text)?;
        texts(
            &self.backend.list_agent_events(query.agent_id.as_deref(), query.event_type, query.limit).await?,
        )
    }

    /// Creates a project of a name.
    pub async fn project(&self, name: &str) -> Value {
        let project = json!({ "name": name, "repoRoot": "/repo", "progressLogPath": "/repo/LOG.md" });
        self.upsert_project(project).await.unwrap()
    }

    /// Inserts an entry that is all defaults but for what is given.
    pub async fn insert(&self, entry: Value) -> bool {
        self.insert_entry(entry_with(entry)).await.unwrap() == json!(true)
    }

    /// Returns the identifiers of the entries that match, newest first.
    pub async fn ids(&self, query: Value) -> Vec<String> {
        let mut query = query;
        query["limit"] = json!(100_000);
        ids(&self.query_entries(query).await.unwrap())
    }
}

/// Makes an entry of project "p" that is all defaults but for what is given.
pub fn entry_with(given: Value) -> Value {
    let mut entry = json!({
        "project": "p",
        "ts": "2026-01-01T00:00:00Z",
        "emoji": "ℹ️",
        "message": "a message",
        "rawLine": "a line",
        "sha256": "00",
    });
    let Value::Object(given) = given else { panic!("{given} is no object") };
    for (key, value) in given {
        entry[key] = value;
    }
    entry
}

/// Returns the elements of an array.
pub fn items(array: &Value) -> Vec<Value> {
    array.as_array().unwrap().clone()
}

/// Returns the identifiers of entries.
pub fn ids(entries: &Value) -> Vec<String> {
    items(entries).iter().map(|entry| entry["entryId"].as_str().unwrap().to_owned()).collect()
}

/// Checks that a call failed with a kind, and that its message names something.
#[track_caller]
pub fn fails<T: std::fmt::Debug>(result: Result<T>, kind: ErrorKind, named: &str) {
    let error = result.expect_err(named);
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.message().contains(named), "{named:?} is named in {:?}", error.message());
}
