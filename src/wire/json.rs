//! JSON text.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};

/// What stands for half of a surrogate pair, as JSON escapes it.
const REPLACEMENT: &str = "\\ufffd";

/// Writes a result as JSON text.
///
/// # Errors
/// `internal` if it cannot be written, which no result is.
pub fn encode<T: Serialize>(result: &T) -> Result<String> {
    serde_json::to_string(result)
        .map_err(|error| Error::internal("a result cannot be written as JSON").because(error))
}

/// Reads an argument; `what` names it in an error.
pub(super) fn parse(what: &str, text: &str) -> Result<Value> {
    serde_json::from_str(&without_lone_surrogates(text)).map_err(|error| {
        let why = if error.to_string().starts_with("recursion") {
            "is nested too deeply: 127 levels are the most".to_owned()
        } else {
            format!("is not JSON: {error}")
        };
        Error::invalid(format!("{what} {why}")).because(error)
    })
}

/// Replaces lone surrogates, which JavaScript strings may hold and escapes as `\ud800` to `\udfff`, by
/// U+FFFD. Pairs are not escaped by `JSON.stringify`, but may be by others.
fn without_lone_surrogates(text: &str) -> Cow<'_, str> {
    let has_any = memchr::memmem::find(text.as_bytes(), b"\\ud").is_some()
        || memchr::memmem::find(text.as_bytes(), b"\\uD").is_some();
    if !has_any {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        // `\uXXXX` is six bytes long, any other escape two; both end between characters of valid JSON.
        let length = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(_), _) => {
                out.push_str(REPLACEMENT);
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            (None, _) => 2,
        };
        let (escape, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        out.push_str(escape);
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Reads the surrogate that a text begins with as an escape.
fn surrogate(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok().filter(|unit| (0xD800..=0xDFFF).contains(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_become_replacement_characters() {
        for (json, expected) in [
            (r#""\ud800""#, "\u{FFFD}"),
            (r#""a\udfffb""#, "a\u{FFFD}b"),
            (r#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"),
            (r#""\\ud800""#, "\\ud800"),
            (r#""\\\ud800""#, "\\\u{FFFD}"),
            (r#""é\ud800é""#, "é\u{FFFD}é"),
            (r#""\ud800\n""#, "\u{FFFD}\n"),
        ] {
            assert_eq!(parse("it", json).expect(json), Value::String(expected.into()), "{json}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(parse("it", &nested(127)).is_ok());
        let error = parse("it", &nested(128)).expect_err("too deep");
        assert!(error.message().contains("nested too deeply"), "{error}");
    }
}
