//! Different strings, each kept once and numbered.

use super::texts::Texts;

/// Strings numbered from 0 in the order in which they first appeared.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    strings: Texts,
    /// Numbers, from 1, in places that follow from their strings' hashes; 0 where there is none. Made when it is
    /// first needed; at least as many places are free as are taken.
    places: Vec<u32>,
}

impl Dictionary {
    /// Makes a dictionary of strings, of which none comes twice.
    #[must_use]
    pub fn from_texts(strings: Texts) -> Self {
        Self { strings, places: Vec::new() }
    }

    /// Returns a string's number, giving it the next one if it is new.
    pub fn number(&mut self, string: &str) -> u32 {
        if self.places.len() < 2 * (self.len() as usize + 1) {
            self.make_places();
        }
        let place = self.place_of(string);
        match self.places.get(place) {
            Some(&number) if number > 0 => number - 1,
            _ => {
                self.strings.push(string);
                let number = self.len();
                self.places.get_mut(place).into_iter().for_each(|place| *place = number);
                number - 1
            }
        }
    }

    fn make_places(&mut self) {
        const FEWEST: usize = 16;
        let count = (4 * (self.len() as usize + 1)).next_power_of_two().max(FEWEST);
        self.places = vec![0; count];
        for number in 0..self.len() {
            let place = self.place_of(self.strings.get(number));
            self.places.get_mut(place).into_iter().for_each(|place| *place = number + 1);
        }
    }

    /// Returns the place that a string's number has, or would have.
    fn place_of(&self, string: &str) -> usize {
        let last = self.places.len().saturating_sub(1);
        let mut place = fx_hash(string.as_bytes()) as usize & last;
        while let Some(&number) = self.places.get(place)
            && number > 0
            && !self.strings.is(number - 1, string)
        {
            place = (place + 1) & last;
        }
        place
    }

    /// Returns the string that has a number.
    #[must_use]
    pub fn string(&self, number: u32) -> Option<&str> {
        (number < self.len()).then(|| self.strings.get(number))
    }

    /// Returns a string's number, if it was given one since the dictionary was made.
    #[must_use]
    pub fn find(&self, string: &str) -> Option<u32> {
        self.places.get(self.place_of(string)).and_then(|number| number.checked_sub(1))
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

    /// Returns roughly how many bytes of memory this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.strings.bytes() + self.places.capacity() * size_of::<u32>()
    }
}

/// The hash `FxHash`, as Firefox and rustc have it: fast, and good in its upper half.
fn fx_hash(bytes: &[u8]) -> u32 {
    const FACTOR: u64 = 0x517c_c1b7_2722_0a95;
    let step = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = bytes.as_chunks();
    let hash = words.iter().fold(0, |hash, word| step(hash, u64::from_le_bytes(*word)));
    let hash = rest.iter().fold(hash, |hash, byte| step(hash, u64::from(*byte)));
    u32::try_from(hash >> 32).unwrap_or_default()
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
