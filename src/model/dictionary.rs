//! Different strings, each kept once and numbered.

use std::collections::BTreeMap;

use super::texts::Texts;

/// Strings numbered from 0 in the order in which they first appeared.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    strings: Texts,
    /// By string; made when it is first needed.
    numbers: BTreeMap<Box<str>, u32>,
}

impl Dictionary {
    /// Makes a dictionary of strings, of which none comes twice.
    #[must_use]
    pub fn from_texts(strings: Texts) -> Self {
        Self { strings, numbers: BTreeMap::new() }
    }

    /// Returns a string's number, giving it the next one if it is new.
    pub fn number(&mut self, string: &str) -> u32 {
        if self.numbers.is_empty() {
            self.numbers = self.strings.iter().map(Box::from).zip(0..).collect();
        }
        if let Some(&number) = self.numbers.get(string) {
            return number;
        }
        let number = self.len();
        self.strings.push(string);
        self.numbers.insert(string.into(), number);
        number
    }

    /// Returns the string that has a number.
    #[must_use]
    pub fn string(&self, number: u32) -> Option<&str> {
        (number < self.len()).then(|| self.strings.get(number))
    }

    /// Returns a string's number, if it was given one since the dictionary was made.
    #[must_use]
    pub fn find(&self, string: &str) -> Option<u32> {
        self.numbers.get(string).copied()
    }

    /// Returns, for each number, whether its string is one of `wanted`, which was made string by string.
    #[must_use]
    pub fn mask(&self, wanted: &Self) -> Vec<bool> {
        self.strings.iter().map(|string| wanted.find(string).is_some()).collect()
    }

    /// Returns how many strings there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.strings.len()
    }

    /// Tells whether there are no strings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the strings in the order of their numbers.
    #[must_use]
    pub const fn strings(&self) -> &Texts {
        &self.strings
    }

    /// Returns the strings that were numbered one by one, in their own order, with their numbers.
    pub fn in_order(&self) -> impl Iterator<Item = (&str, u32)> {
        self.numbers.iter().map(|(string, &number)| (&**string, number))
    }

    /// Returns roughly how many bytes of memory this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        const PER_NUMBER: usize = 64;
        self.strings.bytes() + self.numbers.len() * PER_NUMBER
    }
}

impl<S: AsRef<str>> FromIterator<S> for Dictionary {
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let mut dictionary = Self::default();
        for string in strings {
            dictionary.number(string.as_ref());
        }
        dictionary
    }
}
