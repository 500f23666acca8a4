//! The metadata of a segment: a column a key, where keys are common, and values as numbers in dictionaries.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::index::rows_that_have;
use crate::error::{Error, Result};
use crate::model::record::{self, Kind};
use crate::model::{Dictionary, Json, SparseTexts, StoredSparseTexts, StoredTexts, Texts, members};
use crate::query::MetaFilter;

/// How many keys get a column.
const MAX_COLUMNS: usize = 32;

/// The values of one key, row by row.
#[derive(Debug, Clone)]
struct Column {
    /// As JSON has it, without quotes. What JSON escapes gets no column.
    key: String,
    /// Canonical JSON.
    values: Dictionary,
    /// Numbers in `values`, from 1; 0 where the row has no such key.
    numbers: Vec<u32>,
}

/// A column of metadata.
#[derive(Debug, Clone, Default)]
pub(super) struct Metas {
    rows: u32,
    /// In the order of their keys.
    columns: Vec<Column>,
    /// Canonical text of the rows that have a key without a column.
    whole: SparseTexts,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored<'a> {
    rows: u32,
    /// In the order of their keys.
    #[serde(borrow)]
    columns: Vec<StoredColumn<'a>>,
    /// Canonical JSON of the rows that have a key without a column.
    #[serde(borrow)]
    whole: StoredSparseTexts<'a>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredColumn<'a> {
    /// As JSON has it, without quotes.
    key: &'a str,
    /// The different values, as canonical JSON.
    #[serde(borrow)]
    values: StoredTexts<'a>,
    /// Which of the values each row has, from 1; 0 where it has no such key.
    numbers: Vec<u32>,
}

impl Metas {
    /// Makes the columns of some metadata, given as canonical text.
    pub fn from_texts(texts: &[&str]) -> Self {
        let mut metas = Self::default();
        let rows: Vec<Vec<(&str, &str)>> = texts.iter().map(|text| members(text)).collect();
        let mut keys = Dictionary::default();
        let mut counts = Vec::new();
        for (key, _) in rows.iter().flatten() {
            let number = keys.number(key) as usize;
            if number == counts.len() {
                counts.push(0);
            }
            counts.get_mut(number).into_iter().for_each(|count| *count += 1);
        }
        let enough = if counts.len() > MAX_COLUMNS { texts.len() / MAX_COLUMNS } else { 0 };
        for (key, count) in keys.strings().iter().zip(counts) {
            if count > enough && !key.contains('\\') && metas.columns.len() < MAX_COLUMNS {
                let place = metas.columns.partition_point(|column| column.key.as_str() < key);
                let (key, numbers) = (key.to_owned(), Vec::with_capacity(texts.len()));
                metas.columns.insert(place, Column { key, values: Dictionary::default(), numbers });
            }
        }
        for (text, members) in texts.iter().zip(&rows) {
            metas.push_members(text, members);
        }
        metas
    }

    fn push_members(&mut self, text: &str, members: &[(&str, &str)]) {
        // Both are in the order of keys.
        let mut left = members.iter().peekable();
        let skip = self.columns.iter().filter(|column| left.next_if(|(key, _)| column.key == *key).is_some());
        let fits = skip.count() == members.len();
        let mut left = members.iter().filter(|_| fits).peekable();
        for column in &mut self.columns {
            let value = left.next_if(|(key, _)| column.key == *key);
            column.numbers.push(value.map_or(0, |(_, value)| column.values.number(value) + 1));
        }
        if !fits || members.is_empty() && text != "{}" {
            self.whole.push(self.rows, text);
        }
        self.rows += 1;
    }

    /// Appends metadata as it is, without columns.
    pub fn push(&mut self, text: &str) {
        self.whole.push(self.rows, text);
        self.rows += 1;
    }

    pub fn len(&self) -> u32 {
        self.rows
    }

    /// Returns a row's metadata as canonical text.
    pub fn get(&self, row: u32) -> String {
        if let Some(text) = self.whole.get(row) {
            return text.to_owned();
        }
        let mut text = String::from("{");
        for column in &self.columns {
            if let Some(value) = column.get(row) {
                if text.len() > 1 {
                    text.push(',');
                }
                text.push('"');
                text.push_str(&column.key);
                text.push_str("\":");
                text.push_str(value);
            }
        }
        text.push('}');
        text
    }

    /// Keeps the rows whose metadata matches.
    pub fn retain(&self, filter: &MetaFilter, rows: &mut Vec<u32>) {
        let literal = self.column(&filter.key).map(|column| {
            let wanted = filter.value.to_json();
            (column, column.mask(|value| value == wanted))
        });
        let path = filter.key.split_once('.').and_then(|(first, rest)| {
            let column = self.column(first)?;
            Some((column, column.mask(|value| filter.value_matches_at(value, rest))))
        });
        if self.whole.is_empty() && path.is_none() {
            match literal {
                Some((column, mask)) => column.retain(&mask, rows),
                None => rows.clear(),
            }
            return;
        }
        let is_set = |(column, mask): &(&Column, Vec<bool>), row: u32| {
            column.number(row).map(|number| mask.get(number).copied().unwrap_or(false))
        };
        rows.retain(|&row| {
            if let Some(text) = self.whole.get(row) {
                return matches!(Json::parse(text), Ok(Json::Object(meta)) if filter.matches(&meta));
            }
            let found = literal.as_ref().and_then(|literal| is_set(literal, row));
            found.or_else(|| path.as_ref().and_then(|path| is_set(path, row))).unwrap_or(false)
        });
    }

    fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.key == key)
    }

    /// Returns how many bytes of memory this takes.
    pub fn bytes(&self) -> usize {
        let columns = self.columns.iter();
        self.whole.bytes()
            + columns
                .map(|column| column.values.bytes() + column.numbers.capacity() * size_of::<u32>())
                .sum::<usize>()
    }

    /// Writes the stored part.
    pub fn encode(&self, segment_id: u64) -> Result<Vec<u8>> {
        let columns = self.columns.iter().map(|column| StoredColumn {
            key: &column.key,
            values: column.values.strings().to_stored(),
            numbers: column.numbers.clone(),
        });
        let stored = Stored { rows: self.rows, columns: columns.collect(), whole: self.whole.to_stored() };
        record::encode_packed(Kind::Metas, segment_id, &stored)
    }

    /// Reads a stored part.
    pub fn decode(bytes: &[u8], segment_id: u64, place: &dyn fmt::Display) -> Result<Self> {
        let fields = record::unpack(Kind::Metas, segment_id, bytes, place)?;
        let stored: Stored = record::read_fields(&fields, place)?;
        Self::from_stored(stored).ok_or_else(|| Error::corrupt(place, "does not fit together"))
    }

    fn from_stored(stored: Stored) -> Option<Self> {
        let mut columns = Vec::with_capacity(stored.columns.len());
        for StoredColumn { key, values, numbers } in stored.columns {
            let values = Dictionary::from_texts(Texts::from_stored(&values)?);
            if numbers.len() != stored.rows as usize || numbers.iter().any(|&number| number > values.len()) {
                return None;
            }
            columns.push(Column { key: key.to_owned(), values, numbers });
        }
        Some(Self { rows: stored.rows, columns, whole: SparseTexts::from_stored(stored.whole)? })
    }
}

impl Column {
    /// Returns the number of a row's value, from 0.
    fn number(&self, row: u32) -> Option<usize> {
        (*self.numbers.get(row as usize)? as usize).checked_sub(1)
    }

    fn get(&self, row: u32) -> Option<&str> {
        self.values.string(u32::try_from(self.number(row)?).ok()?)
    }

    /// Tells of each value whether it is wanted.
    fn mask(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<bool> {
        self.values.strings().iter().map(is_wanted).collect()
    }

    /// Keeps the rows whose value a mask has.
    fn retain(&self, mask: &[bool], rows: &mut Vec<u32>) {
        // Numbers are from 1 on, and 0 is no value.
        let is_wanted: Vec<bool> = std::iter::once(&false).chain(mask).copied().collect();
        *rows = rows_that_have(&is_wanted, &self.numbers, rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Scalar;

    fn check(texts: &[&str]) {
        let metas = Metas::from_texts(texts);
        let bytes = metas.encode(1).expect("metadata");
        let metas = Metas::decode(&bytes, 1, &"it").expect("its own bytes");
        for (row, text) in (0..).zip(texts) {
            assert_eq!(metas.get(row), *text);
        }
    }

    #[test]
    fn metadata_comes_back_as_the_same_text() {
        check(&["{}", r#"{"a":1,"b":{"c":[1,"x"]}}"#, r#"{"a":"1"}"#, r#"{"":null,"a\"\n":true}"#, "{}"]);
        let many: Vec<String> =
            (0..100).map(|n| format!(r#"{{"common":{},"only {n}":{n}}}"#, n % 3)).collect();
        check(&many.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn columns_and_whole_rows_match_alike() {
        let mut texts =
            vec![r#"{"a":{"b":[1,2]},"k":"v"}"#.to_owned(), r#"{"a.b.1":5,"a":{"b":[1,2]}}"#.into()];
        texts.extend((0..100).map(|n| format!(r#"{{"k":{},"only {n}":1}}"#, n % 3)));
        texts.extend((0..100).map(|n| format!(r#"{{"k":{}}}"#, n % 3)));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let metas = Metas::from_texts(&texts);
        for (key, value) in [
            ("k", Scalar::Number(1.0)),
            ("k", Scalar::String("v".into())),
            ("k", Scalar::String("1".into())),
            ("a.b.1", Scalar::Number(2.0)),
            ("a.b.1", Scalar::Number(5.0)),
            ("only 7", Scalar::Number(1.0)),
            ("nothing", Scalar::Null),
        ] {
            let filter = MetaFilter { key: key.into(), value };
            let mut rows = (0..metas.len()).collect();
            metas.retain(&filter, &mut rows);
            let matches =
                |text: &str| matches!(Json::parse(text), Ok(Json::Object(meta)) if filter.matches(&meta));
            let expected: Vec<u32> =
                (0..).zip(&texts).filter(|(_, text)| matches(text)).map(|(row, _)| row).collect();
            assert_eq!(rows, expected, "{filter:?}");
        }
    }
}
