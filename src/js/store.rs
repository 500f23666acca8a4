//! A store, as JavaScript holds it: methods that decode, call and encode.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::EntryBatch;
use crate::error::Error;
use crate::medium::Any;
use crate::storage::{StorageBackend, Store};
use crate::wire::{self, ToJson};

/// `null` for what is missing, plain objects, numbers for integers: as JSON would have it.
pub(super) const SERIALIZER: Serializer = Serializer::json_compatible();

/// A handle on an open store. Every method takes the text of one JSON object, whose members are the
/// arguments of the method of that name in the package, and rejects with a plain object that describes a
/// `ScribeError`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct StoreHandle {
    store: Rc<Store<Any>>,
}

impl StoreHandle {
    pub(super) fn new(store: Store<Any>) -> Self {
        Self { store: Rc::new(store) }
    }

    /// Starts a call. The store lives until the call is done, whatever becomes of the handle.
    fn call<F: Future<Output = Result<JsValue, Error>> + 'static>(
        &self,
        body: impl FnOnce(Rc<Store<Any>>) -> F,
    ) -> Promise {
        promise(Box::pin(body(Rc::clone(&self.store))))
    }
}

/// Makes a promise. Boxed: what stands around a future is compiled once, not for every method.
pub(super) fn promise(future: LocalBoxFuture<'static, Result<JsValue, Error>>) -> Promise {
    future_to_promise(async move { future.await.map_err(JsValue::from) })
}

fn to_text<T: Serialize>(result: &T) -> Result<JsValue, Error> {
    Ok(JsValue::from_str(&wire::encode(result)?))
}

fn to_entries<T: ToJson + ?Sized>(result: &T) -> JsValue {
    JsValue::from_str(&result.to_json())
}

fn to_js<T: Serialize>(result: &T) -> Result<JsValue, Error> {
    result
        .serialize(&SERIALIZER)
        .map_err(|error| Error::internal(format!("a result cannot be passed on: {error}")))
}

#[wasm_bindgen]
impl StoreHandle {
    /// Waits for writes under way, then lets go of the database.
    pub fn close(&self) -> Promise {
        self.call(|store| async move {
            store.close().await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Inserts the entries of a batch, which is empty afterwards.
    #[wasm_bindgen(js_name = insertEntries)]
    pub fn insert_entries(&self, batch: &EntryBatch) -> Promise {
        let entries = batch.take();
        self.call(|store| async move { to_js(&store.insert_entries(entries).await?) })
    }

    /// Returns some entries of an iteration, and where to go on.
    #[wasm_bindgen(js_name = iterateEntries)]
    pub fn iterate_entries(&self, argument: String) -> Promise {
        self.call(|store| async move {
            const BATCH: usize = 500;
            let (query, place) = wire::iteration(&argument)?;
            let batch = store.iterate_entries(&query.project, &query.criteria, place, BATCH).await?;
            Ok(to_entries(&batch))
        })
    }

    /// Creates a project, or changes its paths.
    #[wasm_bindgen(js_name = upsertProject)]
    pub fn upsert_project(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let project = wire::new_project(&argument)?;
            to_js(&store.upsert_project(project).await?)
        })
    }

    /// Returns the project with a name, or `null`.
    #[wasm_bindgen(js_name = fetchProject)]
    pub fn fetch_project(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let name = wire::project_name(&argument)?;
            to_js(&store.fetch_project(&name).await?)
        })
    }

    /// Returns all projects.
    #[wasm_bindgen(js_name = listProjects)]
    pub fn list_projects(&self) -> Promise {
        self.call(|store| async move { to_js(&store.list_projects().await?) })
    }

    /// Deletes a project and all that belongs to it.
    #[wasm_bindgen(js_name = deleteProject)]
    pub fn delete_project(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let name = wire::project_name(&argument)?;
            to_js(&store.delete_project(&name).await?)
        })
    }

    /// Counts a project's entries.
    #[wasm_bindgen(js_name = fetchMetrics)]
    pub fn fetch_metrics(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let project = wire::project(&argument)?;
            to_js(&store.fetch_metrics(&project).await?)
        })
    }

    /// Recomputes every hash of a project's log.
    #[wasm_bindgen(js_name = verifyProject)]
    pub fn verify_project(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let project = wire::project(&argument)?;
            to_js(&store.verify_project(&project).await?)
        })
    }

    /// Inserts an entry.
    #[wasm_bindgen(js_name = insertEntry)]
    pub fn insert_entry(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let entry = wire::new_entry(&argument)?;
            to_js(&store.insert_entry(entry).await?)
        })
    }

    /// Completes an entry, inserts it, and returns it.
    #[wasm_bindgen(js_name = appendEntry)]
    pub fn append_entry(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let entry = wire::append_entry(&argument)?;
            Ok(to_entries(&store.append_entry(entry).await?))
        })
    }

    /// Returns the entry with an identifier, or `null`.
    #[wasm_bindgen(js_name = fetchEntry)]
    pub fn fetch_entry(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let id = wire::entry_id(&argument)?;
            Ok(to_entries(&store.fetch_entry(&id).await?))
        })
    }

    /// Returns a window of the newest entries.
    #[wasm_bindgen(js_name = fetchRecentEntries)]
    pub fn fetch_recent_entries(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::recent_query(&argument)?;
            let entries = store.fetch_recent_entries(&query.project, &query.filters, query.window).await?;
            Ok(to_entries(entries.as_slice()))
        })
    }

    /// Returns a page of the newest entries.
    #[wasm_bindgen(js_name = fetchRecentEntriesPaginated)]
    pub fn fetch_recent_entries_paginated(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::recent_page_query(&argument)?;
            let page = store.fetch_recent_entries_paginated(&query.project, &query.criteria, &query.page);
            Ok(to_entries(&page.await?))
        })
    }

    /// Counts a project's entries.
    #[wasm_bindgen(js_name = countEntries)]
    pub fn count_entries(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::recent_count(&argument)?;
            to_js(&store.count_entries(&query.project, &query.criteria).await?)
        })
    }

    /// Returns a window of the entries that match.
    #[wasm_bindgen(js_name = queryEntries)]
    pub fn query_entries(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::query(&argument)?;
            let entries = store.query_entries(&query.project, &query.criteria, None, query.window).await?;
            Ok(to_entries(entries.as_slice()))
        })
    }

    /// Returns a page of the entries that match.
    #[wasm_bindgen(js_name = queryEntriesPaginated)]
    pub fn query_entries_paginated(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::page_query(&argument)?;
            let page = store.query_entries_paginated(&query.project, &query.criteria, &query.page);
            Ok(to_entries(&page.await?))
        })
    }

    /// Counts the entries that match.
    #[wasm_bindgen(js_name = countQueryEntries)]
    pub fn count_query_entries(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::count_query(&argument)?;
            to_js(&store.count_query_entries(&query.project, &query.criteria, None).await?)
        })
    }

    /// Records a change of a document.
    #[wasm_bindgen(js_name = recordDocChange)]
    pub fn record_doc_change(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let (project, change) = wire::doc_change(&argument)?;
            to_text(&store.record_doc_change(&project, change).await?)
        })
    }

    /// Returns a page of a project's document changes.
    #[wasm_bindgen(js_name = listDocChanges)]
    pub fn list_doc_changes(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::change_query(&argument)?;
            to_text(&store.list_doc_changes(&query.project, query.doc.as_deref(), &query.page).await?)
        })
    }

    /// Records a report card.
    #[wasm_bindgen(js_name = recordAgentReportCard)]
    pub fn record_agent_report_card(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let (project, card) = wire::report_card(&argument)?;
            to_text(&store.record_agent_report_card(&project, card).await?)
        })
    }

    /// Returns a page of a project's report cards.
    #[wasm_bindgen(js_name = listAgentReportCards)]
    pub fn list_agent_report_cards(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::card_query(&argument)?;
            to_text(
                &store
                    .list_agent_report_cards(&query.project, query.agent_name.as_deref(), &query.page)
                    .await?,
            )
        })
    }

    /// Creates a session, or makes it active again.
    #[wasm_bindgen(js_name = upsertAgentSession)]
    pub fn upsert_agent_session(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let session = wire::session_upsert(&argument)?;
            to_text(
                &store.upsert_agent_session(&session.agent_id, &session.session_id, session.metadata).await?,
            )
        })
    }

    /// Returns a session, or `null`.
    #[wasm_bindgen(js_name = fetchAgentSession)]
    pub fn fetch_agent_session(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let id = wire::session_id(&argument)?;
            to_text(&store.fetch_agent_session(&id).await?)
        })
    }

    /// Returns sessions.
    #[wasm_bindgen(js_name = listAgentSessions)]
    pub fn list_agent_sessions(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::session_query(&argument)?;
            to_text(&store.list_agent_sessions(query.agent_id.as_deref(), query.status).await?)
        })
    }

    /// Touches a session.
    #[wasm_bindgen(js_name = heartbeatSession)]
    pub fn heartbeat_session(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let id = wire::session_id(&argument)?;
            to_js(&store.heartbeat_session(&id).await?)
        })
    }

    /// Ends a session.
    #[wasm_bindgen(js_name = endSession)]
    pub fn end_session(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let id = wire::session_id(&argument)?;
            to_js(&store.end_session(&id).await?)
        })
    }

    /// Ends idle sessions and returns their identifiers.
    #[wasm_bindgen(js_name = expireSessions)]
    pub fn expire_sessions(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let idle = wire::idle_micros(&argument)?;
            to_js(&store.expire_sessions(idle).await?)
        })
    }

    /// Returns an agent's current project, or `null`.
    #[wasm_bindgen(js_name = getAgentProject)]
    pub fn get_agent_project(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let id = wire::agent_id(&argument)?;
            to_js(&store.get_agent_project(&id).await?)
        })
    }

    /// Sets an agent's current project.
    #[wasm_bindgen(js_name = setAgentProject)]
    pub fn set_agent_project(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let change = wire::set_agent_project(&argument)?;
            to_js(&store.set_agent_project(change).await?)
        })
    }

    /// Returns the newest events.
    #[wasm_bindgen(js_name = listAgentEvents)]
    pub fn list_agent_events(&self, argument: String) -> Promise {
        self.call(|store| async move {
            let query = wire::event_query(&argument)?;
            to_js(&store.list_agent_events(query.agent_id.as_deref(), query.event_type, query.limit).await?)
        })
    }
}
