//! Matching of metadata.

use crate::model::{Json, Object};

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
    pub fn matches(&self, meta: &Object) -> bool {
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
            && Json::parse(json)
                .is_ok_and(|value| follow(&value, path).is_some_and(|found| self.value.equals(found)))
    }
}

impl Scalar {
    fn equals(&self, found: &Json) -> bool {
        match (self, found) {
            (Self::Null, Json::Null) => true,
            (Self::Bool(wanted), Json::Bool(found)) => wanted == found,
            (Self::String(wanted), Json::String(found)) => wanted == found,
            #[expect(clippy::float_cmp, reason = "numbers come back as the very doubles that went in")]
            (Self::Number(wanted), Json::Number(found)) => wanted == found,
            _ => false,
        }
    }

    /// Returns the value as canonical JSON: equal values have equal text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let value = match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            // No metadata holds what is not finite.
            Self::Number(value) => Json::Number(*value),
            Self::String(value) => Json::String(value.clone()),
        };
        value.to_canonical()
    }
}

/// Follows a path of member names and array indexes, separated by dots.
fn follow<'a>(value: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(value, |value, step| match value {
        Json::Object(object) => object.get(step),
        Json::Array(items) => items.get(array_index(step)?),
        _ => None,
    })
}

/// Reads an array index as JavaScript writes it: no sign, no leading zero.
fn array_index(step: &str) -> Option<usize> {
    let plain = step == "0" || (!step.starts_with('0') && step.bytes().all(|byte| byte.is_ascii_digit()));
    if plain { step.parse().ok() } else { None }
}
