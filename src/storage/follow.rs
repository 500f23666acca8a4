//! Entries in the order of `seq`, for those who follow a log.

use std::rc::Rc;

use super::backend::Following;
use super::logs::View;
use super::search::LOG_TABLES;
use super::store::Store;
use crate::error::Result;
use crate::medium::{Medium, Pending, Transaction};
use crate::model::ProjectRef;
use crate::query::{Criteria, Filter};
use crate::segment::{Bounds, Columns, Estimate, Part, Zone};

impl<M: Medium> Store<M> {
    pub(crate) fn do_follow_entries<'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        from_seq: Option<u64>,
        limit: usize,
    ) -> Pending<'a, Following> {
        Box::pin(async move {
            let filter = Filter::compile(criteria)?;
            let following = self
                .read(&LOG_TABLES, async |transaction| {
                    let view = self.logs.catch_up(transaction, project).await?;
                    self.read_on(transaction, &view, &filter, from_seq, limit).await
                })
                .await;
            self.parts.evict(self.logs.bytes());
            following
        })
    }

    async fn read_on(
        &self,
        transaction: &dyn Transaction,
        view: &View,
        filter: &Filter,
        from_seq: Option<u64>,
        limit: usize,
    ) -> Result<Following> {
        let behind = view.last_seq() + 1;
        let (project, from) = ((*view.project).clone(), from_seq.unwrap_or(behind));
        let mut following = Following { project, entries: Vec::new(), next_seq: from, is_all: true };
        let plan = view.head.plan(filter, Bounds::NONE);
        let may_match = |zone: &&Zone| zone.last_seq() >= from && plan.estimate(zone) != Estimate::Exactly(0);
        let zones = view.head.zones().iter().filter(may_match);
        for zone in zones.map(Some).chain([None]) {
            // Of a segment first what tells which entries match.
            let columns = match zone {
                Some(zone) => {
                    self.parts.evict(self.logs.bytes());
                    self.parts.load(transaction, view, vec![zone], &Part::needed_by(filter)).await?.pop()
                }
                None => Some(Rc::clone(&view.tail)),
            };
            let Some(columns) = columns else { continue };
            let rows = rows_from(&columns, filter, from)?;
            if let Some(zone) = zone.filter(|_| !rows.is_empty()) {
                self.parts.load(transaction, view, vec![zone], &Part::ALL).await?;
            }
            let room = limit.saturating_sub(following.entries.len());
            for (seq, row) in rows.iter().take(room) {
                following.entries.push(columns.entry(*row, &view.project.name)?);
                following.next_seq = seq + 1;
            }
            if rows.len() >= room {
                following.is_all = false;
                return Ok(following);
            }
        }
        following.next_seq = behind.max(from);
        Ok(following)
    }
}

/// Returns the rows that match from a `seq` on, each behind its `seq`, in that order.
fn rows_from(columns: &Columns, filter: &Filter, from: u64) -> Result<Vec<(u64, u32)>> {
    let rows = columns.select(filter, Bounds::NONE)?.into_iter();
    let mut rows: Vec<(u64, u32)> = rows
        .filter_map(|row| Some((columns.position(row)?.seq, row)))
        .filter(|(seq, _)| *seq >= from)
        .collect();
    rows.sort_unstable();
    Ok(rows)
}
