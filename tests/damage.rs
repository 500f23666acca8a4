//! What becomes of damaged records: every kind of record in every table, with every kind of damage. Whatever is called
//! then, the answer is that of the store that is whole, or `corrupt` with the place; and it is the former wherever the
//! record is not needed.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is how tests fail"
)]

#[path = "damage/absences.rs"]
mod absences;
#[path = "conformance/api.rs"]
#[expect(dead_code, reason = "the conformance suite calls every method")]
mod api;
#[path = "damage/calls.rs"]
mod calls;
#[path = "damage/damages.rs"]
mod damages;
#[path = "damage/scene.rs"]
mod scene;
#[expect(dead_code, reason = "the conformance suite counts transactions")]
mod shared_memory;
#[path = "conformance/world.rs"]
#[expect(dead_code, reason = "the conformance suite tampers with what is stored")]
mod world;

use std::collections::BTreeMap;

use api::Api;
use calls::{Answer, Call, reads, writes};
use damages::Damage;
use scene::{Record, dump, make, open, put, restore};
use scribe_store::error::ErrorKind;
use scribe_store::medium::Table;
use shared_memory::SharedMemory;

/// Where a record has its kind.
const KIND_AT: usize = 2;

/// Of the calls that do not need a damaged record, one in so many is made.
const SELDOM: usize = 5;
/// Where a record is damaged in many ways, each meets one call in so many, in turns.
const SHARE: usize = 4;

/// What went wrong, by what it was about.
#[derive(Default)]
struct Findings(BTreeMap<String, Vec<String>>);

impl Findings {
    fn add(&mut self, about: String, what: String) {
        self.0.entry(about).or_default().push(what);
    }

    /// Fails if anything went wrong, and tells the first of each kind.
    fn check(&self) {
        let firsts =
            self.0.iter().map(|(about, all)| format!("{about} ({} times):\n  {}", all.len(), all[0]));
        assert!(self.0.is_empty(), "{}", firsts.collect::<Vec<_>>().join("\n"));
    }
}

/// Tells what is wrong with an answer, if anything is.
fn fault(answer: &Answer, whole: &Answer, call: &Call, record: &Record, damage: &Damage) -> Option<String> {
    if answer == whole {
        return None;
    }
    let is_verified = call.method() == "verify_project";
    let Err((kind, message)) = answer else {
        // A report that names an entry tells of the damage as well.
        let is_told =
            is_verified && answer.as_ref().is_ok_and(|report| report["ok"] == false) && call.needs(record);
        return (!is_told).then(|| format!("a wrong answer: {answer:?}, not {whole:?}"));
    };
    // Verifying does not tell why an identifier is not there.
    let is_missing = is_verified && record.table == Table::Identifiers;
    let expected =
        if *damage == Damage::Newer && !is_missing { ErrorKind::TooNew } else { ErrorKind::Corrupt };
    if *kind != expected {
        return Some(format!("{kind:?}: {message}"));
    }
    if !record.places().iter().any(|place| message.contains(place)) {
        return Some(format!("the place is not named: {message}"));
    }
    (!call.needs(record)).then(|| format!("it does not need that: {message}"))
}

/// How a store comes to meet the damage.
#[derive(Debug, Clone, Copy)]
enum Meeting {
    /// It is opened for every call.
    Anew,
    /// It is opened once, behind the damage.
    Once,
    /// It had everything in memory that it keeps.
    InUse,
}

async fn ask_all(calls: &[Call], data: &SharedMemory) -> Vec<Answer> {
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.ask(&open(data)).await);
    }
    answers
}

/// Damages every record in the ways given, and reads everything, or one in so many calls in turns.
fn read_damaged(meeting: Meeting, share: usize, damages: impl Fn(&Record, &[Record]) -> Vec<Damage>) {
    pollster::block_on(async {
        let all = make().await;
        let calls = reads();
        let data = restore(&all).await;
        let whole = ask_all(&calls, &data).await;
        assert!(whole.iter().all(Result::is_ok), "{whole:?}");
        let store = open(&data);
        let mut findings = Findings::default();
        for (place, record) in all.iter().enumerate() {
            let mut is_seen = false;
            for (turn, damage) in damages(record, &all).into_iter().enumerate() {
                if matches!(meeting, Meeting::InUse) {
                    for (call, whole) in calls.iter().zip(&whole) {
                        assert_eq!(call.ask(&store).await, *whole, "before {damage:?} of {record:?}");
                    }
                }
                let value = damage.done_to(record, &all);
                put(&data, record, value.as_deref()).await;
                let reader = open(&data);
                for (number, (call, whole)) in calls.iter().zip(&whole).enumerate() {
                    // What does not need the record is asked now and then.
                    let share = if call.needs(record) { share } else { share * SELDOM };
                    if !(number + turn).is_multiple_of(share) {
                        continue;
                    }
                    let answer = match meeting {
                        Meeting::Anew => call.ask(&open(&data)).await,
                        Meeting::Once => call.ask(&reader).await,
                        Meeting::InUse => call.ask(&store).await,
                    };
                    is_seen |= answer.is_err();
                    if let Some(fault) = fault(&answer, whole, call, record, &damage)
                        && !is_untold(place, &all, &damage, call)
                    {
                        let kind = std::mem::discriminant(&damage);
                        let about = format!("{:?}, {kind:?}, {}", record.table, call.method());
                        findings.add(about, format!("{damage:?} of {}, {call:?}: {fault}", record.owner()));
                    }
                }
                put(&data, record, Some(&record.value)).await;
            }
            let is_never_read = record.table == Table::Counters;
            assert!(
                is_seen || is_never_read || matches!(meeting, Meeting::InUse),
                "nothing shows that {record:?} is damaged"
            );
        }
        findings.check();
    });
}

/// Tells whether a record is missing whose absence nothing tells of, so that a call answers as if it had never been.
/// What becomes of it is in `damage/absences.rs`.
fn is_untold(place: usize, all: &[Record], damage: &Damage, call: &Call) -> bool {
    let record = &all[place];
    let is_last =
        || all.get(place + 1).is_none_or(|next| next.table != record.table || next.owner() != record.owner());
    *damage == Damage::Missing
        && call.needs(record)
        && match record.table {
            Table::DocChanges
            | Table::ReportCards
            | Table::Sessions
            | Table::AgentProjects
            | Table::Identifiers
            | Table::Fingerprints => true,
            Table::Tail => is_last(),
            Table::AgentEvents => all.get(place + 1).is_none_or(|next| next.table != record.table),
            _ => false,
        }
}

#[test]
fn flipped_bytes() {
    read_damaged(Meeting::Once, SHARE, |record, _| damages::flips(record));
}

#[test]
fn truncated_records() {
    read_damaged(Meeting::Once, SHARE, |record, _| damages::truncations(record));
}

#[test]
fn missing_newer_and_forged_records() {
    read_damaged(Meeting::Anew, 1, |_, _| damages::wholes());
}

#[test]
fn records_in_the_place_of_others() {
    read_damaged(Meeting::Once, 1, damages::replacements);
}

#[test]
fn records_damaged_under_a_store_in_use() {
    read_damaged(Meeting::InUse, 1, damages::sample);
}

/// Damages every record, and writes.
#[test]
fn writes_on_damaged_records() {
    pollster::block_on(async {
        let all = make().await;
        let questions: Vec<Call> = reads().into_iter().step_by(3).collect();
        let mut findings = Findings::default();
        for call in writes() {
            let data = restore(&all).await;
            let done = call.ask(&open(&data)).await;
            let is_conflict = matches!(&done, Err((ErrorKind::Conflict, _)));
            assert!(done.is_ok() || is_conflict, "{call:?}: {done:?}");
            let after = ask_all(&questions, &data).await;
            for (place, record) in all.iter().enumerate() {
                let mut damages = damages::sample(record, &all);
                if !call.needs(record) {
                    damages.truncate(1);
                }
                for damage in damages {
                    let value = damage.done_to(record, &all);
                    let data = restore(&all).await;
                    put(&data, record, value.as_deref()).await;
                    let before = dump(&data).await;
                    let answer = call.ask(&open(&data)).await;
                    let about = |question: &str| {
                        let kind = std::mem::discriminant(&damage);
                        format!("{:?}, {kind:?}, {}{question}", record.table, call.method())
                    };
                    let what = |fault: &str| format!("{damage:?} of {}, {call:?}: {fault}", record.owner());
                    if is_untold(place, &all, &damage, &call) {
                        continue;
                    }
                    if let Some(fault) = fault(&answer, &done, &call, record, &damage) {
                        findings.add(about(""), what(&fault));
                        continue;
                    }
                    if answer != done {
                        if dump(&data).await != before {
                            findings.add(about(", and wrote"), what("it failed, and wrote"));
                        }
                        continue;
                    }
                    if !call.needs(record) {
                        continue;
                    }
                    let reader = open(&data);
                    for (question, whole) in questions.iter().zip(&after) {
                        let answer = question.ask(&reader).await;
                        if let Some(fault) = fault(&answer, whole, question, record, &damage)
                            && !is_untold(place, &all, &damage, question)
                        {
                            let about = about(&format!(", then {}", question.method()));
                            findings.add(about, what(&format!("then {question:?}: {fault}")));
                        }
                    }
                }
            }
        }
        findings.check();
    });
}

/// The scene has records of every table and every kind that there is.
#[test]
fn every_table_and_kind_is_damaged() {
    let all = pollster::block_on(make());
    for table in Table::ALL {
        assert!(all.iter().any(|record| record.table == table), "no record of {table:?}");
    }
    let source = include_str!("../src/model/record.rs");
    let kinds = source.split_once("pub enum Kind {").unwrap().1.split_once("\n}").unwrap().0;
    let kinds: Vec<u8> = kinds
        .lines()
        .filter_map(|line| line.split_once(" = ")?.1.trim_end_matches(',').parse().ok())
        .collect();
    assert!(kinds.len() >= 17);
    for kind in kinds {
        assert!(all.iter().any(|record| record.value[KIND_AT] == kind), "no record of kind {kind}");
    }
}
