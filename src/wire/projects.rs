//! Arguments about projects.

use super::fields::Fields;
use crate::error::Result;
use crate::model::{NewProject, ProjectRef};

/// Reads the argument of `upsertProject`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn new_project(text: &str) -> Result<NewProject> {
    let mut fields = Fields::parse("the project", text)?;
    let project = NewProject {
        name: fields.non_empty_string("name")?,
        repo_root: fields.string("repoRoot")?,
        progress_log_path: fields.string("progressLogPath")?,
    };
    fields.finish()?;
    Ok(project)
}

/// Reads `{ name }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn project_name(text: &str) -> Result<String> {
    let mut fields = Fields::parse("the argument", text)?;
    let name = fields.non_empty_string("name")?;
    fields.finish()?;
    Ok(name)
}

/// Reads `{ project }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn project(text: &str) -> Result<ProjectRef> {
    let mut fields = Fields::parse("the argument", text)?;
    let project = fields.project("project")?;
    fields.finish()?;
    Ok(project)
}
