//! Removing the oldest entries of a log.

use std::rc::Rc;

use super::identifiers::{ENTRY_TABLES, last_segment};
use super::keys;
use super::logs::{TailRow, View};
use super::seal::{Sealed, in_order_of_seq};
use super::store::Store;
use crate::error::{Error, Result};
use crate::medium::{KeyRange, Medium, Pending, Table, Transaction};
use crate::model::{Chain, Change, Entry, PruneReport, Retention, Row};
use crate::segment::{Columns, Head, Part, Position};

impl<M: Medium> Store<M> {
    pub(crate) fn do_prune_entries<'a>(&'a self, retention: &'a Retention) -> Pending<'a, PruneReport> {
        Box::pin(async move {
            let pruned = self
                .write(&ENTRY_TABLES, async |transaction| {
                    let view = self.logs.catch_up(transaction, &retention.project).await?;
                    let up_to = self.last_to_go(transaction, &view, retention).await?;
                    let removed = up_to.saturating_sub(view.head.removed());
                    if removed == 0 {
                        return Ok((view, removed));
                    }
                    self.note(Change::of_project(&view.project.name, "pruned"));
                    Ok((self.cut(transaction, &view, up_to).await?, removed))
                })
                .await;
            self.parts.evict(self.logs.bytes());
            let (view, removed) = pruned?;
            let (remaining, first) = (view.count(), view.head.removed() + 1);
            self.logs.keep(view);
            Ok(PruneReport { removed, remaining, first_seq: (remaining > 0).then_some(first) })
        })
    }

    /// Returns the `seq` up to which no entry is to be kept.
    async fn last_to_go(
        &self,
        transaction: &dyn Transaction,
        view: &View,
        retention: &Retention,
    ) -> Result<u64> {
        // What stands here or behind it in the order of time is kept.
        let mut kept_from = retention.before.map(|ts| Position { ts, seq: 0 });
        if let Some(rank) = retention.keep_newest.and_then(|count| count.checked_sub(1)) {
            let Some(place) = self.nth_newest(transaction, view, rank).await? else {
                return Ok(view.head.removed());
            };
            kept_from = Some(kept_from.map_or(place, |from| from.min(place)));
        }
        let Some(kept_from) = kept_from else { return Ok(view.last_seq()) };
        let first_kept = |columns: &Columns| {
            let places = (0..columns.len()).filter_map(|row| columns.position(row));
            places.filter(|place| *place >= kept_from).map(|place| place.seq).min()
        };
        for zone in view.head.zones().iter().filter(|zone| zone.newest >= kept_from.ts) {
            let segments = self.parts.load(transaction, view, vec![zone], &[Part::Index]).await?;
            if let Some(seq) = segments.first().and_then(|columns| first_kept(columns)) {
                return Ok(seq - 1);
            }
        }
        Ok(first_kept(&view.tail).map_or(view.last_seq(), |seq| seq - 1))
    }

    /// Removes the entries up to a `seq`, and returns the state of the log without them.
    async fn cut(&self, transaction: &dyn Transaction, view: &View, up_to: u64) -> Result<View> {
        let name = view.project.name.as_str();
        let mut chain = view.head.start();
        let mut sealed = Sealed::new(view);
        // Of the one segment that is not removed as a whole: what is left of it, and the chain behind it.
        let mut rest: Vec<Entry> = Vec::new();
        let mut end = Chain::default();
        for zone in view.head.zones().iter().take_while(|zone| zone.first_seq <= up_to) {
            sealed.replaced.push(zone.id);
            self.parts.forget(zone);
            if zone.last_seq() <= up_to {
                chain = zone.chain;
                continue;
            }
            let segments = self.parts.load(transaction, view, vec![zone], &Part::ALL).await?;
            for columns in &segments {
                rest = in_order_of_seq(columns, name)?;
            }
            let gone = rest.iter().take_while(|entry| entry.seq <= up_to).count();
            for entry in rest.drain(..gone) {
                chain = chain.then(&Row::from(&entry));
            }
            end = zone.chain;
        }
        let project_id = view.project.id;
        if up_to > view.head.last_seq() {
            let bytes = transaction.get(Table::Tail, &keys::in_project(project_id, up_to)).await?;
            let place = format_args!("entry {up_to} of project {name:?}");
            let bytes = bytes.ok_or_else(|| Error::corrupt(place, "is missing"))?;
            chain = TailRow::decode(&bytes, &view.project, up_to)?.1;
        }
        let mut head = Head::behind(up_to, chain);
        if !rest.is_empty() {
            let rows: Vec<(u64, Row)> = rest.iter().map(|entry| (entry.seq, Row::from(entry))).collect();
            let id = last_segment(transaction).await? + 1;
            sealed.add(&mut head, id, &rows, end)?;
        }
        for zone in view.head.zones().iter().filter(|zone| zone.first_seq > up_to) {
            head.adopt(&view.head, zone);
        }
        let mut tail = Columns::of_tail(head.last_seq() + 1);
        for entry in in_order_of_seq(&view.tail, name)? {
            if entry.seq > up_to {
                tail.push(entry.seq, &Row::from(&entry));
            } else {
                sealed.tail_ids.push(entry.entry_id);
            }
        }
        tail.settle();
        sealed.tail = KeyRange { end: Some(keys::in_project(project_id, up_to + 1)), ..sealed.tail };
        sealed.view = View { tail: Rc::new(tail), chain: view.chain, ..sealed.view.with_head(head) };
        sealed.write(transaction)?;
        Ok(sealed.view)
    }
}
