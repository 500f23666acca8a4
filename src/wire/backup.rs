//! Records of a backup as arguments.

use super::agents::project_name;
use super::documents::{read_card, read_change};
use super::fields::{Fields, MAX_SAFE_INTEGER, wrong};
use super::json;
use crate::error::{Error, Result};
use crate::model::{AgentProject, AgentSession, Json, Project, ProjectRef, SessionStatus};
use crate::storage::Restored;

/// Reads an array of records of a backup: objects with one member, which says what the record is.
///
/// # Errors
/// `invalid_argument` that names the record's index and what is wrong.
pub fn restored(text: &str) -> Result<Vec<Restored>> {
    let records = match json::parse("the list of records", text)? {
        Json::Array(records) => records,
        value => return Err(wrong("the list of records", "an array", &value)),
    };
    let record = |(value, index): (Json, usize)| {
        read_record(value).map_err(|error| error.within(format_args!("records[{index}]")))
    };
    records.into_iter().zip(0..).map(record).collect()
}

fn read_record(value: Json) -> Result<Restored> {
    let Json::Object(members) = value else { return Err(wrong("the record", "an object", &value)) };
    let mut members = members.into_members().into_iter();
    let (Some((kind, value)), None) = (members.next(), members.next()) else {
        return Err(Error::invalid("the record must have one member"));
    };
    let mut fields = Fields::of("the record", value)?;
    let record = match kind.as_str() {
        "project" => Restored::Project(Project {
            id: 0,
            name: fields.non_empty_string("name")?,
            repo_root: fields.string("repoRoot")?,
            progress_log_path: fields.string("progressLogPath")?,
            created_at: fields.time("createdAt")?,
            updated_at: fields.time("updatedAt")?,
        }),
        "docChange" => {
            let project = ProjectRef::Name(fields.non_empty_string("project")?);
            Restored::DocChange(project, read_change(&mut fields)?, fields.time("createdAt")?)
        }
        "reportCard" => Restored::ReportCard(
            ProjectRef::Name(fields.non_empty_string("project")?),
            read_card(&mut fields)?,
            fields.time("createdAt")?,
            fields.time("updatedAt")?,
        ),
        "session" => Restored::Session(AgentSession {
            session_id: fields.non_empty_string("sessionId")?,
            agent_id: fields.non_empty_string("agentId")?,
            status: fields.one_of("status", &SessionStatus::ALL)?.unwrap_or(SessionStatus::Expired),
            started_at: fields.time("startedAt")?,
            last_active_at: fields.time("lastActiveAt")?,
            metadata: fields.meta("metadata")?,
        }),
        "agentProject" => Restored::AgentProject(AgentProject {
            agent_id: fields.non_empty_string("agentId")?,
            project_name: project_name(&mut fields)?,
            version: fields.whole("version", 1..=MAX_SAFE_INTEGER)?.unwrap_or(1),
            updated_at: fields.time("updatedAt")?,
            updated_by: fields.string("updatedBy")?,
            session_id: fields.string("sessionId")?,
        }),
        kind => return Err(Error::invalid(format!("there are no records of kind {kind:?}"))),
    };
    fields.finish()?;
    Ok(record)
}
