//! Entries as arguments.

use super::fields::{Fields, wrong};
use super::json;
use super::quick;
use super::results::ToJson;
use crate::error::{Error, Result};
use crate::model::{AppendEntry, Entry, Json, NewEntry, ProjectRef, Status, canonical_line, sha256_hex};

/// Reads the argument of `insertEntry`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn new_entry(text: &str) -> Result<NewEntry> {
    read_new_entry(Fields::parse("the entry", text)?)
}

/// Reads some elements of the argument of `insertEntries`, the first of which has the index `first`.
///
/// # Errors
/// `invalid_argument` that names the element's index and the member.
pub fn entries(text: &str, first: usize) -> Result<Vec<NewEntry>> {
    if let Some(entries) = quick::entries(text) {
        return Ok(entries);
    }
    let elements = match json::parse("the list of entries", text)? {
        Json::Array(elements) => elements,
        value => return Err(wrong("the list of entries", "an array", &value)),
    };
    let element = |(value, index): (Json, usize)| {
        let entry = Fields::of("the entry", value).and_then(read_new_entry);
        entry.map_err(|error| error.within(format_args!("entries[{index}]")))
    };
    elements.into_iter().zip(first..).map(element).collect()
}

/// Reads the argument of `appendEntry`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn append_entry(text: &str) -> Result<AppendEntry> {
    let mut fields = Fields::parse("the entry", text)?;
    let status = fields.one_of("status", &Status::ALL)?.unwrap_or_default();
    let emoji = fields.optional_string("emoji")?.unwrap_or_else(|| status.emoji().to_owned());
    let entry = AppendEntry {
        project: fields.project("project")?,
        message: fields.string("message")?,
        emoji,
        agent: fields.nullable_string("agent")?,
        meta: fields.meta("meta")?.unwrap_or_default(),
        ts: fields.optional_time("ts")?,
        entry_id: match fields.optional_string("entryId")? {
            Some(id) if id.is_empty() => {
                return Err(Error::invalid("`entryId` must not be empty"));
            }
            id => id,
        },
    };
    fields.finish()?;
    Ok(entry)
}

/// Completes an entry as `appendEntry` does, but without a store: its project is named, and it has a time and an
/// identifier. Takes and returns JSON text.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn completed_entry(text: &str) -> Result<String> {
    let AppendEntry { project, message, emoji, agent, meta, ts, entry_id } = append_entry(text)?;
    let (ProjectRef::Name(project), Some(ts), Some(entry_id)) = (project, ts, entry_id) else {
        return Err(Error::invalid("`ts`, `entryId` or the project's name is missing"));
    };
    let raw_line = canonical_line(&emoji, ts, agent.as_deref(), &project, &entry_id, &message, &meta)?;
    let sha256 = sha256_hex(&raw_line);
    let seq = 0;
    Ok(Entry { entry_id, project, seq, ts, emoji, agent, message, meta, raw_line, sha256 }.to_json())
}

/// Reads `{ entryId }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn entry_id(text: &str) -> Result<String> {
    let mut fields = Fields::parse("the argument", text)?;
    let id = fields.string("entryId")?;
    fields.finish()?;
    Ok(id)
}

fn read_new_entry(mut fields: Fields) -> Result<NewEntry> {
    let entry = NewEntry {
        entry_id: fields.non_empty_string("entryId")?,
        project: fields.project("project")?,
        ts: fields.time("ts")?,
        emoji: fields.string("emoji")?,
        agent: fields.nullable_string("agent")?,
        message: fields.string("message")?,
        meta: fields.meta("meta")?.unwrap_or_default(),
        raw_line: fields.string("rawLine")?,
        sha256: fields.string("sha256")?,
    };
    // Where an entry that was read elsewhere had its place; here it gets its own.
    fields.take("seq");
    fields.finish()?;
    Ok(entry)
}
