//! The messages of a segment, and searching them.

use std::cell::OnceCell;
use std::fmt;

use memchr::memmem::Finder;

use super::index::flags;
use crate::error::{Error, Result};
use crate::model::record::{self, Kind};
use crate::model::{StoredTexts, Texts};
use crate::query::{TextMatcher, push_folded};

/// Where fewer rows than one in so many are left, each is searched by itself.
const FEW: usize = 8;

/// A column of messages.
#[derive(Debug, Clone, Default)]
pub(super) struct Messages {
    texts: Texts,
    /// The messages folded for comparison without case, once a query has needed them.
    folded: OnceCell<Texts>,
}

impl Messages {
    pub fn push(&mut self, message: &str) {
        self.folded.take();
        self.texts.push(message);
    }

    pub fn get(&self, row: u32) -> &str {
        self.texts.get(row)
    }

    pub fn len(&self) -> u32 {
        self.texts.len()
    }

    /// Keeps the rows whose messages match, or may match a pattern.
    pub fn retain(&self, matcher: &TextMatcher, rows: &mut Vec<u32>) {
        match (self.finder(matcher), matcher) {
            (Some((texts, finder)), _) => retain_found(texts, finder, rows),
            // What it matches is not known before each is looked at.
            (None, TextMatcher::Regex(_)) => {}
            (None, _) => {
                let texts = if matcher.wants_folded() { self.folded() } else { &self.texts };
                rows.retain(|&row| matcher.matches(texts.get(row)));
            }
        }
    }

    /// Returns the rows, ascending, whose messages match, or may match a pattern, if that can be told without looking
    /// at each.
    pub fn matching(&self, matcher: &TextMatcher) -> Option<Vec<u32>> {
        self.finder(matcher).map(|(texts, finder)| rows_found(texts, finder))
    }

    /// Returns what finds all that may match, and in what texts.
    fn finder<'m>(&'m self, matcher: &'m TextMatcher) -> Option<(&'m Texts, &'m Finder<'m>)> {
        match matcher {
            TextMatcher::Substring { finder, case_sensitive: true } => Some((&self.texts, &**finder)),
            TextMatcher::Substring { finder, .. } => Some((self.folded(), &**finder)),
            TextMatcher::Exact { .. } => None,
            TextMatcher::Regex(pattern) => {
                let literal = pattern.literal()?;
                if !literal.is_folded() {
                    return Some((&self.texts, literal.finder()));
                }
                (!literal.has_other_cases(self.texts.all())).then(|| (self.folded(), literal.finder()))
            }
        }
    }

    fn folded(&self) -> &Texts {
        self.folded.get_or_init(|| {
            let mut folded = Texts::default();
            for text in self.texts.iter() {
                folded.push_with(|buffer| push_folded(buffer, text));
            }
            folded
        })
    }

    /// Returns how many bytes of memory this takes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes() + self.folded.get().map_or(0, Texts::bytes)
    }

    /// Writes the stored part.
    pub fn encode(&self, segment_id: u64) -> Result<Vec<u8>> {
        record::encode_packed(Kind::Messages, segment_id, &self.texts.to_stored())
    }

    /// Reads a stored part.
    pub fn decode(bytes: &[u8], segment_id: u64, place: &dyn fmt::Display) -> Result<Self> {
        let fields = record::unpack(Kind::Messages, segment_id, bytes, place)?;
        let stored: StoredTexts = record::read_fields(&fields, place)?;
        let texts = Texts::from_stored(&stored);
        let texts = texts.ok_or_else(|| Error::corrupt(place, "does not fit together"))?;
        Ok(Self { texts, folded: OnceCell::new() })
    }
}

/// Keeps the rows whose text contains what a finder finds. The texts are searched as one, unless few are asked
/// for.
fn retain_found(texts: &Texts, finder: &Finder<'_>, rows: &mut Vec<u32>) {
    if rows.len() < texts.len() as usize / FEW {
        rows.retain(|&row| finder.find(texts.get(row).as_bytes()).is_some());
        return;
    }
    let is_found = flags(&rows_found(texts, finder), texts.len());
    rows.retain(|&row| is_found.get(row as usize).copied().unwrap_or(false));
}

/// Returns the rows, in their order, whose text contains what a finder finds.
fn rows_found(texts: &Texts, finder: &Finder<'_>) -> Vec<u32> {
    let mut found = Vec::new();
    let all = texts.all().as_bytes();
    let (mut from, mut row) = (0, 0);
    while let Some(at) = all.get(from..).and_then(|rest| finder.find(rest)) {
        let start = from + at;
        row = texts.row_at(start, row);
        let end = texts.end(row) as usize;
        // What begins in one text and ends in another is in neither.
        if start + finder.needle().len() <= end && row < texts.len() {
            found.push(row);
        }
        // Nothing that begins in this text and was not found can end in it any more.
        from = end.max(start + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{TextMode, TextQuery};

    fn matching(messages: &[&str], text: &str, mode: TextMode) -> Vec<u32> {
        let mut column = Messages::default();
        for message in messages {
            column.push(message);
        }
        let matcher = TextMatcher::compile(&TextQuery { text: text.into(), mode, case_sensitive: false });
        let matcher = matcher.expect("a query");
        let mut rows: Vec<u32> = (0..column.len()).collect();
        let mut backwards = rows.iter().rev().copied().collect();
        let mut some = rows.iter().skip(1).copied().collect();
        for rows in [&mut rows, &mut backwards, &mut some] {
            column.retain(&matcher, rows);
        }
        backwards.reverse();
        assert_eq!(backwards, rows, "whatever the order of rows");
        assert!(some.iter().eq(rows.iter().filter(|row| **row > 0)), "{some:?} of {rows:?}");
        rows
    }

    #[test]
    fn what_begins_in_one_message_and_ends_in_the_next_is_not_found() {
        assert_eq!(matching(&["ab", "ab", "", "aab", "ba"], "BA", TextMode::Substring), [4]);
        assert_eq!(matching(&["aa", "aaa", "a", "aa"], "aa", TextMode::Substring), [0, 1, 3]);
        assert_eq!(matching(&["", "x", ""], "x", TextMode::Substring), [1]);
    }

    #[test]
    fn what_a_pattern_may_match_in_another_case_is_kept() {
        // U+017F is an `s` in another case, to patterns alone.
        assert_eq!(
            matching(&["me\u{17f}sage", "none"], "message", TextMode::Regex),
            [0, 1],
            "each is looked at"
        );
        assert_eq!(matching(&["a Message", "none"], "message", TextMode::Regex), [0]);
    }
}
