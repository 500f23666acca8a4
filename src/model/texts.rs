//! Columns of strings, one behind the other in one buffer.

use serde::{Deserialize, Serialize};

/// A column of strings.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    text: String,
    /// Where each string ends in `text`.
    ends: Vec<u32>,
}

/// A column of strings as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredTexts<'a> {
    /// How many bytes each string has.
    lengths: Vec<u32>,
    /// The strings, one behind the other.
    text: &'a str,
}

impl Texts {
    /// Appends a string.
    pub fn push(&mut self, text: &str) {
        self.push_with(|buffer| buffer.push_str(text));
    }

    /// Appends what `write` appends to the buffer.
    pub fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Returns the string of a row; empty if there is no such row.
    #[must_use]
    pub fn get(&self, row: u32) -> &str {
        self.text.get(self.start(row) as usize..self.end(row) as usize).unwrap_or_default()
    }

    /// Tells whether a row's string is this one.
    #[must_use]
    pub fn is(&self, row: u32, text: &str) -> bool {
        self.text.as_bytes().get(self.start(row) as usize..self.end(row) as usize) == Some(text.as_bytes())
    }

    /// Returns where a row's string begins.
    #[must_use]
    pub fn start(&self, row: u32) -> u32 {
        (row as usize).checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }

    /// Returns where a row's string ends.
    #[must_use]
    pub fn end(&self, row: u32) -> u32 {
        self.ends.get(row as usize).copied().unwrap_or(0)
    }

    /// Returns the row, from one on, whose string has the byte at a place in all strings; how many there are if none has.
    #[must_use]
    pub fn row_at(&self, place: usize, from: u32) -> u32 {
        let ends = self.ends.get(from as usize..).unwrap_or_default();
        let is_before = |end: &u32| *end as usize <= place;
        // It is often near: twice as far each time, then in the last stretch.
        let mut width = 1;
        while ends.get(width - 1).is_some_and(is_before) {
            width *= 2;
        }
        let stretch = ends.get(width / 2..width.min(ends.len())).unwrap_or_default();
        let passed = width / 2 + stretch.partition_point(is_before);
        from + u32::try_from(passed).unwrap_or(u32::MAX)
    }

    /// Returns all strings, one behind the other.
    #[must_use]
    pub fn all(&self) -> &str {
        &self.text
    }

    /// Returns the strings, in the order of rows.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Returns how many strings there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    /// Tells whether there are no strings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many bytes of memory this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// Returns the column as it is stored.
    #[must_use]
    pub fn to_stored(&self) -> StoredTexts<'_> {
        let lengths = (0..self.len()).map(|row| self.end(row) - self.start(row)).collect();
        StoredTexts { lengths, text: &self.text }
    }

    /// Reads a stored column; `None` if it does not fit together.
    #[must_use]
    pub fn from_stored(stored: &StoredTexts<'_>) -> Option<Self> {
        let mut end = 0_u32;
        let mut ends = Vec::with_capacity(stored.lengths.len());
        for &length in &stored.lengths {
            end = end.checked_add(length)?;
            if !stored.text.is_char_boundary(end as usize) {
                return None;
            }
            ends.push(end);
        }
        (end as usize == stored.text.len()).then(|| Self { text: stored.text.to_owned(), ends })
    }
}

/// Strings that only some rows have.
#[derive(Debug, Clone, Default)]
pub struct SparseTexts {
    /// The rows that have one, ascending.
    rows: Vec<u32>,
    texts: Texts,
}

/// Strings of some rows as they are stored.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredSparseTexts<'a> {
    /// The rows that have one, ascending.
    rows: Vec<u32>,
    /// Their strings.
    #[serde(borrow)]
    texts: StoredTexts<'a>,
}

impl SparseTexts {
    /// Gives a row a string; rows come in ascending order.
    pub fn push(&mut self, row: u32, text: &str) {
        self.rows.push(row);
        self.texts.push(text);
    }

    /// Tells whether no row has a string.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns a row's string, if it has one.
    #[must_use]
    pub fn get(&self, row: u32) -> Option<&str> {
        let place = self.rows.binary_search(&row).ok()?;
        u32::try_from(place).ok().map(|place| self.texts.get(place))
    }

    /// Returns how many bytes of memory this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<u32>() + self.texts.bytes()
    }

    /// Returns the strings as they are stored.
    #[must_use]
    pub fn to_stored(&self) -> StoredSparseTexts<'_> {
        StoredSparseTexts { rows: self.rows.clone(), texts: self.texts.to_stored() }
    }

    /// Reads stored strings; `None` if they do not fit together.
    #[must_use]
    pub fn from_stored(stored: StoredSparseTexts<'_>) -> Option<Self> {
        let texts = Texts::from_stored(&stored.texts)?;
        (texts.len() as usize == stored.rows.len()).then_some(Self { rows: stored.rows, texts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_of_a_place_is_found_from_any_row_before_it() {
        for lengths in
            [&[][..], &[0], &[3], &[0, 0, 2, 0, 1, 0], &[1; 40], &[5, 0, 0, 0, 0, 0, 0, 9, 1, 1, 0]]
        {
            let mut texts = Texts::default();
            for &length in lengths {
                texts.push(&"x".repeat(length));
            }
            for place in 0..texts.all().len() + 2 {
                let holds = |row: &u32| texts.end(*row) as usize > place;
                let row = (0..texts.len()).find(holds).unwrap_or(texts.len());
                for from in 0..=row {
                    assert_eq!(texts.row_at(place, from), row, "{lengths:?}, {place} from {from}");
                }
            }
        }
    }
}
