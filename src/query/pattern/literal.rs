//! A text that every match of a pattern contains, by which most texts are ruled out before they are searched.

use memchr::memmem::{self, Finder};

use super::program::{Instruction, Program};
use super::set::CharSet;

/// Shorter literals rule out too little.
const MIN_LENGTH: usize = 2;

/// A text that every match contains.
#[derive(Debug)]
pub struct Literal {
    finder: Finder<'static>,
    is_folded: bool,
}

impl Literal {
    /// Tells whether the text is to be looked for in texts folded by [`crate::query::push_folded`].
    #[must_use]
    pub const fn is_folded(&self) -> bool {
        self.is_folded
    }

    /// Returns what finds the text.
    #[must_use]
    pub const fn finder(&self) -> &Finder<'static> {
        &self.finder
    }

    /// Tells whether a text, before it was folded, has a letter that the pattern takes for one of the literal's
    /// and folding does not: the long s.
    #[must_use]
    pub fn has_other_cases(&self, text: &str) -> bool {
        self.finder.needle().contains(&b's') && memmem::find(text.as_bytes(), "ſ".as_bytes()).is_some()
    }
}

/// Finds the longest literal that every match of a program contains.
///
/// An instruction is on every way through a program if no way leads past it. What follows another such one
/// directly, both of one character, follows it in every match.
pub fn required(program: &Program) -> Option<Literal> {
    let mut longest = Run::default();
    let mut run = Run::default();
    // The furthest place that a way leads to past what stands here.
    let mut past = 0_isize;
    for (place, instruction) in (0_isize..).zip(&program.code) {
        let next = if place < past { None } else { single(program, instruction) };
        match next {
            Some(next) if run.takes(next) => run.push(next),
            Some(next) => run = Run::of(next),
            None => run = Run::default(),
        }
        if let Instruction::Split(offset) | Instruction::Jump(offset) = instruction {
            past = past.max(place + offset);
        }
        if run.text.len() > longest.text.len() {
            longest.clone_from(&run);
        }
    }
    let Run { text, is_folded } = longest;
    (text.len() >= MIN_LENGTH).then(|| Literal { finder: Finder::new(&text).into_owned(), is_folded })
}

/// A character that an instruction goes on after.
#[derive(Clone, Copy)]
enum Single {
    /// This one.
    Exact(char),
    /// This ASCII letter in either case.
    Letter(char),
}

fn single(program: &Program, instruction: &Instruction) -> Option<Single> {
    match instruction {
        Instruction::Char(c) => Some(Single::Exact(*c)),
        Instruction::Class(set) => program.sets.get(*set).and_then(CharSet::letter).map(Single::Letter),
        _ => None,
    }
}

/// Characters that follow each other in every match.
#[derive(Clone, Default)]
struct Run {
    text: String,
    is_folded: bool,
}

impl Run {
    fn of(next: Single) -> Self {
        let mut run = Self { text: String::new(), is_folded: matches!(next, Single::Letter(_)) };
        run.push(next);
        run
    }

    /// Tells whether a character can be one of this run: what is folded is ASCII.
    fn takes(&self, next: Single) -> bool {
        match next {
            Single::Exact(c) => !self.is_folded || c.is_ascii(),
            Single::Letter(_) => self.is_folded || self.text.is_ascii(),
        }
    }

    fn push(&mut self, next: Single) {
        match next {
            Single::Exact(c) => self.text.push(c),
            Single::Letter(c) => {
                self.is_folded = true;
                self.text.push(c);
            }
        }
        if self.is_folded {
            self.text.make_ascii_lowercase();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    fn literal(pattern: &str, case_sensitive: bool) -> Option<(String, bool)> {
        let program = parse(pattern, case_sensitive).expect(pattern);
        let literal = required(&program)?;
        let text = String::from_utf8(literal.finder().needle().to_vec()).expect("text");
        Some((text, literal.is_folded()))
    }

    #[test]
    fn what_every_match_contains_is_found() {
        for (pattern, case_sensitive, expected) in [
            ("timeout", true, Some(("timeout", false))),
            ("TimeOut", false, Some(("timeout", true))),
            (r"error \d+ after", false, Some(("error ", true))),
            (r"(retry|again) after \d+ms", true, Some((" after ", false))),
            ("(?:ab)+c", true, Some(("ab", false))),
            ("a+bc+", true, Some(("bc", false))),
            ("ab?cd", true, Some(("cd", false))),
            ("(abc)?de", true, Some(("de", false))),
            ("(abc)*", true, None),
            ("abc|def", true, None),
            ("(abc|d)|ef", true, None),
            ("[ab]c.d", true, None),
            (r"\bword\b", true, Some(("word", false))),
            ("(?:xyz){0,3}ab", true, Some(("ab", false))),
            ("(?:xyz){2,3}", true, Some(("xyzxyz", false))),
            ("überall", false, Some(("berall", true))),
            ("é-é", true, Some(("é-é", false))),
            ("(?i:a)Bc", true, Some(("abc", true))),
        ] {
            let found = literal(pattern, case_sensitive);
            let found = found.as_ref().map(|(text, is_folded)| (text.as_str(), *is_folded));
            assert_eq!(found, expected, "{pattern}");
        }
    }

    #[test]
    fn the_long_s_is_a_case_that_folding_does_not_know() {
        let program = parse("mess", false).expect("a pattern");
        let literal = required(&program).expect("a literal");
        assert!(literal.has_other_cases("meſſage"));
        assert!(!literal.has_other_cases("message"));
    }
}
