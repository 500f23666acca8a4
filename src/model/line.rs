//! The canonical log line and its hash.

use memchr::memchr3;
use sha2::{Digest, Sha256};

use super::{Json, Meta, Time, members};
use crate::error::{Error, Result};

/// Who stands in the line of an entry without an agent.
const DEFAULT_AGENT: &str = "Scribe";

/// Writes an entry as one line of a progress log:
/// `[emoji] [YYYY-MM-DD HH:MM:SS UTC] [Agent: name] [Project: name] [ID: entryId] message | key=value; …`,
/// with newlines and `|` in the message, in keys and in values as spaces.
///
/// # Errors
/// `corrupt` if `meta` holds no JSON object, which a [`Meta`] made from one always does.
pub fn canonical_line(
    emoji: &str,
    ts: Time,
    agent: Option<&str>,
    project: &str,
    entry_id: &str,
    message: &str,
    meta: &Meta,
) -> Result<String> {
    let agent = agent.unwrap_or(DEFAULT_AGENT);
    let ts = ts.to_line();
    let mut line = String::with_capacity(message.len() + meta.as_str().len() + 160);
    for part in
        ["[", emoji, "] [", &ts, "] [Agent: ", agent, "] [Project: ", project, "] [ID: ", entry_id, "] "]
    {
        line.push_str(part);
    }
    push_on_one_line(&mut line, message);
    let mut separator = " | ";
    for (key, value) in members(meta.as_str()) {
        line.push_str(separator);
        separator = "; ";
        push_text(&mut line, key)?;
        line.push('=');
        match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
            Some(text) => push_text(&mut line, text)?,
            None => push_on_one_line(&mut line, value),
        }
    }
    Ok(line)
}

/// Writes what stands between the quotes of a JSON string.
fn push_text(line: &mut String, json: &str) -> Result<()> {
    if json.contains('\\') {
        match Json::parse(&["\"", json, "\""].concat()) {
            Ok(Json::String(text)) => push_on_one_line(line, &text),
            _ => return Err(Error::corrupt("metadata", "is not JSON")),
        }
    } else {
        push_on_one_line(line, json);
    }
    Ok(())
}

/// Returns the SHA-256 of a text's UTF-8 bytes as 64 lower-case hex digits.
#[must_use]
pub fn sha256_hex(text: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(text.as_bytes()))
}

/// A newline, however a platform writes it, and a `|` each become one space.
fn push_on_one_line(line: &mut String, text: &str) {
    if memchr3(b'\n', b'\r', b'|', text.as_bytes()).is_none() {
        return line.push_str(text);
    }
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                line.push(' ');
            }
            '\n' | '|' => line.push(' '),
            c => line.push(c),
        }
    }
}
