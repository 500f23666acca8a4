//! The syntax of patterns: that of the `regex` crate, as far as it matters to whether a text matches.
//!
//! Code is written while the pattern is read; there is no tree of it.

use super::class::Classes;
use super::cursor::Cursor;
use super::escape::{Escape, escape};
use super::mistake::{Parsed, mistake};
use super::program::{Builder, Instruction, Look, Program};
use super::set::CharSet;

/// Upper bound on groups within each other.
const MAX_DEPTH: usize = 100;

/// Upper and lower case are the same.
const FOLD: u8 = 1;
/// `^` and `$` are about lines.
const MULTI_LINE: u8 = 1 << 1;
/// `.` is any character.
const DOT_ALL: u8 = 1 << 2;
/// White space means nothing.
const VERBOSE: u8 = 1 << 3;
/// `\r` ends a line, too.
const CRLF: u8 = 1 << 4;
/// Less is preferred to more; this makes no difference here.
const LAZY: u8 = 1 << 5;
/// Classes and case are those of Unicode; they always are.
const UNICODE: u8 = 1 << 6;

const UNCLOSED: &str = "this group has no closing parenthesis";
const NOTHING_TO_REPEAT: &str = "there is nothing to repeat";
const COUNT_UNCLOSED: &str = "this count of repetitions has no closing brace";

/// Compiles a pattern.
pub fn parse(pattern: &str, case_sensitive: bool) -> Parsed<Program> {
    let mut parser = Parser {
        cursor: Cursor::new(pattern),
        builder: Builder::default(),
        flags: if case_sensitive { 0 } else { FOLD },
        names: Vec::new(),
        depth: 0,
    };
    parser.alternation()?;
    if parser.cursor.peek().is_some() {
        return mistake("this parenthesis closes no group", parser.cursor.at());
    }
    parser.builder.finish(parser.cursor.at())
}

struct Parser<'p> {
    cursor: Cursor<'p>,
    builder: Builder,
    flags: u8,
    names: Vec<&'p str>,
    depth: usize,
}

impl Parser<'_> {
    const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    const fn set_flags(&mut self, flags: u8) {
        self.flags = flags;
        self.cursor.verbose = self.has(VERBOSE);
    }

    /// Reads branches up to the end of the group or pattern.
    fn alternation(&mut self) -> Parsed<()> {
        let mut jumps = Vec::new();
        loop {
            let start = self.builder.here();
            self.sequence()?;
            let at = self.cursor.at();
            if !self.cursor.eat("|") {
                break;
            }
            jumps.push(self.builder.branch(start, at)?);
        }
        for jump in jumps {
            self.builder.land(jump);
        }
        Ok(())
    }

    /// Reads one branch.
    fn sequence(&mut self) -> Parsed<()> {
        // Where the code of what can be repeated starts.
        let mut last = None;
        loop {
            self.cursor.skip_space();
            let start = self.builder.here();
            let at = self.cursor.at();
            match self.cursor.peek() {
                None | Some('|' | ')') => return Ok(()),
                Some('(') => last = self.group()?.then_some(start),
                Some(c @ ('?' | '*' | '+' | '{')) => {
                    let Some(start) = last else { return mistake(NOTHING_TO_REPEAT, at) };
                    self.cursor.bump();
                    let (min, max) = match c {
                        '?' => (0, Some(1)),
                        '*' => (0, None),
                        '+' => (1, None),
                        _ => self.count(at)?,
                    };
                    // Which match would be preferred makes no difference.
                    self.cursor.eat("?");
                    self.builder.repeat(start, min, max, at)?;
                }
                Some(c) => {
                    self.primitive(c, at)?;
                    last = Some(start);
                }
            }
        }
    }

    /// Reads what is neither group nor repetition.
    fn primitive(&mut self, c: char, at: usize) -> Parsed<()> {
        let look = match c {
            '[' => {
                let fold = self.has(FOLD);
                let mut classes = Classes { cursor: &mut self.cursor, builder: &mut self.builder, fold };
                let set = classes.class(0)?;
                return self.builder.push_set(set, at);
            }
            '\\' => match escape(&mut self.cursor)? {
                Escape::Char(c) => return self.literal(c, at),
                Escape::Set(set) => return self.builder.push_set(set, at),
                Escape::Look(look) => look,
            },
            _ => {
                self.cursor.bump();
                match c {
                    '.' => return self.dot(at),
                    '^' if !self.has(MULTI_LINE) => Look::Start,
                    '^' if self.has(CRLF) => Look::CrlfStart,
                    '^' => Look::LineStart,
                    '$' if !self.has(MULTI_LINE) => Look::End,
                    '$' if self.has(CRLF) => Look::CrlfEnd,
                    '$' => Look::LineEnd,
                    _ => return self.literal(c, at),
                }
            }
        };
        self.builder.push(Instruction::Look(look), at)
    }

    fn literal(&mut self, c: char, at: usize) -> Parsed<()> {
        let range = |c: char| (u32::from(c), u32::from(c));
        if !self.has(FOLD) {
            return self.builder.push(Instruction::Char(c), at);
        }
        let set = if c.is_ascii() {
            // Most are, and only these two letters have cases beyond ASCII: the signs for kelvin and long s.
            let other = match c {
                'k' | 'K' => '\u{212A}',
                's' | 'S' => '\u{17F}',
                _ => c,
            };
            CharSet::new(vec![range(c.to_ascii_uppercase()), range(c.to_ascii_lowercase()), range(other)])
        } else {
            let mut set = CharSet::new(vec![range(c)]);
            set.fold();
            set
        };
        self.builder.push_set(set, at)
    }

    fn dot(&mut self, at: usize) -> Parsed<()> {
        let mut ends = Vec::new();
        if !self.has(DOT_ALL) {
            ends.push((0x0A, 0x0A));
            if self.has(CRLF) {
                ends.push((0x0D, 0x0D));
            }
        }
        let mut set = CharSet::new(ends);
        set.negate();
        self.builder.push_set(set, at)
    }

    /// Reads a group, or flags for the rest of this one. Tells whether it can be repeated.
    fn group(&mut self) -> Parsed<bool> {
        let open = self.cursor.at();
        self.cursor.bump_and_skip();
        if ["?=", "?!", "?<=", "?<!"].iter().any(|look| self.cursor.is_at(look)) {
            return mistake("look-around is not supported", open);
        }
        let outside = self.flags;
        if self.cursor.eat("?P<") || self.cursor.eat("?<") {
            self.name()?;
        } else if self.cursor.eat("?") {
            let empty = self.read_flags()?;
            if self.cursor.eat(")") {
                return if empty { mistake(NOTHING_TO_REPEAT, open + 1) } else { Ok(false) };
            }
            self.cursor.eat(":");
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return mistake("groups are nested too deeply", open);
        }
        self.alternation()?;
        self.depth -= 1;
        self.set_flags(outside);
        if self.cursor.eat(")") { Ok(true) } else { mistake(UNCLOSED, open) }
    }

    /// Reads flags up to what ends them and sets them. Tells whether there are none.
    fn read_flags(&mut self) -> Parsed<bool> {
        let mut seen = 0_u8;
        let mut flags = self.flags;
        let mut negation = None;
        let mut ends_in_negation = false;
        loop {
            let at = self.cursor.at();
            let Some(c) = self.cursor.peek() else { return mistake("the pattern ends within flags", at) };
            if matches!(c, ':' | ')') {
                break;
            }
            ends_in_negation = c == '-';
            if ends_in_negation {
                if negation.replace(at).is_some() {
                    return mistake("flags are negated twice", at);
                }
            } else {
                let flag = match c {
                    'i' => FOLD,
                    'm' => MULTI_LINE,
                    's' => DOT_ALL,
                    'x' => VERBOSE,
                    'R' => CRLF,
                    'U' => LAZY,
                    'u' => UNICODE,
                    _ => return mistake("this flag is not known", at),
                };
                if seen & flag != 0 {
                    return mistake("this flag is given twice", at);
                }
                if flag == UNICODE && negation.is_some() {
                    return mistake("only Unicode-aware matching is supported", at);
                }
                seen |= flag;
                flags = if negation.is_some() { flags & !flag } else { flags | flag };
            }
            self.cursor.bump();
        }
        match negation {
            Some(at) if ends_in_negation => mistake("no flag follows this negation", at),
            _ => {
                self.set_flags(flags);
                Ok(seen == 0)
            }
        }
    }

    /// Reads the name of a group, and what ends it. It is of no use but may not occur twice.
    fn name(&mut self) -> Parsed<()> {
        let start = self.cursor.at();
        loop {
            let at = self.cursor.at();
            let Some(c) = self.cursor.peek() else {
                return mistake("the pattern ends within the name of a group", at);
            };
            match c {
                '>' if at > start => break,
                '_' | 'a'..='z' | 'A'..='Z' | '\u{80}'.. => self.cursor.bump(),
                '0'..='9' | '.' | '[' | ']' if at > start => self.cursor.bump(),
                _ => return mistake("this character cannot stand here in the name of a group", at),
            }
        }
        let name = self.cursor.since(start, self.cursor.at());
        self.cursor.bump();
        self.builder.spend(self.names.len(), start)?;
        if self.names.contains(&name) {
            return mistake("there is a group of this name before", start);
        }
        self.names.push(name);
        Ok(())
    }

    /// Reads how often something is repeated, after the opening brace at `open`.
    fn count(&mut self, open: usize) -> Parsed<(usize, Option<usize>)> {
        self.cursor.skip_space();
        let min = self.number(open)?;
        let mut max = min;
        let mut unlimited = false;
        if self.cursor.eat(",") {
            self.cursor.skip_space();
            unlimited = self.cursor.is_at("}");
            if !unlimited {
                max = self.number(open)?;
            }
        }
        if !self.cursor.eat("}") {
            return mistake(COUNT_UNCLOSED, open);
        }
        self.cursor.skip_space();
        let Some(min) = min else { return mistake("this count of repetitions is no number", open) };
        if unlimited {
            return Ok((min, None));
        }
        match max {
            Some(max) if min <= max => Ok((min, Some(max))),
            Some(_) => mistake("this count of repetitions ends before it begins", open),
            None => mistake("this count of repetitions is no number", open),
        }
    }

    /// Reads a number, with white space around it. Returns `None` if there is none.
    fn number(&mut self, open: usize) -> Parsed<Option<usize>> {
        let mut number = None;
        self.cursor.skip_white_space();
        while let Some(digit) = self.cursor.peek().and_then(|c| c.to_digit(10)) {
            let Some(next) = number.unwrap_or(0_u32).checked_mul(10).and_then(|n| n.checked_add(digit))
            else {
                return mistake("this count of repetitions is too large", open);
            };
            number = Some(next);
            self.cursor.bump_and_skip();
        }
        while self.cursor.peek().is_some_and(char::is_whitespace) {
            self.cursor.bump_and_skip();
        }
        Ok(number.and_then(|number| usize::try_from(number).ok()))
    }
}
