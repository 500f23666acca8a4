//! Which entries are in a window of the matches of several segments.

use super::columns::Columns;
use super::index::Position;
use crate::error::Result;
use crate::model::{Time, ascending_order};
use crate::query::Window;

/// How many matches a segment has, and between which times they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// None is older.
    pub oldest: Time,
    /// None is newer.
    pub newest: Time,
}

/// Which segments a window touches.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Their places in the list that was given.
    pub shares: Vec<usize>,
    /// How many matches of other segments are newer than all of theirs that are in the window.
    pub before: u64,
}

/// Finds which segments a window touches, without looking at their rows.
///
/// A segment's matches have ranks between the number of matches that are surely newer than all of its own, and
/// that of those which may be newer than its oldest one.
#[must_use]
pub fn touched(shares: &[Share], window: Window) -> Touched {
    let end = window.offset.saturating_add(window.limit);
    let by_oldest = Sums::new(shares, |share| share.oldest);
    let by_newest = Sums::new(shares, |share| share.newest);
    let all = by_oldest.below(i64::MAX);
    let mut touched = Touched::default();
    for (place, share) in shares.iter().enumerate().filter(|(_, share)| share.count > 0) {
        let first = all - by_oldest.below(share.newest.as_micros() + 1);
        let last = all - by_newest.below(share.oldest.as_micros());
        if first < end && last > window.offset {
            touched.shares.push(place);
        } else if last <= window.offset {
            touched.before += share.count;
        }
    }
    touched
}

/// Counts of matches by a time of their segments.
struct Sums {
    /// Ascending.
    micros: Vec<i64>,
    /// How many matches the segments before each of those times have.
    sums: Vec<u64>,
}

impl Sums {
    fn new(shares: &[Share], time: impl Fn(&Share) -> Time) -> Self {
        let micros = |share: &Share| time(share).as_micros();
        let order = ascending_order(shares.iter().map(micros));
        let mut sums = Self { micros: Vec::with_capacity(order.len()), sums: vec![0] };
        let mut sum = 0;
        for share in order.into_iter().filter_map(|place| shares.get(place as usize)) {
            sum += share.count;
            sums.micros.push(micros(share));
            sums.sums.push(sum);
        }
        sums
    }

    /// Returns how many matches the segments have whose time is below a bound.
    fn below(&self, bound: i64) -> u64 {
        let place = self.micros.partition_point(|&micros| micros < bound);
        self.sums.get(place).copied().unwrap_or_default()
    }
}

/// The matches of one segment, oldest first.
#[derive(Debug)]
pub struct Matches<'a> {
    /// The segment.
    pub columns: &'a Columns,
    /// Its rows that match.
    pub rows: &'a [u32],
}

/// Returns a window of the matches of several segments, newest first: for each, which of the segments it is
/// in, and its row.
///
/// # Errors
/// `internal` if a segment's numbers are not in memory.
pub fn merge(matches: &[Matches<'_>], window: Window) -> Result<Vec<(usize, u32)>> {
    if let [Matches { rows, .. }] = matches {
        let at = |rank: u64| usize::try_from(rank).unwrap_or(usize::MAX);
        let newest_first = rows.iter().rev().skip(at(window.offset)).take(at(window.limit));
        return Ok(newest_first.map(|&row| (0, row)).collect());
    }
    let mut left: Vec<(&[u32], Option<Position>)> = Vec::with_capacity(matches.len());
    for Matches { columns, rows } in matches {
        columns.index()?;
        left.push((rows, newest(columns, rows)));
    }
    let mut found = Vec::new();
    let mut rank = 0;
    while rank < window.offset.saturating_add(window.limit) {
        let Some((place, _)) = left
            .iter()
            .enumerate()
            .filter(|(_, (_, newest))| newest.is_some())
            .max_by_key(|(_, (_, newest))| *newest)
        else {
            break;
        };
        let (Some((rows, next)), Some(segment)) = (left.get_mut(place), matches.get(place)) else { break };
        let Some((&row, rest)) = rows.split_last() else { break };
        if rank >= window.offset {
            found.push((place, row));
        }
        *rows = rest;
        *next = newest(segment.columns, rest);
        rank += 1;
    }
    Ok(found)
}

fn newest(columns: &Columns, rows: &[u32]) -> Option<Position> {
    columns.position(*rows.last()?)
}
