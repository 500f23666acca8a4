//! Regular expressions.
//!
//! Patterns have the syntax of the `regex` crate, and match what they match there, but for a few things that
//! are refused: property classes (`\p{…}`), matching that is not Unicode-aware (`(?-u)`), and what would
//! need more room or deeper nesting than a search for log entries does. There are no captures and no places
//! of matches, which is what makes this small.
//!
//! The text is read once, by all states of the pattern together (R. Cox, "Regular Expression Matching Can Be
//! Simple And Fast", 2007, and "Regular Expression Matching: the Virtual Machine Approach", 2009), so that no
//! pattern takes more than time linear in the text's length.

mod mistake;
pub(super) mod tables;
mod set;
mod program;
mod cursor;
mod escape;
mod class;
mod literal;
mod parse;
mod search;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tables_from_regex;

use std::cell::RefCell;

use crate::error::{Error, Result};
use crate::model::Quoted;
pub use literal::Literal;
use program::Program;
use search::Cache;
pub use search::Progress;

/// A pattern made ready to search with.
#[derive(Debug)]
pub struct Pattern {
    program: Program,
    literal: Option<Literal>,
    /// What a search works in, kept from one to the next.
    cache: RefCell<Box<Cache>>,
}

impl Pattern {
    /// Makes a pattern ready.
    ///
    /// # Errors
    /// `invalid_argument` with the position in the pattern, if it cannot be compiled, uses look-around or
    /// back-references, or would become too large.
    pub fn compile(pattern: &str, case_sensitive: bool) -> Result<Self> {
        let program = parse::parse(pattern, case_sensitive)
            .map_err(|mistake| bad_pattern(pattern, mistake.what, mistake.at))?;
        let cache = RefCell::new(Box::new(Cache::new(&program)));
        let literal = literal::required(&program);
        Ok(Self { program, literal, cache })
    }

    /// Returns a text that every match contains, if one is known.
    #[must_use]
    pub const fn literal(&self) -> Option<&Literal> {
        self.literal.as_ref()
    }

    /// Tells whether the pattern matches anywhere in a text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.search(text, &mut Progress::default(), usize::MAX).unwrap_or_default()
    }

    /// Goes on with a search through a text: tells whether the pattern matches anywhere in it, or `None` after about as
    /// much work as `most` says, of which a step through the pattern takes one and another one for each 64 of its
    /// instructions. Until a text is done with, no other may be searched.
    pub fn search(&self, text: &str, progress: &mut Progress, most: usize) -> Option<bool> {
        self.cache.borrow_mut().search(&self.program, text, progress, most)
    }
}

/// Positions are given as JavaScript counts them: in UTF-16 code units.
fn bad_pattern(pattern: &str, what: &str, offset: usize) -> Error {
    const SHOWN: usize = 100;
    let position = pattern.get(..offset).unwrap_or(pattern).encode_utf16().count();
    let mut shown: String = pattern.chars().take(SHOWN).collect();
    if shown.len() < pattern.len() {
        shown.push('…');
    }
    Error::invalid(format!(
        "`message` is not a pattern that can be searched, at position {position}: {what}: {}",
        Quoted(&shown)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_pattern_is_refused_with_its_position() {
        for (pattern, position) in [
            ("a(b", 1),
            ("é(?=x)", 1),
            (r"𝒳(a)\1", 5),
            ("[z-a]", 1),
            ("a{2,1}", 1),
            (r"\p{Nope}", 0),
            ("(?P<é", 5),
            ("ab)", 2),
            ("𝒳|*", 3),
            ("a[é[b]", 1),
            (r"a\x4g", 4),
            (r"é\q", 1),
            ("(?i-q)", 4),
            ("(?<n>a)(?<n>b)", 10),
            ("a(?-u)", 4),
            (r"[a\b]", 2),
            ("é{1000}b{9999}", 8),
        ] {
            let error = Pattern::compile(pattern, true).expect_err(pattern);
            let expected = format!("at position {position}:");
            assert!(error.message().contains(&expected), "{pattern}: {}", error.message());
        }
    }

    #[test]
    fn a_pattern_that_would_become_too_large_is_refused() {
        for pattern in ["a{1000}{1000}", r"(\w{200}){200}", &"(".repeat(100_000)] {
            let error = Pattern::compile(pattern, false).expect_err("too large");
            assert!(error.message().len() < 1000, "the message does not repeat the whole pattern");
        }
    }
}
