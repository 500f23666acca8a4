//! Checking a project's log against its hashes.

use super::logs::{TailRow, View};
use super::search::LOG_TABLES;
use super::store::{ALL_ROWS, Store};
use super::{keys, projects::resolve};
use crate::error::Result;
use crate::medium::{Medium, Pending, Table, Transaction};
use crate::model::{BadReason, Chain, FirstBad, ProjectRef, Row, VerifyReport, ascending_order, sha256_hex};
use crate::segment::Part;

impl<M: Medium> Store<M> {
    pub(crate) fn do_verify_project<'a>(&'a self, project: &'a ProjectRef) -> Pending<'a, VerifyReport> {
        Box::pin(async move {
            let report = self
                .read(&LOG_TABLES, async |transaction| {
                    // What is in memory was checked when it was read; this is about what is stored.
                    let stored = resolve(transaction, project).await?;
                    let view = View::of_segments(transaction, stored).await?;
                    let removed = view.head.removed();
                    let mut walk = Walk { last: removed, chain: view.head.start(), ..Walk::default() };
                    self.walk_segments(transaction, &view, &mut walk).await?;
                    walk_tail(transaction, &view, &mut walk).await?;
                    Ok(VerifyReport::new(removed + 1, walk.last, walk.chain, walk.first_bad))
                })
                .await;
            self.parts.evict(self.logs.bytes());
            report
        })
    }

    async fn walk_segments(&self, transaction: &dyn Transaction, view: &View, walk: &mut Walk) -> Result<()> {
        for zone in view.head.zones() {
            self.parts.forget(zone);
            let segments = self.parts.load(transaction, view, vec![zone], &Part::ALL).await?;
            for columns in &segments {
                let seq = |row| columns.position(row).map_or(0, |place| place.seq.cast_signed());
                for row in ascending_order((0..columns.len()).map(seq)) {
                    let entry = columns.entry(row, &view.project.name)?;
                    walk.step(entry.seq, &Row::from(&entry));
                }
            }
            walk.compare(zone.last_seq(), zone.chain);
            self.parts.evict(self.logs.bytes());
        }
        Ok(())
    }
}

async fn walk_tail(transaction: &dyn Transaction, view: &View, walk: &mut Walk) -> Result<()> {
    let range = keys::of_project_from(view.project.id, view.head.last_seq() + 1);
    for bytes in transaction.scan(Table::Tail, &range, ALL_ROWS).await? {
        let (seq, row, chain) = TailRow::decode_any(&bytes, &view.project.name)?;
        while walk.last + 1 < seq {
            walk.last += 1;
            walk.found(walk.last, None, BadReason::Missing);
        }
        walk.step(seq, &row);
        walk.compare(seq, chain);
    }
    Ok(())
}

/// A walk over a log, in the order of `seq`.
#[derive(Default)]
struct Walk {
    /// The `seq` of the last entry.
    last: u64,
    chain: Chain,
    first_bad: Option<FirstBad>,
    /// The identifier of the last entry.
    entry_id: String,
}

impl Walk {
    fn step(&mut self, seq: u64, row: &Row<'_>) {
        self.last = seq;
        self.chain = self.chain.then(row);
        row.entry_id.clone_into(&mut self.entry_id);
        if self.first_bad.is_none() && sha256_hex(row.raw_line) != row.sha256 {
            self.found(seq, Some(row.entry_id.to_owned()), BadReason::LineHash);
        }
    }

    /// Compares the chain with what is stored of it behind the entry `seq`.
    fn compare(&mut self, seq: u64, stored: Chain) {
        if self.chain != stored {
            self.found(seq, Some(self.entry_id.clone()), BadReason::Chain);
        }
    }

    fn found(&mut self, seq: u64, entry_id: Option<String>, reason: BadReason) {
        self.first_bad.get_or_insert(FirstBad { seq, entry_id, reason });
    }
}
