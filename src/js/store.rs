//! A store, as JavaScript holds it: methods that decode, call and encode.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use super::EntryBatch;
use crate::error::Error;
use crate::medium::Any;
use crate::storage::{StorageBackend, Store};
use crate::wire;

/// `null` for what is missing, plain objects, numbers for integers: as JSON would have it.
pub(super) const SERIALIZER: Serializer = Serializer::json_compatible();

/// A handle on an open store. Every method takes the text of one JSON object, whose members are the
/// arguments of the method of that name in the package, and rejects with a plain object that describes a
/// `ScribeError`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct StoreHandle {
    store: Store<Any>,
}

impl StoreHandle {
    pub(super) fn new(store: Store<Any>) -> Self {
        Self { store }
    }
}

fn to_js<T: Serialize>(result: &T) -> Result<JsValue, Error> {
    result
        .serialize(&SERIALIZER)
        .map_err(|error| Error::internal(format!("a result cannot be passed on: {error}")))
}

#[wasm_bindgen]
#[expect(clippy::missing_errors_doc, reason = "the package documents which codes a method rejects with")]
impl StoreHandle {
    /// Waits for writes under way, then lets go of the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Inserts the entries of a batch, which is empty afterwards.
    #[wasm_bindgen(js_name = insertEntries)]
    pub async fn insert_entries(&self, batch: &EntryBatch) -> Result<JsValue, Error> {
        let entries = batch.take();
        to_js(&self.store.insert_entries(entries).await?)
    }

    /// Returns some entries of an iteration, and where to go on.
    #[wasm_bindgen(js_name = iterateEntries)]
    pub async fn iterate_entries(&self, argument: String) -> Result<String, Error> {
        const BATCH: usize = 500;
        let (query, place) = wire::iteration(&argument)?;
        wire::encode_batch(&self.store.iterate_entries(&query.project, &query.criteria, place, BATCH).await?)
    }

    /// Creates a project, or changes its paths.
    #[wasm_bindgen(js_name = upsertProject)]
    pub async fn upsert_project(&self, argument: String) -> Result<JsValue, Error> {
        let project = wire::new_project(&argument)?;
        to_js(&self.store.upsert_project(project).await?)
    }

    /// Returns the project with a name, or `null`.
    #[wasm_bindgen(js_name = fetchProject)]
    pub async fn fetch_project(&self, argument: String) -> Result<JsValue, Error> {
        let name = wire::project_name(&argument)?;
        to_js(&self.store.fetch_project(&name).await?)
    }

    /// Returns all projects.
    #[wasm_bindgen(js_name = listProjects)]
    pub async fn list_projects(&self) -> Result<JsValue, Error> {
        to_js(&self.store.list_projects().await?)
    }

    /// Deletes a project and all that belongs to it.
    #[wasm_bindgen(js_name = deleteProject)]
    pub async fn delete_project(&self, argument: String) -> Result<JsValue, Error> {
        let name = wire::project_name(&argument)?;
        to_js(&self.store.delete_project(&name).await?)
    }

    /// Counts a project's entries.
    #[wasm_bindgen(js_name = fetchMetrics)]
    pub async fn fetch_metrics(&self, argument: String) -> Result<JsValue, Error> {
        let project = wire::project(&argument)?;
        to_js(&self.store.fetch_metrics(&project).await?)
    }

    /// Inserts an entry.
    #[wasm_bindgen(js_name = insertEntry)]
    pub async fn insert_entry(&self, argument: String) -> Result<JsValue, Error> {
        let entry = wire::new_entry(&argument)?;
        to_js(&self.store.insert_entry(entry).await?)
    }

    /// Completes an entry, inserts it, and returns it.
    #[wasm_bindgen(js_name = appendEntry)]
    pub async fn append_entry(&self, argument: String) -> Result<String, Error> {
        let entry = wire::append_entry(&argument)?;
        wire::encode(&self.store.append_entry(entry).await?)
    }

    /// Returns the entry with an identifier, or `null`.
    #[wasm_bindgen(js_name = fetchEntry)]
    pub async fn fetch_entry(&self, argument: String) -> Result<String, Error> {
        let id = wire::entry_id(&argument)?;
        wire::encode(&self.store.fetch_entry(&id).await?)
    }

    /// Returns a window of the newest entries.
    #[wasm_bindgen(js_name = fetchRecentEntries)]
    pub async fn fetch_recent_entries(&self, argument: String) -> Result<String, Error> {
        let query = wire::recent_query(&argument)?;
        wire::encode(&self.store.fetch_recent_entries(&query.project, &query.filters, query.window).await?)
    }

    /// Returns a page of the newest entries.
    #[wasm_bindgen(js_name = fetchRecentEntriesPaginated)]
    pub async fn fetch_recent_entries_paginated(&self, argument: String) -> Result<String, Error> {
        let query = wire::recent_page_query(&argument)?;
        wire::encode(
            &self.store.fetch_recent_entries_paginated(&query.project, &query.criteria, &query.page).await?,
        )
    }

    /// Counts a project's entries.
    #[wasm_bindgen(js_name = countEntries)]
    pub async fn count_entries(&self, argument: String) -> Result<JsValue, Error> {
        let query = wire::recent_count(&argument)?;
        to_js(&self.store.count_entries(&query.project, &query.criteria).await?)
    }

    /// Returns a window of the entries that match.
    #[wasm_bindgen(js_name = queryEntries)]
    pub async fn query_entries(&self, argument: String) -> Result<String, Error> {
        let query = wire::query(&argument)?;
        wire::encode(&self.store.query_entries(&query.project, &query.criteria, None, query.window).await?)
    }

    /// Returns a page of the entries that match.
    #[wasm_bindgen(js_name = queryEntriesPaginated)]
    pub async fn query_entries_paginated(&self, argument: String) -> Result<String, Error> {
        let query = wire::page_query(&argument)?;
        wire::encode(&self.store.query_entries_paginated(&query.project, &query.criteria, &query.page).await?)
    }

    /// Counts the entries that match.
    #[wasm_bindgen(js_name = countQueryEntries)]
    pub async fn count_query_entries(&self, argument: String) -> Result<JsValue, Error> {
        let query = wire::count_query(&argument)?;
        to_js(&self.store.count_query_entries(&query.project, &query.criteria, None).await?)
    }

    /// Records a change of a document.
    #[wasm_bindgen(js_name = recordDocChange)]
    pub async fn record_doc_change(&self, argument: String) -> Result<String, Error> {
        let (project, change) = wire::doc_change(&argument)?;
        wire::encode(&self.store.record_doc_change(&project, change).await?)
    }

    /// Returns a page of a project's document changes.
    #[wasm_bindgen(js_name = listDocChanges)]
    pub async fn list_doc_changes(&self, argument: String) -> Result<String, Error> {
        let query = wire::change_query(&argument)?;
        wire::encode(&self.store.list_doc_changes(&query.project, query.doc.as_deref(), &query.page).await?)
    }

    /// Records a report card.
    #[wasm_bindgen(js_name = recordAgentReportCard)]
    pub async fn record_agent_report_card(&self, argument: String) -> Result<String, Error> {
        let (project, card) = wire::report_card(&argument)?;
        wire::encode(&self.store.record_agent_report_card(&project, card).await?)
    }

    /// Returns a page of a project's report cards.
    #[wasm_bindgen(js_name = listAgentReportCards)]
    pub async fn list_agent_report_cards(&self, argument: String) -> Result<String, Error> {
        let query = wire::card_query(&argument)?;
        wire::encode(
            &self
                .store
                .list_agent_report_cards(&query.project, query.agent_name.as_deref(), &query.page)
                .await?,
        )
    }

    /// Creates a session, or makes it active again.
    #[wasm_bindgen(js_name = upsertAgentSession)]
    pub async fn upsert_agent_session(&self, argument: String) -> Result<String, Error> {
        let session = wire::session_upsert(&argument)?;
        wire::encode(
            &self
                .store
                .upsert_agent_session(&session.agent_id, &session.session_id, session.metadata)
                .await?,
        )
    }

    /// Returns a session, or `null`.
    #[wasm_bindgen(js_name = fetchAgentSession)]
    pub async fn fetch_agent_session(&self, argument: String) -> Result<String, Error> {
        let id = wire::session_id(&argument)?;
        wire::encode(&self.store.fetch_agent_session(&id).await?)
    }

    /// Returns sessions.
    #[wasm_bindgen(js_name = listAgentSessions)]
    pub async fn list_agent_sessions(&self, argument: String) -> Result<String, Error> {
        let query = wire::session_query(&argument)?;
        wire::encode(&self.store.list_agent_sessions(query.agent_id.as_deref(), query.status).await?)
    }

    /// Touches a session.
    #[wasm_bindgen(js_name = heartbeatSession)]
    pub async fn heartbeat_session(&self, argument: String) -> Result<JsValue, Error> {
        let id = wire::session_id(&argument)?;
        to_js(&self.store.heartbeat_session(&id).await?)
    }

    /// Ends a session.
    #[wasm_bindgen(js_name = endSession)]
    pub async fn end_session(&self, argument: String) -> Result<JsValue, Error> {
        let id = wire::session_id(&argument)?;
        to_js(&self.store.end_session(&id).await?)
    }

    /// Ends idle sessions and returns their identifiers.
    #[wasm_bindgen(js_name = expireSessions)]
    pub async fn expire_sessions(&self, argument: String) -> Result<JsValue, Error> {
        let idle = wire::idle_micros(&argument)?;
        to_js(&self.store.expire_sessions(idle).await?)
    }

    /// Returns an agent's current project, or `null`.
    #[wasm_bindgen(js_name = getAgentProject)]
    pub async fn get_agent_project(&self, argument: String) -> Result<JsValue, Error> {
        let id = wire::agent_id(&argument)?;
        to_js(&self.store.get_agent_project(&id).await?)
    }

    /// Sets an agent's current project.
    #[wasm_bindgen(js_name = setAgentProject)]
    pub async fn set_agent_project(&self, argument: String) -> Result<JsValue, Error> {
        let change = wire::set_agent_project(&argument)?;
        to_js(&self.store.set_agent_project(change).await?)
    }

    /// Returns the newest events.
    #[wasm_bindgen(js_name = listAgentEvents)]
    pub async fn list_agent_events(&self, argument: String) -> Result<JsValue, Error> {
        let query = wire::event_query(&argument)?;
        to_js(&self.store.list_agent_events(query.agent_id.as_deref(), query.event_type, query.limit).await?)
    }
}
