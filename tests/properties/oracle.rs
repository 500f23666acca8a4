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
    /// How many entries of a project were removed.
    removed: BTreeMap<String, usize>,
}

impl Oracle {
    pub fn entry(&self, id: &Value) -> Option<&Value> {
        self.projects.values().flatten().find(|entry| entry["entryId"] == *id)
    }

    /// Inserts an entry; `None` if its project is unknown, false if its identifier is taken.
    pub fn insert(&mut self, entry: &Value) -> Option<bool> {
        let project = entry["project"].as_str()?;
        let seq = self.projects.get(project)?.len() + self.removed_of(project) + 1;
        if self.entry(&entry["entryId"]).is_some() {
            return Some(false);
        }
        let mut entry = entry.clone();
        entry["seq"] = json!(seq);
        self.projects.get_mut(entry["project"].as_str()?)?.push(entry);
        Some(true)
    }

    /// Creates a project, unless it is there.
    pub fn upsert(&mut self, project: &str) {
        self.projects.entry(project.to_owned()).or_default();
    }

    /// Deletes a project, and tells whether it was there.
    pub fn delete(&mut self, project: &str) -> bool {
        self.removed.remove(project);
        self.projects.remove(project).is_some()
    }

    pub fn removed_of(&self, project: &str) -> usize {
        self.removed.get(project).copied().unwrap_or_default()
    }

    /// Removes entries from the first on while none is to be kept, and returns the report.
    pub fn prune(&mut self, options: &Value) -> Option<Value> {
        let project = options["project"].as_str()?;
        let newest_first = self.query(&json!({ "project": project }))?;
        let is_kept = |entry: &Value| {
            let is_late =
                options["before"].as_str().is_some_and(|before| entry["ts"].as_str() >= Some(before));
            let rank = newest_first.iter().position(|other| other["seq"] == entry["seq"]).unwrap();
            is_late || options["keepNewest"].as_u64().is_some_and(|count| (rank as u64) < count)
        };
        let entries = self.projects.get_mut(project)?;
        let count = entries.iter().take_while(|entry| !is_kept(entry)).count();
        entries.drain(..count);
        *self.removed.entry(project.to_owned()).or_default() += count;
        let first = entries.first().map(|entry| entry["seq"].clone());
        Some(json!({ "removed": count, "remaining": entries.len(), "firstSeq": first }))
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
