//! Counting entries by time, and by who or what.

use std::collections::BinaryHeap;

use super::columns::Columns;
use super::head::{Estimate, Head, Plan, Zone};
use crate::error::{Error, Result};
use crate::model::{Dictionary, Time, ascending_order, in_descending_order};
use crate::query::{Bucket, Bucketing, Summary};

/// The most counts that a summary may have: those of its buckets, and of each bucket's groups.
const MOST: usize = 1_000_000;

/// Midnight of the first day that there is.
const FIRST_DAY: i64 = -62_135_596_800_000_000;

/// Counts under way.
#[derive(Debug)]
pub struct Tally {
    bucketing: Bucketing,
    /// The length of a bucket in microseconds.
    width: i64,
    /// Names of groups. A group's number is one more than its name's; that of what has no name is 0.
    names: Dictionary,
    /// In any order.
    runs: Vec<Run>,
}

/// How many entries of a bucket are of a group; not necessarily all of them.
#[derive(Debug)]
struct Run {
    /// When the bucket begins.
    start: i64,
    group: u32,
    count: u32,
}

impl Tally {
    /// Begins to count.
    #[must_use]
    pub fn new(bucketing: Bucketing) -> Self {
        let width = i64::try_from(bucketing.millis).unwrap_or(i64::MAX).saturating_mul(1000).max(1);
        Self { bucketing, width, names: Dictionary::default(), runs: Vec::new() }
    }

    fn start_of(&self, time: Time) -> i64 {
        time.as_micros().div_euclid(self.width).saturating_mul(self.width)
    }

    /// Counts what matches in a segment, if its zone map tells, and returns whether it does.
    pub fn add_zone(&mut self, head: &Head, plan: &Plan<'_>, zone: &Zone) -> bool {
        let start = self.start_of(zone.oldest);
        let Estimate::Exactly(count) = plan.estimate(zone) else { return false };
        if start != self.start_of(zone.newest) {
            return false;
        }
        let Some(by) = self.bucketing.by else {
            self.runs.push(Run { start, group: 0, count });
            return true;
        };
        let Some(groups) = head.counts(plan, zone, by) else { return false };
        // If they are more, something else is asked for as well that only some of them have.
        if groups.iter().map(|(_, count)| count).sum::<u32>() != count {
            return false;
        }
        for (name, count) in groups {
            let group = name.map_or(0, |name| self.names.number(name) + 1);
            self.runs.push(Run { start, group, count });
        }
        true
    }

    /// Counts rows of a segment or of the tail, oldest first.
    ///
    /// # Errors
    /// `internal` if the numbers are not in memory.
    pub fn add_rows(&mut self, columns: &Columns, rows: &[u32]) -> Result<()> {
        let index = columns.index()?;
        let mut groups = vec![0];
        let column = match self.bucketing.by {
            Some(by) => {
                let (column, names) = index.column(by);
                groups.extend(names.strings().iter().map(|name| self.names.number(name) + 1));
                column
            }
            None => &[],
        };
        let mut counts = vec![0; groups.len()];
        // Rows come oldest first, so that each bucket's stand together.
        let mut used: Vec<usize> = Vec::new();
        let mut start = None;
        for &row in rows {
            let Some(time) = index.ts(row) else { continue };
            if start.is_none_or(|start| time.as_micros().saturating_sub(start) >= self.width) {
                self.take(start, &groups, &mut used, &mut counts);
                start = Some(self.start_of(time));
            }
            // The number of no agent is the one that becomes 0.
            let group = column.get(row as usize).map_or(0, |number| number.wrapping_add(1)) as usize;
            if let Some(count) = counts.get_mut(group) {
                if *count == 0 {
                    used.push(group);
                }
                *count += 1;
            }
        }
        self.take(start, &groups, &mut used, &mut counts);
        Ok(())
    }

    /// Takes over what was counted of a bucket.
    fn take(&mut self, start: Option<i64>, groups: &[u32], used: &mut Vec<usize>, counts: &mut [u32]) {
        for place in used.drain(..) {
            if let (Some(start), Some(&group), Some(count)) =
                (start, groups.get(place), counts.get_mut(place))
            {
                self.runs.push(Run { start, group, count: std::mem::take(count) });
            }
        }
    }

    /// Puts everything in order.
    ///
    /// # Errors
    /// `invalid_argument` if there are so many buckets and groups that the result would be too large.
    pub fn finish(self) -> Result<Summary> {
        let Self { bucketing: Bucketing { millis, by }, names, runs, .. } = self;
        let mut totals = vec![0_u64; names.len() as usize + 1];
        for Run { group, count, .. } in &runs {
            totals.get_mut(*group as usize).into_iter().for_each(|total| *total += u64::from(*count));
        }
        // By name first, so that groups as frequent as each other are in that order.
        let mut by_name = Vec::new();
        for (name, group) in names.strings().iter().zip(1_usize..) {
            by_name.push((name.to_owned(), group));
        }
        let mut found = vec![(None, 0)];
        for (name, group) in BinaryHeap::from(by_name).into_sorted_vec() {
            found.push((Some(name), group));
        }
        let total = |group: usize| totals.get(group).copied().unwrap_or_default().cast_signed();
        let mut groups = Vec::new();
        let mut ranks = vec![0; totals.len()];
        for (name, group) in in_descending_order(found, |(_, group)| total(*group)) {
            if by.is_some() && total(group) > 0 {
                ranks.get_mut(group).into_iter().for_each(|rank| *rank = groups.len());
                groups.push(name);
            }
        }
        let (mut buckets, mut last) = (Vec::new(), None);
        for place in ascending_order(runs.iter().map(|run| run.start)) {
            let Some(&Run { start, group, count }) = runs.get(place as usize) else { continue };
            if last != Some(start) {
                last = Some(start);
                if (buckets.len() + 1).saturating_mul(groups.len() + 1) > MOST {
                    return Err(Error::invalid(
                        "`bucket` is too short: this makes more than 1,000,000 counts",
                    ));
                }
                let first = Time::from_micros(start.max(FIRST_DAY))?;
                buckets.push(Bucket { start: first, count: 0, counts: vec![0; groups.len()] });
            }
            let Some(bucket) = buckets.last_mut() else { continue };
            bucket.count += u64::from(count);
            let rank = ranks.get(group as usize).copied().unwrap_or_default();
            bucket.counts.get_mut(rank).into_iter().for_each(|sum| *sum += u64::from(count));
        }
        Ok(Summary { bucket_ms: millis, total_count: totals.iter().sum(), groups, buckets })
    }
}
