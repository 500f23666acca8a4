//! Matching of metadata.

use serde_json::{Map, Value};

use crate::model::canonical_json;

/// A value that metadata is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// An explicit `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A finite number; `1` and `1.0` are the same.
    Number(f64),
    /// A string, compared exactly.
    String(String),
}

/// What one key of the metadata must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct MetaFilter {
    /// A key at the top level or, if there is none such and it has dots, a path.
    pub key: String,
    /// The value; its type counts.
    pub value: Scalar,
}

impl MetaFilter {
    /// Tells whether metadata holds the value under the key. A missing key never matches.
    #[must_use]
    pub fn matches(&self, meta: &Map<String, Value>) -> bool {
        let found = meta.get(&self.key).or_else(|| {
            let (first, rest) = self.key.split_once('.')?;
            follow(meta.get(first)?, rest)
        });
        found.is_some_and(|found| self.value.equals(found))
    }

    /// Tells whether canonical JSON holds the value at the end of a path.
    #[must_use]
    pub fn value_matches_at(&self, json: &str, path: &str) -> bool {
        // Nothing else has members.
        json.starts_with(['{', '['])
            && serde_json::from_str(json)
                .is_ok_and(|value| follow(&value, path).is_some_and(|found| self.value.equals(found)))
    }
}

impl Scalar {
    fn equals(&self, found: &Value) -> bool {
        match (self, found) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(wanted), Value::Bool(found)) => wanted == found,
            (Self::String(wanted), Value::String(found)) => wanted == found,
            (Self::Number(wanted), Value::Number(found)) => found.as_f64() == Some(*wanted),
            _ => false,
        }
    }

    /// Returns the value as canonical JSON: equal values have equal text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let value = match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            // No metadata holds what is not finite.
            Self::Number(value) => Value::from(*value),
            Self::String(value) => Value::String(value.clone()),
        };
        canonical_json(&value)
    }
}

/// Follows a path of member names and array indexes, separated by dots.
fn follow<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, step| match value {
        Value::Object(object) => object.get(step),
        Value::Array(items) => items.get(array_index(step)?),
        _ => None,
    })
}

/// Reads an array index as JavaScript writes it: no sign, no leading zero.
fn array_index(step: &str) -> Option<usize> {
    let plain = step == "0" || (!step.starts_with('0') && step.bytes().all(|byte| byte.is_ascii_digit()));
    if plain { step.parse().ok() } else { None }
}
