//! What a store must answer, worked out the slow way: keep everything, filter and sort all of it each time.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use scribe_store::model::Time;
use serde_json::{Value, json};

/// A pattern, and what it means.
pub type Pattern = (&'static str, fn(&str) -> bool);

/// Patterns, all of them case-sensitive.
pub const PATTERNS: [Pattern; 8] = [
    ("^a", |text| text.starts_with('a')),
    ("B$", |text| text.ends_with('B')),
    ("é|1", |text| text.contains(['é', '1'])),
    ("^.$", |text| text.chars().count() == 1 && text != "\n"),
    ("[^aA]", |text| text.chars().any(|c| !matches!(c, 'a' | 'A'))),
    (r"\.", |text| text.contains('.')),
    (r"\s", |text| text.contains(char::is_whitespace)),
    ("aa?b", |text| text.contains("ab")),
];

/// Projects with their entries, in the order of insertion, as the store returns them.
#[derive(Debug, Default)]
pub struct Oracle {
    pub projects: BTreeMap<String, Vec<Value>>,
}

impl Oracle {
    pub fn entry(&self, id: &Value) -> Option<&Value> {
        self.projects.values().flatten().find(|entry| entry["entryId"] == *id)
    }

    /// Inserts an entry; `None` if its project is unknown, false if its identifier is taken.
    pub fn insert(&mut self, entry: &Value) -> Option<bool> {
        let project = entry["project"].as_str()?;
        let seq = self.projects.get(project)?.len() + 1;
        if self.entry(&entry["entryId"]).is_some() {
            return Some(false);
        }
        let mut entry = entry.clone();
        entry["seq"] = json!(seq);
        self.projects.get_mut(entry["project"].as_str()?)?.push(entry);
        Some(true)
    }

    /// Returns the entries that match, newest first.
    pub fn query(&self, query: &Value) -> Option<Vec<Value>> {
        let all = self.projects.get(query["project"].as_str()?)?;
        let mut found: Vec<Value> = all.iter().filter(|entry| matches(query, entry)).cloned().collect();
        // Times as text are of one length here, so that text sorts as they do.
        found.sort_by_key(|entry| Reverse((entry["ts"].to_string(), entry["seq"].as_u64())));
        Some(found)
    }

    /// Counts the entries that match in buckets of so many milliseconds, by `agent`, `emoji` or nothing.
    pub fn summary(&self, query: &Value, millis: i64, by: &Value) -> Option<Value> {
        let found = self.query(query)?;
        let group = |entry: &Value| by.as_str().map(|by| entry[by].as_str().map(str::to_owned));
        let mut totals: BTreeMap<Option<String>, usize> = BTreeMap::new();
        let mut buckets: BTreeMap<i64, Vec<Option<Option<String>>>> = BTreeMap::new();
        for entry in &found {
            let micros = Time::parse(entry["ts"].as_str()?).unwrap().as_micros();
            let start = micros.div_euclid(millis * 1000) * millis * 1000;
            buckets.entry(start).or_default().push(group(entry));
            if let Some(group) = group(entry) {
                *totals.entry(group).or_default() += 1;
            }
        }
        let mut groups: Vec<Option<String>> = totals.keys().cloned().collect();
        groups.sort_by_key(|group| Reverse(totals[group]));
        let bucket = |(start, found): (i64, Vec<Option<Option<String>>>)| {
            let count =
                |group: &Option<String>| found.iter().filter(|found| found.as_ref() == Some(group)).count();
            json!({
                "start": Time::from_micros(start).unwrap().to_string(),
                "count": found.len(),
                "counts": groups.iter().map(count).collect::<Vec<_>>(),
            })
        };
        let buckets: Vec<Value> = buckets.into_iter().map(bucket).collect();
        Some(json!({
            "bucketMs": millis, "totalCount": found.len(), "groups": groups, "buckets": buckets,
        }))
    }

    pub fn metrics(&self, project: &str) -> Option<Value> {
        let all = self.projects.get(project)?;
        let count = |emoji: &str| all.iter().filter(|entry| entry["emoji"] == emoji).count();
        let last = all.iter().map(|entry| entry["ts"].as_str()).max();
        Some(json!({
            "totalEntries": all.len(), "successCount": count("✅"), "warnCount": count("⚠️"),
            "errorCount": count("❌"), "lastUpdate": last,
        }))
    }
}

fn matches(query: &Value, entry: &Value) -> bool {
    let is_one_of = |list: &Value, value: &Value| match list.as_array() {
        Some(items) if !items.is_empty() => items.contains(value),
        _ => true,
    };
    let ts = entry["ts"].as_str();
    query["start"].as_str().is_none_or(|start| ts >= Some(start))
        && query["end"].as_str().is_none_or(|end| ts <= Some(end))
        && is_one_of(&query["agents"], &entry["agent"])
        && is_one_of(&query["emojis"], &entry["emoji"])
        && message_matches(query, entry["message"].as_str().unwrap())
        && query["metaFilters"].as_object().is_none_or(|filters| {
            filters
                .iter()
                .all(|(key, wanted)| find(&entry["meta"], key).is_some_and(|found| same(found, wanted)))
        })
}

fn message_matches(query: &Value, message: &str) -> bool {
    let Some(wanted) = query["message"].as_str().filter(|wanted| !wanted.is_empty()) else { return true };
    let fold = |text: &str| match query["caseSensitive"] {
        Value::Bool(true) => text.to_owned(),
        _ => text.chars().flat_map(char::to_lowercase).collect(),
    };
    match query["messageMode"].as_str() {
        Some("regex") => PATTERNS.iter().any(|(pattern, is_match)| *pattern == wanted && is_match(message)),
        Some("exact") => fold(message) == fold(wanted),
        _ => fold(message).contains(&fold(wanted)),
    }
}

/// Finds a key literally or, if it is not there and has dots, as a path: what JSON pointers do with slashes.
fn find<'a>(meta: &'a Value, key: &str) -> Option<&'a Value> {
    let as_path =
        || key.contains('.').then(|| meta.pointer(&format!("/{}", key.replace('.', "/")))).flatten();
    meta.get(key).or_else(as_path)
}

fn same(found: &Value, wanted: &Value) -> bool {
    match (found.as_f64(), wanted.as_f64()) {
        (Some(found), Some(wanted)) => found.total_cmp(&wanted).is_eq(),
        _ => found == wanted,
    }
}
