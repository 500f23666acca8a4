//! Regular expressions.
//!
//! Patterns have the syntax of the `regex` crate and are searched in time linear in the text's length: each
//! byte is looked at once, by all states of the pattern together (R. Cox, "Regular Expression Matching: the
//! Virtual Machine Approach", 2009).

use std::cell::RefCell;

use regex_automata::nfa::thompson::pikevm::{Cache, PikeVM};
use regex_automata::nfa::thompson::{Compiler, Config, WhichCaptures};
use regex_syntax::ParserBuilder;

use crate::error::{Error, Result};

/// Upper bound on a compiled pattern, in bytes. Search time is at most proportional to it per byte searched.
const SIZE_LIMIT: usize = 1 << 20;

/// A pattern made ready to search with.
#[derive(Debug)]
pub struct Pattern {
    machine: PikeVM,
    /// What a search works in, kept from one to the next.
    cache: RefCell<Cache>,
}

impl Pattern {
    /// Makes a pattern ready.
    ///
    /// # Errors
    /// `invalid_argument` with the position in the pattern, if it cannot be compiled, uses look-around or
    /// back-references, or would become too large.
    pub fn compile(pattern: &str, case_sensitive: bool) -> Result<Self> {
        let parsed = ParserBuilder::new().case_insensitive(!case_sensitive).build().parse(pattern);
        let parsed = parsed.map_err(|error| {
            let (what, offset) = match &error {
                regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start.offset),
                regex_syntax::Error::Translate(error) => {
                    (error.kind().to_string(), error.span().start.offset)
                }
                error => (error.to_string(), 0),
            };
            bad_pattern(pattern, &what, offset)
        })?;
        let config = Config::new().nfa_size_limit(Some(SIZE_LIMIT)).which_captures(WhichCaptures::None);
        let program = Compiler::new().configure(config).build_from_hir(&parsed);
        let machine = program.and_then(PikeVM::new_from_nfa).map_err(|error| {
            let too_large = error.size_limit().is_some();
            let what =
                if too_large { "the compiled pattern would be too large" } else { "it cannot be compiled" };
            bad_pattern(pattern, what, 0).because(error)
        })?;
        let cache = RefCell::new(machine.create_cache());
        Ok(Self { machine, cache })
    }

    /// Tells whether the pattern matches anywhere in a text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.machine.is_match(&mut self.cache.borrow_mut(), text)
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
        "`message` is not a pattern that can be searched, at position {position}: {what}: {shown:?}"
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
