//! What is asked: criteria, text and metadata matching, windows, pages and cursors.

mod criteria;
mod cursor;
mod filter;
mod lower;
mod meta;
mod page;
mod pattern;
mod summary;
mod text;

pub use criteria::{Criteria, EntryFilters};
pub use cursor::Walk;
pub use filter::Filter;
pub use meta::{MetaFilter, Scalar};
pub use page::{MAX_PAGE_SIZE, Page, PageRequest, Window};
pub use pattern::{Literal, Pattern, Progress};
pub use summary::{Bucket, Bucketing, GroupBy, Summary};
pub use text::{TextMatcher, TextMode, TextQuery, push_folded};
