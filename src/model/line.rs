//! The canonical log line and its hash.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::meta::write_value;
use super::{Meta, Time};
use crate::error::Result;

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
    let mut line = format!("[{emoji}] [{ts}] [Agent: {agent}] [Project: {project}] [ID: {entry_id}] ");
    push_on_one_line(&mut line, message);
    for (index, (key, value)) in meta.to_object()?.iter().enumerate() {
        line.push_str(if index == 0 { " | " } else { "; " });
        push_on_one_line(&mut line, key);
        line.push('=');
        if let Value::String(text) = value {
            push_on_one_line(&mut line, text);
        } else {
            let mut json = String::new();
            write_value(&mut json, value);
            push_on_one_line(&mut line, &json);
        }
    }
    Ok(line)
}

/// Returns the SHA-256 of a text's UTF-8 bytes as 64 lower-case hex digits.
#[must_use]
pub fn sha256_hex(text: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(text.as_bytes()))
}

/// A newline, however a platform writes it, and a `|` each become one space.
fn push_on_one_line(line: &mut String, text: &str) {
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
