//! What can become of a stored record.

use scribe_store::model::crc32;

use super::scene::Record;

/// The head of a record: magic, format, kind, checksum.
const HEADER: usize = 7;
const FORMAT_AT: usize = 1;
/// The newest format.
const NEWEST: u8 = 2;
const CHECKSUM_AT: usize = 3;

/// Records of up to so many bytes are damaged at every byte, others at so many.
const SMALL: usize = 64;
const SOME: usize = 16;
/// How many replacements a sample has.
const FEW: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// A bit of this byte is another.
    Flipped(usize),
    /// Only so many bytes are left.
    Truncated(usize),
    /// There is no such record.
    Missing,
    /// A newer release wrote it.
    Newer,
    /// It has the value of the record at this place in the list of all.
    Replaced(usize),
    /// Its fields are others, and its checksum fits.
    Forged(Forgery),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgery {
    /// No fields.
    Empty,
    /// Bytes that are no such fields: lengths beyond the end.
    Other,
    /// A byte more.
    Longer,
    /// A byte less.
    Shorter,
}

fn close(header: &[u8], fields: &[u8]) -> Vec<u8> {
    let header = &header[..CHECKSUM_AT];
    [header, &crc32(&[header, fields]).to_le_bytes(), fields].concat()
}

impl Damage {
    /// Returns what stands in a record's place then.
    pub fn done_to(&self, record: &Record, all: &[Record]) -> Option<Vec<u8>> {
        let mut value = record.value.clone();
        let (header, fields) = record.value.split_at(HEADER);
        Some(match self {
            Self::Flipped(at) => {
                value[*at] ^= 1 << (at % 8);
                value
            }
            Self::Truncated(length) => {
                value.truncate(*length);
                value
            }
            Self::Missing => return None,
            Self::Newer => {
                value[FORMAT_AT] = NEWEST + 1;
                close(&value, fields)
            }
            Self::Replaced(by) => all[*by].value.clone(),
            Self::Forged(Forgery::Empty) => close(header, &[]),
            Self::Forged(Forgery::Other) => close(header, &[0xFF; 24]),
            Self::Forged(Forgery::Longer) => close(header, &[fields, &[0]].concat()),
            Self::Forged(Forgery::Shorter) => close(header, &fields[..fields.len() - 1]),
        })
    }
}

fn places(length: usize) -> Vec<usize> {
    if length <= SMALL {
        return (0..length).collect();
    }
    let mut places: Vec<usize> = (0..HEADER + 5).collect();
    places.extend((0..SOME).map(|number| number * length / SOME));
    places.push(length - 1);
    places.sort_unstable();
    places.dedup();
    places
}

/// Bytes flipped.
pub fn flips(record: &Record) -> Vec<Damage> {
    places(record.value.len()).into_iter().map(Damage::Flipped).collect()
}

/// Bytes lost at the end.
pub fn truncations(record: &Record) -> Vec<Damage> {
    places(record.value.len()).into_iter().map(Damage::Truncated).collect()
}

/// The record missing, of a newer format, or of other fields.
pub fn wholes() -> Vec<Damage> {
    use Forgery::{Empty, Longer, Other, Shorter};
    let forged = [Empty, Other, Longer, Shorter].map(Damage::Forged);
    [Damage::Missing, Damage::Newer].into_iter().chain(forged).collect()
}

/// Every other record of the same table in its place, and the first of each other.
pub fn replacements(record: &Record, all: &[Record]) -> Vec<Damage> {
    let is_first = |place: usize| place == 0 || all[place - 1].table != all[place].table;
    let is_wanted = |&place: &usize| {
        all[place].value != record.value && (all[place].table == record.table || is_first(place))
    };
    (0..all.len()).filter(is_wanted).map(Damage::Replaced).collect()
}

/// One of each kind of damage, for what takes long.
pub fn sample(record: &Record, all: &[Record]) -> Vec<Damage> {
    let length = record.value.len();
    let mut damages = vec![Damage::Flipped(length - 1), Damage::Truncated(length / 2)];
    damages.extend([Damage::Missing, Damage::Newer, Damage::Forged(Forgery::Other)]);
    let replacements = replacements(record, all);
    let step = replacements.len().div_ceil(FEW).max(1);
    damages.extend(replacements.into_iter().step_by(step));
    damages
}
