//! Calls of every method, and the records that each may need.

use scribe_store::error::{ErrorKind, Result};
use scribe_store::medium::Table;
use serde_json::{Value, json};

use super::scene::{IN_TAIL, PROJECTS, Record, SEALED, SEGMENT, Tab, entry, entry_ids, time_of};

/// A call, and what it may need.
#[derive(Debug, Clone)]
pub struct Call {
    method: &'static str,
    argument: Value,
    /// Tables, and whose records of them; those of everything in it if empty.
    needs: Vec<(Table, String)>,
}

/// What came of a call: its result, or what kind of error with which message.
pub type Answer = std::result::Result<Value, (ErrorKind, String)>;

impl Call {
    fn new(method: &'static str, argument: Value) -> Self {
        Self { method, argument, needs: Vec::new() }
    }

    fn needing(mut self, owner: &str, tables: &[Table]) -> Self {
        self.needs.extend(tables.iter().map(|table| (*table, owner.to_owned())));
        self
    }

    /// The method's name.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Tells whether a record may be needed for it.
    pub fn needs(&self, record: &Record) -> bool {
        let owner = record.owner();
        let is_it = |name: &str| name.is_empty() || owner == name || owner.starts_with(&format!("{name} "));
        self.needs.iter().any(|(table, name)| *table == record.table && is_it(name))
    }

    /// Makes the call.
    pub async fn ask(&self, store: &Tab) -> Answer {
        self.run(store).await.map_err(|error| (error.kind(), error.message().to_owned()))
    }

    async fn run(&self, store: &Tab) -> Result<Value> {
        let argument = self.argument.clone();
        match self.method {
            "upsert_project" => store.upsert_project(argument).await,
            "fetch_project" => store.fetch_project(argument).await,
            "list_projects" => store.list_projects().await,
            "delete_project" => store.delete_project(argument).await,
            "fetch_metrics" => store.fetch_metrics(argument).await,
            "verify_project" => store.verify_project(argument).await,
            "insert_entry" => store.insert_entry(argument).await,
            "insert_entries" => store.insert_entries(argument).await,
            "append_entry" => store.append_entry(argument).await,
            "fetch_entry" => store.fetch_entry(argument).await,
            "fetch_recent_entries" => store.fetch_recent_entries(argument).await,
            "fetch_recent_entries_paginated" => store.fetch_recent_entries_paginated(argument).await,
            "count_entries" => store.count_entries(argument).await,
            "query_entries" => store.query_entries(argument).await,
            "query_entries_paginated" => store.query_entries_paginated(argument).await,
            "count_query_entries" => store.count_query_entries(argument).await,
            "iterate_entries" => store.iterate_entries(argument, 4).await.map(Value::from),
            "record_doc_change" => store.record_doc_change(argument).await,
            "list_doc_changes" => store.list_doc_changes(argument).await,
            "record_agent_report_card" => store.record_agent_report_card(argument).await,
            "list_agent_report_cards" => store.list_agent_report_cards(argument).await,
            "upsert_agent_session" => store.upsert_agent_session(argument).await,
            "fetch_agent_session" => store.fetch_agent_session(argument).await,
            "list_agent_sessions" => store.list_agent_sessions(argument).await,
            "heartbeat_session" => store.heartbeat_session(argument).await,
            "end_session" => store.end_session(argument).await,
            "expire_sessions" => store.expire_sessions(argument).await,
            "get_agent_project" => store.get_agent_project(argument).await,
            "set_agent_project" => store.set_agent_project(argument).await,
            "list_agent_events" => store.list_agent_events(argument).await,
            other => panic!("there is no method {other}"),
        }
    }
}

const RECORD: [Table; 2] = [Table::Projects, Table::ProjectNames];
const ZONES: [Table; 2] = [Table::Heads, Table::Tail];
const LOG: [Table; 5] = [Table::Projects, Table::ProjectNames, Table::Heads, Table::Tail, Table::Segments];

/// Calls that read.
pub fn reads() -> Vec<Call> {
    let mut calls = vec![
        Call::new("list_projects", json!({})).needing("", &RECORD),
        Call::new("list_agent_sessions", json!({})).needing("", &[Table::Sessions]),
        Call::new("list_agent_sessions", json!({ "agentId": "a", "status": "active" }))
            .needing("", &[Table::Sessions]),
        Call::new("list_agent_events", json!({})).needing("", &[Table::AgentEvents]),
        Call::new("list_agent_events", json!({ "agentId": "b", "limit": 1 }))
            .needing("", &[Table::AgentEvents]),
        found_by_identifier("fetch_entry", json!({ "entryId": "nowhere" }), "nowhere"),
    ];
    for (place, project) in PROJECTS.into_iter().enumerate() {
        calls.extend(reads_of(project, &json!({ "project": project })));
        // As the store gave it.
        let path = "/repo/LOG.md";
        let time = "2026-01-01T00:01:00.000000Z";
        let record = json!({ "id": place + 1, "name": project, "repoRoot": "/repo", "progressLogPath": path, "createdAt": time, "updatedAt": time });
        calls.push(
            Call::new("fetch_recent_entries", json!({ "project": record, "limit": 100 }))
                .needing(project, &LOG),
        );
        calls.push(
            Call::new("fetch_metrics", json!({ "project": record }))
                .needing(project, &RECORD)
                .needing(project, &ZONES),
        );
        let ids = entry_ids(project);
        let tail = ids.len() - IN_TAIL;
        // One of each segment, and all of the tail.
        for (_, id) in ids.iter().enumerate().filter(|(place, _)| place % SEGMENT == 1 || *place >= tail) {
            let call = found_by_identifier("fetch_entry", json!({ "entryId": id }), id);
            calls.push(call.needing(project, &LOG));
        }
    }
    for id in ["s1", "s2", "s3", "nobody's"] {
        calls.push(
            Call::new("fetch_agent_session", json!({ "sessionId": id })).needing(id, &[Table::Sessions]),
        );
    }
    for id in ["a", "b", "nobody"] {
        calls.push(
            Call::new("get_agent_project", json!({ "agentId": id })).needing(id, &[Table::AgentProjects]),
        );
    }
    calls
}

fn reads_of(project: &'static str, of: &Value) -> Vec<Call> {
    let with = |more: Value| {
        let mut argument = of.clone();
        argument.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        argument
    };
    let log = |method, more| Call::new(method, with(more)).needing(project, &LOG);
    let zones =
        |method, more| Call::new(method, with(more)).needing(project, &RECORD).needing(project, &ZONES);
    let numbers = |first: usize, last: usize| json!({ "start": time_of(first), "end": time_of(last) });
    let mut calls = vec![
        Call::new("fetch_project", json!({ "name": project })).needing(project, &RECORD),
        zones("fetch_metrics", json!({})),
        zones("count_query_entries", json!({})),
        zones("count_entries", json!({ "filters": { "emoji": "✅" } })),
        // The tail alone.
        zones("fetch_recent_entries", json!({ "limit": 2 })),
        zones("query_entries", numbers(20, 30)),
        log("fetch_recent_entries_paginated", json!({ "page": 2, "pageSize": 4 })),
        log("query_entries", json!({ "limit": 100 })),
        log("query_entries", json!({ "message": "AGE 1" })),
        log("query_entries", json!({ "message": r"message \d of", "messageMode": "regex" })),
        log("query_entries", json!({ "agents": [format!("Bob of {project}")], "emojis": ["❌"] })),
        log("count_query_entries", json!({ "metaFilters": { "in.project": project } })),
        log("query_entries_paginated", json!({ "metaFilters": { "number": 7 }, "pageSize": 3 })),
        log("iterate_entries", json!({})),
        log("verify_project", json!({})).needing("", &[Table::Identifiers, Table::Fingerprints]),
        Call::new("list_doc_changes", of.clone())
            .needing(project, &RECORD)
            .needing(project, &[Table::DocChanges]),
        Call::new("list_agent_report_cards", of.clone())
            .needing(project, &RECORD)
            .needing(project, &[Table::ReportCards]),
    ];
    if let Some(place) = PROJECTS[..2].iter().position(|other| *other == project) {
        for segment in 0..SEALED.div_ceil(SEGMENT) {
            let id = 1 + place * SEALED.div_ceil(SEGMENT) + segment;
            let bounds =
                json!({ "start": time_of(segment * SEGMENT), "end": time_of(segment * SEGMENT) + 9000 });
            calls
                .push(zones("query_entries", bounds).needing(&format!("{project} {id}"), &[Table::Segments]));
        }
    }
    calls
}

/// A call that looks for an identifier.
fn found_by_identifier(method: &'static str, argument: Value, id: &str) -> Call {
    Call::new(method, argument)
        .needing(id, &[Table::Identifiers])
        .needing("", &[Table::Fingerprints])
        .needing("segments", &[Table::Counters])
}

/// Calls that write.
pub fn writes() -> Vec<Call> {
    let paths = |name: &str| json!({ "name": name, "repoRoot": "/other", "progressLogPath": "" });
    let change = json!({ "doc": "new", "action": "edit", "shaBefore": "1", "shaAfter": "2" });
    let card = json!({ "filePath": "f", "agentName": "new" });
    let events = |call: Call| call.needing("agent_events", &[Table::Counters]);
    let appended = |project: &str, id: &str| {
        let argument = json!({ "project": project, "entryId": id, "message": "appended" });
        found_by_identifier("append_entry", argument, id).needing(project, &LOG)
    };
    let inserted = |project: &str, id: &str| {
        found_by_identifier("insert_entry", entry(project, id, 20), id).needing(project, &LOG)
    };
    // Enough to be sealed, and to have all identifiers of the tails read; with one that is there.
    let many = (0..70).map(|number| entry("q", &format!("new {number}"), 20 + number));
    let many = many.chain([entry("q", "p12", 20)]).collect();
    vec![
        Call::new("upsert_project", paths("new")).needing("projects", &[Table::Counters]),
        Call::new("upsert_project", paths("p")).needing("p", &RECORD),
        events(Call::new("delete_project", json!({ "name": "p" })))
            .needing("p", &RECORD)
            .needing("", &[Table::AgentProjects]),
        appended("r", "new"),
        // As it is there, in a tail and in a segment.
        appended("r", "p13").needing("p", &LOG),
        appended("r", "q1").needing("q", &LOG),
        // Is sealed with the tail, and merged with the last segment.
        inserted("p", "new"),
        inserted("q", "p12"),
        found_by_identifier("insert_entries", many, "").needing("q", &LOG),
        Call::new("record_doc_change", json!({ "project": "p", "change": change }))
            .needing("p", &RECORD)
            .needing("p", &[Table::DocChanges])
            .needing("doc_changes", &[Table::Counters]),
        Call::new("record_agent_report_card", json!({ "project": "p", "card": card }))
            .needing("p", &RECORD)
            .needing("p", &[Table::ReportCards]),
        events(Call::new("upsert_agent_session", json!({ "agentId": "a", "sessionId": "s1" })))
            .needing("s1", &[Table::Sessions]),
        events(Call::new("upsert_agent_session", json!({ "agentId": "a", "sessionId": "new" }))),
        Call::new("heartbeat_session", json!({ "sessionId": "s1" })).needing("s1", &[Table::Sessions]),
        events(Call::new("end_session", json!({ "sessionId": "s3" }))).needing("s3", &[Table::Sessions]),
        events(Call::new("expire_sessions", json!({ "idleMs": 0 }))).needing("", &[Table::Sessions]),
        events(set("a", "q", 2)).needing("a", &[Table::AgentProjects]).needing("q", &RECORD),
        events(set("new", "p", 0)).needing("p", &RECORD),
        // A conflict.
        events(set("b", "q", 7)).needing("b", &[Table::AgentProjects]),
    ]
}

fn set(agent: &str, project: &str, version: u32) -> Call {
    let argument = json!({ "agentId": agent, "projectName": project, "updatedBy": "x", "sessionId": "s", "expectedVersion": version });
    Call::new("set_agent_project", argument)
}
