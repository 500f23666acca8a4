//! The lines and hashes of a segment, as far as they say more than the other parts do.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::record::{self, Kind};
use crate::model::{SparseTexts, StoredSparseTexts};

const HASH: usize = 32;

/// Lines and hashes.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// The hashes that are 64 lower-case hex digits, as 32 bytes, row by row; zeros for another.
    hashes: Vec<u8>,
    /// Hashes that are another text.
    other_hashes: SparseTexts,
    /// Lines that are not the canonical ones.
    given: SparseTexts,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(serialize_with = "record::bytes")]
    hashes: &'a [u8],
    #[serde(borrow)]
    other_hashes: StoredSparseTexts<'a>,
    #[serde(borrow)]
    given: StoredSparseTexts<'a>,
}

impl Lines {
    /// Appends a line, unless it is canonical, and its hash.
    pub fn push(&mut self, line: Option<&str>, sha256: &str) {
        let row = self.len();
        let mut hash = [0; HASH];
        if base16ct::lower::decode(sha256, &mut hash).map(<[u8]>::len) != Ok(HASH) {
            hash = [0; HASH];
            self.other_hashes.push(row, sha256);
        }
        self.hashes.extend(hash);
        if let Some(line) = line {
            self.given.push(row, line);
        }
    }

    pub fn len(&self) -> u32 {
        u32::try_from(self.hashes.len() / HASH).unwrap_or(u32::MAX)
    }

    /// Returns a row's line, unless it is canonical.
    pub fn line(&self, row: u32) -> Option<&str> {
        self.given.get(row)
    }

    /// Returns a row's hash.
    pub fn hash(&self, row: u32) -> String {
        if let Some(text) = self.other_hashes.get(row) {
            return text.to_owned();
        }
        let start = row as usize * HASH;
        base16ct::lower::encode_string(self.hashes.get(start..start + HASH).unwrap_or_default())
    }

    /// Returns how many bytes of memory this takes.
    pub fn bytes(&self) -> usize {
        self.hashes.capacity() + self.other_hashes.bytes() + self.given.bytes()
    }

    /// Writes the stored part.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let (other_hashes, given) = (self.other_hashes.to_stored(), self.given.to_stored());
        record::encode_packed(Kind::Lines, &Stored { hashes: &self.hashes, other_hashes, given })
    }

    /// Reads a stored part.
    pub fn decode(bytes: &[u8], place: &dyn fmt::Display) -> Result<Self> {
        let fields = record::unpack(Kind::Lines, bytes, place)?;
        let stored: Stored = record::read_fields(&fields, place)?;
        let made = || {
            Some(Self {
                hashes: stored.hashes.to_vec(),
                other_hashes: SparseTexts::from_stored(stored.other_hashes)?,
                given: SparseTexts::from_stored(stored.given)?,
            })
        };
        made().ok_or_else(|| Error::corrupt(place, "does not fit together"))
    }
}
