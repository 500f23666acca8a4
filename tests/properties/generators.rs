//! Random entries, queries and operations: few different values, so that they meet.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::oracle::PATTERNS;

pub const PROJECTS: [&str; 3] = ["p", "q", "É"];
const AGENTS: [&str; 4] = ["Ada", "ada", "Bob", ""];
const EMOJIS: [&str; 5] = ["✅", "⚠️", "❌", "⚠", "ℹ️"];
const KEYS: [&str; 7] = ["k", "a", "a.b", "a.0", "0", "", "a.b.k"];

/// One thing that is done through one of the stores.
#[derive(Debug, Clone)]
pub enum Operation {
    Upsert(&'static str),
    Delete(&'static str),
    Insert(Value),
    InsertMany(Vec<Value>),
    /// An entry without its line, and with an identifier or without.
    Append(Value),
    /// Removes old entries.
    Prune(Value),
    /// Closes the store and opens another one.
    Reopen,
    Query(Value),
}

pub fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        2 => select(&PROJECTS[..]).prop_map(Operation::Upsert),
        1 => select(&PROJECTS[..]).prop_map(Operation::Delete),
        5 => entry().prop_map(Operation::Insert),
        3 => vec(entry(), 0..12).prop_map(Operation::InsertMany),
        3 => append().prop_map(Operation::Append),
        2 => prune().prop_map(Operation::Prune),
        1 => Just(Operation::Reopen),
        6 => query().prop_map(Operation::Query),
    ]
}

/// Few instants, in no order, all written alike.
fn time() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u32..6).prop_map(|second| format!("2026-01-01T00:00:0{second}.000000Z")),
        (0_u32..4).prop_map(|micro| format!("2026-01-01T00:00:03.00000{micro}Z")),
        Just("1969-12-31T23:59:59.999999Z".to_owned()),
    ]
}

/// What is to be removed: by time, by number, or only what both say.
pub fn prune() -> impl Strategy<Value = Value> {
    let (before, count) = (time().prop_map(Some), (0_u32..30).prop_map(Some));
    let both = prop_oneof![
        (before, Just(None)),
        (Just(None), count),
        (time().prop_map(Some), (0_u32..30).prop_map(Some)),
    ];
    (select(&PROJECTS[..]), both).prop_map(|(project, (before, count))| {
        let mut options = json!({ "project": project });
        for (name, value) in [("before", before.map(Value::from)), ("keepNewest", count.map(Value::from))] {
            if let Some(value) = value {
                options[name] = value;
            }
        }
        options
    })
}

fn message() -> impl Strategy<Value = String> {
    "[aAbBéÉßΣσςİ😀.1 \n]{0,5}"
}

fn scalar() -> impl Strategy<Value = Value> {
    select(vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(0.5),
        json!("1"),
        json!(""),
        json!("x"),
    ])
}

fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    vec((select(&KEYS[..]), value), 0..3).prop_map(|members| {
        let members = members.into_iter().map(|(key, value)| (key.to_owned(), value));
        Value::Object(members.collect::<Map<_, _>>())
    })
}

fn meta() -> impl Strategy<Value = Value> {
    let inner = scalar().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![object(inner.clone()), vec(inner, 0..3).prop_map(Value::Array)]
    });
    object(inner)
}

fn append() -> impl Strategy<Value = Value> {
    let ids = option::of((0_u32..40).prop_map(|id| id.to_string()));
    let rest = (option::of(select(&AGENTS[..])), message(), meta(), time(), select(&EMOJIS[..]));
    (select(&PROJECTS[..]), ids, rest).prop_map(|(project, id, (agent, message, meta, ts, emoji))| {
        let mut entry = json!({
            "project": project, "agent": agent, "message": message, "meta": meta, "ts": ts, "emoji": emoji,
        });
        if let Some(id) = id {
            entry["entryId"] = json!(id);
        }
        entry
    })
}

pub fn entry() -> impl Strategy<Value = Value> {
    ((0_u32..40).prop_map(|id| id.to_string()), append()).prop_map(|(id, mut entry)| {
        (entry["entryId"], entry["rawLine"], entry["sha256"]) = (json!(id), json!("a line"), json!("00"));
        entry
    })
}

fn text() -> impl Strategy<Value = (Value, &'static str, bool)> {
    prop_oneof![
        4 => Just((Value::Null, "substring", false)),
        3 => (message(), any::<bool>()).prop_map(|(text, sensitive)| (json!(text), "substring", sensitive)),
        1 => (message(), any::<bool>()).prop_map(|(text, sensitive)| (json!(text), "exact", sensitive)),
        2 => select(&PATTERNS[..]).prop_map(|(pattern, _)| (json!(pattern), "regex", true)),
    ]
}

/// All criteria, each of which is often left open.
pub fn query() -> impl Strategy<Value = Value> {
    let bounds = (option::weighted(0.3, time()), option::weighted(0.3, time()));
    let lists = (
        option::weighted(0.3, vec(select(&AGENTS[..]), 0..3)),
        option::weighted(0.3, vec(select(&EMOJIS[..]), 0..4)),
    );
    let metas = option::weighted(0.3, object(prop_oneof![scalar(), Just(json!(1.0))]));
    (select(&PROJECTS[..]), bounds, lists, text(), metas).prop_map(
        |(project, (start, end), (agents, emojis), (message, mode, case_sensitive), metas)| {
            json!({
                "project": project, "start": start, "end": end, "agents": agents, "emojis": emojis,
                "message": message, "messageMode": mode, "caseSensitive": case_sensitive, "metaFilters": metas,
            })
        },
    )
}
