//! Entries read from JSON as the package writes it, without making a tree of it first. What is not as it mostly
//! is, mistakes among it, is `None`, and is for the strict reader, which names what is wrong.

use crate::model::{Json, Meta, NewEntry, ProjectRef, Scanner, Time};

/// Reads an array of entries.
pub(super) fn entries(text: &str) -> Option<Vec<NewEntry>> {
    let mut scanner = Scanner::new(text);
    let mut entries = Vec::new();
    if !scanner.eat(b'[') {
        return None;
    }
    while !scanner.eat(b']') {
        if !entries.is_empty() && !scanner.eat(b',') {
            return None;
        }
        entries.push(entry(&mut scanner)?);
    }
    scanner.is_done().then_some(entries)
}

fn entry(scanner: &mut Scanner<'_>) -> Option<NewEntry> {
    let [mut entry_id, mut project, mut emoji, mut message, mut raw_line, mut sha256] =
        [const { None::<String> }; 6];
    let (mut ts, mut agent, mut meta) = (None, None, None);
    if !scanner.eat(b'{') {
        return None;
    }
    while !scanner.eat(b'}') {
        scanner.eat(b',');
        let text = match scanner.key()? {
            "entryId" => &mut entry_id,
            "project" => &mut project,
            "emoji" => &mut emoji,
            "message" => &mut message,
            "rawLine" => &mut raw_line,
            "sha256" => &mut sha256,
            "agent" if scanner.word("null").is_some() => continue,
            "agent" => &mut agent,
            "meta" => {
                let mut text = String::new();
                scanner.canonical(&mut text)?;
                if !text.starts_with('{') || meta.replace(Meta::from_canonical(&text)).is_some() {
                    return None;
                }
                continue;
            }
            "ts" => {
                if ts.replace(time(scanner)?).is_some() {
                    return None;
                }
                continue;
            }
            "seq" => {
                scanner.whole_number()?;
                continue;
            }
            _ => return None,
        };
        if text.replace(string(scanner)?).is_some() {
            return None;
        }
    }
    Some(NewEntry {
        entry_id: entry_id.filter(|id| !id.is_empty())?,
        project: ProjectRef::Name(project.filter(|name| !name.is_empty())?),
        ts: ts?,
        emoji: emoji?,
        agent,
        message: message?,
        meta: meta.unwrap_or_default(),
        raw_line: raw_line?,
        sha256: sha256?,
    })
}

fn time(scanner: &mut Scanner<'_>) -> Option<Time> {
    match scanner.whole_number() {
        Some(millis) => Time::from_micros(millis.checked_mul(1000)?).ok(),
        None => Time::parse(&string(scanner)?).ok(),
    }
}

/// Reads a string. `JSON.stringify` leaves no control character in it, so they are not looked for.
fn string(scanner: &mut Scanner<'_>) -> Option<String> {
    let text = scanner.string()?;
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    match Json::parse(&["\"", text, "\""].concat()) {
        Ok(Json::String(text)) => Some(text),
        _ => None,
    }
}
