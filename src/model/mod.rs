//! What is stored: records, times, metadata, the canonical log line.

mod agent;
mod checksum;
mod document;
mod entry;
mod line;
mod meta;
mod order;
mod project;
mod time;

pub use agent::{
    AgentEvent, AgentEventType, AgentProject, AgentSession, NewEvent, SessionStatus, SetAgentProject,
};
pub use checksum::crc32;
pub use document::{DocChange, NewDocChange, NewReportCard, ReportCard};
pub use entry::{AppendEntry, Entry, Inserted, NewEntry, Status};
pub use line::{canonical_line, sha256_hex};
pub use meta::Meta;
pub use order::{ascending_order, in_descending_order};
pub use project::{NewProject, Project, ProjectMetrics, ProjectRef};
pub use time::{Day, Time};
