//! Classes in brackets.

use super::cursor::Cursor;
use super::escape::{Escape, escape};
use super::mistake::{Parsed, mistake};
use super::program::Builder;
use super::set::CharSet;

/// Upper bound on classes within each other.
const MAX_DEPTH: usize = 100;

/// What a class costs besides its ranges: a fraction of the table of foldings.
const COST: usize = 64;

const UNCLOSED: &str = "this class has no closing bracket";

/// The named classes of ASCII characters, with their ranges.
const NAMED: [(&str, &[u8]); 14] = [
    ("alnum", b"09AZaz"),
    ("alpha", b"AZaz"),
    ("ascii", b"\0\x7F"),
    ("blank", b"\t\t  "),
    ("cntrl", b"\0\x1F\x7F\x7F"),
    ("digit", b"09"),
    ("graph", b"!~"),
    ("lower", b"az"),
    ("print", b" ~"),
    ("punct", b"!/:@[`{~"),
    ("space", b"\t\r  "),
    ("upper", b"AZ"),
    ("word", b"09AZ__az"),
    ("xdigit", b"09AFaf"),
];

/// What two sets within a class are combined by; parts of each other are written without.
#[derive(Debug, Clone, Copy)]
enum Operator {
    Intersection,
    Difference,
    SymmetricDifference,
}

/// What a class is made of.
enum Item {
    Char(char),
    Set(CharSet),
}

/// Reads classes, of one pattern.
pub struct Classes<'c, 'p> {
    /// Where it is read.
    pub cursor: &'c mut Cursor<'p>,
    /// What keeps count of the work.
    pub builder: &'c mut Builder,
    /// Whether upper and lower case are the same.
    pub fold: bool,
}

impl Classes<'_, '_> {
    /// Reads a class, within so many others; its bracket comes next.
    pub fn class(&mut self, depth: usize) -> Parsed<CharSet> {
        let open = self.cursor.at();
        if depth > MAX_DEPTH {
            return mistake("classes are nested too deeply", open);
        }
        self.cursor.bump_and_skip();
        let negated = self.cursor.is_at("^");
        if negated {
            self.cursor.bump_and_skip();
        }
        let mut ranges = Vec::new();
        // First in a class, these are characters.
        while self.cursor.is_at("-") {
            ranges.push((0x2D, 0x2D));
            self.cursor.bump_and_skip();
        }
        if ranges.is_empty() && self.cursor.is_at("]") {
            ranges.push((0x5D, 0x5D));
            self.cursor.bump_and_skip();
        }
        let mut before = None;
        loop {
            self.cursor.skip_space();
            let Some(c) = self.cursor.peek() else { return mistake(UNCLOSED, open) };
            let operator = match c {
                '&' if self.cursor.eat("&&") => Operator::Intersection,
                '-' if self.cursor.eat("--") => Operator::Difference,
                '~' if self.cursor.eat("~~") => Operator::SymmetricDifference,
                ']' => break,
                '[' => {
                    let set = match self.named() {
                        Some(set) => set,
                        None => self.class(depth + 1)?,
                    };
                    self.builder.spend(set.ranges().len(), open)?;
                    ranges.extend_from_slice(set.ranges());
                    continue;
                }
                _ => {
                    let from = ranges.len();
                    self.item(open, &mut ranges)?;
                    self.builder.spend(ranges.len() - from, open)?;
                    continue;
                }
            };
            before = Some((self.combined(before, std::mem::take(&mut ranges), open)?, operator));
        }
        self.cursor.bump();
        let mut set = self.combined(before, ranges, open)?;
        if negated {
            set.negate();
        }
        Ok(set)
    }

    /// Makes a set of ranges, and combines it with the one before it.
    fn combined(
        &mut self,
        before: Option<(CharSet, Operator)>,
        ranges: Vec<(u32, u32)>,
        at: usize,
    ) -> Parsed<CharSet> {
        let set = self.folded(CharSet::new(ranges));
        let Some((mut left, operator)) = before else {
            self.builder.spend(COST, at)?;
            return Ok(set);
        };
        self.builder.spend(COST + left.ranges().len() + set.ranges().len(), at)?;
        match operator {
            Operator::Intersection => left.intersect(&set),
            Operator::Difference => left.subtract(&set),
            Operator::SymmetricDifference => left.differ(&set),
        }
        Ok(left)
    }

    fn folded(&self, mut set: CharSet) -> CharSet {
        if self.fold {
            set.fold();
        }
        set
    }

    /// Reads a named class, if this is one: anything else is a class of its own.
    fn named(&mut self) -> Option<CharSet> {
        let start = self.cursor.at();
        let found = self.name();
        if found.is_none() {
            self.cursor.go_back(start);
        }
        found
    }

    fn name(&mut self) -> Option<CharSet> {
        if !self.cursor.eat("[:") {
            return None;
        }
        let negated = self.cursor.eat("^");
        let (_, pairs) = NAMED.iter().find(|(name, _)| self.cursor.eat(name))?;
        if !self.cursor.eat(":]") {
            return None;
        }
        let ranges = pairs.chunks_exact(2).filter_map(|pair| match *pair {
            [first, last] => Some((u32::from(first), u32::from(last))),
            _ => None,
        });
        let mut set = self.folded(CharSet::new(ranges.collect()));
        if negated {
            set.negate();
        }
        Some(set)
    }

    /// Reads a character, a range or an escape sequence.
    fn item(&mut self, open: usize, ranges: &mut Vec<(u32, u32)>) -> Parsed<()> {
        let start = self.cursor.at();
        let first = self.primitive()?;
        self.cursor.skip_space();
        let is_range = self.cursor.is_at("-") && !matches!(self.cursor.peek_second(), Some(']' | '-'));
        if !is_range {
            match first {
                Item::Char(c) => ranges.push((u32::from(c), u32::from(c))),
                Item::Set(set) => ranges.extend_from_slice(set.ranges()),
            }
            return Ok(());
        }
        if self.cursor.bump_and_skip().is_none() {
            return mistake(UNCLOSED, open);
        }
        match (first, self.primitive()?) {
            (Item::Char(first), Item::Char(last)) if first <= last => {
                ranges.push((u32::from(first), u32::from(last)));
                Ok(())
            }
            (Item::Char(_), Item::Char(_)) => {
                mistake("this range of characters ends before it begins", start)
            }
            _ => mistake("a range needs a character at each end", start),
        }
    }

    fn primitive(&mut self) -> Parsed<Item> {
        let start = self.cursor.at();
        match self.cursor.peek() {
            Some('\\') => match escape(self.cursor)? {
                Escape::Char(c) => Ok(Item::Char(c)),
                Escape::Set(set) => Ok(Item::Set(set)),
                Escape::Look(_) => mistake("this cannot stand in a class", start),
            },
            Some(c) => {
                self.cursor.bump();
                Ok(Item::Char(c))
            }
            None => mistake(UNCLOSED, start),
        }
    }
}
