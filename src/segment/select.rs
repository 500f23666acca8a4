//! Running a query over a table.

use super::table::{NO_AGENT, Table};
use super::texts::Texts;
use crate::model::Time;
use crate::query::{Filter, MetaFilter, TextMatcher, Window, push_folded};

/// The rows of a window, newest first, and how many rows match in all.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Rows, newest first.
    pub rows: Vec<u32>,
    /// How many rows match, in the window or not.
    pub total: u64,
}

/// A place in the order of entries: that of an entry already seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Its time.
    pub ts: Time,
    /// Its `seq`.
    pub seq: u64,
}

impl Table {
    /// Selects the entries that match, among those whose `seq` is at most `up_to`.
    #[must_use]
    pub fn select(&self, filter: &Filter, up_to: u64, window: Window) -> Selection {
        let mut selection = Selection::default();
        let end = window.offset.saturating_add(window.limit);
        self.scan(filter, up_to, self.by_time.len(), |row| {
            if (window.offset..end).contains(&selection.total) {
                selection.rows.push(row);
            }
            selection.total += 1;
            true
        });
        selection
    }

    /// Selects the newest `limit` entries that match and stand behind `after` in the order, among those
    /// whose `seq` is at most `up_to`.
    #[must_use]
    pub fn select_after(
        &self,
        filter: &Filter,
        up_to: u64,
        after: Option<Position>,
        limit: usize,
    ) -> Vec<u32> {
        let end = after.map_or(self.by_time.len(), |after| {
            self.by_time.partition_point(|&row| self.position(row) < Some(after))
        });
        let mut rows = Vec::new();
        self.scan(filter, up_to, end, |row| {
            rows.push(row);
            rows.len() < limit
        });
        rows
    }

    /// Returns a row's place in the order.
    #[must_use]
    pub fn position(&self, row: u32) -> Option<Position> {
        let ts = *self.ts.get(row as usize)?;
        Some(Position { ts, seq: u64::from(row) + 1 })
    }

    /// Calls `visit` with the rows that match, newest first, until it returns false. Only the first `end`
    /// rows by time are looked at.
    fn scan(&self, filter: &Filter, up_to: u64, end: usize, mut visit: impl FnMut(u32) -> bool) {
        let agents = (!filter.agents.is_empty()).then(|| self.agents.mask(&filter.agents));
        let emojis = (!filter.emojis.is_empty()).then(|| self.emojis.mask(&filter.emojis));
        let text = filter.text.as_ref().map(|matcher| Messages::new(self, matcher));
        for &row in self.within(filter.start, filter.end, end).iter().rev() {
            let matches = u64::from(row) < up_to
                && agents.as_ref().is_none_or(|mask| is_set(mask, self.agent.get(row as usize)))
                && emojis.as_ref().is_none_or(|mask| is_set(mask, self.emoji.get(row as usize)))
                && text.as_ref().is_none_or(|messages| messages.matches(row))
                && self.meta_matches(&filter.meta, row);
            if matches && !visit(row) {
                break;
            }
        }
    }

    /// Returns those of the first `end` rows by time that lie between two times.
    fn within(&self, start: Option<Time>, last: Option<Time>, end: usize) -> &[u32] {
        let ts = |row: u32| self.ts.get(row as usize).copied();
        let from = start.map_or(0, |start| self.by_time.partition_point(|&row| ts(row) < Some(start)));
        let to = last.map_or(end, |last| self.by_time.partition_point(|&row| ts(row) <= Some(last)).min(end));
        self.by_time.get(from..to).unwrap_or(&[])
    }

    fn meta_matches(&self, filters: &[MetaFilter], row: u32) -> bool {
        filters.is_empty()
            || serde_json::from_str(self.meta.get(row))
                .is_ok_and(|meta| filters.iter().all(|filter| filter.matches(&meta)))
    }
}

fn is_set(mask: &[bool], number: Option<&u32>) -> bool {
    match number {
        None | Some(&NO_AGENT) => false,
        Some(&number) => mask.get(number as usize).copied().unwrap_or(false),
    }
}

/// The messages of a table, as a matcher wants them.
struct Messages<'a> {
    matcher: &'a TextMatcher,
    texts: MessageTexts<'a>,
}

enum MessageTexts<'a> {
    AsWritten(&'a Texts),
    Folded(std::cell::Ref<'a, Texts>),
}

impl<'a> Messages<'a> {
    fn new(table: &'a Table, matcher: &'a TextMatcher) -> Self {
        if !matcher.wants_folded() {
            return Self { matcher, texts: MessageTexts::AsWritten(&table.message) };
        }
        {
            let mut folded = table.folded.borrow_mut();
            let rows = u32::try_from(table.message.len()).unwrap_or(u32::MAX);
            for row in u32::try_from(folded.len()).unwrap_or(rows)..rows {
                folded.push_with(|buffer| push_folded(buffer, table.message.get(row)));
            }
        }
        Self { matcher, texts: MessageTexts::Folded(table.folded.borrow()) }
    }

    fn matches(&self, row: u32) -> bool {
        self.matcher.matches(match &self.texts {
            MessageTexts::AsWritten(texts) => texts.get(row),
            MessageTexts::Folded(texts) => texts.get(row),
        })
    }
}
