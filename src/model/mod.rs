//! What is stored: records, times, metadata, the canonical log line.

mod agent;
mod chain;
mod change;
mod checksum;
mod dictionary;
mod document;
mod entry;
mod json;
mod line;
mod meta;
mod number;
mod order;
mod project;
pub mod record;
mod retention;
mod row;
mod texts;
mod time;
mod value;
mod verify;

pub use agent::{
    AgentEvent, AgentEventType, AgentProject, AgentSession, NewEvent, SessionStatus, SetAgentProject,
};
pub use chain::Chain;
pub use change::Change;
pub use checksum::crc32;
pub use dictionary::Dictionary;
pub use document::{DocChange, NewDocChange, NewReportCard, ReportCard};
pub use entry::{AppendEntry, Entry, Inserted, NewEntry, Status};
pub use json::{Scanner, members};
pub use line::{canonical_line, sha256_hex};
pub use meta::{Meta, Quoted, push_json_string};
pub use number::push_number;
pub use order::{ascending_order, in_ascending_order, in_descending_order};
pub use project::{NewProject, Project, ProjectMetrics, ProjectRef};
pub use retention::{PruneReport, Retention};
pub use row::Row;
pub use texts::{SparseTexts, StoredSparseTexts, StoredTexts, Texts};
pub use time::{Day, Time};
pub use value::{Json, Mistake, Object};
pub use verify::{BadReason, FirstBad, VerifyReport};
