//! Regular expressions compared with those of the `regex` crate.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is how tests fail"
)]

mod constructs;
mod costs;
mod random;

use regex::{Regex, RegexBuilder};
use scribe_store::error::ErrorKind;
use scribe_store::query::{Pattern, Progress};

fn oracle(pattern: &str, case_sensitive: bool) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).case_insensitive(!case_sensitive).build()
}

/// Compiles a pattern with both; fails unless both compile or both refuse it.
fn both(pattern: &str, case_sensitive: bool) -> Option<(Pattern, Regex)> {
    match (Pattern::compile(pattern, case_sensitive), oracle(pattern, case_sensitive)) {
        (Ok(ours), Ok(theirs)) => Some((ours, theirs)),
        (Err(error), Err(_)) => {
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(error.message().contains("at position"), "{error}");
            None
        }
        // A program of ours is smaller: what is too large for `regex` may fit.
        (Ok(_), Err(regex::Error::CompiledTooBig(_))) => None,
        (Ok(_), Err(error)) => panic!("{pattern:?} should be refused: {error}"),
        (Err(error), Ok(_)) => panic!("{pattern:?} should not be refused: {error}"),
    }
}

/// Searches a text with a pause whenever there is something to be found out.
fn in_slices(pattern: &Pattern, text: &str) -> bool {
    let mut progress = Progress::default();
    std::iter::repeat_with(|| pattern.search(text, &mut progress, 0)).find_map(|found| found).expect("an end")
}

fn agree(pattern: &str, texts: &[&str]) {
    for case_sensitive in [true, false] {
        let Some((ours, theirs)) = both(pattern, case_sensitive) else { continue };
        for text in texts {
            let expected = theirs.is_match(text);
            assert_eq!(ours.is_match(text), expected, "{pattern:?} in {text:?}, {case_sensitive}");
            // The second time, the states are there.
            assert_eq!(ours.is_match(text), expected, "{pattern:?} in {text:?} again, {case_sensitive}");
            assert_eq!(
                in_slices(&ours, text),
                expected,
                "{pattern:?} in {text:?} in slices, {case_sensitive}"
            );
        }
    }
}
