//! Changes of documents, and agents' report cards.

use serde::{Deserialize, Serialize};

use super::{Meta, Time};

/// A change of a document, as stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocChange {
    /// Unique in the store, ascending.
    pub id: u64,
    /// The project's name.
    pub project: String,
    /// Which document.
    pub doc: String,
    /// Which part of it.
    pub section: Option<String>,
    /// What was done.
    pub action: String,
    /// Who did it.
    pub agent: Option<String>,
    /// Anything else.
    pub metadata: Meta,
    /// The document's hash before.
    pub sha_before: String,
    /// The document's hash after.
    pub sha_after: String,
    /// When it was recorded.
    pub created_at: Time,
}

/// What `record_doc_change` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewDocChange {
    /// Which document.
    pub doc: String,
    /// Which part of it.
    pub section: Option<String>,
    /// What was done.
    pub action: String,
    /// Who did it.
    pub agent: Option<String>,
    /// Anything else.
    pub metadata: Meta,
    /// The document's hash before.
    pub sha_before: String,
    /// The document's hash after.
    pub sha_after: String,
}

/// What is known of a document that an agent wrote, as stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportCard {
    /// The project's name.
    pub project: String,
    /// Which file; unique in the project.
    pub file_path: String,
    /// Whose work it is.
    pub agent_name: String,
    /// The stage of work.
    pub stage: Option<String>,
    /// A finite number.
    pub overall_grade: Option<f64>,
    /// A grade in words.
    pub performance_level: Option<String>,
    /// Anything else.
    pub metadata: Meta,
    /// When the file's first card was recorded.
    pub created_at: Time,
    /// When this one was.
    pub updated_at: Time,
}

/// What `record_agent_report_card` takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewReportCard {
    /// Which file; a second card of the same file replaces the first.
    pub file_path: String,
    /// Whose work it is.
    pub agent_name: String,
    /// The stage of work.
    pub stage: Option<String>,
    /// A finite number.
    pub overall_grade: Option<f64>,
    /// A grade in words.
    pub performance_level: Option<String>,
    /// Anything else.
    pub metadata: Meta,
}
