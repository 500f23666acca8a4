//! Stored records: an envelope that says what they are, around their fields.
//!
//! A record is: the byte `0xD5`; the format version (1 byte); the kind of record (1 byte, see [`Kind`]); the
//! CRC-32 (IEEE) of the record without its first seven bytes but with those first three in front (4 bytes,
//! little-endian); then the fields, in the order in which their struct declares them, in the postcard wire
//! format (<https://postcard.jamesmunns.com/wire-format>).
//!
//! A record of format 2 has before its fields what it belongs to: the number of a project or of a segment, or the
//! CRC-32 of a name (8 bytes, little-endian). Records that belong to nothing are of format 1.
//!
//! A packed record has, in place of the fields, their length in bytes (4 bytes, little-endian) and then the
//! fields as one LZ4 block (<https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md>).

use std::fmt;

use postcard::ser_flavors::Flavor;
use serde::{Deserialize, Serialize};

use super::{ascending_order, crc32};
use crate::error::{Error, ErrorKind, Result};

const MAGIC: u8 = 0xD5;
/// The newest format that this release reads, which it writes where a record has an owner.
const FORMAT: u8 = 2;
/// The owner of what says by itself which record it is; in reading, any.
pub const ANY: u64 = 0;
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

/// Writes a record. `owner` is the number of what it belongs to, or [`ANY`].
///
/// # Errors
/// `internal` if it cannot be written, which no record is.
pub fn encode<T: Serialize>(kind: Kind, owner: u64, record: &T) -> Result<Vec<u8>> {
    Ok(close(kind, owner, fields_behind(record, header(owner))?))
}

/// Writes a packed record, as [`encode`] does.
///
/// # Errors
/// `internal` if it cannot be written, which no record is.
pub fn encode_packed<T: Serialize>(kind: Kind, owner: u64, record: &T) -> Result<Vec<u8>> {
    let fields = fields_behind(record, Vec::new())?;
    let mut bytes = header(owner);
    bytes.extend(lz4_flex::block::compress_prepend_size(&fields));
    Ok(close(kind, owner, bytes))
}

/// Makes room for a header, and behind it writes the owner, if there is one.
fn header(owner: u64) -> Vec<u8> {
    let mut bytes = vec![0; HEADER];
    if owner != ANY {
        bytes.extend(owner.to_le_bytes());
    }
    bytes
}

/// Returns the number of an owner that has a name.
#[must_use]
pub fn named(name: &str) -> u64 {
    crc32(&[name.as_bytes()]).into()
}

fn fields_behind<T: Serialize>(record: &T, bytes: Vec<u8>) -> Result<Vec<u8>> {
    postcard::serialize_with_flavor(record, Buffer(bytes))
        .map_err(|_| Error::internal("a record cannot be written"))
}

/// A buffer that records are written to, strings and bytes as a whole.
struct Buffer(Vec<u8>);

impl Flavor for Buffer {
    type Output = Vec<u8>;

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// Writes bytes as a whole, not one by one, which gives the same. For `serialize_with`.
///
/// # Errors
/// Those of the serializer.
pub fn bytes<S: serde::Serializer>(bytes: &&[u8], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// Fills in the header that room was left for.
fn close(kind: Kind, owner: u64, mut bytes: Vec<u8>) -> Vec<u8> {
    let header = [MAGIC, if owner == ANY { 1 } else { FORMAT }, kind as u8];
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
/// `corrupt` if the bytes are not what was written, or of another kind, or another's; `too_new` if a newer release
/// wrote them.
pub fn decode<'a, T: Deserialize<'a>>(
    kind: Kind,
    owner: u64,
    bytes: &'a [u8],
    place: impl fmt::Display,
) -> Result<T> {
    read_fields(open(kind, owner, bytes, &place)?, &place)
}

/// Returns the format of a record that could be opened.
#[must_use]
pub fn format_of(bytes: &[u8]) -> u8 {
    bytes.get(1).copied().unwrap_or(FORMAT)
}

/// Unpacks the fields of a packed record, for [`read_fields`].
///
/// # Errors
/// As [`decode`].
pub fn unpack(kind: Kind, owner: u64, bytes: &[u8], place: &dyn fmt::Display) -> Result<Vec<u8>> {
    let packed = open(kind, owner, bytes, place)?;
    // The most that a block of LZ4 can hold; a size beyond it would only take memory.
    let most = packed.len().saturating_mul(255);
    let (size, block) =
        lz4_flex::block::uncompressed_size(packed).map_err(|_| Error::corrupt(place, "is cut off"))?;
    if size > most {
        return Err(Error::corrupt(place, "has an impossible size"));
    }
    lz4_flex::block::decompress(block, size).map_err(|_| Error::corrupt(place, "cannot be unpacked"))
}

/// Reads the fields of a record.
///
/// # Errors
/// `corrupt` if they are not those of such a record.
pub fn read_fields<'a, T: Deserialize<'a>>(fields: &'a [u8], place: &dyn fmt::Display) -> Result<T> {
    match postcard::take_from_bytes(fields) {
        Ok((record, [])) => Ok(record),
        Ok(_) => Err(Error::corrupt(place, "is longer than its fields")),
        Err(_) => Err(Error::corrupt(place, "cannot be read")),
    }
}

/// Checks the header of a record and returns what stands behind it.
fn open<'a>(kind: Kind, owner: u64, bytes: &'a [u8], place: &dyn fmt::Display) -> Result<&'a [u8]> {
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
        return Err(Error::corrupt(
            place,
            format_args!("is a record of kind {stored_kind}, not {}", kind as u8),
        ));
    }
    if format < FORMAT {
        return Ok(fields);
    }
    match fields.split_first_chunk() {
        Some((stored, fields)) if owner == ANY || *stored == owner.to_le_bytes() => Ok(fields),
        _ => Err(misplaced(place)),
    }
}

/// Reads all records of a table; `table` names it in an error.
///
/// # Errors
/// As [`decode`]; `corrupt` if one stands in the place of another as well.
pub fn decode_all<T: serde::de::DeserializeOwned>(
    kind: Kind,
    owner: u64,
    rows: &[Vec<u8>],
    table: &str,
) -> Result<Vec<T>> {
    check_different(rows, table)?;
    let place = |index| format!("record {index} of {table}");
    rows.iter().zip(1..).map(|(bytes, index)| decode(kind, owner, bytes, place(index))).collect()
}

/// Checks that of some records of a table none stands in the place of another as well: no two are the same.
///
/// # Errors
/// `corrupt` if two are.
pub fn check_different(rows: &[Vec<u8>], table: &str) -> Result<()> {
    // By their headers, which have their checksums.
    let header = |bytes: &Vec<u8>| bytes.first_chunk().map_or(0, |header| i64::from_le_bytes(*header));
    let order = ascending_order(rows.iter().map(header));
    let in_order = order.iter().filter_map(|&row| rows.get(row as usize));
    if in_order.is_sorted_by(|one, next| one != next) {
        Ok(())
    } else {
        Err(misplaced(&format_args!("a record of {table}")))
    }
}

/// Makes the error of a record that stands in the place of another.
pub fn misplaced(place: &dyn fmt::Display) -> Error {
    Error::corrupt(place, "is in the place of another")
}

fn checksum(header: &[u8], fields: &[u8]) -> [u8; 4] {
    crc32(&[header, fields]).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_with_any_byte_changed_or_cut_off_is_refused() {
        let bytes = encode(Kind::Counter, ANY, &12_345_u64).expect("a number");
        assert_eq!(decode::<u64>(Kind::Counter, ANY, &bytes, "it").expect("intact"), 12_345);
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[index] ^= 1 << bit;
                let error = decode::<u64>(Kind::Counter, ANY, &damaged, "counter x").expect_err("damaged");
                assert_eq!(error.kind(), ErrorKind::Corrupt);
                assert!(error.message().contains("counter x"), "{error}");
            }
            let error = decode::<u64>(Kind::Counter, ANY, &bytes[..index], "it").expect_err("cut off");
            assert_eq!(error.kind(), ErrorKind::Corrupt);
        }
    }

    #[test]
    fn a_record_of_another_owner_is_refused() {
        for encode in [encode::<u64>, encode_packed] {
            let bytes = encode(Kind::TailRow, 7, &12_345).expect("a number");
            for (owner, is_it) in [(7, true), (ANY, true), (8, false), (u64::MAX, false)] {
                assert_eq!(open(Kind::TailRow, owner, &bytes, &"it").is_ok(), is_it, "{owner}");
            }
        }
        // Format 1 had no owners.
        let bytes = encode(Kind::TailRow, ANY, &12_345_u64).expect("a number");
        assert_eq!(decode::<u64>(Kind::TailRow, 7, &bytes, "it").expect("of format 1"), 12_345);
    }

    #[test]
    fn a_record_of_a_newer_format_or_another_kind_is_refused() {
        let fields = b"1";
        let header = [MAGIC, FORMAT + 1, Kind::Counter as u8];
        let bytes = [header.as_slice(), &checksum(&header, fields), fields].concat();
        assert_eq!(
            decode::<u64>(Kind::Counter, ANY, &bytes, "it").expect_err("newer").kind(),
            ErrorKind::TooNew
        );
        let bytes = encode(Kind::Session, ANY, &1).expect("a number");
        assert_eq!(
            decode::<u64>(Kind::Counter, ANY, &bytes, "it").expect_err("other").kind(),
            ErrorKind::Corrupt
        );
    }
}
