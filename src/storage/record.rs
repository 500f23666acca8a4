//! Stored records: an envelope that says what they are, around their fields.
//!
//! A record is: the byte `0xD5`; the format version (1 byte); the kind of record (1 byte, see [`Kind`]); the
//! CRC-32 (IEEE) of the record without its first seven bytes but with those first three in front (4 bytes,
//! little-endian); then the fields, in the order in which their struct declares them, in the postcard wire
//! format (<https://postcard.jamesmunns.com/wire-format>).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::crc32;

const MAGIC: u8 = 0xD5;
/// The format that this release writes, and the newest that it reads.
const FORMAT: u8 = 1;
const HEADER: usize = 7;

/// What a record is. The numbers are stored: they never change, and none is used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Project = 1,
    ProjectId = 2,
    TailRow = 3,
    EntryPlace = 4,
    DocChange = 5,
    ReportCard = 6,
    Session = 7,
    AgentProject = 8,
    AgentEvent = 9,
    Counter = 10,
}

/// Writes a record.
pub(super) fn encode<T: Serialize>(kind: Kind, record: &T) -> Result<Vec<u8>> {
    let header = [MAGIC, FORMAT, kind as u8];
    let bytes = [header.as_slice(), &[0; 4]].concat();
    let mut bytes = postcard::to_extend(record, bytes)
        .map_err(|error| Error::internal(format!("a record cannot be written: {error}")))?;
    let checksum = checksum(&header, bytes.get(HEADER..).unwrap_or_default());
    if let Some(place) = bytes.get_mut(header.len()..HEADER) {
        place.copy_from_slice(&checksum);
    }
    Ok(bytes)
}

/// Reads a record; `place` says where it was, in an error.
pub(super) fn decode<'a, T: Deserialize<'a>>(
    kind: Kind,
    bytes: &'a [u8],
    place: impl fmt::Display,
) -> Result<T> {
    let Some((&[magic, format, stored_kind, a, b, c, d], fields)) = bytes.split_first_chunk() else {
        return Err(Error::corrupt(place, "is cut off"));
    };
    if magic != MAGIC {
        return Err(Error::corrupt(place, "is not a record"));
    }
    if checksum(&[magic, format, stored_kind], fields) != [a, b, c, d] {
        return Err(Error::corrupt(place, "fails its checksum"));
    }
    if format > FORMAT {
        let message =
            format!("{place} has format {format}, and this release reads up to {FORMAT}: update the package");
        return Err(Error::new(ErrorKind::TooNew, message));
    }
    if stored_kind != kind as u8 {
        return Err(Error::corrupt(place, format_args!("is a record of kind {stored_kind}, not {kind:?}")));
    }
    match postcard::take_from_bytes(fields) {
        Ok((record, [])) => Ok(record),
        Ok(_) => Err(Error::corrupt(place, "is longer than its fields")),
        Err(error) => Err(Error::corrupt(place, format_args!("cannot be read: {error}"))),
    }
}

/// Reads all records of a table; `table` names it in an error.
pub(super) fn decode_all<T: serde::de::DeserializeOwned>(
    kind: Kind,
    rows: &[Vec<u8>],
    table: &str,
) -> Result<Vec<T>> {
    let place = |index| format!("record {index} of {table}");
    rows.iter().zip(1..).map(|(bytes, index)| decode(kind, bytes, place(index))).collect()
}

fn checksum(header: &[u8], fields: &[u8]) -> [u8; 4] {
    crc32(&[header, fields]).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_with_any_byte_changed_or_cut_off_is_refused() {
        let bytes = encode(Kind::Counter, &12_345_u64).expect("a number");
        assert_eq!(decode::<u64>(Kind::Counter, &bytes, "it").expect("intact"), 12_345);
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[index] ^= 1 << bit;
                let error = decode::<u64>(Kind::Counter, &damaged, "counter x").expect_err("damaged");
                assert_eq!(error.kind(), ErrorKind::Corrupt);
                assert!(error.message().contains("counter x"), "{error}");
            }
            let error = decode::<u64>(Kind::Counter, &bytes[..index], "it").expect_err("cut off");
            assert_eq!(error.kind(), ErrorKind::Corrupt);
        }
    }

    #[test]
    fn a_record_of_a_newer_format_or_another_kind_is_refused() {
        let fields = b"1";
        let header = [MAGIC, FORMAT + 1, Kind::Counter as u8];
        let bytes = [header.as_slice(), &checksum(&header, fields), fields].concat();
        assert_eq!(decode::<u64>(Kind::Counter, &bytes, "it").expect_err("newer").kind(), ErrorKind::TooNew);
        let bytes = encode(Kind::Session, &1).expect("a number");
        assert_eq!(decode::<u64>(Kind::Counter, &bytes, "it").expect_err("other").kind(), ErrorKind::Corrupt);
    }
}
