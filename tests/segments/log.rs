//! A log in segments of a few entries, and access to its bytes.

use scribe_store::medium::{KeyRange, Medium, Table, Transaction};
use scribe_store::model::crc32;
use scribe_store::storage::{Sealing, Store, StoreOptions};
use serde_json::{Value, json};

use super::api::{Api, entry_with};
use super::shared_memory::SharedMemory;

pub type Memory = Api<Store<SharedMemory>>;

/// The head of a stored record: magic, format, kind, checksum.
pub const HEADER: usize = 7;

/// What a record of a project or a segment has behind that: its number.
pub const OWNER: usize = 8;

/// Segments of ten entries, sealed four at a time.
pub const SMALL: Sealing = Sealing { tail_rows: 4, segment_rows: 10 };

/// Opens a store with small segments.
pub fn open(data: &SharedMemory) -> Memory {
    open_with(data, StoreOptions { sealing: SMALL, ..StoreOptions::default() })
}

pub fn open_with(data: &SharedMemory, options: StoreOptions) -> Memory {
    Api::new(Store::new(data.connect(), options))
}

/// An entry whose time, agent, emoji, message and metadata follow from its number.
pub fn entry(number: usize) -> Value {
    let agent = ["Ann", "Bob", "Cid"][number % 3];
    entry_with(json!({
        "entryId": format!("e{number}"),
        "ts": 1_767_225_600_000_u64 + number as u64 * 1000,
        "agent": agent,
        "emoji": if number.is_multiple_of(5) { "✅" } else { "❌" },
        "message": format!("Message {number} of {agent}"),
        "meta": { "phase": number % 4, "step": { "number": number } },
    }))
}

/// Makes project "p" with so many entries, inserted at once.
pub async fn fill(store: &Memory, count: usize) {
    store.project("p").await;
    let counts = store.insert_entries((0..count).map(entry).collect()).await.unwrap();
    assert_eq!(counts, json!({ "inserted": count, "duplicates": 0 }));
}

/// The identifiers of entries by their numbers.
pub fn named(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("e{number}")).collect()
}

/// Reads all keys of a table, the last first.
pub async fn keys(data: &SharedMemory, table: Table) -> Vec<Vec<u8>> {
    let read_all = async |transaction: &dyn Transaction| {
        let mut keys = Vec::new();
        let mut range = KeyRange::all();
        while let Some(key) = transaction.last_key(table, &range).await? {
            range.end = Some(key.clone());
            keys.push(key);
        }
        Ok(keys)
    };
    data.read(&[table], read_all).await.unwrap()
}

/// Replaces the value of a key by what `change` makes of it.
pub async fn change(
    data: &SharedMemory,
    table: Table,
    key: &[u8],
    change: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>,
) {
    let write = async |transaction: &dyn Transaction| {
        let value = transaction.get(table, key).await?.unwrap();
        match change(value) {
            Some(value) => transaction.put(table, key, &value),
            None => transaction.delete(table, &KeyRange::only(key)),
        }
    };
    data.write(&[table], write).await.unwrap();
}

/// Changes the fields of a packed record, as someone would who knows the format: its checksum is right.
pub fn forge_packed(value: &[u8], forge: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let (owner, packed) = value[HEADER..].split_at(OWNER);
    let mut fields = lz4_flex::block::decompress_size_prepended(packed).unwrap();
    forge(&mut fields);
    close(value, &[owner, &lz4_flex::block::compress_prepend_size(&fields)].concat())
}

/// Changes the fields of a record that is not packed.
pub fn forge(value: &[u8], forge: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut fields = value[HEADER..].to_vec();
    forge(&mut fields);
    close(value, &fields)
}

fn close(value: &[u8], fields: &[u8]) -> Vec<u8> {
    let checksum = crc32(&[&value[..3], fields]).to_le_bytes();
    [&value[..3], &checksum, fields].concat()
}

/// Replaces the first occurrence of some bytes by as many others.
pub fn replace(bytes: &mut [u8], from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).expect(from);
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
}
