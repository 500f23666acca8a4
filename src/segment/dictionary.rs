//! Few different strings, each kept once and numbered.

use std::collections::HashMap;

/// Strings numbered in the order in which they first appeared.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    strings: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
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

    /// Returns the string that has a number.
    pub fn string(&self, number: u32) -> &str {
        self.strings.get(number as usize).map_or("", |string| string)
    }

    /// Returns, for each number, whether its string is one of `wanted`.
    pub fn mask(&self, wanted: &[String]) -> Vec<bool> {
        let mut mask = vec![false; self.strings.len()];
        for string in wanted {
            let number = self.numbers.get(string.as_str());
            if let Some(flag) = number.and_then(|&number| mask.get_mut(number as usize)) {
                *flag = true;
            }
        }
        mask
    }

    /// Returns roughly how many bytes of memory this takes.
    pub fn bytes(&self) -> usize {
        const PER_STRING: usize = 64;
        self.strings.iter().map(|string| 2 * string.len() + PER_STRING).sum()
    }
}
