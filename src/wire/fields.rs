//! The members of an argument object, taken one by one.

use std::ops::RangeInclusive;

use super::json;
use crate::error::{Error, Result};
use crate::model::{Day, Json, Meta, Object, ProjectRef, Quoted, Time};

/// The largest whole number that a JavaScript number holds without a gap below it.
pub(super) const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// The members of an argument object that have not been taken yet.
pub(super) struct Fields {
    what: String,
    members: Object,
}

impl Fields {
    /// Reads an object from text; `what` names it in an error.
    pub fn parse(what: &str, text: &str) -> Result<Self> {
        Self::of(what, json::parse(what, text)?)
    }

    /// Takes an object that was read.
    pub fn of(what: &str, value: Json) -> Result<Self> {
        match value {
            Json::Object(members) => Ok(Self { what: what.to_owned(), members }),
            value => Err(wrong(what, "an object", &value)),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `invalid_argument` if a member is left, which is one that nobody knows.
    pub fn finish(self) -> Result<()> {
        match self.members.first_key() {
            Some(key) => Err(Error::invalid(format!("{} has no member {}", self.what, Quoted(key)))),
            None => Ok(()),
        }
    }

    /// Takes a member; `None` if it is missing.
    pub fn take(&mut self, key: &str) -> Option<Json> {
        self.members.remove(key)
    }

    /// Takes a member, which may be missing or `null`.
    pub fn take_nullable(&mut self, key: &str) -> Option<Json> {
        self.take(key).filter(|value| *value != Json::Null)
    }

    pub fn string(&mut self, key: &str) -> Result<String> {
        match self.take(key) {
            Some(Json::String(string)) => Ok(string),
            value => Err(wrong_member(key, "a string", value.as_ref())),
        }
    }

    pub fn non_empty_string(&mut self, key: &str) -> Result<String> {
        let string = self.string(key)?;
        if string.is_empty() { Err(Error::invalid(format!("`{key}` must not be empty"))) } else { Ok(string) }
    }

    /// Takes a string that may be missing, but not `null`.
    pub fn optional_string(&mut self, key: &str) -> Result<Option<String>> {
        if self.members.get(key).is_some() { self.string(key).map(Some) } else { Ok(None) }
    }

    /// Takes a string that may be missing or `null`.
    pub fn nullable_string(&mut self, key: &str) -> Result<Option<String>> {
        match self.take_nullable(key) {
            None => Ok(None),
            Some(Json::String(string)) => Ok(Some(string)),
            value => Err(wrong_member(key, "a string or null", value.as_ref())),
        }
    }

    /// Takes a list of strings, empty if it is missing or `null`.
    pub fn strings(&mut self, key: &str) -> Result<Vec<String>> {
        let items = match self.take_nullable(key) {
            None => return Ok(Vec::new()),
            Some(Json::Array(items)) => items,
            value => return Err(wrong_member(key, "an array of strings or null", value.as_ref())),
        };
        let string = |(index, item)| match item {
            Json::String(string) => Ok(string),
            item => Err(wrong(&format!("`{key}[{index}]`"), "a string", &item)),
        };
        items.into_iter().enumerate().map(string).collect()
    }

    /// Takes a boolean, false if it is missing.
    pub fn flag(&mut self, key: &str) -> Result<bool> {
        match self.take(key) {
            None => Ok(false),
            Some(Json::Bool(flag)) => Ok(flag),
            value => Err(wrong_member(key, "true or false", value.as_ref())),
        }
    }

    /// Takes one of some names.
    pub fn one_of<T: Copy>(&mut self, key: &str, known: &[(&str, T)]) -> Result<Option<T>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let found = string(&value).and_then(|name| known.iter().find(|(known, _)| *known == name));
        if let Some((_, found)) = found {
            return Ok(Some(*found));
        }
        let names: Vec<_> = known.iter().map(|(name, _)| Quoted(name).to_string()).collect();
        Err(wrong_member(key, &format!("one of {}", names.join(", ")), Some(&value)))
    }

    /// Takes a whole number within a range, which may be missing, but not `null`.
    pub fn whole(&mut self, key: &str, range: RangeInclusive<u64>) -> Result<Option<u64>> {
        if self.members.get(key).is_some() { read_whole(key, self.take(key), range) } else { Ok(None) }
    }

    /// Takes a length of time in milliseconds, which may be one that has a name.
    pub fn millis(&mut self, key: &str) -> Result<u64> {
        let value = self.take(key);
        let found = match value.as_ref().map(|value| (string(value), value)) {
            Some((Some("minute"), _)) => Some(60_000),
            Some((Some("hour"), _)) => Some(3_600_000),
            Some((Some("day"), _)) => Some(86_400_000),
            Some((_, value)) => whole_number(value).filter(|millis| *millis > 0),
            None => None,
        };
        let expected = "\"minute\", \"hour\", \"day\", or a whole number of milliseconds of at least 1";
        found.ok_or_else(|| wrong_member(key, expected, value.as_ref()))
    }

    /// Takes a whole number within a range, which may be missing or `null`.
    pub fn nullable_whole(&mut self, key: &str, range: RangeInclusive<u64>) -> Result<Option<u64>> {
        read_whole(key, self.take_nullable(key), range)
    }

    /// Takes a finite number.
    pub fn number(&mut self, key: &str) -> Result<f64> {
        let value = self.take(key);
        value.as_ref().and_then(number).ok_or_else(|| wrong_member(key, "a finite number", value.as_ref()))
    }

    /// Takes metadata; `None` if it is missing or `null`.
    pub fn meta(&mut self, key: &str) -> Result<Option<Meta>> {
        match self.take_nullable(key) {
            None => Ok(None),
            Some(Json::Object(object)) => Ok(Some(Meta::from_object(&object))),
            value => Err(wrong_member(key, "an object or null", value.as_ref())),
        }
    }

    /// Takes a time that must be there.
    pub fn time(&mut self, key: &str) -> Result<Time> {
        let value = self.take(key);
        match value {
            Some(value @ (Json::String(_) | Json::Number(_))) => read_time(key, &value),
            value => Err(wrong_member(key, "a time", value.as_ref())),
        }
    }

    /// Takes a time that may be missing, but not `null`.
    pub fn optional_time(&mut self, key: &str) -> Result<Option<Time>> {
        if self.members.get(key).is_some() { self.time(key).map(Some) } else { Ok(None) }
    }

    /// Takes the bound of a range of times; a bare date stands for what `of_day` takes of that day.
    pub fn time_bound(&mut self, key: &str, of_day: fn(Day) -> Time) -> Result<Option<Time>> {
        let Some(value) = self.take_nullable(key) else { return Ok(None) };
        if let Some(day) =
            string(&value).map(Day::parse).transpose().map_err(|error| error.within(tick(key)))?.flatten()
        {
            return Ok(Some(of_day(day)));
        }
        match value {
            Json::String(_) | Json::Number(_) => read_time(key, &value).map(Some),
            value => Err(wrong_member(key, "a time or null", Some(&value))),
        }
    }

    /// Takes a project: its name, or a record of it.
    pub fn project(&mut self, key: &str) -> Result<ProjectRef> {
        let expected = "a project's name, or a project that this store returned";
        match self.take(key) {
            Some(Json::String(name)) if name.is_empty() => {
                Err(Error::invalid(format!("`{key}` must not be an empty name")))
            }
            Some(Json::String(name)) => Ok(ProjectRef::Name(name)),
            Some(Json::Object(record)) => match record.get("id").and_then(whole_number) {
                Some(id) => Ok(ProjectRef::Id(id)),
                None => Err(wrong_member(key, expected, Some(&Json::Object(record)))),
            },
            value => Err(wrong_member(key, expected, value.as_ref())),
        }
    }
}

fn read_time(key: &str, value: &Json) -> Result<Time> {
    let time = match value {
        Json::String(text) => Time::parse(text),
        value => Time::from_millis(number(value).unwrap_or(f64::NAN)),
    };
    time.map_err(|error| error.within(tick(key)))
}

fn read_whole(key: &str, value: Option<Json>, range: RangeInclusive<u64>) -> Result<Option<u64>> {
    let Some(value) = value else { return Ok(None) };
    if let Some(number) = whole_number(&value).filter(|number| range.contains(number)) {
        return Ok(Some(number));
    }
    let (least, most) = range.into_inner();
    let expected = match most {
        MAX_SAFE_INTEGER.. => format!("a whole number of at least {least}"),
        most => format!("a whole number from {least} to {most}"),
    };
    Err(wrong_member(key, &expected, Some(&value)))
}

/// Reads a whole number that is not negative, however it is written: `5`, `5.0`, `5e0`.
fn whole_number(value: &Json) -> Option<u64> {
    let number = number(value).filter(|number| *number >= 0.0 && number.fract() == 0.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative; saturates"
    )]
    Some((number as u64).min(MAX_SAFE_INTEGER))
}

/// Returns a number.
pub(super) const fn number(value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => Some(*number),
        _ => None,
    }
}

/// Returns a string's text.
fn string(value: &Json) -> Option<&str> {
    match value {
        Json::String(text) => Some(text),
        _ => None,
    }
}

fn tick(key: &str) -> String {
    format!("`{key}`")
}

fn wrong_member(key: &str, expected: &str, value: Option<&Json>) -> Error {
    match value {
        Some(value) => wrong(&tick(key), expected, value),
        None => Error::invalid(format!("`{key}` is missing: it must be {expected}")),
    }
}

/// Makes the error of a value that is not what it must be.
pub(super) fn wrong(what: &str, expected: &str, value: &Json) -> Error {
    const SHOWN: usize = 60;
    let json = value.to_canonical();
    let mut shown: String = json.chars().take(SHOWN).collect();
    if shown.len() < json.len() {
        shown.push('…');
    }
    Error::invalid(format!("{what} must be {expected}, not {shown}"))
}
