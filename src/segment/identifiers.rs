//! The identifiers of a segment, and the fingerprints by which the segment of one is found.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::model::record::{self, Kind};
use crate::model::{SparseTexts, StoredSparseTexts, Texts};
use crate::model::{ascending_order, crc32};

/// Returns the fingerprint of an identifier. Different identifiers may have the same one.
#[must_use]
pub fn fingerprint(entry_id: &str) -> u32 {
    crc32(&[entry_id.as_bytes()])
}

/// A column of identifiers.
#[derive(Debug, Clone, Default)]
pub(super) struct Identifiers {
    texts: Texts,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored<'a> {
    /// Identifiers that are UUIDs as their standard writes them, 16 bytes each, in the order of rows.
    #[serde(serialize_with = "record::bytes")]
    uuids: &'a [u8],
    /// The identifiers of the other rows.
    #[serde(borrow)]
    others: StoredSparseTexts<'a>,
}

impl Identifiers {
    pub fn push(&mut self, entry_id: &str) {
        self.texts.push(entry_id);
    }

    pub fn get(&self, row: u32) -> &str {
        self.texts.get(row)
    }

    pub fn len(&self) -> u32 {
        self.texts.len()
    }

    /// Returns the row that has an identifier.
    pub fn find(&self, entry_id: &str) -> Option<u32> {
        (0..self.len()).find(|&row| self.get(row) == entry_id)
    }

    /// Returns the fingerprints of all rows, ascending.
    pub fn fingerprints(&self) -> Vec<u32> {
        let fingerprints: Vec<u32> = self.texts.iter().map(fingerprint).collect();
        let order = ascending_order(fingerprints.iter().map(|&fingerprint| fingerprint.into()));
        order.into_iter().filter_map(|place| fingerprints.get(place as usize).copied()).collect()
    }

    /// Returns how many bytes of memory this takes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes()
    }

    /// Writes the stored part.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut uuids = Vec::new();
        let mut others = SparseTexts::default();
        for (row, text) in (0..).zip(self.texts.iter()) {
            match Uuid::try_parse(text).ok().filter(|uuid| write(uuid, &mut buffer()) == text) {
                Some(uuid) => uuids.extend(uuid.as_bytes()),
                None => others.push(row, text),
            }
        }
        record::encode_packed(Kind::Identifiers, &Stored { uuids: &uuids, others: others.to_stored() })
    }

    /// Reads a stored part of so many rows.
    pub fn decode(bytes: &[u8], rows: u32, place: &dyn fmt::Display) -> Result<Self> {
        let fields = record::unpack(Kind::Identifiers, bytes, place)?;
        let stored: Stored = record::read_fields(&fields, place)?;
        Self::from_stored(stored, rows).ok_or_else(|| Error::corrupt(place, "does not fit together"))
    }

    fn from_stored(stored: Stored, rows: u32) -> Option<Self> {
        let others = SparseTexts::from_stored(stored.others)?;
        let mut uuids = stored.uuids.chunks(size_of::<Uuid>());
        let mut texts = Texts::default();
        for row in 0..rows {
            match others.get(row) {
                Some(text) => texts.push(text),
                None => texts.push(write(&Uuid::from_slice(uuids.next()?).ok()?, &mut buffer())),
            }
        }
        uuids.next().is_none().then_some(Self { texts })
    }
}

/// Room for a UUID's text.
const fn buffer() -> [u8; uuid::fmt::Hyphenated::LENGTH] {
    [0; uuid::fmt::Hyphenated::LENGTH]
}

/// Writes a UUID as its standard does.
fn write<'b>(uuid: &Uuid, buffer: &'b mut [u8]) -> &'b str {
    uuid.hyphenated().encode_lower(buffer)
}
