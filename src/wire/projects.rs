//! Arguments about projects.

use super::fields::{Fields, MAX_SAFE_INTEGER};
use crate::error::{Error, Result};
use crate::model::{NewProject, ProjectRef, Retention};

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

/// Reads the argument of `pruneEntries`.
///
/// # Errors
/// `invalid_argument` that names the member, and if nothing says what to remove.
pub fn retention(text: &str) -> Result<Retention> {
    let mut fields = Fields::parse("the options object", text)?;
    let retention = Retention {
        project: fields.project("project")?,
        before: fields.optional_time("before")?,
        keep_newest: fields.whole("keepNewest", 0..=MAX_SAFE_INTEGER)?,
    };
    fields.finish()?;
    if retention.before.is_none() && retention.keep_newest.is_none() {
        return Err(Error::invalid(
            "`before` or `keepNewest` is missing: one of them must say what to remove",
        ));
    }
    Ok(retention)
}
