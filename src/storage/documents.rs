//! Document changes and report cards.

use serde::{Deserialize, Serialize};

use super::keys;
use super::past::{Past, is_outdated, times};
use super::projects::{next_number, resolve};
use super::store::{ALL_ROWS, Store};
use crate::error::{Error, Result};
use crate::medium::{KeyRange, Medium, Pending, Table, Transaction};
use crate::model::record::{self, Kind};
use crate::model::{
    Change, DocChange, NewDocChange, NewReportCard, Project, ProjectRef, Quoted, ReportCard, Time,
    in_descending_order,
};
use crate::query::{Page, PageRequest};

/// How many changes of a project's documents are kept.
const KEPT_CHANGES: usize = 500;

#[derive(Debug, Serialize, Deserialize)]
struct StoredChange {
    id: u64,
    change: NewDocChange,
    created_at: Time,
}

impl StoredChange {
    fn into_change(self, project: &str) -> DocChange {
        let NewDocChange { doc, section, action, agent, metadata, sha_before, sha_after } = self.change;
        let (id, project, created_at) = (self.id, project.to_owned(), self.created_at);
        DocChange { id, project, doc, section, action, agent, metadata, sha_before, sha_after, created_at }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredCard {
    card: NewReportCard,
    created_at: Time,
    updated_at: Time,
}

impl StoredCard {
    fn into_card(self, project: &str) -> ReportCard {
        let NewReportCard { file_path, agent_name, stage, overall_grade, performance_level, metadata } =
            self.card;
        let (project, created_at, updated_at) = (project.to_owned(), self.created_at, self.updated_at);
        ReportCard {
            project,
            file_path,
            agent_name,
            stage,
            overall_grade,
            performance_level,
            metadata,
            created_at,
            updated_at,
        }
    }
}

impl<M: Medium> Store<M> {
    pub(crate) fn do_record_doc_change(
        &self,
        project: ProjectRef,
        change: NewDocChange,
        past: Option<Past>,
    ) -> Pending<'_, DocChange> {
        let (created_at, _) = times(past, self.now());
        let tables = &[Table::Projects, Table::ProjectNames, Table::DocChanges, Table::Counters];
        self.write(tables, async move |transaction| {
            let project = resolve(transaction, &project).await?.project;
            let all = keys::of_project(project.id);
            let id = next_number(transaction, "doc_changes", Table::DocChanges, &all).await?;
            let stored = StoredChange { id, change, created_at };
            let bytes = record::encode(Kind::DocChange, project.id, &stored)?;
            transaction.put(Table::DocChanges, &keys::in_project(project.id, id), &bytes)?;
            drop_oldest_changes(transaction, &project).await?;
            self.note(Change::Document { project: project.name.clone() });
            Ok(stored.into_change(&project.name))
        })
    }

    pub(crate) fn do_list_doc_changes<'a>(
        &'a self,
        project: &'a ProjectRef,
        doc: Option<&'a str>,
        request: &'a PageRequest,
    ) -> Pending<'a, Page<DocChange>> {
        Box::pin(async move {
            let (project, rows) = self.read_of_project(Table::DocChanges, project).await?;
            let what = format!("the document changes of project {}", Quoted(&project.name));
            let changes = record::decode_all::<StoredChange>(Kind::DocChange, project.id, &rows, &what)?;
            let wanted =
                changes.into_iter().rev().filter(|stored| doc.is_none_or(|doc| stored.change.doc == doc));
            Ok(Page::of_list(wanted.map(|stored| stored.into_change(&project.name)).collect(), request))
        })
    }

    pub(crate) fn do_record_report_card(
        &self,
        project: ProjectRef,
        card: NewReportCard,
        past: Option<Past>,
    ) -> Pending<'_, ReportCard> {
        let (mut created_at, updated_at) = times(past, self.now());
        let tables = &[Table::Projects, Table::ProjectNames, Table::ReportCards];
        self.write(tables, async move |transaction| {
            if card.overall_grade.is_some_and(|grade| !grade.is_finite()) {
                return Err(Error::invalid("`overallGrade` is not a finite number"));
            }
            let project = resolve(transaction, &project).await?.project;
            let key = keys::named_in_project(project.id, &card.file_path);
            let place = format!(
                "the report card of {} of project {}",
                Quoted(&card.file_path),
                Quoted(&project.name)
            );
            if let Some(bytes) = transaction.get(Table::ReportCards, &key).await? {
                let old: StoredCard = record::decode(Kind::ReportCard, project.id, &bytes, place)?;
                if is_outdated(past, old.updated_at) {
                    return Ok(old.into_card(&project.name));
                }
                created_at = old.created_at;
            }
            let stored = StoredCard { card, created_at, updated_at };
            let bytes = record::encode(Kind::ReportCard, project.id, &stored)?;
            transaction.put(Table::ReportCards, &key, &bytes)?;
            self.note(Change::Document { project: project.name.clone() });
            Ok(stored.into_card(&project.name))
        })
    }

    pub(crate) fn do_list_report_cards<'a>(
        &'a self,
        project: &'a ProjectRef,
        agent_name: Option<&'a str>,
        request: &'a PageRequest,
    ) -> Pending<'a, Page<ReportCard>> {
        Box::pin(async move {
            let (project, rows) = self.read_of_project(Table::ReportCards, project).await?;
            let what = format!("the report cards of project {}", Quoted(&project.name));
            let mut cards = record::decode_all::<StoredCard>(Kind::ReportCard, project.id, &rows, &what)?;
            cards.retain(|stored| agent_name.is_none_or(|name| stored.card.agent_name == name));
            // Rows come in the order of paths, which is kept among equals.
            let cards = in_descending_order(cards, |stored| stored.updated_at.as_micros());
            Ok(Page::of_list(
                cards.into_iter().map(|stored| stored.into_card(&project.name)).collect(),
                request,
            ))
        })
    }

    /// Reads all records of a project in a table.
    fn read_of_project<'a>(
        &'a self,
        table: Table,
        project: &'a ProjectRef,
    ) -> Pending<'a, (Project, Vec<Vec<u8>>)> {
        Box::pin(async move {
            let tables = [Table::Projects, Table::ProjectNames, table];
            self.read(&tables, async |transaction| {
                let project = resolve(transaction, project).await?.project;
                let rows = transaction.scan(table, &keys::of_project(project.id), ALL_ROWS).await?;
                Ok((project, rows))
            })
            .await
        })
    }
}

async fn drop_oldest_changes(transaction: &dyn Transaction, project: &Project) -> Result<()> {
    let all = keys::of_project(project.id);
    let rows = transaction.scan(Table::DocChanges, &all, ALL_ROWS).await?;
    let Some(first_kept) = rows.len().checked_sub(KEPT_CHANGES).filter(|&excess| excess > 0) else {
        return Ok(());
    };
    let Some(bytes) = rows.get(first_kept) else { return Ok(()) };
    let place = format_args!("a document change of project {}", Quoted(&project.name));
    let first_kept: StoredChange = record::decode(Kind::DocChange, project.id, bytes, place)?;
    let end = Some(keys::in_project(project.id, first_kept.id));
    transaction.delete(Table::DocChanges, &KeyRange { start: all.start, end })
}
