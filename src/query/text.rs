//! Matching of messages: substring, exact, regular expression.

use memchr::memmem::Finder;

use super::lower::push_lower;
use super::pattern::Pattern;
use crate::error::Result;

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
    Regex(Box<Pattern>),
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
                text.clone_from(&query.text);
            } else {
                push_folded(&mut text, &query.text);
            }
            text
        };
        match query.mode {
            TextMode::Substring => {
                let finder = Box::new(Finder::new(text().as_bytes()).into_owned());
                Ok(Self::Substring { finder, case_sensitive })
            }
            TextMode::Exact => Ok(Self::Exact { text: text(), case_sensitive }),
            TextMode::Regex => {
                Pattern::compile(&query.text, case_sensitive).map(|pattern| Self::Regex(Box::new(pattern)))
            }
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
            Self::Regex(pattern) => pattern.is_match(message),
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
        for c in text.chars() {
            push_lower(out, c);
        }
    }
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
}
