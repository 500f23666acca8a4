//! 4.5 to 4.7: how messages and metadata are matched.

use scribe_store::error::ErrorKind;
use scribe_store::storage::StorageBackend;
use serde_json::{Value, json};

use super::World;
use super::api::{Api, fails};

/// Inserts entries whose identifiers are their messages.
async fn with_messages<W: World>(world: &W, messages: &[&str]) -> Api<W::Backend> {
    let store = world.open().await;
    store.project("p").await;
    for message in messages {
        store.insert(json!({ "entryId": format!("={message}"), "message": message })).await;
    }
    store
}

/// Returns the messages that match, in the order in which they were inserted.
async fn matches(store: &Api<impl StorageBackend>, criteria: Value) -> Vec<String> {
    let mut query = criteria;
    query["project"] = json!("p");
    let mut ids = store.ids(query.clone()).await;
    assert_eq!(store.count_query_entries(query).await.unwrap(), json!(ids.len()));
    ids.reverse();
    ids.iter().map(|id| id[1..].to_owned()).collect()
}

pub async fn c4_5_substring_and_exact_fold_case<W: World>(world: &W) {
    let messages =
        ["Build", "build", "rebuild it", "BUILDING", "ÄRGER", "ärger", "Ärgernis", "a.c", "abc", ""];
    let store = with_messages(world, &messages).await;
    let substring = async |text: &str| matches(&store, json!({ "message": text })).await;
    assert_eq!(substring("build").await, ["Build", "build", "rebuild it", "BUILDING"]);
    assert_eq!(substring("BUILD").await, ["Build", "build", "rebuild it", "BUILDING"]);
    assert_eq!(substring("Ärger").await, ["ÄRGER", "ärger", "Ärgernis"], "by Unicode lower-casing");
    assert_eq!(substring("a.c").await, ["a.c"], "a substring is no pattern");
    assert_eq!(substring(" ").await, ["rebuild it"]);
    assert_eq!(substring("").await, messages, "an empty message means any");
    assert_eq!(matches(&store, json!({ "message": null, "messageMode": "exact" })).await, messages);
    assert_eq!(matches(&store, json!({ "message": "", "messageMode": "regex" })).await, messages);

    let sensitive =
        async |text: &str| matches(&store, json!({ "message": text, "caseSensitive": true })).await;
    assert_eq!(sensitive("build").await, ["build", "rebuild it"]);
    assert_eq!(sensitive("BUILD").await, ["BUILDING"]);
    assert_eq!(sensitive("Ärger").await, ["Ärgernis"]);
    assert_eq!(sensitive("bUILD").await, Vec::<String>::new());

    let exact = async |text: &str, case_sensitive: bool| {
        let query = json!({ "message": text, "messageMode": "exact", "caseSensitive": case_sensitive });
        matches(&store, query).await
    };
    assert_eq!(exact("BUILD", false).await, ["Build", "build"], "whole strings");
    assert_eq!(exact("build", true).await, ["build"]);
    assert_eq!(exact("ÄRGER", false).await, ["ÄRGER", "ärger"]);
    assert_eq!(exact("buil", false).await, Vec::<String>::new());

    // Whatever the folding does with one string, it does with the other: a message contains its own parts.
    let words = ["ΟΔΟΣ", "Straße", "İstanbul", "ǅ", "ﬁne", "e\u{301}", "\u{212A}elvin", "𐐀"];
    let store = with_messages_in(world, "q", &words).await;
    for word in words {
        let whole = json!({ "project": "q", "message": word, "messageMode": "exact" });
        assert!(store.ids(whole).await.contains(&format!("q{word}")), "{word} is itself");
        for (at, c) in word.char_indices() {
            let part = &word[at..at + c.len_utf8()];
            let found = store.ids(json!({ "project": "q", "message": part })).await;
            assert!(found.contains(&format!("q{word}")), "{part} is in {word}");
        }
    }
    for (member, value) in [
        ("messageMode", json!("glob")),
        ("messageMode", json!("Regex")),
        ("messageMode", Value::Null),
        ("caseSensitive", json!("yes")),
        ("message", json!(1)),
    ] {
        let mut query = json!({ "project": "p", "message": "x" });
        query[member] = value;
        fails(store.query_entries(query).await, ErrorKind::InvalidArgument, member);
    }
}

async fn with_messages_in<W: World>(world: &W, project: &str, messages: &[&str]) -> Api<W::Backend> {
    let store = world.open().await;
    store.project(project).await;
    for message in messages {
        let id = format!("{project}{message}");
        store.insert(json!({ "entryId": id, "project": project, "message": message })).await;
    }
    store
}

pub async fn c4_6_patterns_search_anywhere<W: World>(world: &W) {
    let messages =
        ["Deploy v1.2", "deploy v22", "one\ntwo", "Größe 12", "größe ١٢", "K", "k", "\u{212A}", "a😀b"];
    let store = with_messages(world, &messages).await;
    for (pattern, case_sensitive, expected) in [
        ("v[0-9]+", false, vec!["Deploy v1.2", "deploy v22"]),
        ("DEPLOY", false, vec!["Deploy v1.2", "deploy v22"]),
        ("deploy", true, vec!["deploy v22"]),
        ("(?i)DEPLOY", true, vec!["Deploy v1.2", "deploy v22"]),
        ("^deploy", true, vec!["deploy v22"]),
        (r"\.2$", false, vec!["Deploy v1.2"]),
        ("^two$", false, vec![]),
        ("(?m)^two$", false, vec!["one\ntwo"]),
        ("one.two", false, vec![]),
        ("(?s)one.two", false, vec!["one\ntwo"]),
        (r"one\stwo", false, vec!["one\ntwo"]),
        ("GRÖSSE|GRÖßE", false, vec!["Größe 12", "größe ١٢"]),
        (r"größe \d\d", false, vec!["Größe 12", "größe ١٢"]),
        (r"größe [0-9]", false, vec!["Größe 12"]),
        (r"^\w+$", false, vec!["K", "k", "\u{212A}"]),
        ("^k$", false, vec!["K", "k", "\u{212A}"]),
        ("^k$", true, vec!["k"]),
        ("^a.b$", false, vec!["a😀b"]),
        (r"\bv\d", false, vec!["Deploy v1.2", "deploy v22"]),
        (r"gr.\b", false, vec![]),
        ("x*", false, messages.to_vec()),
        ("(?:)", false, messages.to_vec()),
    ] {
        let query = json!({ "message": pattern, "messageMode": "regex", "caseSensitive": case_sensitive });
        assert_eq!(matches(&store, query).await, expected, "{pattern}, case-sensitive: {case_sensitive}");
    }
}

pub async fn c4_6_bad_patterns_are_refused_with_their_position<W: World>(world: &W) {
    let store = with_messages(world, &["message"]).await;
    for (pattern, position) in [
        ("a(b", 1),
        ("ab)", 2),
        ("[z-a]", 1),
        ("x{2,1}", 1),
        ("*", 0),
        (r"a\", 1),
        ("é(?=x)", 1),
        ("(?<!x)a", 0),
        (r"(a)\1", 3),
        // Positions are those of JavaScript.
        ("😀(", 2),
    ] {
        let query = json!({ "project": "p", "message": pattern, "messageMode": "regex" });
        let named = format!("at position {position}");
        fails(store.query_entries(query.clone()).await, ErrorKind::InvalidArgument, &named);
        fails(store.query_entries_paginated(query.clone()).await, ErrorKind::InvalidArgument, &named);
        fails(store.count_query_entries(query.clone()).await, ErrorKind::InvalidArgument, &named);
        fails(store.iterate_entries(query.clone(), 10).await, ErrorKind::InvalidArgument, &named);
        // It is no pattern in the other modes.
        let literal = json!({ "project": "p", "message": pattern });
        assert!(store.ids(literal).await.is_empty());
    }
    for pattern in ["a{1000}{1000}".to_owned(), r"(\w{300}){300}".to_owned(), "(".repeat(50_000)] {
        let query = json!({ "project": "p", "message": pattern, "messageMode": "regex" });
        fails(store.query_entries(query).await, ErrorKind::InvalidArgument, "position");
    }
}

pub async fn c4_6_patterns_take_linear_time<W: World>(world: &W) {
    // A search that tried one way after the other would not end within the age of the universe.
    let long = "a".repeat(20_000);
    let store = with_messages(world, &["short"]).await;
    store.insert(json!({ "entryId": "=long", "message": long })).await;
    for pattern in ["(a+)+$", "^(a|a)*$", "^(a?){30}a{30}"] {
        let query = json!({ "message": pattern, "messageMode": "regex" });
        assert_eq!(matches(&store, query).await, ["long"], "{pattern}");
    }
    for pattern in ["(a+)+b", "(a|aa)+$b", "(.*)*(.*)*(.*)*x", "a*a*a*a*a*a*a*a*b"] {
        let query = json!({ "message": pattern, "messageMode": "regex" });
        assert_eq!(matches(&store, query).await, Vec::<String>::new(), "{pattern}");
    }
}

async fn with_metas<W: World>(world: &W, metas: &[(&str, Value)]) -> Api<W::Backend> {
    let store = world.open().await;
    store.project("p").await;
    for (id, meta) in metas {
        store.insert(json!({ "entryId": format!("={id}"), "meta": meta })).await;
    }
    store
}

pub async fn c4_7_metadata_is_matched_by_type_and_value<W: World>(world: &W) {
    let metas = [
        ("string", json!({ "k": "1" })),
        ("number", json!({ "k": 1 })),
        ("float", json!({ "k": 1.0 })),
        ("true", json!({ "k": true })),
        ("false", json!({ "k": false })),
        ("null", json!({ "k": null })),
        ("missing", json!({ "other": 1 })),
        ("empty", json!({ "k": "" })),
        ("zero", json!({ "k": 0 })),
        ("array", json!({ "k": [1] })),
        ("object", json!({ "k": { "": 1 } })),
        ("half", json!({ "k": 0.5 })),
        ("big", json!({ "k": 9_007_199_254_740_991_i64 })),
        ("upper", json!({ "K": "X" })),
        ("empty key", json!({ "": "x" })),
        ("both", json!({ "k": 1, "l": "x" })),
        ("text", json!({ "k": "é" })),
        ("decomposed", json!({ "k": "e\u{301}" })),
    ];
    let store = with_metas(world, &metas).await;
    for (filters, expected) in [
        (json!({ "k": "1" }), vec!["string"]),
        (json!({ "k": 1 }), vec!["number", "float", "both"]),
        (json!({ "k": 1.0 }), vec!["number", "float", "both"]),
        (json!({ "k": true }), vec!["true"]),
        (json!({ "k": false }), vec!["false"]),
        (json!({ "k": null }), vec!["null"]),
        (json!({ "nothing": null }), vec![]),
        (json!({ "k": "" }), vec!["empty"]),
        (json!({ "k": 0 }), vec!["zero"]),
        (json!({ "k": -0.0 }), vec!["zero"]),
        (json!({ "k": 0.5 }), vec!["half"]),
        (json!({ "k": 9_007_199_254_740_991_i64 }), vec!["big"]),
        (json!({ "k": 9_007_199_254_740_990_i64 }), vec![]),
        (json!({ "K": "X" }), vec!["upper"]),
        (json!({ "K": "x" }), vec![]),
        (json!({ "": "x" }), vec!["empty key"]),
        (json!({ "k": 1, "l": "x" }), vec!["both"]),
        (json!({ "k": 1, "l": "y" }), vec![]),
        (json!({ "k": "é" }), vec!["text"]),
        (json!({ "toString": null }), vec![]),
    ] {
        let found = matches(&store, json!({ "metaFilters": filters })).await;
        assert_eq!(found, expected, "{filters}: same type and equal value");
    }
    let all: Vec<&str> = metas.iter().map(|(id, _)| *id).collect();
    assert_eq!(matches(&store, json!({ "metaFilters": {} })).await, all);
    for filters in [json!({ "k": [1] }), json!({ "k": {} }), json!([]), json!("k")] {
        let query = json!({ "project": "p", "metaFilters": filters });
        fails(store.query_entries(query).await, ErrorKind::InvalidArgument, "metaFilters");
    }
}

pub async fn c4_7_a_path_is_followed_only_if_the_key_is_missing<W: World>(world: &W) {
    let metas = [
        ("literal", json!({ "a.b": 1 })),
        ("path", json!({ "a": { "b": 1 } })),
        ("literal differs", json!({ "a.b": 2, "a": { "b": 1 } })),
        ("literal null", json!({ "a.b": null, "a": { "b": 1 } })),
        ("deep", json!({ "a": { "b": { "c": [{ "d": "x" }, { "d": "y" }] } } })),
        ("list", json!({ "a": [10, 20, 30] })),
        ("digits", json!({ "a": { "1": 20, "01": 30 } })),
        ("scalar", json!({ "a": 1 })),
        ("empty names", json!({ "": { "": 1 } })),
        ("nulls", json!({ "a": { "b": null } })),
        ("dotted inside", json!({ "x": { "y.z": 1 } })),
    ];
    let store = with_metas(world, &metas).await;
    for (filters, expected) in [
        (json!({ "a.b": 1 }), vec!["literal", "path"]),
        (json!({ "a.b": 2 }), vec!["literal differs"]),
        (json!({ "a.b": null }), vec!["literal null", "nulls"]),
        (json!({ "a.b.c.0.d": "x" }), vec!["deep"]),
        (json!({ "a.b.c.1.d": "y" }), vec!["deep"]),
        (json!({ "a.b.c.2.d": "y" }), vec![]),
        (json!({ "a.b.c.length": 2 }), vec![]),
        (json!({ "a.1": 20 }), vec!["list", "digits"]),
        (json!({ "a.01": 30 }), vec!["digits"]),
        (json!({ "a.01": 20 }), vec![]),
        (json!({ "a.+1": 20 }), vec![]),
        (json!({ "a.-1": 30 }), vec![]),
        (json!({ "a.3": null }), vec![]),
        (json!({ "a.99999999999999999999": 10 }), vec![]),
        (json!({ "a.": 1 }), vec![]),
        (json!({ ".": 1 }), vec!["empty names"]),
        (json!({ "x.y.z": 1 }), vec![]),
        (json!({ "a": 1 }), vec!["scalar"]),
    ] {
        let found = matches(&store, json!({ "metaFilters": filters })).await;
        assert_eq!(found, expected, "{filters}");
    }
}
