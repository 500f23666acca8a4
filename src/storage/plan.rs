//! What inserting does: worked out from what is known of the store, then written.

use std::rc::Rc;

use futures_util::future::try_join;

use super::identifiers::{EntryPlace, Finder, Identifiers, SEGMENTS, last_segment};
use super::insert::{Draft, Finished, Outcome};
use super::keys;
use super::logs::{Logs, TailRow, View};
use super::projects::{StoredProject, fetch_stored, last_number, resolve};
use super::seal::{Amount, Sealed, Sealing, chains, seal, to_be_merged};
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{Pending, Table, Transaction, join_all};
use crate::model::record::{self, Kind};
use crate::model::{Change, Dictionary, Entry, NewEntry, ProjectRef};
use crate::segment::{Columns, Part};

/// What has to be known before entries can be inserted.
pub(super) struct Knowledge {
    /// The projects that are named: where their logs are in `logs`, if those were read; or why there is none.
    projects: Vec<(ProjectRef, Result<Option<usize>>)>,
    /// The logs of those projects.
    logs: Vec<KnownLog>,
    /// The identifiers that are taken.
    taken: Dictionary,
    /// Of those that are to be appended, the entries that have them, by the identifiers' numbers.
    entries: Vec<Option<Entry>>,
    /// The connection on which this was learnt, and the number of the last segment in the store.
    last_segment: (u32, u64),
    /// Whether identifiers were compared with those of segments, so that new segments matter.
    has_compared: bool,
    /// Whether this may be out of date.
    is_from_memory: bool,
}

struct KnownLog {
    view: View,
    /// The last segment, whole in memory, if new entries are to be merged with it.
    last: Option<Rc<Columns>>,
}

/// Reads what has to be known.
pub(super) fn know<'a>(
    finder: Finder<'a>,
    insertions: &'a [&'a [Draft]],
    sealing: Sealing,
) -> Pending<'a, Knowledge> {
    Box::pin(async move {
        let drafts = || insertions.iter().flat_map(|drafts| drafts.iter());
        let mut all = Dictionary::default();
        let mut are_appended = Vec::new();
        for draft in drafts() {
            let number = all.number(&draft.entry().entry_id) as usize;
            let is_appended = matches!(draft, Draft::Append { .. });
            match are_appended.get_mut(number) {
                Some(flag) => *flag |= is_appended,
                None => are_appended.push(is_appended),
            }
        }
        let ids: Vec<&str> = all.strings().iter().collect();
        let (mut taken, mut entries) = (Dictionary::default(), Vec::new());
        for (place, located) in finder.locate(&ids).await? {
            let Some(id) = ids.get(place) else { continue };
            let is_appended = are_appended.get(place).copied().unwrap_or_default();
            taken.number(id);
            entries.push(if is_appended { finder.read(id, located).await? } else { None });
        }
        let last_segment = (finder.transaction.connection(), last_segment(finder.transaction).await?);
        let (has_compared, is_from_memory) = (true, false);
        let (projects, logs) = (Vec::new(), Vec::new());
        let mut known =
            Knowledge { projects, logs, taken, entries, last_segment, has_compared, is_from_memory };
        for draft in drafts() {
            let NewEntry { project, entry_id, .. } = draft.entry();
            // What only repeats what is there does not need its log, which may be damaged.
            if known.taken.find(entry_id).is_some() {
                known.read_project(finder, project).await?;
            } else {
                known.read_log(finder, project).await?;
            }
        }
        for place in 0..known.logs.len() {
            let new = known.amount_of_new(insertions, place);
            known.read_last_segment(finder, place, new, sealing).await?;
        }
        Ok(known)
    })
}

impl Knowledge {
    /// Returns what is in memory, if that is enough to append to tails; it may be out of date.
    pub fn from_memory(
        logs: &Logs,
        identifiers: &Identifiers,
        insertions: &[&[Draft]],
        sealing: Sealing,
    ) -> Option<Self> {
        let drafts = || insertions.iter().flat_map(|drafts| drafts.iter());
        let given: Vec<&str> = drafts()
            .filter(|draft| !matches!(draft, Draft::Append { is_new: true, .. }))
            .map(|draft| draft.entry().entry_id.as_str())
            .collect();
        let is_short = drafts().count() < sealing.tail_rows as usize;
        if !is_short || !given.is_empty() && !identifiers.are_new(&given) {
            return None;
        }
        // The tail's own table refuses an identifier that is taken there, but not one that comes twice here.
        if (given.iter().collect::<Dictionary>().len() as usize) < given.len() {
            return None;
        }
        let mut known = Self {
            projects: Vec::new(),
            logs: Vec::new(),
            taken: Dictionary::default(),
            entries: Vec::new(),
            last_segment: identifiers.up_to(),
            has_compared: !given.is_empty(),
            is_from_memory: true,
        };
        for draft in drafts() {
            let project = &draft.entry().project;
            if known.place_of(project).is_none() {
                let view = logs.find(project)?;
                known.add(project.clone(), view);
            }
        }
        let fits = (0..known.logs.len()).all(|place| {
            let new = known.amount_of_new(insertions, place);
            known.logs.get(place).is_some_and(|log| !sealing.is_due(&log.view, new))
        });
        fits.then_some(known)
    }

    fn place_of(&self, project: &ProjectRef) -> Option<&Result<Option<usize>>> {
        self.projects.iter().find(|(known, _)| known == project).map(|(_, place)| place)
    }

    /// Takes note of a project's log. A project may be named in two ways.
    fn add(&mut self, project: ProjectRef, view: View) {
        let same = self.logs.iter().position(|log| log.view.project.id == view.project.id);
        let place = same.unwrap_or_else(|| {
            self.logs.push(KnownLog { view, last: None });
            self.logs.len() - 1
        });
        self.projects.retain(|(known, _)| *known != project);
        self.projects.push((project, Ok(Some(place))));
    }

    /// Takes note of whether a project exists.
    async fn read_project(&mut self, finder: Finder<'_>, project: &ProjectRef) -> Result<()> {
        if self.place_of(project).is_some() {
            return Ok(());
        }
        let found = match resolve(finder.transaction, project).await {
            Ok(_) => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(error),
            Err(error) => return Err(error),
        };
        self.projects.push((project.clone(), found));
        Ok(())
    }

    async fn read_log(&mut self, finder: Finder<'_>, project: &ProjectRef) -> Result<()> {
        if matches!(self.place_of(project), Some(Ok(Some(_)) | Err(_))) {
            return Ok(());
        }
        match finder.logs.catch_up(finder.transaction, project).await {
            Ok(view) => self.add(project.clone(), view),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.projects.push((project.clone(), Err(error)));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Adds up the entries that are to be inserted into a log, duplicates and all.
    fn amount_of_new(&self, insertions: &[&[Draft]], log: usize) -> Amount {
        let drafts = insertions.iter().flat_map(|drafts| drafts.iter());
        let is_of = |draft: &&Draft| matches!(self.place_of(&draft.entry().project), Some(Ok(Some(place))) if *place == log);
        drafts.filter(is_of).fold(Amount::default(), |amount, draft| amount.with(&draft.entry().into()))
    }

    async fn read_last_segment(
        &mut self,
        finder: Finder<'_>,
        place: usize,
        new: Amount,
        sealing: Sealing,
    ) -> Result<()> {
        let Some(log) = self.logs.get_mut(place) else { return Ok(()) };
        if sealing.is_due(&log.view, new)
            && let Some(zone) = to_be_merged(&log.view, sealing)
        {
            let segments = finder.parts.load(finder.transaction, &log.view, vec![zone], &Part::ALL).await?;
            log.last = segments.into_iter().next();
        }
        Ok(())
    }

    /// Tells whether the same is known here as there.
    fn is_same(&self, other: &Self) -> bool {
        let state = |log: &KnownLog| (Rc::clone(&log.view.project), log.view.generation, log.view.last_seq());
        let states = |known: &Self| known.logs.iter().map(state).collect::<Vec<_>>();
        let places = |known: &Self| -> Vec<Option<Option<usize>>> {
            known.projects.iter().map(|(_, place)| place.as_ref().ok().copied()).collect()
        };
        states(self) == states(other)
            && places(self) == places(other)
            && self.taken.strings().iter().eq(other.taken.strings().iter())
            && self.last_segment == other.last_segment
    }
}

/// What is to be written, and what comes of it.
pub(super) struct Plan<'d> {
    known: Knowledge,
    outcomes: Vec<Result<Outcome>>,
    /// Log by log.
    additions: Vec<Addition<'d>>,
}

enum Addition<'d> {
    /// Nothing new.
    Nothing,
    /// Entries of the tail.
    Tail(Vec<Finished<'d>>),
    /// Segments.
    Sealed(Box<Sealed>),
}

impl<'d> Plan<'d> {
    /// Works out what to write.
    pub fn make(known: Knowledge, insertions: &[&'d [Draft]], sealing: Sealing) -> Result<Self> {
        let mut new: Vec<Vec<Finished<'d>>> = known.logs.iter().map(|_| Vec::new()).collect();
        let mut outcomes = Vec::with_capacity(insertions.len());
        // Where the entries are that are new here, by their identifiers.
        let (mut added, mut places) = (Dictionary::default(), Vec::new());
        for drafts in insertions {
            if let Some(error) = missing_project(&known, drafts) {
                outcomes.push(Err(error));
                continue;
            }
            let mut outcome = Outcome::default();
            let drafts: &'d [Draft] = drafts;
            for draft in drafts {
                let id = draft.entry().entry_id.as_str();
                let at = |number: u32| number as usize;
                let found = if let Some(number) = known.taken.find(id) {
                    Some(known.entries.get(at(number)).cloned().flatten())
                } else {
                    let place = added.find(id).and_then(|number| places.get(at(number)));
                    place.map(|&(log, place): &(usize, usize)| {
                        let project = &known.logs.get(log)?.view.project;
                        Some(new.get(log)?.get(place)?.to_entry(project))
                    })
                };
                if let Some(entry) = found {
                    outcome.counts.duplicates += 1;
                    outcome.appended = entry;
                    continue;
                }
                let Some(Ok(Some(log))) = known.place_of(&draft.entry().project) else { continue };
                let (Some(view), Some(new)) = (known.logs.get(*log), new.get_mut(*log)) else { continue };
                let view = &view.view;
                let entry = draft.finish(&view.project, view.last_seq() + 1 + new.len() as u64)?;
                if let Finished::Appended(entry) = &entry {
                    outcome.appended = Some(entry.clone());
                }
                added.number(id);
                places.push((*log, new.len()));
                new.push(entry);
                outcome.counts.inserted += 1;
            }
            outcomes.push(Ok(outcome));
        }
        let mut additions = Vec::with_capacity(new.len());
        let mut next_id = known.last_segment.1 + 1;
        for (place, (log, new)) in known.logs.iter().zip(new).enumerate() {
            // As before the entries were completed, or what was not due in memory would be now.
            let amount = known.amount_of_new(insertions, place).of_rows(new.len());
            additions.push(if new.is_empty() {
                Addition::Nothing
            } else if sealing.is_due(&log.view, amount) {
                let sealed = seal(&log.view, log.last.as_deref(), &new, next_id, sealing)?;
                next_id += sealed.len() as u64;
                Addition::Sealed(Box::new(sealed))
            } else {
                Addition::Tail(new)
            });
        }
        Ok(Self { known, outcomes, additions })
    }

    /// Tells whether this was worked out from what is known now.
    pub fn is_of(&self, known: &Knowledge) -> bool {
        self.known.is_same(known)
    }

    /// Issues all writes.
    pub fn write(&self, transaction: &dyn Transaction) -> Result<()> {
        for (log, addition) in self.known.logs.iter().zip(&self.additions) {
            match addition {
                Addition::Nothing => {}
                Addition::Sealed(sealed) => sealed.write(transaction)?,
                Addition::Tail(entries) => {
                    let project_id = log.view.project.id;
                    for (seq, row, chain) in chains(&log.view, entries) {
                        let key = keys::in_project(project_id, seq);
                        transaction.add(Table::Tail, &key, &TailRow::encode(project_id, seq, row, chain)?)?;
                        let place = EntryPlace { project_id, seq, entry_id: row.entry_id };
                        let place = record::encode(Kind::EntryPlace, record::named(row.entry_id), &place)?;
                        let id = row.entry_id.as_bytes();
                        if self.known.is_from_memory {
                            transaction.add(Table::Identifiers, id, &place)?;
                        } else {
                            // It may be there, of a damaged project that was deleted.
                            transaction.put(Table::Identifiers, id, &place)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Checks that what was in memory is what is stored.
    ///
    /// # Errors
    /// `conflict` if someone else wrote meanwhile.
    pub async fn check(&self, transaction: &dyn Transaction) -> Result<()> {
        if !self.known.is_from_memory {
            return Ok(());
        }
        let logs = self.known.logs.iter();
        let stored = join_all(logs.clone().map(|log| fetch_stored(transaction, log.view.project.id)));
        let is_same = |(stored, log): (Option<StoredProject>, &KnownLog)| {
            let view = &log.view;
            stored.is_some_and(|stored| {
                stored.generation == view.generation && stored.project.created_at == view.project.created_at
            })
        };
        let last = async {
            if self.known.has_compared {
                let last = last_number(transaction, SEGMENTS, Table::Counters, &keys::NOTHING).await?;
                Ok((transaction.connection(), last))
            } else {
                Ok(self.known.last_segment)
            }
        };
        let (stored, last) = try_join(stored, last).await?;
        let is_current = stored.into_iter().zip(logs).all(is_same) && last == self.known.last_segment;
        if is_current { Ok(()) } else { Err(Error::new(ErrorKind::Conflict, "someone else wrote first")) }
    }

    /// Tells what was written: of each log, which entries are new.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        self.known.logs.iter().zip(&self.additions).filter_map(|(log, addition)| {
            let view = &log.view;
            let last_seq = match addition {
                Addition::Nothing => return None,
                Addition::Tail(entries) => view.last_seq() + entries.len() as u64,
                Addition::Sealed(sealed) => sealed.view.last_seq(),
            };
            let (project, first_seq) = (view.project.name.clone(), view.last_seq() + 1);
            Some(Change::Entries { project, first_seq, last_seq })
        })
    }

    /// Brings what is in memory up to what was written, and returns the outcomes.
    pub fn take_note(self, logs: &Logs, identifiers: &Identifiers) -> Vec<Result<Outcome>> {
        for (log, addition) in self.known.logs.into_iter().zip(self.additions) {
            match addition {
                Addition::Nothing => {}
                Addition::Tail(entries) => {
                    // Of the tail there is just the one that is kept now, so that it need not be copied.
                    let view = View { tail: Rc::default(), ..log.view };
                    for (seq, row, chain) in chains(&view, &entries) {
                        logs.push(&view, seq, &row, chain);
                    }
                }
                Addition::Sealed(sealed) => {
                    logs.keep(sealed.view.clone());
                    let (removed, added) = sealed.into_fingerprints();
                    identifiers.replace(removed, added);
                }
            }
        }
        self.outcomes
    }
}

/// Tells why an insertion fails as a whole: a project that it names does not exist.
fn missing_project(known: &Knowledge, drafts: &[Draft]) -> Option<Error> {
    let missing =
        drafts.iter().enumerate().find_map(|(index, draft)| match known.place_of(&draft.entry().project) {
            Some(Err(error)) => Some((index, draft, error.duplicate())),
            _ => None,
        });
    let (index, draft, error) = missing?;
    let is_element = matches!(draft, Draft::Element(_));
    Some(if is_element { error.within(format_args!("entries[{index}]")) } else { error })
}
