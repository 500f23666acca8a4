//! Free-form metadata: a JSON object, kept as canonical text.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Object;

/// A JSON object as text: keys sorted by code point, no white space, numbers as JavaScript writes them.
///
/// Equal objects have equal text, and numbers come back as the very doubles that went in (the number
/// format is `Number::toString` of ECMAScript, which RFC 8785 prescribes as well).
#[derive(Clone, PartialEq, Eq)]
pub struct Meta(Box<str>);

impl Meta {
    /// Writes an object as canonical text.
    #[must_use]
    pub fn from_object(object: &Object) -> Self {
        let mut text = String::new();
        object.push_canonical(&mut text);
        Self(text.into_boxed_str())
    }

    /// Takes text that [`Self::as_str`] gave.
    #[must_use]
    pub fn from_canonical(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Meta {
    /// Returns the empty object.
    fn default() -> Self {
        Self("{}".into())
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Meta {
    /// Writes the text into stored records.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Meta {
    /// Reads the text from stored records.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer).map(Self::from_canonical)
    }
}

/// Writes a string as JSON does: it escapes what JSON demands and nothing else.
pub fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    // Looked at once: with an escape in every line, looking again behind each would take for ever.
    let is_plain = !needs_escapes(text);
    while !is_plain && let Some(at) = rest.bytes().position(needs_escape) {
        // What needs an escape is one byte long.
        let (plain, escaped) = rest.split_at(at);
        let (escaped, behind) = escaped.split_at(1);
        out.push_str(plain);
        match escaped {
            "\n" => out.push_str("\\n"),
            "\r" => out.push_str("\\r"),
            "\t" => out.push_str("\\t"),
            "\u{8}" => out.push_str("\\b"),
            "\u{c}" => out.push_str("\\f"),
            "\"" | "\\" => {
                out.push('\\');
                out.push_str(escaped);
            }
            _ => {
                out.push_str("\\u00");
                for byte in escaped.bytes() {
                    for digit in [byte >> 4, byte & 15] {
                        out.push(char::from_digit(digit.into(), 16).unwrap_or_default());
                    }
                }
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out.push('"');
}

/// A text as messages show it: in quotes, as JSON writes it.
#[derive(Debug, Clone, Copy)]
pub struct Quoted<'t>(pub &'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        push_json_string(&mut text, self.0);
        f.write_str(&text)
    }
}

/// Tells whether a string may have what needs an escape, eight bytes at a time: it is seldom there.
fn needs_escapes(text: &str) -> bool {
    const ONES: u64 = u64::MAX / 0xFF;
    // The upper bit of a byte that is below a limit; now and then also of one behind it.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & (ONES << 7);
    let is = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (words, rest) = text.as_bytes().as_chunks();
    let found = words
        .iter()
        .map(|bytes| u64::from_le_bytes(*bytes))
        .fold(0, |found, word| found | below(word, b' '.into()) | is(word, b'"') | is(word, b'\\'));
    found != 0 || rest.iter().any(|&byte| needs_escape(byte))
}

const fn needs_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Json;

    fn canonical(json: &str) -> String {
        let Ok(Json::Object(object)) = Json::parse(json) else { panic!("{json} is an object") };
        Meta::from_object(&object).as_str().to_owned()
    }

    #[test]
    fn keys_are_sorted_and_nothing_is_lost() {
        let json = r#"{"b": [1, {"z": null, "a": "é\n\"\\"}], "a": true, "": false, "__proto__": {}}"#;
        assert_eq!(canonical(json), r#"{"":false,"__proto__":{},"a":true,"b":[1,{"a":"é\n\"\\","z":null}]}"#);
        assert_eq!(
            canonical(r#"{"$serde_json::private::Number":"1"}"#),
            r#"{"$serde_json::private::Number":"1"}"#
        );
    }

    #[test]
    fn what_needs_an_escape_is_found_anywhere() {
        for (place, byte) in (0..17).flat_map(|place| (0..=0x7F_u8).map(move |byte| (place, byte))) {
            let text = format!("{}{}{}", "é".repeat(place), char::from(byte), "z".repeat(17 - place));
            let mut json = String::new();
            push_json_string(&mut json, &text);
            assert_eq!(json, serde_json::to_string(&text).expect("a string"), "{text:?}");
        }
    }

    #[test]
    fn strings_are_escaped_as_javascript_escapes_them() {
        let mut json = String::new();
        push_json_string(&mut json, "a\"\\\n\r\t\u{8}\u{c}\0\u{1f}\u{7f}é");
        assert_eq!(json, "\"a\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001f\u{7f}é\"");
    }
}
