//! Results as JSON text.

use crate::model::{
    AgentSession, Change, DocChange, Entry, Meta, ReportCard, SessionStatus, Time, push_json_string,
    push_number,
};
use crate::query::{Bucket, Page, Summary};
use crate::storage::{Batch, Place};

/// What is written as JSON text by itself.
pub trait ToJson {
    /// Appends the JSON.
    fn push_json(&self, out: &mut String);

    /// Returns the JSON.
    fn to_json(&self) -> String {
        let mut out = String::with_capacity(1 << 12);
        self.push_json(&mut out);
        out
    }
}

/// The value of a member. An object is written from a list of them, by code that is there once for all types.
enum Field<'a> {
    Null,
    Flag(bool),
    Whole(u64),
    Number(f64),
    Text(&'a str),
    Time(Time),
    /// JSON already.
    Json(&'a str),
    /// What writes itself.
    Nested(&'a dyn ToJson),
}

impl<'a> Field<'a> {
    fn text(text: Option<&'a String>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text))
    }
}

fn push_object(out: &mut String, members: &[(&str, Field<'_>)]) {
    let mut separator = '{';
    for (key, field) in members {
        out.push(separator);
        separator = ',';
        push_json_string(out, key);
        out.push(':');
        match field {
            Field::Null => out.push_str("null"),
            Field::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Field::Whole(number) => out.push_str(&number.to_string()),
            Field::Number(number) => push_number(out, *number),
            Field::Text(text) => push_json_string(out, text),
            Field::Time(time) => push_json_string(out, &time.to_string()),
            Field::Json(json) => out.push_str(json),
            Field::Nested(value) => value.push_json(out),
        }
    }
    out.push('}');
}

impl ToJson for Entry {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                ("entryId", Field::Text(&self.entry_id)),
                ("project", Field::Text(&self.project)),
                ("ts", Field::Time(self.ts)),
                ("emoji", Field::Text(&self.emoji)),
                ("agent", Field::text(self.agent.as_ref())),
                ("message", Field::Text(&self.message)),
                ("rawLine", Field::Text(&self.raw_line)),
                ("sha256", Field::Text(&self.sha256)),
                ("meta", Field::Json(self.meta.as_str())),
                ("seq", Field::Whole(self.seq)),
            ],
        );
    }
}

impl ToJson for DocChange {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                ("id", Field::Whole(self.id)),
                ("project", Field::Text(&self.project)),
                ("doc", Field::Text(&self.doc)),
                ("section", Field::text(self.section.as_ref())),
                ("action", Field::Text(&self.action)),
                ("agent", Field::text(self.agent.as_ref())),
                ("metadata", Field::Json(self.metadata.as_str())),
                ("shaBefore", Field::Text(&self.sha_before)),
                ("shaAfter", Field::Text(&self.sha_after)),
                ("createdAt", Field::Time(self.created_at)),
            ],
        );
    }
}

impl ToJson for ReportCard {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                ("project", Field::Text(&self.project)),
                ("filePath", Field::Text(&self.file_path)),
                ("agentName", Field::Text(&self.agent_name)),
                ("stage", Field::text(self.stage.as_ref())),
                ("overallGrade", self.overall_grade.map_or(Field::Null, Field::Number)),
                ("performanceLevel", Field::text(self.performance_level.as_ref())),
                ("metadata", Field::Json(self.metadata.as_str())),
                ("createdAt", Field::Time(self.created_at)),
                ("updatedAt", Field::Time(self.updated_at)),
            ],
        );
    }
}

impl ToJson for AgentSession {
    fn push_json(&self, out: &mut String) {
        let status = match self.status {
            SessionStatus::Active => "active",
            SessionStatus::Expired => "expired",
        };
        push_object(
            out,
            &[
                ("sessionId", Field::Text(&self.session_id)),
                ("agentId", Field::Text(&self.agent_id)),
                ("status", Field::Text(status)),
                ("startedAt", Field::Time(self.started_at)),
                ("lastActiveAt", Field::Time(self.last_active_at)),
                ("metadata", self.metadata.as_ref().map(Meta::as_str).map_or(Field::Null, Field::Json)),
            ],
        );
    }
}

impl<T: ToJson> ToJson for [T] {
    fn push_json(&self, out: &mut String) {
        let mut separator = '[';
        for entry in self {
            out.push(separator);
            separator = ',';
            entry.push_json(out);
        }
        out.push_str(if self.is_empty() { "[]" } else { "]" });
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn push_json(&self, out: &mut String) {
        self.as_slice().push_json(out);
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn push_json(&self, out: &mut String) {
        match self {
            Some(entry) => entry.push_json(out),
            None => out.push_str("null"),
        }
    }
}

impl<T: ToJson> ToJson for Page<T> {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                ("items", Field::Nested(&self.items)),
                ("page", Field::Whole(self.page)),
                ("pageSize", Field::Whole(self.page_size.into())),
                ("totalCount", Field::Whole(self.total_count)),
                ("totalPages", Field::Whole(self.total_pages)),
                ("hasNext", Field::Flag(self.has_next)),
                ("hasPrev", Field::Flag(self.has_prev)),
                ("nextCursor", Field::text(self.next_cursor.as_ref())),
                ("prevCursor", Field::text(self.prev_cursor.as_ref())),
            ],
        );
    }
}

impl ToJson for Summary {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                ("bucketMs", Field::Whole(self.bucket_ms)),
                ("totalCount", Field::Whole(self.total_count)),
                ("groups", Field::Nested(&self.groups)),
                ("buckets", Field::Nested(&self.buckets)),
            ],
        );
    }
}

impl ToJson for Bucket {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                ("start", Field::Time(self.start)),
                ("count", Field::Whole(self.count)),
                ("counts", Field::Nested(&self.counts)),
            ],
        );
    }
}

impl ToJson for u64 {
    fn push_json(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

impl ToJson for String {
    fn push_json(&self, out: &mut String) {
        push_json_string(out, self);
    }
}

/// Some entries of an iteration, and the place to pass for the next ones.
impl ToJson for Batch {
    fn push_json(&self, out: &mut String) {
        push_object(out, &[("entries", Field::Nested(&self.entries)), ("next", Field::Nested(&self.next))]);
    }
}

/// A change, as listeners hear of it.
impl ToJson for Change {
    fn push_json(&self, out: &mut String) {
        let name = match self {
            Self::Entries { .. } => "entries",
            Self::Project { .. } => "project",
            Self::Document { .. } => "document",
            Self::Session { .. } => "session",
            Self::AgentProject { .. } => "agent_project",
        };
        let kind = ("kind", Field::Text(name));
        match self {
            Self::Entries { project, first_seq, last_seq } => push_object(
                out,
                &[
                    kind,
                    ("project", Field::Text(project)),
                    ("firstSeq", Field::Whole(*first_seq)),
                    ("lastSeq", Field::Whole(*last_seq)),
                ],
            ),
            Self::Project { project, action } => {
                push_object(out, &[kind, ("project", Field::Text(project)), ("action", Field::Text(action))])
            }
            Self::Document { project } => push_object(out, &[kind, ("project", Field::Text(project))]),
            Self::Session { agent_id, session_id } => push_object(
                out,
                &[kind, ("agentId", Field::Text(agent_id)), ("sessionId", Field::Text(session_id))],
            ),
            Self::AgentProject { agent_id, project, version } => push_object(
                out,
                &[
                    kind,
                    ("agentId", Field::Text(agent_id)),
                    ("project", Field::text(project.as_ref())),
                    ("version", Field::Whole(*version)),
                ],
            ),
        }
    }
}

impl ToJson for Place {
    fn push_json(&self, out: &mut String) {
        let Self { snapshot, after } = self;
        push_object(
            out,
            &[
                ("projectId", Field::Whole(snapshot.project_id)),
                ("lastSeq", Field::Whole(snapshot.last_seq)),
                ("ts", Field::Time(after.ts)),
                ("seq", Field::Whole(after.seq)),
            ],
        );
    }
}
