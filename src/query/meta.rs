//! Matching of metadata.

use serde_json::{Map, Value};

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
        let found = meta.get(&self.key).or_else(|| follow(meta, &self.key));
        match (&self.value, found) {
            (Scalar::Null, Some(Value::Null)) => true,
            (Scalar::Bool(wanted), Some(Value::Bool(found))) => wanted == found,
            (Scalar::String(wanted), Some(Value::String(found))) => wanted == found,
            (Scalar::Number(wanted), Some(Value::Number(found))) => found.as_f64() == Some(*wanted),
            _ => false,
        }
    }
}

/// Follows a path of member names and array indexes, separated by dots.
fn follow<'a>(meta: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let (first, rest) = path.split_once('.')?;
    rest.split('.').try_fold(meta.get(first)?, |value, step| match value {
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
