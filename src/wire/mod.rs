//! Arguments and results as JSON text, the form in which they cross from and to JavaScript.
//!
//! Decoding is strict: an unknown key, a wrong type or a value out of range is `invalid_argument`, and the
//! message names it. A typo must not widen a result.

mod agents;
mod backup;
mod documents;
mod entries;
mod fields;
mod json;
mod open;
mod projects;
mod queries;
mod quick;
mod results;

pub use agents::{
    EventQuery, SessionQuery, SessionUpsert, agent_id, event_query, idle_micros, session_id, session_query,
    session_upsert, set_agent_project,
};
pub use backup::restored;
pub use documents::{CardQuery, ChangeQuery, card_query, change_query, doc_change, report_card};
pub use entries::{append_entry, completed_entry, entries, entry_id, new_entry};
pub use open::{Backend, OpenOptions, open_options};
pub use projects::{new_project, project, project_name, retention};
pub use queries::{
    CountQuery, PageQuery, Query, RecentQuery, SummaryQuery, count_query, iteration, page_query, query,
    recent_count, recent_page_query, recent_query, summary_query,
};
pub use results::ToJson;
