//! Few different strings, each kept once and numbered.

use std::collections::BTreeMap;

/// Strings numbered in the order in which they first appeared.
#[derive(Debug, Clone, Default)]
pub(super) struct Dictionary {
    strings: Vec<Box<str>>,
    numbers: BTreeMap<Box<str>, u32>,
}

impl Dictionary {
    /// Returns a string's number, giving it the next one if it is new.
    pub fn number(&mut self, string: &str) -> u32 {
        if let Some(&number) = self.numbers.get(string) {
            return number;
        }
        let number = u32::try_from(self.strings.len()).unwrap_or(u32::MAX);
        self.strings.push(string.into());
        self.numbers.insert(string.into(), number);
        number
    }

    /// Returns a string's number, if it has one.
    pub fn find(&self, string: &str) -> Option<u32> {
        self.numbers.get(string).copied()
    }

    /// Returns the string that has a number.
    pub fn string(&self, number: u32) -> Option<&str> {
        self.strings.get(number as usize).map(|string| &**string)
    }

    /// Returns, for each number, whether its string is one of `wanted`.
    pub fn mask(&self, wanted: &[String]) -> Vec<bool> {
        let mut mask = vec![false; self.strings.len()];
        for string in wanted {
            if let Some(flag) = self.find(string).and_then(|number| mask.get_mut(number as usize)) {
                *flag = true;
            }
        }
        mask
    }

    /// Returns the strings in the order of their numbers.
    pub fn strings(&self) -> Vec<&str> {
        self.strings.iter().map(|string| &**string).collect()
    }

    /// Makes a dictionary of different strings.
    pub fn from_strings(strings: &[&str]) -> Self {
        let mut dictionary = Self::default();
        for string in strings {
            dictionary.number(string);
        }
        dictionary
    }

    /// Returns roughly how many bytes of memory this takes.
    pub fn bytes(&self) -> usize {
        const PER_STRING: usize = 64;
        self.strings.iter().map(|string| 2 * string.len() + PER_STRING).sum()
    }
}
