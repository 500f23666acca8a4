//! Sets of characters, as ranges of code points.

use super::tables;
use crate::model::in_ascending_order;

/// The last code point there is.
const LAST: u32 = char::MAX as u32;

/// A set of characters.
///
/// The ranges are inclusive, in order, and neither touch nor overlap, so that equal sets are equal vectors.
/// They may run across the surrogates, which no character is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CharSet {
    ranges: Vec<(u32, u32)>,
}

impl CharSet {
    /// Makes a set of ranges in any order.
    pub fn new(ranges: Vec<(u32, u32)>) -> Self {
        let key = |(first, last): &(u32, u32)| i64::from(*first) << 32 | i64::from(*last);
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in in_ascending_order(ranges, key) {
            match merged.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        Self { ranges: merged }
    }

    /// The word characters: what `\w` matches.
    pub fn word() -> Self {
        Self { ranges: tables::ranges(tables::WORD).collect() }
    }

    /// The decimal digits: what `\d` matches.
    pub fn digit() -> Self {
        Self { ranges: tables::ranges(tables::DIGIT).collect() }
    }

    /// White space: what `\s` matches.
    pub fn space() -> Self {
        // There is none above the ideographic space.
        let spaces = (0..=0x3000).filter(|&code| char::from_u32(code).is_some_and(char::is_whitespace));
        Self::new(spaces.map(|code| (code, code)).collect())
    }

    /// Returns the ranges.
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// Returns the one character in the set, if it is just one.
    pub fn single(&self) -> Option<char> {
        match *self.ranges.as_slice() {
            [(first, last)] if first == last => char::from_u32(first),
            _ => None,
        }
    }

    /// Returns an ASCII letter, in lower case, if the set is that letter in every case.
    pub fn letter(&self) -> Option<char> {
        let (&(upper, _), _) = self.ranges.split_first()?;
        let upper = char::from_u32(upper).filter(char::is_ascii_uppercase)?;
        let mut set = Self::new(vec![(upper.into(), upper.into())]);
        set.fold();
        (*self == set).then(|| upper.to_ascii_lowercase())
    }

    /// Tells whether a character is in the set.
    pub fn contains(&self, c: char) -> bool {
        self.covers(u32::from(c), u32::from(c))
    }

    /// Tells whether a whole range is in the set.
    fn covers(&self, first: u32, last: u32) -> bool {
        let range = self.ranges.get(self.ranges.partition_point(|range| range.1 < last));
        range.is_some_and(|range| range.0 <= first)
    }

    /// Adds what is in another set.
    pub fn unite(&mut self, other: &Self) {
        let ranges = self.ranges.iter().chain(&other.ranges).copied().collect();
        *self = Self::new(ranges);
    }

    /// Makes it the set of all characters that were not in it.
    pub fn negate(&mut self) {
        let mut from = 0;
        let mut gaps = Vec::with_capacity(self.ranges.len() + 1);
        for &(first, last) in &self.ranges {
            if from < first {
                gaps.push((from, first - 1));
            }
            from = last + 1;
        }
        if from <= LAST {
            gaps.push((from, LAST));
        }
        self.ranges = gaps;
    }

    /// Removes what is in another set.
    pub fn subtract(&mut self, other: &Self) {
        // What is in this and not in that is what is neither outside this nor in that.
        self.negate();
        self.unite(other);
        self.negate();
    }

    /// Removes what is not in another set.
    pub fn intersect(&mut self, other: &Self) {
        let mut outside = other.clone();
        outside.negate();
        self.subtract(&outside);
    }

    /// Adds what is in another set only, and removes what is in both.
    pub fn differ(&mut self, other: &Self) {
        let mut theirs = other.clone();
        theirs.subtract(self);
        self.subtract(other);
        self.unite(&theirs);
    }

    /// Adds every character that differs from one in the set by case only.
    ///
    /// Characters are the same but for case if they have the same simple case folding in Unicode; the table
    /// holds the folding of each that is not its own.
    pub fn fold(&mut self) {
        for unfold in [false, true] {
            let mut more = Vec::new();
            for fold in tables::folds(tables::FOLDS) {
                let (from, to) = if unfold { (fold.by, 0) } else { (0, fold.by) };
                let base = fold.first.wrapping_add_signed(from);
                let end = fold.last.wrapping_add_signed(from);
                let start = self.ranges.partition_point(|range| range.1 < base);
                let overlapping = self.ranges.get(start..).unwrap_or_default();
                for &(first, last) in overlapping.iter().take_while(|range| range.0 <= end) {
                    let first = first.max(base);
                    let last = last.min(end);
                    let shift = to - from;
                    if fold.alternate {
                        let codes = (first..=last).filter(|code| (code ^ base) & 1 == 0);
                        let codes = codes.map(|code| code.wrapping_add_signed(shift));
                        more.extend(codes.filter(|&code| !self.covers(code, code)).map(|code| (code, code)));
                    } else {
                        more.push((first.wrapping_add_signed(shift), last.wrapping_add_signed(shift)));
                    }
                }
            }
            if !more.is_empty() {
                self.unite(&Self::new(more));
            }
        }
    }
}
