//! The tables made again from the `regex` crate and the standard library, and compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use regex::Regex;

use super::set::CharSet;
use super::tables;

fn pack(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// Every character, in order.
fn all() -> String {
    ('\0'..=char::MAX).collect()
}

/// The ranges of what a pattern matches.
fn ranges(pattern: &str) -> Vec<(u32, u32)> {
    let pattern = Regex::new(&format!("{pattern}+")).expect("a pattern");
    // Characters that follow one another in the text do so by number, but for the surrogates.
    let range = |found: regex::Match| {
        let mut codes = found.as_str().chars().map(u32::from);
        let first = codes.next().expect("a first character");
        (first, codes.next_back().unwrap_or(first))
    };
    let ranges: Vec<(u32, u32)> = pattern.find_iter(&all()).map(range).collect();
    assert!(ranges.iter().all(|range| range.1 < 0xD800 || range.0 > 0xDFFF), "none runs over the surrogates");
    ranges
}

fn packed_ranges(ranges: &[(u32, u32)]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut from = 0;
    for &(first, last) in ranges {
        pack(&mut packed, first - from);
        pack(&mut packed, last - first);
        from = last + 1;
    }
    packed
}

/// Each character that has another case with the character that stands for all of its cases, by what the
/// standard library says; whether `regex` says the same is another test's concern.
fn foldings() -> BTreeMap<char, char> {
    let mut near: BTreeMap<char, BTreeSet<char>> = BTreeMap::new();
    let mut join = |one: char, other: char| {
        near.entry(one).or_default().insert(other);
        near.entry(other).or_default().insert(one);
    };
    for c in '\0'..=char::MAX {
        for mut mapped in [c.to_lowercase().collect::<Vec<_>>(), c.to_uppercase().collect()] {
            // The dotless i is an i in some languages only.
            if let (Some(other), []) = (mapped.pop(), mapped.as_slice())
                && other != c
                && c != '\u{131}'
            {
                join(c, other);
            }
        }
    }
    // These have upper cases of several letters: sharp s, two Greek letters with two accents, a ligature.
    join('\u{DF}', '\u{1E9E}');
    join('\u{390}', '\u{1FD3}');
    join('\u{3B0}', '\u{1FE3}');
    join('\u{FB05}', '\u{FB06}');
    // The standard library may know a later version of Unicode.
    let unknown = found(r"\p{Cn}", &near.keys().collect::<String>());
    for others in near.values_mut() {
        others.retain(|c| !unknown.contains(c));
    }
    near.retain(|c, others| !unknown.contains(c) && !others.is_empty());
    let mut foldings = BTreeMap::new();
    for &c in near.keys() {
        if foldings.contains_key(&c) {
            continue;
        }
        let mut cases = BTreeSet::from([c]);
        let mut follow = vec![c];
        while let Some(c) = follow.pop() {
            follow.extend(near[&c].iter().copied().filter(|&other| cases.insert(other)));
        }
        // Any of them would do; lower case makes the distances regular.
        let regular = |c: &char| {
            let upper: Vec<char> = c.to_uppercase().collect();
            c.is_lowercase() && upper.len() == 1 && upper[0].to_lowercase().next() == Some(*c)
        };
        let target = cases.iter().copied().find(regular).unwrap_or(c);
        foldings.extend(cases.iter().map(|&c| (c, target)));
    }
    foldings
}

/// Each character with its lower case, if that is one character.
fn lower_cases() -> BTreeMap<char, char> {
    let lower = |c: char| Some((c, c.to_lowercase().next().filter(|_| c.to_lowercase().len() == 1)?));
    ('\0'..=char::MAX).filter_map(lower).collect()
}

fn packed_folds(foldings: BTreeMap<char, char>) -> Vec<u8> {
    let mut runs: Vec<(u32, u32, u32, i32)> = Vec::new();
    for (c, target) in foldings.into_iter().filter(|(c, target)| c != target) {
        let (c, target) = (u32::from(c), u32::from(target));
        let by = target.cast_signed() - c.cast_signed();
        match runs.last_mut() {
            Some((_, last, step, same))
                if *same == by && (c - *last == *step || (*step == 0 && c - *last <= 2)) =>
            {
                *step = c - *last;
                *last = c;
            }
            _ => runs.push((c, c, 0, by)),
        }
    }
    let mut packed = Vec::new();
    let mut from = 0;
    for (first, last, step, by) in runs {
        pack(&mut packed, (first - from) << 1 | u32::from(step == 2));
        pack(&mut packed, last - first);
        pack(&mut packed, ((by << 1) ^ (by >> 31)).cast_unsigned());
        from = last + 1;
    }
    packed
}

#[test]
fn the_tables_are_those_of_the_regex_crate_and_the_standard_library() {
    let (word, digit) = (ranges(r"\w"), ranges(r"\d"));
    let mut differ = String::new();
    for (name, doc, packed, kept) in [
        ("WORD", "Word characters: `\\w`.", packed_ranges(&word), tables::WORD),
        ("DIGIT", "Decimal digits: `\\d`.", packed_ranges(&digit), tables::DIGIT),
        ("FOLDS", "Foldings.", packed_folds(foldings()), tables::FOLDS),
        ("LOWER", "Lower cases that are one character.", packed_folds(lower_cases()), tables::LOWER),
    ] {
        if packed != kept {
            write!(differ, "\n/// {doc}\npub const {name}: &[u8] = &{packed:?};\n").expect("a string");
        }
    }
    assert!(differ.is_empty(), "tables.rs should have (formatted):\n{differ}");
    // Unpacked they say the same.
    assert_eq!(CharSet::word().ranges(), word);
    assert_eq!(CharSet::digit().ranges(), digit);
    assert_eq!(CharSet::space().ranges(), ranges(r"\s"));
}

/// What a class of characters matches in a text without regard to case, by what `regex` says.
fn matched_by<'c>(class: impl IntoIterator<Item = &'c char>, text: &str) -> BTreeSet<char> {
    let class: Vec<String> = class.into_iter().map(|&c| format!(r"\x{{{:X}}}", u32::from(c))).collect();
    found(&format!("(?i)[{}]", class.concat()), text)
}

/// What a pattern for one character matches in a text.
fn found(pattern: &str, text: &str) -> BTreeSet<char> {
    let pattern = Regex::new(&format!("(?:{pattern})+")).expect("a pattern");
    pattern.find_iter(text).flat_map(|found| found.as_str().chars()).collect()
}

/// Checks that no two of these sets of characters have a character in common without regard to case, by what
/// `regex` says: the numbers of any two differ in a digit, and sets with that digit match only each other.
fn are_apart(sets: &[Vec<char>]) {
    let text: String = sets.iter().flatten().collect();
    for bit in 0..=sets.len().ilog2() {
        let some = sets.iter().enumerate().filter(|(number, _)| number >> bit & 1 == 1);
        let some: BTreeSet<char> = some.flat_map(|(_, set)| set).copied().collect();
        assert_eq!(matched_by(&some, &text), some);
    }
}

/// Two characters are the same but for case here if and only if they are so in `regex`.
#[test]
fn foldings_are_those_of_the_regex_crate() {
    let mut cases: BTreeMap<char, Vec<char>> = BTreeMap::new();
    for (c, target) in foldings() {
        cases.entry(target).or_default().push(c);
    }
    let cases: Vec<Vec<char>> = cases.into_values().collect();
    let letters: BTreeSet<char> = cases.iter().flatten().copied().collect();
    // No other character is a case of these.
    let matched = matched_by(&letters, &all());
    let differ: Vec<char> = matched.symmetric_difference(&letters).copied().collect();
    assert!(differ.is_empty(), "{differ:?}");
    // Whichever case is taken of each letter, all cases of all letters are found.
    let text: String = letters.iter().collect();
    for case in 0..cases.iter().map(Vec::len).max().expect("letters") {
        let some: Vec<char> = cases.iter().map(|cases| cases[case % cases.len()]).collect();
        assert_eq!(matched_by(&some, &text), letters);
    }
    are_apart(&cases);
    // A set here folds to just these.
    for cases in &cases {
        let expected = CharSet::new(cases.iter().map(|&c| (u32::from(c), u32::from(c))).collect());
        for &c in cases {
            let mut set = CharSet::new(vec![(u32::from(c), u32::from(c))]);
            set.fold();
            assert_eq!(set, expected, "{c:?}");
        }
    }
    // Nor are there two others that are one. One of the two would change when folded, by Unicode's definition
    // of that property; those that do so change to several characters, and have no other case.
    let others: Vec<char> = found(r"\p{CWCF}", &all()).difference(&letters).copied().collect();
    assert!(!others.is_empty());
    assert_eq!(matched_by(&others, &all()).into_iter().collect::<Vec<_>>(), others);
    are_apart(&others.iter().map(|&c| vec![c]).collect::<Vec<_>>());
}
