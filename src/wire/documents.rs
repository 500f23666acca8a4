//! Document changes and report cards as arguments.

use super::fields::{Fields, number, wrong};
use super::queries::numbered_page;
use crate::error::Result;
use crate::model::{NewDocChange, NewReportCard, ProjectRef};
use crate::query::PageRequest;

/// The argument of `listDocChanges`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeQuery {
    /// Whose changes.
    pub project: ProjectRef,
    /// Of which document; `None` for all.
    pub doc: Option<String>,
    /// Which page.
    pub page: PageRequest,
}

/// The argument of `listAgentReportCards`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardQuery {
    /// Whose cards.
    pub project: ProjectRef,
    /// Of which agent; `None` for all.
    pub agent_name: Option<String>,
    /// Which page.
    pub page: PageRequest,
}

/// Reads `{ project, change }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn doc_change(text: &str) -> Result<(ProjectRef, NewDocChange)> {
    let mut fields = Fields::parse("the argument", text)?;
    let project = fields.project("project")?;
    let mut change = Fields::of("the change", fields.take("change").unwrap_or_default())?;
    let new = read_change(&mut change)?;
    change.finish()?;
    fields.finish()?;
    Ok((project, new))
}

/// Reads `{ project, card }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn report_card(text: &str) -> Result<(ProjectRef, NewReportCard)> {
    let mut fields = Fields::parse("the argument", text)?;
    let project = fields.project("project")?;
    let mut card = Fields::of("the report card", fields.take("card").unwrap_or_default())?;
    let new = read_card(&mut card)?;
    card.finish()?;
    fields.finish()?;
    Ok((project, new))
}

/// Takes the members of a change.
pub(super) fn read_change(change: &mut Fields) -> Result<NewDocChange> {
    Ok(NewDocChange {
        doc: change.string("doc")?,
        section: change.nullable_string("section")?,
        action: change.string("action")?,
        agent: change.nullable_string("agent")?,
        metadata: change.meta("metadata")?.unwrap_or_default(),
        sha_before: change.string("shaBefore")?,
        sha_after: change.string("shaAfter")?,
    })
}

/// Takes the members of a report card.
pub(super) fn read_card(card: &mut Fields) -> Result<NewReportCard> {
    Ok(NewReportCard {
        file_path: card.string("filePath")?,
        agent_name: card.string("agentName")?,
        stage: card.nullable_string("stage")?,
        overall_grade: match card.take_nullable("overallGrade") {
            None => None,
            Some(value) => Some(
                number(&value).ok_or_else(|| wrong("`overallGrade`", "a finite number or null", &value))?,
            ),
        },
        performance_level: card.nullable_string("performanceLevel")?,
        metadata: card.meta("metadata")?.unwrap_or_default(),
    })
}

/// Reads the argument of `listDocChanges`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn change_query(text: &str) -> Result<ChangeQuery> {
    let mut fields = Fields::parse("the options object", text)?;
    let query = ChangeQuery {
        project: fields.project("project")?,
        doc: fields.optional_string("doc")?,
        page: numbered_page(&mut fields)?,
    };
    fields.finish()?;
    Ok(query)
}

/// Reads the argument of `listAgentReportCards`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn card_query(text: &str) -> Result<CardQuery> {
    let mut fields = Fields::parse("the options object", text)?;
    let query = CardQuery {
        project: fields.project("project")?,
        agent_name: fields.optional_string("agentName")?,
        page: numbered_page(&mut fields)?,
    };
    fields.finish()?;
    Ok(query)
}
