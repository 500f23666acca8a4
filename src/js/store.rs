//! A store, as JavaScript holds it: methods that decode, call and encode.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use futures_util::future::LocalBoxFuture;
use js_sys::{Function, JSON, Promise};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::EntryBatch;
use crate::error::Error;
use crate::medium::{Any, Pending};
use crate::storage::{GivenUp, Past, StorageBackend, Store};
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
    /// Tells whether the caller of the next method gave up.
    given_up: RefCell<Option<Function>>,
    /// How the record was stored that the next method puts back.
    past: Cell<Option<Past>>,
}

/// How a result becomes a JavaScript value.
type Encode<T> = fn(&T) -> Result<JsValue, Error>;

impl StoreHandle {
    pub(super) fn new(store: Store<Any>) -> Self {
        Self { store: Rc::new(store), given_up: RefCell::default(), past: Cell::default() }
    }

    /// Calls a method with a borrowed argument. Methods come as plain functions that return boxed futures: what
    /// stands around them is compiled once for each type of argument and result, not for every method.
    ///
    /// The store lives until the call is done, whatever becomes of the handle.
    fn ask<A: 'static, T: 'static>(
        &self,
        argument: Result<A, Error>,
        method: for<'a> fn(&'a Store<Any>, &'a A) -> Pending<'a, T>,
        encode: Encode<T>,
    ) -> Promise {
        let store = Rc::clone(&self.store);
        self.promise(Box::pin(async move { encode(&method(&store, &argument?).await?) }))
    }

    /// Calls a method that makes a JavaScript value itself, while it waits for the browser.
    fn look_up<A: 'static>(
        &self,
        argument: Result<A, Error>,
        method: for<'a> fn(&'a Store<Any>, &'a A) -> Pending<'a, JsValue>,
    ) -> Promise {
        let store = Rc::clone(&self.store);
        self.promise(Box::pin(async move { method(&store, &argument?).await }))
    }

    /// Calls a method with an argument that it takes.
    fn give<A: 'static, T: 'static>(
        &self,
        argument: Result<A, Error>,
        method: for<'a> fn(&'a Store<Any>, A) -> Pending<'a, T>,
        encode: Encode<T>,
    ) -> Promise {
        let store = Rc::clone(&self.store);
        self.promise(Box::pin(async move { encode(&method(&store, argument?).await?) }))
    }

    /// Adds to an argument how the record was stored, if it is put back. What another call says later does not count.
    fn with_past<A>(&self, argument: Result<A, Error>) -> Result<(A, Option<Past>), Error> {
        let past = self.past.take();
        Ok((argument?, past))
    }

    /// Makes a promise of work that ends, with nothing to show, when it goes on after its caller gave up.
    fn promise(&self, mut work: LocalBoxFuture<'static, Result<JsValue, Error>>) -> Promise {
        let Some(given_up) = self.given_up.take() else { return promise(work) };
        promise(Box::pin(poll_fn(move |context| {
            if is_given_up(&given_up, false) {
                return Poll::Ready(Ok(JsValue::UNDEFINED));
            }
            work.as_mut().poll(context)
        })))
    }
}

/// Asks whether a caller gave up. It is told when this is the last time.
fn is_given_up(given_up: &Function, is_last: bool) -> bool {
    given_up.call1(&JsValue::NULL, &is_last.into()).is_ok_and(|answer| answer.is_truthy())
}

/// Makes a promise. Boxed: what stands around a future is compiled once, not for every method.
pub(super) fn promise(future: LocalBoxFuture<'static, Result<JsValue, Error>>) -> Promise {
    future_to_promise(async move { future.await.map_err(JsValue::from) })
}

/// Makes objects of JSON, which browsers read faster than member after member can be passed on.
fn to_objects<T: ToJson>(result: &T) -> Result<JsValue, Error> {
    /// The shortest of the longest strings that engines make, V8's, has twice as many characters.
    const MOST_BYTES: usize = 1 << 28;
    let text = result.to_json();
    if text.len() > MOST_BYTES {
        let message = format!("the result would be {} bytes of JSON: ask for less", text.len());
        return Err(Error::invalid(message));
    }
    JSON::parse(&text).map_err(|_| Error::internal("a result cannot be passed on"))
}

fn entries_of<'a>(store: &'a Store<Any>, query: &'a wire::Query) -> Pending<'a, JsValue> {
    let encode = |entries| to_objects(&entries);
    store.do_query_entries(&query.project, &query.criteria, None, query.window, encode)
}

fn page_of<'a>(store: &'a Store<Any>, query: &'a wire::PageQuery) -> Pending<'a, JsValue> {
    let encode = |page| to_objects(&page);
    store.do_query_entries_paginated(&query.project, &query.criteria, &query.page, encode)
}

fn to_js<T: Serialize>(result: &T) -> Result<JsValue, Error> {
    result.serialize(&SERIALIZER).map_err(|_| Error::internal("a result cannot be passed on"))
}

#[wasm_bindgen]
impl StoreHandle {
    /// Waits for writes under way, then lets go of the database.
    pub fn close(&self) -> Promise {
        let store = Rc::clone(&self.store);
        promise(Box::pin(async move {
            store.close().await;
            Ok(JsValue::UNDEFINED)
        }))
    }

    /// Lets the next method that is called end early when its caller gives up, which the function tells. Of writes only
    /// `insertEntries` does; it passes `true` the last time it asks, right before the commit.
    #[wasm_bindgen(js_name = unless)]
    pub fn unless(&self, given_up: Function) {
        self.given_up.replace(Some(given_up));
    }

    /// Has the next method, which writes a record, put it back as it was stored.
    ///
    /// # Errors
    /// `invalid_argument` that names the member.
    #[wasm_bindgen(js_name = asStored)]
    pub fn as_stored(&self, past: &str) -> Result<(), Error> {
        self.past.set(Some(wire::past(past)?));
        Ok(())
    }

    /// Inserts the entries of a batch, which is empty afterwards.
    #[wasm_bindgen(js_name = insertEntries)]
    pub fn insert_entries(&self, batch: &EntryBatch) -> Promise {
        // Others may wait for this call to write their entries, so that it must not just end.
        let given_up = self
            .given_up
            .take()
            .map(|given_up| -> GivenUp { Box::new(move |is_last| is_given_up(&given_up, is_last)) });
        self.give(
            Ok((batch.take(), given_up)),
            |store, (entries, given_up)| store.do_insert_entries(entries, given_up),
            to_js,
        )
    }

    /// Returns how many bytes the whole store has.
    #[wasm_bindgen(js_name = storedBytes)]
    pub fn stored_bytes(&self) -> Promise {
        self.give(Ok(()), |store, ()| store.do_stored_bytes(), to_js)
    }

    /// Returns some entries of an iteration, and where to go on.
    #[wasm_bindgen(js_name = iterateEntries)]
    pub fn iterate_entries(&self, argument: &str) -> Promise {
        /// How many entries cross to JavaScript at once.
        const BATCH: usize = 500;
        self.ask(
            wire::iteration(argument),
            |store, (query, place, follows)| {
                store.do_iterate_entries(&query.project, &query.criteria, *place, BATCH, *follows)
            },
            to_objects,
        )
    }

    /// Creates a project, or changes its paths.
    #[wasm_bindgen(js_name = upsertProject)]
    pub fn upsert_project(&self, argument: &str) -> Promise {
        self.give(
            self.with_past(wire::new_project(argument)),
            |store, (new, past)| store.do_upsert_project(new, past),
            to_js,
        )
    }

    /// Returns the project with a name, or `null`.
    #[wasm_bindgen(js_name = fetchProject)]
    pub fn fetch_project(&self, argument: &str) -> Promise {
        self.ask(wire::project_name(argument), |store, name| store.do_fetch_project(name), to_js)
    }

    /// Returns all projects.
    #[wasm_bindgen(js_name = listProjects)]
    pub fn list_projects(&self) -> Promise {
        self.give(Ok(()), |store, ()| store.do_list_projects(), to_js)
    }

    /// Deletes a project and all that belongs to it.
    #[wasm_bindgen(js_name = deleteProject)]
    pub fn delete_project(&self, argument: &str) -> Promise {
        self.ask(wire::project_name(argument), |store, name| store.do_delete_project(name), to_js)
    }

    /// Counts a project's entries.
    #[wasm_bindgen(js_name = fetchMetrics)]
    pub fn fetch_metrics(&self, argument: &str) -> Promise {
        self.ask(wire::project(argument), Store::do_fetch_metrics, to_js)
    }

    /// Counts the entries that match by time.
    #[wasm_bindgen(js_name = summarizeEntries)]
    pub fn summarize_entries(&self, argument: &str) -> Promise {
        self.ask(
            wire::summary_query(argument),
            |store, query| store.do_summarize_entries(&query.project, &query.criteria, query.bucketing),
            to_objects,
        )
    }

    /// Removes the oldest entries of a project.
    #[wasm_bindgen(js_name = pruneEntries)]
    pub fn prune_entries(&self, argument: &str) -> Promise {
        self.ask(wire::retention(argument), Store::do_prune_entries, to_js)
    }

    /// Recomputes every hash of a project's log.
    #[wasm_bindgen(js_name = verifyProject)]
    pub fn verify_project(&self, argument: &str) -> Promise {
        self.ask(wire::project(argument), Store::do_verify_project, to_js)
    }

    /// Inserts an entry.
    #[wasm_bindgen(js_name = insertEntry)]
    pub fn insert_entry(&self, argument: &str) -> Promise {
        self.give(wire::new_entry(argument), Store::do_insert_entry, to_js)
    }

    /// Completes an entry, inserts it, and returns it.
    #[wasm_bindgen(js_name = appendEntry)]
    pub fn append_entry(&self, argument: &str) -> Promise {
        self.give(wire::append_entry(argument), Store::do_append_entry, to_objects)
    }

    /// Returns the entry with an identifier, or `null`.
    #[wasm_bindgen(js_name = fetchEntry)]
    pub fn fetch_entry(&self, argument: &str) -> Promise {
        self.ask(wire::entry_id(argument), |store, id| store.do_fetch_entry(id), to_objects)
    }

    /// Returns a window of the newest entries.
    #[wasm_bindgen(js_name = fetchRecentEntries)]
    pub fn fetch_recent_entries(&self, argument: &str) -> Promise {
        self.look_up(wire::recent_query(argument).map(wire::Query::from), entries_of)
    }

    /// Returns a page of the newest entries.
    #[wasm_bindgen(js_name = fetchRecentEntriesPaginated)]
    pub fn fetch_recent_entries_paginated(&self, argument: &str) -> Promise {
        self.look_up(wire::recent_page_query(argument).map(<wire::PageQuery>::from), page_of)
    }

    /// Counts a project's entries.
    #[wasm_bindgen(js_name = countEntries)]
    pub fn count_entries(&self, argument: &str) -> Promise {
        self.ask(
            wire::recent_count(argument).map(<wire::CountQuery>::from),
            |store, query| store.do_count_query_entries(&query.project, &query.criteria, None),
            to_js,
        )
    }

    /// Returns a window of the entries that match.
    #[wasm_bindgen(js_name = queryEntries)]
    pub fn query_entries(&self, argument: &str) -> Promise {
        self.look_up(wire::query(argument), entries_of)
    }

    /// Returns a page of the entries that match.
    #[wasm_bindgen(js_name = queryEntriesPaginated)]
    pub fn query_entries_paginated(&self, argument: &str) -> Promise {
        self.look_up(wire::page_query(argument), page_of)
    }

    /// Counts the entries that match.
    #[wasm_bindgen(js_name = countQueryEntries)]
    pub fn count_query_entries(&self, argument: &str) -> Promise {
        self.ask(
            wire::count_query(argument),
            |store, query| store.do_count_query_entries(&query.project, &query.criteria, None),
            to_js,
        )
    }

    /// Records a change of a document.
    #[wasm_bindgen(js_name = recordDocChange)]
    pub fn record_doc_change(&self, argument: &str) -> Promise {
        self.give(
            self.with_past(wire::doc_change(argument)),
            |store, ((project, change), past)| store.do_record_doc_change(project, change, past),
            to_objects,
        )
    }

    /// Returns a page of a project's document changes.
    #[wasm_bindgen(js_name = listDocChanges)]
    pub fn list_doc_changes(&self, argument: &str) -> Promise {
        self.ask(
            wire::change_query(argument),
            |store, query| store.do_list_doc_changes(&query.project, query.doc.as_deref(), &query.page),
            to_objects,
        )
    }

    /// Records a report card.
    #[wasm_bindgen(js_name = recordAgentReportCard)]
    pub fn record_agent_report_card(&self, argument: &str) -> Promise {
        self.give(
            self.with_past(wire::report_card(argument)),
            |store, ((project, card), past)| store.do_record_report_card(project, card, past),
            to_objects,
        )
    }

    /// Returns a page of a project's report cards.
    #[wasm_bindgen(js_name = listAgentReportCards)]
    pub fn list_agent_report_cards(&self, argument: &str) -> Promise {
        self.ask(
            wire::card_query(argument),
            |store, query| {
                store.do_list_report_cards(&query.project, query.agent_name.as_deref(), &query.page)
            },
            to_objects,
        )
    }

    /// Creates a session, or makes it active again.
    #[wasm_bindgen(js_name = upsertAgentSession)]
    pub fn upsert_agent_session(&self, argument: &str) -> Promise {
        self.give(
            self.with_past(wire::session_upsert(argument)),
            |store, (new, past)| store.do_upsert_session(new.agent_id, new.session_id, new.metadata, past),
            to_objects,
        )
    }

    /// Returns a session, or `null`.
    #[wasm_bindgen(js_name = fetchAgentSession)]
    pub fn fetch_agent_session(&self, argument: &str) -> Promise {
        self.ask(wire::session_id(argument), |store, id| store.do_fetch_session(id), to_objects)
    }

    /// Returns sessions.
    #[wasm_bindgen(js_name = listAgentSessions)]
    pub fn list_agent_sessions(&self, argument: &str) -> Promise {
        self.ask(
            wire::session_query(argument),
            |store, query| store.do_list_sessions(query.agent_id.as_deref(), query.status),
            to_objects,
        )
    }

    /// Touches a session.
    #[wasm_bindgen(js_name = heartbeatSession)]
    pub fn heartbeat_session(&self, argument: &str) -> Promise {
        self.ask(wire::session_id(argument), |store, id| store.do_heartbeat_session(id), to_js)
    }

    /// Ends a session.
    #[wasm_bindgen(js_name = endSession)]
    pub fn end_session(&self, argument: &str) -> Promise {
        self.ask(wire::session_id(argument), |store, id| store.do_end_session(id), to_js)
    }

    /// Ends idle sessions and returns their identifiers.
    #[wasm_bindgen(js_name = expireSessions)]
    pub fn expire_sessions(&self, argument: &str) -> Promise {
        self.give(wire::idle_micros(argument), Store::do_expire_sessions, to_js)
    }

    /// Returns an agent's current project, or `null`.
    #[wasm_bindgen(js_name = getAgentProject)]
    pub fn get_agent_project(&self, argument: &str) -> Promise {
        self.ask(wire::agent_id(argument), |store, id| store.do_get_agent_project(id), to_js)
    }

    /// Sets an agent's current project.
    #[wasm_bindgen(js_name = setAgentProject)]
    pub fn set_agent_project(&self, argument: &str) -> Promise {
        self.give(
            self.with_past(wire::set_agent_project(argument)),
            |store, (change, past)| store.do_set_agent_project(change, past),
            to_js,
        )
    }

    /// Returns all agents' current projects.
    #[wasm_bindgen(js_name = listAgentProjects)]
    pub fn list_agent_projects(&self) -> Promise {
        self.give(Ok(()), |store, ()| store.list_agent_projects(), to_js)
    }

    /// Returns the newest events.
    #[wasm_bindgen(js_name = listAgentEvents)]
    pub fn list_agent_events(&self, argument: &str) -> Promise {
        self.ask(
            wire::event_query(argument),
            |store, query| {
                store.do_list_agent_events(query.agent_id.as_deref(), query.event_type, query.limit)
            },
            to_objects,
        )
    }
}
