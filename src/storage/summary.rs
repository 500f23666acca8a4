//! Counting entries by time.

use super::search::{BATCH, LOG_TABLES};
use super::store::Store;
use crate::medium::{Medium, Pending};
use crate::model::ProjectRef;
use crate::query::{Bucketing, Criteria, Filter, Summary};
use crate::segment::{Bounds, Part, Tally};

impl<M: Medium> Store<M> {
    pub(crate) fn do_summarize_entries<'a>(
        &'a self,
        project: &'a ProjectRef,
        criteria: &'a Criteria,
        bucketing: Bucketing,
    ) -> Pending<'a, Summary> {
        Box::pin(async move {
            let filter = Filter::compile(criteria)?;
            let parts = Part::needed_by(&filter);
            let tally = self
                .read(&LOG_TABLES, async |transaction| {
                    let view = self.logs.catch_up(transaction, project).await?;
                    let mut tally = Tally::new(bucketing);
                    let plan = view.head.plan(&filter, Bounds::NONE);
                    let mut unknown = Vec::new();
                    for zone in view.head.zones() {
                        if !tally.add_zone(&view.head, &plan, zone) {
                            unknown.push(zone);
                        }
                    }
                    for batch in unknown.chunks(BATCH) {
                        let segments = self.parts.load(transaction, &view, batch.to_vec(), &parts).await?;
                        for columns in &segments {
                            tally.add_columns(columns, &filter)?;
                        }
                        drop(segments);
                        self.parts.evict(self.logs.bytes());
                    }
                    tally.add_columns(&view.tail, &filter)?;
                    Ok(tally)
                })
                .await;
            self.parts.evict(self.logs.bytes());
            tally?.finish()
        })
    }
}
