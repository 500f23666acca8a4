//! Matching of messages: substring, exact, regular expression.

use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;

use crate::error::{Error, Result};

/// Upper bound on a compiled pattern, in bytes. Search time is at most proportional to it per byte searched.
const PATTERN_SIZE_LIMIT: usize = 1 << 20;

/// How the text of a query is compared with a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TextMode {
    /// The message contains the text.
    #[default]
    Substring,
    /// The message is a match of the regular expression, anywhere in it.
    Regex,
    /// The message is the text.
    Exact,
}

impl TextMode {
    /// Every mode with its name.
    pub const ALL: [(&'static str, Self); 3] =
        [("substring", Self::Substring), ("regex", Self::Regex), ("exact", Self::Exact)];
}

/// What a message must be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextQuery {
    /// The text or pattern; not empty.
    pub text: String,
    /// How it is compared.
    pub mode: TextMode,
    /// Whether upper and lower case differ.
    pub case_sensitive: bool,
}

/// A text query made ready to run.
#[derive(Debug)]
pub enum TextMatcher {
    /// Finds a substring, in folded messages unless `case_sensitive`.
    Substring {
        /// What finds it.
        finder: Box<Finder<'static>>,
        /// Whether to search the message as it is.
        case_sensitive: bool,
    },
    /// Compares whole strings, with folded messages unless `case_sensitive`.
    Exact {
        /// What the message must be.
        text: String,
        /// Whether to compare the message as it is.
        case_sensitive: bool,
    },
    /// Searches messages as they are; the pattern itself knows about case.
    Regex(Regex),
}

impl TextMatcher {
    /// Makes a query ready to run.
    ///
    /// # Errors
    /// `invalid_argument` with the position in the pattern, if it cannot be compiled, uses look-around or
    /// back-references, or would become too large.
    pub fn compile(query: &TextQuery) -> Result<Self> {
        let case_sensitive = query.case_sensitive;
        let text = || {
            let mut text = String::new();
            if case_sensitive {
                text.clone_from(&query.text)
            } else {
                push_folded(&mut text, &query.text)
            }
            text
        };
        match query.mode {
            TextMode::Substring => {
                let finder = Box::new(Finder::new(text().as_bytes()).into_owned());
                Ok(Self::Substring { finder, case_sensitive })
            }
            TextMode::Exact => Ok(Self::Exact { text: text(), case_sensitive }),
            TextMode::Regex => compile_pattern(&query.text, case_sensitive).map(Self::Regex),
        }
    }

    /// Tells whether [`Self::matches`] wants the message folded.
    #[must_use]
    pub const fn wants_folded(&self) -> bool {
        match self {
            Self::Substring { case_sensitive, .. } | Self::Exact { case_sensitive, .. } => !*case_sensitive,
            Self::Regex(_) => false,
        }
    }

    /// Tells whether a message matches; it must be folded if [`Self::wants_folded`] says so.
    #[must_use]
    pub fn matches(&self, message: &str) -> bool {
        match self {
            Self::Substring { finder, .. } => finder.find(message.as_bytes()).is_some(),
            Self::Exact { text, .. } => text == message,
            Self::Regex(regex) => regex.is_match(message),
        }
    }
}

/// Appends a text folded for comparison without case: each character in its Unicode lower-case form.
///
/// Characters are folded one by one, without regard to their neighbours, so that a part of a text is always
/// found in it (the whole-string rule writes a final `Σ` otherwise than one within a word).
pub fn push_folded(out: &mut String, text: &str) {
    if text.is_ascii() {
        let from = out.len();
        out.push_str(text);
        if let Some(new) = out.get_mut(from..) {
            new.make_ascii_lowercase();
        }
    } else {
        out.extend(text.chars().flat_map(char::to_lowercase));
    }
}

fn compile_pattern(pattern: &str, case_sensitive: bool) -> Result<Regex> {
    // Parsed once more by itself, since only the parser's own error knows the position.
    if let Err(error) = ParserBuilder::new().case_insensitive(!case_sensitive).build().parse(pattern) {
        let (what, offset) = match &error {
            regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start.offset),
            regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span().start.offset),
            error => (error.to_string(), 0),
        };
        return Err(bad_pattern(pattern, &what, offset).because(error));
    }
    RegexBuilder::new(pattern)
        .case_insensitive(!case_sensitive)
        .size_limit(PATTERN_SIZE_LIMIT)
        .build()
        .map_err(|error| {
            let what = match error {
                regex::Error::CompiledTooBig(_) => "the compiled pattern would be too large",
                _ => "it cannot be compiled",
            };
            bad_pattern(pattern, what, 0).because(error)
        })
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

    fn matcher(text: &str, mode: TextMode, case_sensitive: bool) -> TextMatcher {
        TextMatcher::compile(&TextQuery { text: text.into(), mode, case_sensitive }).expect(text)
    }

    #[test]
    fn a_part_of_a_text_is_found_whatever_stands_around_it() {
        for (text, part) in [("ΑΣΑ", "ΑΣ"), ("ΟΔΟΣ", "οδοσ"), ("Straße", "STRAß"), ("İx", "i\u{307}X")]
        {
            let mut folded = String::new();
            push_folded(&mut folded, text);
            assert!(matcher(part, TextMode::Substring, false).matches(&folded), "{part} in {text}");
        }
    }

    #[test]
    fn a_bad_pattern_is_refused_with_its_position() {
        for (pattern, position) in [
            ("a(b", 1),
            ("é(?=x)", 1),
            (r"𝒳(a)\1", 5),
            ("[z-a]", 1),
            ("a{2,1}", 1),
            (r"\p{Nope}", 0),
            ("(?P<é", 4),
        ] {
            let query = TextQuery { text: pattern.into(), mode: TextMode::Regex, case_sensitive: true };
            let error = TextMatcher::compile(&query).expect_err(pattern);
            let expected = format!("at position {position}:");
            assert!(error.message().contains(&expected), "{pattern}: {}", error.message());
        }
    }

    #[test]
    fn a_pattern_that_would_become_too_large_is_refused() {
        for pattern in ["a{1000}{1000}", r"(\w{200}){200}", &"(".repeat(100_000)] {
            let query = TextQuery { text: pattern.to_owned(), mode: TextMode::Regex, case_sensitive: false };
            let error = TextMatcher::compile(&query).expect_err("too large");
            assert!(error.message().len() < 1000, "the message does not repeat the whole pattern");
        }
    }
}
