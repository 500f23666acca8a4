//! Entries in columns: segments and their bytes, zone maps, and how queries run over them.
//!
//! How segments are stored is written down in `src/segment/FORMAT.md`.

mod columns;
mod head;
mod identifiers;
mod index;
mod lines;
mod messages;
mod metas;
mod tally;
mod window;

pub use columns::{Columns, Part};
pub use head::{Estimate, Head, Plan, Zone, count_statuses};
pub use identifiers::fingerprint;
pub use index::{Bounds, Position};
pub use tally::Tally;
pub use window::{Matches, Share, Touched, merge, touched};
