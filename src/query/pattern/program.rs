//! What a pattern is compiled to: instructions for a machine that is in many places of them at once.
//!
//! Code is relocatable, since jumps are relative: it is written while the pattern is read, and a repeated
//! part is copied (K. Thompson, "Regular Expression Search Algorithm", 1968; R. Cox, "Regular Expression
//! Matching: the Virtual Machine Approach", 2009).

use super::mistake::{Parsed, mistake};
use super::set::CharSet;

/// Upper bound on the instructions of a program; searching takes at most time proportional to it per character.
const MAX_CODE: usize = 10_000;

/// Upper bound on those that go on without a character: each is followed by itself, the others many at once.
const MAX_SILENT: usize = 2_000;

/// Upper bound on the work of making a program: instructions written and ranges of classes looked at, some of
/// which may be dropped again.
const MAX_WORK: usize = 1 << 18;

const TOO_LARGE: &str = "the compiled pattern would be too large: 10,000 instructions are the most, of which 2,000 may be branches";

/// An instruction. Offsets are relative to its own place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instruction {
    /// Goes on after one character.
    Char(char),
    /// Goes on after a character of the set with this number.
    Class(usize),
    /// Goes on where this holds.
    Look(Look),
    /// Goes on at the next instruction and at another.
    Split(isize),
    /// Goes on at another instruction.
    Jump(isize),
    /// The pattern matches.
    Match,
}

/// What can be asked of a place between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// The text begins here.
    Start,
    /// The text ends here.
    End,
    /// A line begins here, after `\n`.
    LineStart,
    /// A line ends here, before `\n`.
    LineEnd,
    /// A line begins here, after `\n`, `\r` or both.
    CrlfStart,
    /// A line ends here, before `\n`, `\r` or both.
    CrlfEnd,
    /// A word begins or ends here.
    Boundary,
    /// No word begins or ends here.
    NoBoundary,
    /// A word begins here.
    WordStart,
    /// A word ends here.
    WordEnd,
    /// There is no word character before.
    WordStartHalf,
    /// There is no word character behind.
    WordEndHalf,
}

impl Look {
    /// Tells whether it asks about word characters.
    const fn is_about_words(self) -> bool {
        self as u8 >= Self::Boundary as u8
    }
}

/// A finished program. It ends with the one [`Instruction::Match`].
#[derive(Debug)]
pub struct Program {
    /// The instructions.
    pub code: Vec<Instruction>,
    /// The sets they refer to.
    pub sets: Vec<CharSet>,
    /// Whether they ask about their surroundings.
    pub looks: bool,
    /// The word characters, if they ask about these.
    pub word: Option<CharSet>,
}

/// A program being written.
#[derive(Debug, Default)]
pub struct Builder {
    code: Vec<Instruction>,
    sets: Vec<CharSet>,
    work: usize,
}

impl Builder {
    /// Returns the place of the next instruction.
    pub const fn here(&self) -> usize {
        self.code.len()
    }

    /// Takes note of work done for the part of the pattern at `at`.
    pub const fn spend(&mut self, work: usize, at: usize) -> Parsed<()> {
        self.work = self.work.saturating_add(work);
        if self.work > MAX_WORK { mistake(TOO_LARGE, at) } else { Ok(()) }
    }

    /// Makes sure that there is room for so many more instructions.
    fn reserve(&mut self, count: usize, at: usize) -> Parsed<()> {
        if count > MAX_CODE.saturating_sub(self.code.len()) {
            return mistake(TOO_LARGE, at);
        }
        self.spend(count, at)
    }

    /// Writes an instruction.
    pub fn push(&mut self, instruction: Instruction, at: usize) -> Parsed<()> {
        self.reserve(1, at)?;
        self.code.push(instruction);
        Ok(())
    }

    /// Writes the instruction that matches one character of a set.
    pub fn push_set(&mut self, set: CharSet, at: usize) -> Parsed<()> {
        let instruction = if let Some(c) = set.single() {
            Instruction::Char(c)
        } else {
            let known = self.sets.iter().position(|other| *other == set);
            Instruction::Class(known.unwrap_or_else(|| {
                self.sets.push(set);
                self.sets.len() - 1
            }))
        };
        self.push(instruction, at)
    }

    /// Puts an instruction before the code from `start`.
    fn insert(&mut self, start: usize, instruction: Instruction, at: usize) -> Parsed<()> {
        self.reserve(1, at)?;
        // A place that this was told is never behind the end.
        if start <= self.code.len() {
            self.code.insert(start, instruction);
        }
        Ok(())
    }

    /// Makes the code from `start` one of several branches, of which the next follows. Returns the place of
    /// the jump that must lead to their end.
    pub fn branch(&mut self, start: usize, at: usize) -> Parsed<usize> {
        let next = offset(self.here() - start) + 2;
        self.insert(start, Instruction::Split(next), at)?;
        self.push(Instruction::Jump(0), at)?;
        Ok(self.here() - 1)
    }

    /// Makes the jump at `place` lead to here.
    pub fn land(&mut self, place: usize) {
        let distance = offset(self.here() - place);
        if let Some(jump) = self.code.get_mut(place) {
            *jump = Instruction::Jump(distance);
        }
    }

    /// Repeats the code from `start` at least `min` times, and at most `max` times if there is a limit.
    pub fn repeat(&mut self, start: usize, min: usize, max: Option<usize>, at: usize) -> Parsed<()> {
        let len = self.here() - start;
        if len == 0 || max == Some(0) {
            self.code.truncate(start);
            return Ok(());
        }
        // The code itself is the first of the copies that must match, or else the first that may.
        for _ in 1..min {
            self.copy(start, len, at)?;
        }
        match max {
            None if min == 0 => {
                self.insert(start, Instruction::Split(offset(len) + 2), at)?;
                self.push(Instruction::Jump(-offset(len) - 1), at)
            }
            None => self.push(Instruction::Split(-offset(len)), at),
            Some(max) => {
                let mut may = max.saturating_sub(min);
                // One that may match is the same code after a way around it and all that follow.
                self.reserve(may.saturating_mul(len + 1) - if min == 0 { len } else { 0 }, at)?;
                let around = |may: usize| Instruction::Split(offset(may * (len + 1)));
                if min == 0 {
                    self.insert(start, around(may), at)?;
                    may -= 1;
                }
                let original = if min == 0 { start + 1 } else { start };
                for left in (1..=may).rev() {
                    self.push(around(left), at)?;
                    self.copy(original, len, at)?;
                }
                Ok(())
            }
        }
    }

    /// Writes a part of the code once more.
    fn copy(&mut self, start: usize, len: usize, at: usize) -> Parsed<()> {
        self.reserve(len, at)?;
        // A place that this was told is never behind the end.
        if start + len <= self.code.len() {
            self.code.extend_from_within(start..start + len);
        }
        Ok(())
    }

    /// Ends the program, at the end of the pattern.
    pub fn finish(mut self, at: usize) -> Parsed<Program> {
        let is_silent =
            |instruction: &&Instruction| !matches!(instruction, Instruction::Char(_) | Instruction::Class(_));
        if self.code.iter().filter(is_silent).count() > MAX_SILENT {
            return mistake(TOO_LARGE, at);
        }
        self.code.push(Instruction::Match);
        let mut looks = self.code.iter().filter_map(|instruction| match instruction {
            Instruction::Look(look) => Some(look.is_about_words()),
            _ => None,
        });
        let first = looks.next();
        let words = first == Some(true) || looks.any(|words| words);
        let word = words.then(CharSet::word);
        Ok(Program { code: self.code, sets: self.sets, looks: first.is_some(), word })
    }
}

/// Code is far shorter than any offset can be.
const fn offset(distance: usize) -> isize {
    distance.cast_signed()
}
