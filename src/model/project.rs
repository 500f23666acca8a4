//! Projects and their metrics.

use serde::{Deserialize, Serialize};

use super::{Quoted, Time};

/// A project, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Unique in the store, never reused.
    pub id: u64,
    /// Unique, exact, case-sensitive, not empty.
    pub name: String,
    /// Where the project's files are.
    pub repo_root: String,
    /// Where its log is written as text.
    pub progress_log_path: String,
    /// When it was first stored.
    pub created_at: Time,
    /// When one of its paths last changed.
    pub updated_at: Time,
}

/// What `upsert_project` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProject {
    /// Not empty.
    pub name: String,
    /// Where the project's files are.
    pub repo_root: String,
    /// Where its log is written as text.
    pub progress_log_path: String,
}

/// A project as callers name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProjectRef {
    /// By its name.
    Name(String),
    /// By a record that the store gave: its `id`.
    Id(u64),
}

impl std::fmt::Display for ProjectRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(f, "project {}", Quoted(name)),
            Self::Id(id) => write!(f, "the project with id {id}"),
        }
    }
}

impl From<&str> for ProjectRef {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<&Project> for ProjectRef {
    fn from(project: &Project) -> Self {
        Self::Id(project.id)
    }
}

/// Counts over all entries of a project.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectMetrics {
    /// All entries.
    pub total_entries: u64,
    /// Entries whose emoji is exactly `✅`.
    pub success_count: u64,
    /// Entries whose emoji is exactly `⚠️`.
    pub warn_count: u64,
    /// Entries whose emoji is exactly `❌`.
    pub error_count: u64,
    /// The latest `ts` of any entry.
    pub last_update: Option<Time>,
}
