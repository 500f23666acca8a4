//! Changes, as those hear of them who listen.

/// A change that is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Entries were inserted.
    Entries {
        /// The project's name.
        project: String,
        /// The `seq` of the first of them.
        first_seq: u64,
        /// The `seq` of the last of them.
        last_seq: u64,
    },
    /// A project itself changed.
    Project {
        /// Its name.
        project: String,
        /// What became of it: `upserted`, `deleted` or `pruned`.
        action: &'static str,
    },
    /// A change of a document or a report card was recorded.
    Document {
        /// The project's name.
        project: String,
    },
    /// A session began, showed a sign of life or ended.
    Session {
        /// Whose session it is.
        agent_id: String,
        /// Its identifier.
        session_id: String,
    },
    /// An agent's current project was set or cleared.
    AgentProject {
        /// Whose project it is.
        agent_id: String,
        /// The project's name; `None` after it was cleared.
        project: Option<String>,
        /// The version after the change.
        version: u64,
    },
}

impl Change {
    /// Makes the change of a project itself.
    #[must_use]
    pub fn of_project(name: &str, action: &'static str) -> Self {
        Self::Project { project: name.to_owned(), action }
    }
}
