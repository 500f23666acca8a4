//! Searching a text with a program.
//!
//! The machine reads the text once, and is in all places of the program together that some match can have
//! reached. What it does at a character depends on those places only, so each set of places that it meets is
//! kept as a state, with the states that follow it: most characters then cost one look into a table (R. Cox,
//! "Regular Expression Matching Can Be Simple And Fast", 2007). When the table is full it is begun anew, so
//! that memory is bounded, and time remains linear in the length of the text.
//!
//! A new state is made of whole words of bits (R. Baeza-Yates and G. Gonnet, "A New Approach to Text Searching",
//! 1992): what goes on after a character goes on at the next place, so that all that do are shifted by one.

use super::program::{Instruction, Look, Program};
use super::set::CharSet;

/// The entries of a state: one for each ASCII character, one for the end of the text.
const WIDTH: usize = 129;
const END: usize = 128;

/// Not a state: nothing is known yet.
const UNKNOWN: u32 = u32::MAX;
/// Not a state: there is a match.
const MATCH: u32 = u32::MAX - 1;
/// Not a state: there is none, and the text is over.
const NO_MATCH: u32 = u32::MAX - 2;
/// Not a state: the search stops on its way.
const STOP: u32 = u32::MAX - 3;

/// Upper bound on the memory of the states, in bytes, as long as a few have room in it.
const MEMORY: usize = 1 << 20;
const MIN_STATES: usize = 16;
const MAX_STATES: usize = 1000;

/// How many steps over other characters are kept.
const WIDE: usize = 1024;

/// How many characters' places are kept.
const MASKS: usize = 1024;

/// What the character before a place was.
const AT_START: u64 = 1;
const AFTER_LF: u64 = 1 << 1;
const AFTER_CR: u64 = 1 << 2;
const AFTER_WORD: u64 = 1 << 3;

/// How far a search through a text has come.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    state: u32,
    /// The place of the next character, in bytes.
    at: usize,
}

/// What a search works in, kept from one to the next.
#[derive(Debug)]
pub struct Cache {
    /// Words per set of places.
    words: usize,
    /// Each state's entries. A state is named by the place of its first; the first state is the initial one.
    rows: Vec<u32>,
    /// Each state's places as a set of bits, then what was before.
    keys: Vec<u64>,
    /// A hash of each of these.
    hashes: Vec<u64>,
    /// Steps over characters that are not ASCII: from, over, to.
    wide: Vec<(u32, char, u32)>,
    /// The places reached without another character, as a set of bits, and those to be followed.
    seen: Vec<u64>,
    stack: Vec<usize>,
    /// The key of the state that follows.
    next: Vec<u64>,
    /// The places that go on without a character, as a set of bits.
    silent: Vec<u64>,
    /// The places that go on after a character, each such set of bits with its character.
    masks: Vec<(Option<char>, Vec<u64>)>,
    /// How much was done to find new states since a search last stopped: words of bits.
    work: usize,
    /// The state in which a search stopped.
    stopped: u32,
}

impl Cache {
    /// Makes room for searches with a program.
    pub fn new(program: &Program) -> Self {
        let words = program.code.len().div_ceil(64);
        let mut cache = Self {
            words,
            rows: Vec::new(),
            keys: Vec::new(),
            hashes: Vec::new(),
            wide: Vec::new(),
            seen: vec![0; words],
            stack: Vec::new(),
            next: vec![0; words + 1],
            silent: places(program, None),
            masks: vec![(None, Vec::new()); MASKS],
            work: 0,
            stopped: 0,
        };
        cache.reset(program);
        cache
    }

    /// Forgets all states but the initial one.
    fn reset(&mut self, program: &Program) {
        self.rows.clear();
        self.keys.clear();
        self.hashes.clear();
        self.wide.clear();
        let key = std::mem::take(&mut self.next);
        self.next = vec![0; self.words + 1];
        if let Some(context) = self.next.last_mut() {
            *context = if program.looks { AT_START } else { 0 };
        }
        self.add(hash(&self.next));
        self.next = key;
    }

    /// Keeps `next` as a new state.
    fn add(&mut self, hash: u64) -> u32 {
        let state = self.rows.len();
        self.rows.resize(state + WIDTH, UNKNOWN);
        self.keys.extend_from_slice(&self.next);
        self.hashes.push(hash);
        // The bound on memory is far below.
        u32::try_from(state).unwrap_or(UNKNOWN)
    }

    /// Goes on with a search through a text, until it is known whether the program matches anywhere in it, or more
    /// work was done than was asked for. Nothing else may have been searched meanwhile.
    pub fn search(
        &mut self,
        program: &Program,
        text: &str,
        progress: &mut Progress,
        most: usize,
    ) -> Option<bool> {
        let bytes = text.as_bytes();
        let Progress { mut state, mut at } = *progress;
        while let Some(&byte) = bytes.get(at) {
            let next = if byte.is_ascii() {
                at += 1;
                let next = self.row(state, usize::from(byte));
                if next == UNKNOWN {
                    let next = self.step(program, state, Some(char::from(byte)));
                    self.or_stop(next, most)
                } else {
                    next
                }
            } else {
                let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { return Some(false) };
                at += c.len_utf8();
                let next = self.step_wide(program, state, c);
                self.or_stop(next, most)
            };
            match next {
                MATCH => return Some(true),
                STOP => {
                    *progress = Progress { state: self.stopped, at };
                    return None;
                }
                _ => state = next,
            }
        }
        let last = self.row(state, END);
        Some((if last == UNKNOWN { self.step(program, state, None) } else { last }) == MATCH)
    }

    /// Returns the state that follows, unless the search is to stop there.
    const fn or_stop(&mut self, next: u32, most: usize) -> u32 {
        if self.work <= most || next == MATCH {
            return next;
        }
        self.work = 0;
        self.stopped = next;
        STOP
    }

    fn row(&self, state: u32, column: usize) -> u32 {
        self.rows.get(state as usize + column).copied().unwrap_or(UNKNOWN)
    }

    /// Steps over a character that the rows have no entry for.
    fn step_wide(&mut self, program: &Program, state: u32, c: char) -> u32 {
        // Characters of one script are next to each other, states are not.
        let slot = (u32::from(c) ^ (state.wrapping_mul(0x9E37_79B1) >> 16)) as usize % WIDE;
        if let Some(&(from, over, to)) = self.wide.get(slot)
            && (from, over) == (state, c)
        {
            return to;
        }
        let next = self.step(program, state, Some(c));
        // After a reset, `state` may be another one.
        if self.wide.is_empty() {
            self.wide.resize(WIDE, (UNKNOWN, '\0', UNKNOWN));
        } else if let Some(entry) = self.wide.get_mut(slot) {
            *entry = (state, c, next);
        }
        next
    }

    /// Finds what follows a state at a character or at the end of the text, and keeps that.
    fn step(&mut self, program: &Program, state: u32, c: Option<char>) -> u32 {
        let next = if self.run(program, state as usize / WIDTH, c) {
            MATCH
        } else if c.is_none() {
            NO_MATCH
        } else {
            let hash = hash(&self.next);
            let len = self.words + 1;
            let known = self.hashes.iter().enumerate().position(|(index, &other)| {
                other == hash && self.keys.get(index * len..(index + 1) * len) == Some(self.next.as_slice())
            });
            if let Some(index) = known {
                u32::try_from(index * WIDTH).unwrap_or(UNKNOWN)
            } else {
                let room = (MEMORY / (len * 8 + WIDTH * 4)).clamp(MIN_STATES, MAX_STATES);
                if self.hashes.len() >= room {
                    self.reset(program);
                    return self.add(hash);
                }
                self.add(hash)
            }
        };
        let column = c.map_or(END, |c| c as usize);
        if c.is_none_or(|c| c.is_ascii())
            && let Some(entry) = self.rows.get_mut(state as usize + column)
        {
            *entry = next;
        }
        next
    }

    /// Runs the machine from a state over a character, into `next`. Tells whether there is a match before it.
    fn run(&mut self, program: &Program, state: usize, c: Option<char>) -> bool {
        let len = self.words + 1;
        self.work += len;
        let key = self.keys.get(state * len..(state + 1) * len).unwrap_or_default();
        let (&before, reached) = key.split_last().unwrap_or((&0, &[]));
        self.seen.copy_from_slice(reached);
        // A match can begin anywhere.
        insert(&mut self.seen, 0);
        let is_word = |c: char| program.word.as_ref().is_some_and(|word: &CharSet| word.contains(c));
        let word_behind = c.is_some_and(is_word);
        self.stack.clear();
        for (index, (word, silent)) in self.seen.iter().zip(&self.silent).enumerate() {
            let mut word = word & silent;
            while word != 0 {
                self.stack.push(index * 64 + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
        while let Some(place) = self.stack.pop() {
            let mut go = |place: usize| {
                if insert(&mut self.seen, place) {
                    self.stack.push(place);
                }
            };
            match program.code.get(place) {
                Some(&Instruction::Look(look)) if holds(look, before, c, word_behind) => go(place + 1),
                Some(&Instruction::Split(offset)) => {
                    go(place + 1);
                    go(place.wrapping_add_signed(offset));
                }
                Some(&Instruction::Jump(offset)) => go(place.wrapping_add_signed(offset)),
                Some(Instruction::Match) => return true,
                // Waits for its character.
                _ => {}
            }
        }
        self.next.fill(0);
        if let Some(c) = c {
            let Some((of, mask)) = self.masks.get_mut(c as usize % MASKS) else { return false };
            if of.replace(c) != Some(c) {
                *mask = places(program, Some(c));
            }
            let mut carry = 0;
            for ((next, seen), mask) in self.next.iter_mut().zip(&self.seen).zip(&*mask) {
                let going = seen & mask;
                *next = going << 1 | carry;
                carry = going >> 63;
            }
        }
        if program.looks
            && let Some(context) = self.next.last_mut()
        {
            *context = match c {
                Some('\n') => AFTER_LF,
                Some('\r') => AFTER_CR,
                _ if word_behind => AFTER_WORD,
                _ => 0,
            };
        }
        false
    }
}

/// Returns the places that go on after a character, or without one, as a set of bits.
fn places(program: &Program, c: Option<char>) -> Vec<u64> {
    let sets: Vec<bool> = program.sets.iter().map(|set| c.is_some_and(|c| set.contains(c))).collect();
    let mut places = vec![0; program.code.len().div_ceil(64)];
    for (place, instruction) in program.code.iter().enumerate() {
        let goes_on = match instruction {
            Instruction::Char(wanted) => c == Some(*wanted),
            Instruction::Class(set) => sets.get(*set) == Some(&true),
            _ => c.is_none(),
        };
        if goes_on {
            insert(&mut places, place);
        }
    }
    places
}

/// Tells whether something holds between what was before and the character behind.
fn holds(look: Look, before: u64, behind: Option<char>, word_behind: bool) -> bool {
    let start = before == AT_START;
    let word_before = before == AFTER_WORD;
    match look {
        Look::Start => start,
        Look::End => behind.is_none(),
        Look::LineStart => start || before == AFTER_LF,
        Look::LineEnd => matches!(behind, None | Some('\n')),
        Look::CrlfStart => start || before == AFTER_LF || (before == AFTER_CR && behind != Some('\n')),
        Look::CrlfEnd => matches!(behind, None | Some('\r')) || (behind == Some('\n') && before != AFTER_CR),
        Look::Boundary => word_before != word_behind,
        Look::NoBoundary => word_before == word_behind,
        Look::WordStart => !word_before && word_behind,
        Look::WordEnd => word_before && !word_behind,
        Look::WordStartHalf => !word_before,
        Look::WordEndHalf => !word_behind,
    }
}

/// Adds a place to a set of bits. Tells whether it is new there.
fn insert(bits: &mut [u64], place: usize) -> bool {
    let bit = 1 << (place % 64);
    match bits.get_mut(place / 64) {
        Some(word) if *word & bit == 0 => {
            *word |= bit;
            true
        }
        _ => false,
    }
}

/// A hash of a state's key.
fn hash(key: &[u64]) -> u64 {
    key.iter().fold(0, |hash: u64, word| (hash.rotate_left(5) ^ word).wrapping_mul(0x517C_C1B7_2722_0A95))
}
