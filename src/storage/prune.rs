//! Removing the oldest entries of a log.

use std::rc::Rc;

use super::identifiers::{ENTRY_TABLES, last_segment};
use super::keys;
use super::logs::View;
use super::seal::{Sealed, in_order_of_seq};
use super::store::Store;
use crate::error::Result;
use crate::medium::{Medium, Pending};
use crate::model::{Change, PruneReport, Retention, Row};
use crate::segment::{Columns, Head, Part, Position};

impl<M: Medium> Store<M> {
    pub(crate) fn do_prune_entries<'a>(&'a self, retention: &'a Retention) -> Pending<'a, PruneReport> {
        Box::pin(async move {
            let pruned = self
                .write(&ENTRY_TABLES, async |transaction| {
                    let view = self.logs.catch_up(transaction, &retention.project).await?;
                    // What stands here or behind it in the order of time is kept.
                    let mut kept_from = retention.before.map(|ts| Position { ts, seq: 0 });
                    if let Some(rank) = retention.keep_newest.and_then(|count| count.checked_sub(1)) {
                        let nth = self.nth_newest(transaction, &view, rank).await?;
                        let Some(nth) = nth else { return Ok((view, 0)) };
                        kept_from = Some(kept_from.map_or(nth, |from| from.min(nth)));
                    }
                    let (mut up_to, mut segment) = (view.last_seq(), None);
                    for zone in view.head.zones() {
                        if kept_from.is_some_and(|from| zone.newest >= from.ts) {
                            let zone = vec![zone];
                            segment = self.parts.load(transaction, &view, zone, &Part::ALL).await?.pop();
                            if find_kept(segment.as_deref(), kept_from, &mut up_to) {
                                break;
                            }
                        }
                    }
                    if up_to == view.last_seq() {
                        find_kept(Some(&view.tail), kept_from, &mut up_to);
                    }
                    let removed = up_to - view.head.removed();
                    if removed == 0 {
                        return Ok((view, 0));
                    }
                    let id = last_segment(transaction).await? + 1;
                    let sealed = cut(&view, up_to, segment.as_deref(), id)?;
                    sealed.write(transaction)?;
                    self.note(Change::of_project(&view.project.name, "pruned"));
                    Ok((sealed.view, removed))
                })
                .await;
            self.parts.evict(self.logs.bytes());
            let (view, removed) = pruned?;
            let (remaining, first) = (view.count(), view.head.removed() + 1);
            self.logs.keep(view);
            Ok(PruneReport { removed, remaining, first_seq: (remaining > 0).then_some(first) })
        })
    }
}

/// Looks for the first entry that is to be kept. If there is one, entries may go up to the one before it.
fn find_kept(columns: Option<&Columns>, kept_from: Option<Position>, up_to: &mut u64) -> bool {
    let mut first = None;
    for row in 0..columns.map_or(0, Columns::len) {
        let place = columns.and_then(|columns| columns.position(row));
        if let Some(place) = place.filter(|place| kept_from.is_some_and(|from| *place >= from))
            && first.is_none_or(|first| place.seq < first)
        {
            first = Some(place.seq);
        }
    }
    if let Some(first) = first {
        *up_to = first - 1;
    }
    first.is_some()
}

/// Cuts off the entries up to a `seq`. If the next one is in a segment, that segment is given, whole in memory; what is
/// left of it gets the number given.
fn cut(view: &View, up_to: u64, segment: Option<&Columns>, id: u64) -> Result<Sealed> {
    let mut sealed = Sealed::new(view);
    let mut chain = view.head.start();
    // The chain behind the segment that is not removed as a whole.
    let mut end = None;
    for zone in view.head.zones().iter().take_while(|zone| zone.first_seq <= up_to) {
        sealed.replaced.push(zone.id);
        if zone.last_seq() <= up_to {
            chain = zone.chain;
        } else {
            end = Some(zone.chain);
        }
    }
    let segment = segment.filter(|_| up_to < view.head.last_seq());
    let mut gone = in_order_of_seq(segment.unwrap_or(&view.tail), &view.project.name)?;
    let rest = gone.split_off(gone.partition_point(|entry| entry.seq <= up_to));
    for entry in &gone {
        chain = chain.then(&Row::from(entry));
    }
    if up_to == view.last_seq() {
        chain = view.chain;
    }
    let mut head = Head::behind(up_to, chain);
    let rows: Vec<(u64, Row)> = rest.iter().map(|entry| (entry.seq, Row::from(entry))).collect();
    let mut tail = Rc::clone(&view.tail);
    if segment.is_none() {
        let mut columns = Columns::of_tail(up_to + 1);
        for (seq, row) in &rows {
            columns.push(*seq, row);
        }
        tail = Rc::new(columns);
        sealed.tail_ids = gone.into_iter().map(|entry| entry.entry_id).collect();
        sealed.tail.end = Some(keys::in_project(view.project.id, up_to + 1));
    } else if let Some(end) = end {
        sealed.add(&mut head, id, &rows, end)?;
    }
    for zone in view.head.zones().iter().filter(|zone| zone.first_seq > up_to) {
        head.adopt(&view.head, zone);
    }
    sealed.view = View { tail, chain: view.chain, ..view.with_head(head) };
    Ok(sealed)
}
