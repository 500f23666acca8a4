//! A store with something of everything in it, and its rows as they are stored.

use scribe_store::medium::{KeyRange, Medium, Table, Transaction};
use scribe_store::storage::{Sealing, Store, StoreOptions};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::api::{Api, entry_with};
use super::shared_memory::SharedMemory;
use super::world::TestClock;

pub type Tab = Api<Store<SharedMemory>>;

/// A stored record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub table: Table,
    pub key: Vec<u8>,
    pub value: Vec<u8>,
}

/// The projects, in the order of their ids, from 1 on. The third has no segments.
pub const PROJECTS: [&str; 3] = ["p", "q", "r"];

/// How many entries "p" and "q" have in segments, and all have in their tails.
pub const SEALED: usize = 12;
/// How many entries a segment has at most.
pub const SEGMENT: usize = 5;
/// The number of the first entry of a tail: later than all in segments.
pub const LATER: usize = 20;
pub const IN_TAIL: usize = 3;

/// The identifiers of a project's entries.
pub fn entry_ids(project: &str) -> Vec<String> {
    let sealed = if project == "r" { 0 } else { SEALED };
    (0..sealed + IN_TAIL).map(|number| format!("{project}{number}")).collect()
}

/// Opens a store.
pub fn open(data: &SharedMemory) -> Tab {
    let sealing = Sealing { tail_rows: 4, segment_rows: u32::try_from(SEGMENT).unwrap() };
    let clock = TestClock::new();
    clock.advance_ms(60_000);
    Api::new(Store::new(data.connect(), StoreOptions { sealing, ..clock.options() }))
}

/// When an entry happened, in milliseconds: no segment overlaps another.
pub fn time_of(number: usize) -> u64 {
    1_767_225_600_000 + (number / SEGMENT * 10 + number * 3 % SEGMENT) as u64 * 1000
}

/// An entry. Those of the same number differ between projects in all but their times.
pub fn entry(project: &str, id: &str, number: usize) -> Value {
    let line = format!("line {number} of {project}");
    entry_with(json!({
        "project": project,
        "entryId": id,
        "ts": time_of(number),
        "agent": format!("{} of {project}", ["Ann", "Bob", "Cid"][number % 3]),
        "emoji": (["✅", "❌", "⚠️"][number % 3]),
        "message": format!("message {number} of {project}"),
        "meta": { "number": number, "in": { "project": project } },
        "sha256": base16ct::lower::encode_string(&Sha256::digest(&line)),
        "rawLine": line,
    }))
}

/// Writes everything, and returns all that is stored then.
pub async fn make() -> Vec<Record> {
    let data = SharedMemory::default();
    let store = open(&data);
    for project in PROJECTS {
        store.project(project).await;
        let ids = entry_ids(project);
        let (sealed, tail) = ids.split_at(ids.len() - IN_TAIL);
        let all = sealed.iter().enumerate().map(|(number, id)| entry(project, id, number));
        store.insert_entries(all.collect()).await.unwrap();
        for (number, id) in tail.iter().enumerate() {
            assert!(store.insert(entry(project, id, LATER + number)).await);
        }
        for number in 0..3 {
            let change = json!({ "doc": format!("{project} {number}"), "action": "edit", "shaBefore": "1", "shaAfter": "2" });
            store.record_doc_change(json!({ "project": project, "change": change })).await.unwrap();
        }
        for file in ["f", "g"] {
            let card = json!({ "filePath": file, "agentName": format!("a of {project}"), "overallGrade": 1 });
            store.record_agent_report_card(json!({ "project": project, "card": card })).await.unwrap();
        }
    }
    for (agent, session) in [("a", "s1"), ("a", "s2"), ("b", "s3")] {
        store.upsert_agent_session(json!({ "agentId": agent, "sessionId": session })).await.unwrap();
    }
    store.end_session(json!({ "sessionId": "s2" })).await.unwrap();
    for (agent, project) in [("a", "q"), ("a", "p"), ("b", "q")] {
        let set = json!({ "agentId": agent, "projectName": project, "updatedBy": agent, "sessionId": "s1" });
        store.set_agent_project(set).await.unwrap();
    }
    dump(&data).await
}

/// Reads all that is stored.
pub async fn dump(data: &SharedMemory) -> Vec<Record> {
    let read_all = async |transaction: &dyn Transaction| {
        let mut records = Vec::new();
        for table in Table::ALL {
            let mut range = KeyRange::all();
            while let Some(key) = transaction.last_key(table, &range).await? {
                let value = transaction.get(table, &key).await?.unwrap();
                range.end = Some(key.clone());
                records.push(Record { table, key, value });
            }
        }
        records.reverse();
        Ok(records)
    };
    data.read(&Table::ALL, read_all).await.unwrap()
}

/// Makes a medium with these records.
pub async fn restore(records: &[Record]) -> SharedMemory {
    let data = SharedMemory::default();
    let write_all = async |transaction: &dyn Transaction| {
        records.iter().try_for_each(|record| transaction.put(record.table, &record.key, &record.value))
    };
    data.write(&Table::ALL, write_all).await.unwrap();
    data
}

/// Puts a value in the place of a record's, or removes it.
pub async fn put(data: &SharedMemory, record: &Record, value: Option<&[u8]>) {
    let write = async |transaction: &dyn Transaction| match value {
        Some(value) => transaction.put(record.table, &record.key, value),
        None => transaction.delete(record.table, &KeyRange::only(&record.key)),
    };
    data.write(&[record.table], write).await.unwrap();
}

impl Record {
    /// What the record belongs to: a project, by its name, and a segment of it; or itself, by its key.
    pub fn owner(&self) -> String {
        let number = |bytes: &[u8]| u64::from_be_bytes(*bytes.first_chunk().unwrap());
        let project = |id: u64| PROJECTS[usize::try_from(id - 1).unwrap()];
        match self.table {
            Table::Segments => format!("{} {}", project(number(&self.key)), number(&self.key[8..])),
            Table::Projects | Table::Heads | Table::Tail | Table::DocChanges | Table::ReportCards => {
                project(number(&self.key)).to_owned()
            }
            Table::AgentEvents | Table::Fingerprints => number(&self.key).to_string(),
            _ => String::from_utf8(self.key.clone()).unwrap(),
        }
    }

    /// What an error about the record may name: one of these.
    pub fn places(&self) -> Vec<String> {
        let owner = self.owner();
        let place = |text: &str| text.to_owned();
        match self.table {
            Table::Identifiers => vec![
                format!("the identifier {owner:?}"),
                place("of the tails"),
                place("the identifier of an entry of"),
            ],
            Table::Fingerprints => vec![place("fingerprints")],
            Table::Sessions => vec![format!("session {owner:?}"), place("of sessions")],
            Table::AgentProjects => vec![format!("agent {owner:?}"), place("of agents' projects")],
            Table::AgentEvents => vec![place("agents' events")],
            Table::Counters => vec![format!("the counter of {owner}")],
            _ => {
                let name = owner.split(' ').next().unwrap();
                let id = 1 + PROJECTS.iter().position(|project| *project == name).unwrap();
                vec![format!("project {name:?}"), format!("project {id} "), place("of project")]
            }
        }
    }
}
