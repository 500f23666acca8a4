//! Results as JSON text.

use crate::model::{
    AgentEvent, AgentSession, Change, DocChange, Entry, Meta, ReportCard, SessionStatus, Time,
    push_json_string, push_number,
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

/// A member of an object: its key as it is written behind another member, and its value. No key needs an escape.
macro_rules! member {
    ($key:literal, $field:expr) => {
        (concat!(",\"", $key, "\":"), $field)
    };
}

fn push_object(out: &mut String, members: &[(&str, Field<'_>)]) {
    for (place, (key, field)) in members.iter().enumerate() {
        if place == 0 {
            out.push('{');
        }
        out.push_str(key.get(usize::from(place == 0)..).unwrap_or_default());
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
                member!("entryId", Field::Text(&self.entry_id)),
                member!("project", Field::Text(&self.project)),
                member!("ts", Field::Time(self.ts)),
                member!("emoji", Field::Text(&self.emoji)),
                member!("agent", Field::text(self.agent.as_ref())),
                member!("message", Field::Text(&self.message)),
                member!("rawLine", Field::Text(&self.raw_line)),
                member!("sha256", Field::Text(&self.sha256)),
                member!("meta", Field::Json(self.meta.as_str())),
                member!("seq", Field::Whole(self.seq)),
            ],
        );
    }
}

impl ToJson for DocChange {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                member!("id", Field::Whole(self.id)),
                member!("project", Field::Text(&self.project)),
                member!("doc", Field::Text(&self.doc)),
                member!("section", Field::text(self.section.as_ref())),
                member!("action", Field::Text(&self.action)),
                member!("agent", Field::text(self.agent.as_ref())),
                member!("metadata", Field::Json(self.metadata.as_str())),
                member!("shaBefore", Field::Text(&self.sha_before)),
                member!("shaAfter", Field::Text(&self.sha_after)),
                member!("createdAt", Field::Time(self.created_at)),
            ],
        );
    }
}

impl ToJson for ReportCard {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                member!("project", Field::Text(&self.project)),
                member!("filePath", Field::Text(&self.file_path)),
                member!("agentName", Field::Text(&self.agent_name)),
                member!("stage", Field::text(self.stage.as_ref())),
                member!("overallGrade", self.overall_grade.map_or(Field::Null, Field::Number)),
                member!("performanceLevel", Field::text(self.performance_level.as_ref())),
                member!("metadata", Field::Json(self.metadata.as_str())),
                member!("createdAt", Field::Time(self.created_at)),
                member!("updatedAt", Field::Time(self.updated_at)),
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
                member!("sessionId", Field::Text(&self.session_id)),
                member!("agentId", Field::Text(&self.agent_id)),
                member!("status", Field::Text(status)),
                member!("startedAt", Field::Time(self.started_at)),
                member!("lastActiveAt", Field::Time(self.last_active_at)),
                member!(
                    "metadata",
                    self.metadata.as_ref().map(Meta::as_str).map_or(Field::Null, Field::Json)
                ),
            ],
        );
    }
}

impl ToJson for AgentEvent {
    fn push_json(&self, out: &mut String) {
        let event = &self.event;
        let version = |version: Option<u64>| version.map_or(Field::Null, Field::Whole);
        push_object(
            out,
            &[
                member!("id", Field::Whole(self.id)),
                member!("agentId", Field::Text(&event.agent_id)),
                member!("sessionId", Field::Text(&event.session_id)),
                member!("eventType", Field::Text(event.event_type.name())),
                member!("fromProject", Field::text(event.from_project.as_ref())),
                member!("toProject", Field::text(event.to_project.as_ref())),
                member!("expectedVersion", version(event.expected_version)),
                member!("actualVersion", version(event.actual_version)),
                member!("success", Field::Flag(event.success)),
                member!("createdAt", Field::Time(self.created_at)),
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
                member!("items", Field::Nested(&self.items)),
                member!("page", Field::Whole(self.page)),
                member!("pageSize", Field::Whole(self.page_size.into())),
                member!("totalCount", Field::Whole(self.total_count)),
                member!("totalPages", Field::Whole(self.total_pages)),
                member!("hasNext", Field::Flag(self.has_next)),
                member!("hasPrev", Field::Flag(self.has_prev)),
                member!("nextCursor", Field::text(self.next_cursor.as_ref())),
                member!("prevCursor", Field::text(self.prev_cursor.as_ref())),
            ],
        );
    }
}

impl ToJson for Summary {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                member!("bucketMs", Field::Whole(self.bucket_ms)),
                member!("totalCount", Field::Whole(self.total_count)),
                member!("groups", Field::Nested(&self.groups)),
                member!("buckets", Field::Nested(&self.buckets)),
            ],
        );
    }
}

impl ToJson for Bucket {
    fn push_json(&self, out: &mut String) {
        push_object(
            out,
            &[
                member!("start", Field::Time(self.start)),
                member!("count", Field::Whole(self.count)),
                member!("counts", Field::Nested(&self.counts)),
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
        push_object(
            out,
            &[member!("entries", Field::Nested(&self.entries)), member!("next", Field::Nested(&self.next))],
        );
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
        let kind = member!("kind", Field::Text(name));
        match self {
            Self::Entries { project, first_seq, last_seq } => push_object(
                out,
                &[
                    kind,
                    member!("project", Field::Text(project)),
                    member!("firstSeq", Field::Whole(*first_seq)),
                    member!("lastSeq", Field::Whole(*last_seq)),
                ],
            ),
            Self::Project { project, action } => {
                push_object(
                    out,
                    &[kind, member!("project", Field::Text(project)), member!("action", Field::Text(action))],
                );
            }
            Self::Document { project } => push_object(out, &[kind, member!("project", Field::Text(project))]),
            Self::Session { agent_id, session_id } => push_object(
                out,
                &[
                    kind,
                    member!("agentId", Field::Text(agent_id)),
                    member!("sessionId", Field::Text(session_id)),
                ],
            ),
            Self::AgentProject { agent_id, project, version } => push_object(
                out,
                &[
                    kind,
                    member!("agentId", Field::Text(agent_id)),
                    member!("project", Field::text(project.as_ref())),
                    member!("version", Field::Whole(*version)),
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
                member!("projectId", Field::Whole(snapshot.project_id)),
                member!("lastSeq", Field::Whole(snapshot.last_seq)),
                member!("ts", Field::Time(after.ts)),
                member!("seq", Field::Whole(after.seq)),
            ],
        );
    }
}
