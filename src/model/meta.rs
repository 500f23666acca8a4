//! Free-form metadata: a JSON object, kept as canonical text.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use crate::error::{Error, Result};

/// A JSON object as text: keys sorted by code point, no white space, numbers as JavaScript writes them.
///
/// Equal objects have equal text, and numbers come back as the very doubles that went in (the number
/// format is `Number::toString` of ECMAScript, which RFC 8785 prescribes as well).
#[derive(Clone, PartialEq, Eq)]
pub struct Meta(Box<str>);

impl Meta {
    /// Writes an object as canonical text.
    #[must_use]
    pub fn from_object(object: &Map<String, Value>) -> Self {
        let mut text = String::new();
        write_object(&mut text, object);
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

    /// Reads the text back.
    ///
    /// # Errors
    /// `corrupt` if the text is not a JSON object.
    pub fn to_object(&self) -> Result<Map<String, Value>> {
        parse_object(&self.0)
    }
}

/// Reads canonical text back.
///
/// # Errors
/// `corrupt` if the text is not a JSON object.
pub fn parse_object(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text)
        .map_err(|error| Error::corrupt("metadata", "is not a JSON object").because(error))
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
    /// Writes the object into JSON, and its text into stored records.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_str(&self.0);
        }
        self.to_object().map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Meta {
    /// Reads the text from stored records.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer).map(Self::from_canonical)
    }
}

/// Returns a value as canonical JSON.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

/// Writes a value as canonical JSON.
pub(super) fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => push_json_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(object) => write_object(out, object),
    }
}

/// `Map` is a `BTreeMap`, so its order is that of the keys' UTF-8 bytes, which is that of code points.
fn write_object(out: &mut String, object: &Map<String, Value>) {
    out.push('{');
    for (index, (key, value)) in object.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_json_string(out, key);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

/// Writes a string as JSON does.
pub fn push_json_string(out: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        // This cannot fail on a string; it escapes what JSON demands and nothing else.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

/// Writes a finite number as ECMAScript's `Number::toString` does.
///
/// The digits are those that `serde_json` writes, the fewest that name the number; what differs is where the
/// decimal point stands and when an exponent is used.
fn write_number(out: &mut String, number: &Number) {
    let text = number.to_string();
    let (unsigned, is_negative) = text.strip_prefix('-').map_or((text.as_str(), false), |rest| (rest, true));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let count = |text: &str| i32::try_from(text.len()).unwrap_or(i32::MAX);
    // `point` of the significant digits stand before the decimal point.
    let point = count(whole) + exponent - (count(&digits) - count(significant));
    let digits = significant.trim_end_matches('0');
    if digits.is_empty() {
        return out.push('0');
    }
    if is_negative {
        out.push('-');
    }
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    if count(digits) <= point && point <= 21 {
        let _ = write!(out, "{digits}{}", zeros(point - count(digits)));
    } else if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        let _ = write!(out, "{whole}.{fraction}");
    } else if -6 < point && point <= 0 {
        let _ = write!(out, "0.{}{digits}", zeros(-point));
    } else {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if point > 0 { "+" } else { "-" };
        let _ = write!(out, "{first}{dot}{rest}e{sign}{}", (point - 1).abs());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(json: &str) -> String {
        let object = serde_json::from_str(json).expect("JSON");
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
    fn numbers_are_written_as_javascript_writes_them() {
        for (json, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("1.0", "1"),
            ("-1.5", "-1.5"),
            ("100", "100"),
            ("1e2", "100"),
            ("123456789012345680000", "123456789012345680000"),
            ("1e21", "1e+21"),
            ("1.5e300", "1.5e+300"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("1.25e-9", "1.25e-9"),
            ("5e-324", "5e-324"),
            ("0.1", "0.1"),
            ("9007199254740993.0", "9007199254740992"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("18446744073709552000", "18446744073709552000"),
        ] {
            assert_eq!(canonical(&format!("{{\"n\":{json}}}")), format!("{{\"n\":{expected}}}"), "{json}");
        }
    }
}
