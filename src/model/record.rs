//! Stored records: an envelope that says what they are, around their fields.
//!
//! A record is: the byte `0xD5`; the format version (1 byte); the kind of record (1 byte, see [`Kind`]); the
//! CRC-32 (IEEE) of the record without its first seven bytes but with those first three in front (4 bytes,
//! little-endian); then the fields, in the order in which their struct declares them, in the postcard wire
//! format (<https://postcard.jamesmunns.com/wire-format>).
//!
//! A packed record has, in place of the fields, their length in bytes (4 bytes, little-endian) and then the
//! fields as one LZ4 block (<https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md>).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::crc32;
use crate::error::{Error, ErrorKind, Result};

const MAGIC: u8 = 0xD5;
/// The format that almost all records have.
const FORMAT: u8 = 1;
const HEADER: usize = 7;

/// What a record is. The numbers are stored: they never change, and none is used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A project.
    Project = 1,
    /// The id of a project, under its name.
    ProjectId = 2,
    /// An entry of the tail.
    TailRow = 3,
    /// Where an entry of the tail is, under its identifier.
    EntryPlace = 4,
    /// A change of a document.
    DocChange = 5,
    /// A report card.
    ReportCard = 6,
    /// A session.
    Session = 7,
    /// An agent's current project.
    AgentProject = 8,
    /// An event.
    AgentEvent = 9,
    /// The number given last.
    Counter = 10,
    /// What is known of a project's segments.
    Head = 11,
    /// Fingerprints of the identifiers in a segment.
    Fingerprints = 12,
    /// Numbers and dictionaries of a segment.
    Index = 13,
    /// Messages of a segment.
    Messages = 14,
    /// Metadata of a segment.
    Metas = 15,
    /// Identifiers of a segment.
    Identifiers = 16,
    /// Lines and hashes of a segment.
    Lines = 17,
}

impl Kind {
    /// The newest format of such records that this release reads.
    const fn newest_format(self) -> u8 {
        match self {
            // That of a log whose first entries were removed.
            Self::Head => 2,
            _ => FORMAT,
        }
    }
}

/// Writes a record.
///
/// # Errors
/// `internal` if it cannot be written, which no record is.
pub fn encode<T: Serialize>(kind: Kind, record: &T) -> Result<Vec<u8>> {
    Ok(close(kind, FORMAT, fields_behind(record, vec![0; HEADER])?))
}

/// Writes a packed record.
///
/// # Errors
/// `internal` if it cannot be written, which no record is.
pub fn encode_packed<T: Serialize>(kind: Kind, record: &T) -> Result<Vec<u8>> {
    encode_packed_as(kind, FORMAT, record)
}

/// Writes a packed record of a format.
///
/// # Errors
/// As [`encode_packed`].
pub fn encode_packed_as<T: Serialize>(kind: Kind, format: u8, record: &T) -> Result<Vec<u8>> {
    let fields = fields_behind(record, Vec::new())?;
    Ok(close(
        kind,
        format,
        [&[0; HEADER], lz4_flex::block::compress_prepend_size(&fields).as_slice()].concat(),
    ))
}

fn fields_behind<T: Serialize>(record: &T, bytes: Vec<u8>) -> Result<Vec<u8>> {
    postcard::to_extend(record, bytes)
        .map_err(|error| Error::internal(format!("a record cannot be written: {error}")))
}

/// Fills in the header that room was left for.
fn close(kind: Kind, format: u8, mut bytes: Vec<u8>) -> Vec<u8> {
    let header = [MAGIC, format, kind as u8];
    let [a, b, c, d] = checksum(&header, bytes.get(HEADER..).unwrap_or_default());
    let [magic, format, kind] = header;
    if let Some(place) = bytes.first_chunk_mut() {
        *place = [magic, format, kind, a, b, c, d];
    }
    bytes
}

/// Reads a record; `place` says where it was, in an error.
///
/// # Errors
/// `corrupt` if the bytes are not what was written, or of another kind; `too_new` if a newer release wrote
/// them.
pub fn decode<'a, T: Deserialize<'a>>(kind: Kind, bytes: &'a [u8], place: impl fmt::Display) -> Result<T> {
    read_fields(open(kind, bytes, &place)?, &place)
}

/// Returns the format of a record that could be opened.
pub fn format_of(bytes: &[u8]) -> u8 {
    bytes.get(1).copied().unwrap_or(FORMAT)
}

/// Unpacks the fields of a packed record, for [`read_fields`].
///
/// # Errors
/// As [`decode`].
pub fn unpack(kind: Kind, bytes: &[u8], place: &dyn fmt::Display) -> Result<Vec<u8>> {
    let packed = open(kind, bytes, place)?;
    // The most that a block of LZ4 can hold; a size beyond it would only take memory.
    let most = packed.len().saturating_mul(255);
    let (size, block) = lz4_flex::block::uncompressed_size(packed)
        .map_err(|error| Error::corrupt(place, "is cut off").because(error))?;
    if size > most {
        return Err(Error::corrupt(place, "has an impossible size"));
    }
    lz4_flex::block::decompress(block, size)
        .map_err(|error| Error::corrupt(place, "cannot be unpacked").because(error))
}

/// Reads the fields of a record.
///
/// # Errors
/// `corrupt` if they are not those of such a record.
pub fn read_fields<'a, T: Deserialize<'a>>(fields: &'a [u8], place: &dyn fmt::Display) -> Result<T> {
    match postcard::take_from_bytes(fields) {
        Ok((record, [])) => Ok(record),
        Ok(_) => Err(Error::corrupt(place, "is longer than its fields")),
        Err(error) => Err(Error::corrupt(place, format_args!("cannot be read: {error}"))),
    }
}

/// Checks the header of a record and returns what stands behind it.
fn open<'a>(kind: Kind, bytes: &'a [u8], place: &dyn fmt::Display) -> Result<&'a [u8]> {
    let Some((&[magic, format, stored_kind, a, b, c, d], fields)) = bytes.split_first_chunk() else {
        return Err(Error::corrupt(place, "is cut off"));
    };
    if magic != MAGIC {
        return Err(Error::corrupt(place, "is not a record"));
    }
    if checksum(&[magic, format, stored_kind], fields) != [a, b, c, d] {
        return Err(Error::corrupt(place, "fails its checksum"));
    }
    let newest = kind.newest_format();
    if format > newest {
        let message =
            format!("{place} has format {format}, and this release reads up to {newest}: update the package");
        return Err(Error::new(ErrorKind::TooNew, message));
    }
    if stored_kind != kind as u8 {
        return Err(Error::corrupt(place, format_args!("is a record of kind {stored_kind}, not {kind:?}")));
    }
    Ok(fields)
}

/// Reads all records of a table; `table` names it in an error.
///
/// # Errors
/// As [`decode`].
pub fn decode_all<T: serde::de::DeserializeOwned>(
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
