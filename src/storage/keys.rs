//! How keys are written: identifiers as UTF-8, numbers as eight bytes, big-endian, so that the order of
//! keys is the order of what they stand for.

use crate::medium::KeyRange;
use crate::segment::Part;

/// Writes the key of a number.
pub(super) fn number(number: u64) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

/// Writes the key of something numbered within a project.
pub(super) fn in_project(project_id: u64, number: u64) -> Vec<u8> {
    [project_id.to_be_bytes(), number.to_be_bytes()].concat()
}

/// Writes the key of something named within a project.
pub(super) fn named_in_project(project_id: u64, name: &str) -> Vec<u8> {
    [&project_id.to_be_bytes(), name.as_bytes()].concat()
}

/// All keys within a project.
pub(super) fn of_project(project_id: u64) -> KeyRange {
    KeyRange { start: number(project_id), end: project_id.checked_add(1).map(number) }
}

/// The keys within a project from a number on.
pub(super) fn of_project_from(project_id: u64, first: u64) -> KeyRange {
    KeyRange { start: in_project(project_id, first), end: project_id.checked_add(1).map(number) }
}

/// Reads the number at the end of a key.
pub(super) fn last_number(key: &[u8]) -> Option<u64> {
    key.last_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// Writes the key of a part of a segment.
pub(super) fn segment_part(project_id: u64, segment_id: u64, part: Part) -> Vec<u8> {
    [&in_project(project_id, segment_id), [part as u8].as_slice()].concat()
}

/// The keys of the parts of a project's segments from one to another, both included.
pub(super) fn of_segments(project_id: u64, first: u64, last: u64) -> KeyRange {
    let range = of_project_from(project_id, first);
    KeyRange { end: last.checked_add(1).map(|next| in_project(project_id, next)).or(range.end), ..range }
}

/// No keys.
pub(super) const NOTHING: KeyRange = KeyRange { start: Vec::new(), end: Some(Vec::new()) };

/// The keys of the numbers from one to another, both included.
pub(super) fn of_numbers(first: u64, last: u64) -> KeyRange {
    KeyRange { start: number(first), end: last.checked_add(1).map(number) }
}

/// Numbers as runs of those that follow each other without a gap, each as its first and its last: one request for a
/// run takes a fraction of what one for each number does.
pub(super) fn runs(numbers: &[u64]) -> impl Iterator<Item = (u64, u64)> {
    let runs = numbers.chunk_by(|number, next| number.checked_add(1) == Some(*next));
    runs.filter_map(|run| Some((*run.first()?, *run.last()?)))
}

/// The keys of numbers from one on.
pub(super) fn from_number(first: u64) -> KeyRange {
    KeyRange { start: number(first), end: None }
}
