//! Criteria made ready to run.

use super::{Criteria, MetaFilter, Pattern, TextMatcher};
use crate::error::Result;
use crate::model::{Dictionary, Time};

/// Criteria with their text compiled.
#[derive(Debug)]
pub struct Filter {
    /// The earliest time, inclusive.
    pub start: Option<Time>,
    /// The latest time, inclusive.
    pub end: Option<Time>,
    /// Any of these agents; empty for any at all.
    pub agents: Dictionary,
    /// Any of these emojis; empty for any at all.
    pub emojis: Dictionary,
    /// What the message must be like.
    pub text: Option<TextMatcher>,
    /// What the metadata must hold.
    pub meta: Vec<MetaFilter>,
}

impl Filter {
    /// Makes criteria ready to run.
    ///
    /// # Errors
    /// `invalid_argument` if the text is a pattern that cannot be compiled.
    pub fn compile(criteria: &Criteria) -> Result<Self> {
        Ok(Self {
            start: criteria.start,
            end: criteria.end,
            agents: criteria.agents.iter().collect(),
            emojis: criteria.emojis.iter().collect(),
            text: criteria.text.as_ref().map(TextMatcher::compile).transpose()?,
            meta: criteria.meta.clone(),
        })
    }

    /// Returns the pattern that messages must match, if there is one.
    #[must_use]
    pub fn pattern(&self) -> Option<&Pattern> {
        match &self.text {
            Some(TextMatcher::Regex(pattern)) => Some(pattern),
            _ => None,
        }
    }
}
