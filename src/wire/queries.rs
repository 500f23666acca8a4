//! Queries as arguments.

use super::fields::{Fields, MAX_SAFE_INTEGER, wrong};
use crate::error::Result;
use crate::model::{Day, Json, ProjectRef, Quoted};
use crate::query::{
    Bucketing, Criteria, EntryFilters, GroupBy, MAX_PAGE_SIZE, MetaFilter, PageRequest, Scalar, TextMode,
    TextQuery, Window,
};
use crate::segment::Position;
use crate::storage::{Place, Snapshot};

/// The argument of `fetchRecentEntries`.
#[derive(Debug, Clone, PartialEq)]
pub struct RecentQuery {
    /// Whose entries.
    pub project: ProjectRef,
    /// Which entries.
    pub filters: EntryFilters,
    /// How many, from where.
    pub window: Window,
}

/// The argument of `queryEntries`.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Whose entries.
    pub project: ProjectRef,
    /// Which entries.
    pub criteria: Criteria,
    /// How many, from where.
    pub window: Window,
}

/// The argument of a method that returns a page; `C` says which entries.
#[derive(Debug, Clone, PartialEq)]
pub struct PageQuery<C = Criteria> {
    /// Whose entries.
    pub project: ProjectRef,
    /// Which entries.
    pub criteria: C,
    /// Which page.
    pub page: PageRequest,
}

/// The argument of a method that counts; `C` says which entries.
#[derive(Debug, Clone, PartialEq)]
pub struct CountQuery<C = Criteria> {
    /// Whose entries.
    pub project: ProjectRef,
    /// Which entries.
    pub criteria: C,
}

/// The argument of `summarizeEntries`.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryQuery {
    /// Whose entries.
    pub project: ProjectRef,
    /// Which entries.
    pub criteria: Criteria,
    /// How they are counted.
    pub bucketing: Bucketing,
}

impl From<RecentQuery> for Query {
    fn from(query: RecentQuery) -> Self {
        let RecentQuery { project, filters, window } = query;
        Self { project, criteria: (&filters).into(), window }
    }
}

impl From<PageQuery<EntryFilters>> for PageQuery {
    fn from(query: PageQuery<EntryFilters>) -> Self {
        let PageQuery { project, criteria, page } = query;
        Self { project, criteria: (&criteria).into(), page }
    }
}

impl From<CountQuery<EntryFilters>> for CountQuery {
    fn from(query: CountQuery<EntryFilters>) -> Self {
        let CountQuery { project, criteria } = query;
        Self { project, criteria: (&criteria).into() }
    }
}

/// Reads the argument of `fetchRecentEntries`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn recent_query(text: &str) -> Result<RecentQuery> {
    let mut fields = options(text)?;
    let query = RecentQuery {
        project: fields.project("project")?,
        filters: filters(&mut fields)?,
        window: window(&mut fields)?,
    };
    fields.finish()?;
    Ok(query)
}

/// Reads the argument of `fetchRecentEntriesPaginated`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn recent_page_query(text: &str) -> Result<PageQuery<EntryFilters>> {
    let mut fields = options(text)?;
    let query = PageQuery {
        project: fields.project("project")?,
        criteria: filters(&mut fields)?,
        page: page_request(&mut fields)?,
    };
    fields.finish()?;
    Ok(query)
}

/// Reads `{ project, filters }`.
///
/// # Errors
/// `invalid_argument` that names the member.
pub fn recent_count(text: &str) -> Result<CountQuery<EntryFilters>> {
    let mut fields = options(text)?;
    let query = CountQuery { project: fields.project("project")?, criteria: filters(&mut fields)? };
    fields.finish()?;
    Ok(query)
}

/// Reads the argument of `queryEntries`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn query(text: &str) -> Result<Query> {
    let mut fields = options(text)?;
    let query = Query {
        project: fields.project("project")?,
        criteria: criteria(&mut fields)?,
        window: window(&mut fields)?,
    };
    fields.finish()?;
    Ok(query)
}

/// Reads the argument of `queryEntriesPaginated`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn page_query(text: &str) -> Result<PageQuery> {
    let mut fields = options(text)?;
    let query = PageQuery {
        project: fields.project("project")?,
        criteria: criteria(&mut fields)?,
        page: page_request(&mut fields)?,
    };
    fields.finish()?;
    Ok(query)
}

/// Reads the argument of `countQueryEntries`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn count_query(text: &str) -> Result<CountQuery> {
    let mut fields = options(text)?;
    let query = CountQuery { project: fields.project("project")?, criteria: criteria(&mut fields)? };
    fields.finish()?;
    Ok(query)
}

/// Reads the argument of `summarizeEntries`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn summary_query(text: &str) -> Result<SummaryQuery> {
    let mut fields = options(text)?;
    let query = SummaryQuery {
        project: fields.project("project")?,
        criteria: criteria(&mut fields)?,
        bucketing: Bucketing { millis: fields.millis("bucket")?, by: fields.one_of("by", &GroupBy::ALL)? },
    };
    fields.finish()?;
    Ok(query)
}

/// Reads `{ query, place, follows }`: the argument of `iterateEntries` or `tail`, where the iteration is, and which of
/// the two it is.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn iteration(text: &str) -> Result<(CountQuery, Option<Place>, bool)> {
    let mut fields = Fields::parse("the argument", text)?;
    let query = fields.take("query").unwrap_or_default();
    let mut inner = Fields::of("the options object", query)?;
    let query = CountQuery { project: inner.project("project")?, criteria: criteria(&mut inner)? };
    inner.finish()?;
    let place = match fields.take_nullable("place") {
        Some(place) => Some(read_place(Fields::of("the place", place)?)?),
        None => None,
    };
    let follows = fields.flag("follows")?;
    fields.finish()?;
    Ok((query, place, follows))
}

/// Reads a place as it was written.
fn read_place(mut fields: Fields) -> Result<Place> {
    let mut number = |key: &str| fields.whole(key, 0..=MAX_SAFE_INTEGER).map(Option::unwrap_or_default);
    let snapshot = Snapshot { project_id: number("projectId")?, removed: 0, last_seq: number("lastSeq")? };
    let seq = number("seq")?;
    Ok(Place { snapshot, after: Position { ts: fields.time("ts")?, seq } })
}

fn options(text: &str) -> Result<Fields> {
    Fields::parse("the options object", text)
}

fn filters(fields: &mut Fields) -> Result<EntryFilters> {
    let Some(value) = fields.take("filters") else { return Ok(EntryFilters::default()) };
    let mut fields = Fields::of("`filters`", value)?;
    let filters =
        EntryFilters { agent: fields.nullable_string("agent")?, emoji: fields.nullable_string("emoji")? };
    fields.finish()?;
    Ok(filters)
}

fn criteria(fields: &mut Fields) -> Result<Criteria> {
    let mode = fields.one_of("messageMode", &TextMode::ALL)?.unwrap_or_default();
    let case_sensitive = fields.flag("caseSensitive")?;
    let message = fields.nullable_string("message")?.filter(|text| !text.is_empty());
    Ok(Criteria {
        start: fields.time_bound("start", Day::first)?,
        end: fields.time_bound("end", Day::last)?,
        agents: fields.strings("agents")?,
        emojis: fields.strings("emojis")?,
        text: message.map(|text| TextQuery { text, mode, case_sensitive }),
        meta: meta_filters(fields)?,
    })
}

fn meta_filters(fields: &mut Fields) -> Result<Vec<MetaFilter>> {
    let members = match fields.take_nullable("metaFilters") {
        None => return Ok(Vec::new()),
        Some(Json::Object(members)) => members,
        Some(value) => return Err(wrong("`metaFilters`", "an object or null", &value)),
    };
    let filter = |(key, value): (String, Json)| {
        let value = match value {
            Json::Null => Scalar::Null,
            Json::Bool(value) => Scalar::Bool(value),
            Json::Number(value) => Scalar::Number(value),
            Json::String(value) => Scalar::String(value),
            value => {
                return Err(wrong(
                    &format!("`metaFilters[{}]`", Quoted(&key)),
                    "a string, number, boolean or null",
                    &value,
                ));
            }
        };
        Ok(MetaFilter { key, value })
    };
    members.into_members().into_iter().map(filter).collect()
}

fn window(fields: &mut Fields) -> Result<Window> {
    let default = Window::default();
    Ok(Window {
        offset: fields.whole("offset", 0..=MAX_SAFE_INTEGER)?.unwrap_or(default.offset),
        limit: fields.whole("limit", 0..=MAX_SAFE_INTEGER)?.unwrap_or(default.limit),
    })
}

/// Takes the members that ask for a page by its number or a cursor.
fn page_request(fields: &mut Fields) -> Result<PageRequest> {
    Ok(PageRequest { cursor: fields.optional_string("cursor")?, ..numbered_page(fields)? })
}

/// Takes the members that ask for a page by its number.
pub(super) fn numbered_page(fields: &mut Fields) -> Result<PageRequest> {
    let page_size = fields.whole("pageSize", 1..=u64::from(MAX_PAGE_SIZE))?;
    Ok(PageRequest {
        page: fields.whole("page", 1..=MAX_SAFE_INTEGER)?,
        page_size: page_size.and_then(|size| u32::try_from(size).ok()),
        cursor: None,
    })
}
