//! A transaction of IndexedDB.

use std::cell::Cell;
use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbCursor, IdbCursorDirection, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction};

use super::bindings;
use super::connection::Connection;
use super::failure::Failure;
use super::patience::{silence, unanswered};
use super::request::result_of;
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{KeyRange, Pending, Table, Transaction};

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// A transaction of IndexedDB under way. Keys and values are bytes: `ArrayBuffer`s as keys, whose order in
/// IndexedDB is bytewise, and `Uint8Array`s as values.
#[derive(Debug)]
pub(super) struct IndexedDbTransaction {
    inner: IdbTransaction,
    /// How a transaction that writes ends: rejects if it was aborted.
    end: Option<JsFuture>,
    /// How many requests were answered; the end of the body counts as well.
    answers: Cell<u32>,
    /// How many writes were issued.
    writes: Cell<u32>,
    /// How many of them are done, as far as an answer to a later request tells: answers come in the order of requests.
    done: Cell<u32>,
    connection: u32,
}

impl IndexedDbTransaction {
    pub(super) fn new(inner: IdbTransaction, access: Access, connection: u32) -> Self {
        let end = || {
            Promise::new(&mut |resolve, reject| {
                inner.set_oncomplete(Some(&resolve));
                inner.set_onabort(Some(&reject));
            })
        };
        let end = (access == Access::Write).then(end).map(JsFuture::from);
        let (answers, writes, done) = (Cell::default(), Cell::default(), Cell::default());
        Self { inner, end, answers, writes, done, connection }
    }

    /// Runs a body, then commits what it wrote, or aborts. If the browser leaves it without an answer for long, it
    /// aborts as well, and fails with `unavailable`.
    pub(super) async fn run<T>(
        mut self,
        connection: &Connection,
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        let end = self.end.take();
        // One for all that the transaction waits for: to set a timer and to end it takes as long as a request.
        let mut patience = pin!(silence(&self.answers));
        let result = match select(pin!(body(&self)), patience.as_mut()).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => {
                patience.set(silence(&self.answers));
                connection.mark_lost();
                Err(unanswered("a request"))
            }
        };
        // So that a commit has all that time, too.
        self.answers.set(self.answers.get() + 1);
        let inner = &self.inner;
        let failure = match (&result, end) {
            // Nothing to wait for: what a reader read is as true as it was.
            (Ok(_), None) => return result,
            (Ok(_), Some(end)) => match commit(inner, self.done == self.writes) {
                Ok(()) => match select(end, patience).await {
                    Either::Left((Ok(_), _)) => return result,
                    Either::Left(_) => Failure::aborted(),
                    Either::Right(_) => {
                        connection.mark_lost();
                        return Err(unanswered("a commit, which may still be done"));
                    }
                },
                Err(thrown) => thrown.into(),
            },
            (Err(_), end) => {
                // Fails if the browser has aborted it already, which is what is wanted.
                if inner.abort().is_ok()
                    && let Some(end) = end
                {
                    select(end, patience).await;
                }
                Failure::aborted()
            }
        };
        // A full disk shows only as the transaction's own error, whatever failed first. A body's own error
        // stands, unless the browser aborted the transaction under it.
        let error = match (inner.error(), result) {
            (Some(exception), _) => Failure::from(exception).into(),
            (None, Err(error)) => error,
            (None, Ok(_)) => failure.into(),
        };
        if connection.was_ended() && error.kind() == ErrorKind::Unavailable {
            let message = "another tab upgraded or deleted the database: open the store again";
            return Err(Error::new(ErrorKind::Closed, message).because(error));
        }
        Err(error)
    }

    /// Takes note of a write.
    fn issued(&self, request: Result<IdbRequest, JsValue>) -> Result<()> {
        self.writes.set(self.writes.get() + 1);
        Ok(request.map(|_| ()).map_err(Failure::from)?)
    }

    fn store(&self, table: Table) -> Result<IdbObjectStore, Failure> {
        Ok(self.inner.object_store(table.name())?)
    }

    async fn result_of(&self, request: &IdbRequest) -> Result<JsValue, Failure> {
        let writes = self.writes.get();
        let result = result_of(request).await;
        self.answers.set(self.answers.get() + 1);
        self.done.set(self.done.get().max(writes));
        result
    }

    async fn get(&self, table: Table, key: &[u8]) -> Result<JsValue, Failure> {
        self.result_of(&self.store(table)?.get(&to_js(key))?).await
    }

    async fn scan(&self, table: Table, range: &KeyRange, limit: u32) -> Result<JsValue, Failure> {
        let request = self.store(table)?.get_all_with_key_and_limit(&to_idb_range(range)?, limit)?;
        self.result_of(&request).await
    }

    /// Adds up the lengths of keys and values, of so many at a time.
    async fn bytes(&self, table: Table) -> Result<u64, Failure> {
        const BATCH: u32 = 64;
        let (mut range, mut sum) = (KeyRange::all(), 0);
        loop {
            let keys = self.store(table)?.get_all_keys_with_key_and_limit(&to_idb_range(&range)?, BATCH)?;
            let keys: Array = self.result_of(&keys).await?.unchecked_into();
            let values: Array = self.scan(table, &range, BATCH).await?.unchecked_into();
            for bytes in keys.concat(&values).iter() {
                sum += u64::from(Uint8Array::new(&bytes).length());
            }
            if keys.length() < BATCH {
                return Ok(sum);
            }
            // The next key there can be.
            range.start = Uint8Array::new(&keys.get(BATCH - 1)).to_vec();
            range.start.push(0);
        }
    }

    async fn last_key(&self, table: Table, range: &KeyRange) -> Result<Option<Vec<u8>>, Failure> {
        let (range, direction) = (to_idb_range(range)?, IdbCursorDirection::Prev);
        let request = self.store(table)?.open_key_cursor_with_range_and_direction(&range, direction)?;
        let cursor = self.result_of(&request).await?;
        if cursor.is_null() {
            return Ok(None);
        }
        let key = cursor.unchecked_ref::<IdbCursor>().primary_key()?;
        Ok(Some(Uint8Array::new(&key).to_vec()))
    }
}

impl Transaction for IndexedDbTransaction {
    fn connection(&self) -> u32 {
        self.connection
    }

    fn get<'a>(&'a self, table: Table, key: &'a [u8]) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let value = self.get(table, key).await?;
            if value.is_undefined() { Ok(None) } else { value_bytes(table, &value).map(Some) }
        })
    }

    fn scan<'a>(&'a self, table: Table, range: &'a KeyRange, limit: u32) -> Pending<'a, Vec<Vec<u8>>> {
        Box::pin(async move {
            // IndexedDB refuses an empty range, and takes a limit of 0 for none.
            if range.is_empty() || limit == 0 {
                return Ok(Vec::new());
            }
            let values: Array = self.scan(table, range, limit).await?.unchecked_into();
            values.iter().map(|value| value_bytes(table, &value)).collect()
        })
    }

    fn last_key<'a>(&'a self, table: Table, range: &'a KeyRange) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(
            async move { if range.is_empty() { Ok(None) } else { Ok(self.last_key(table, range).await?) } },
        )
    }

    fn bytes(&self, table: Table) -> Pending<'_, u64> {
        Box::pin(async move { Ok(self.bytes(table).await?) })
    }

    // Whether a write succeeded shows when the transaction commits.

    fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        self.issued(self.store(table)?.put_with_key(&to_js(value), &to_js(key)))
    }

    fn add(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        self.issued(self.store(table)?.add_with_key(&to_js(value), &to_js(key)))
    }

    fn delete(&self, table: Table, range: &KeyRange) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        self.issued(self.store(table)?.delete(&to_idb_range(range)?))
    }
}

/// Commits a transaction if its writes are done. Otherwise the browser does, once they are: Firefox (153) would commit
/// what is under way also if a part of it then found no room.
fn commit(transaction: &IdbTransaction, are_done: bool) -> Result<(), JsValue> {
    if are_done { transaction.unchecked_ref::<bindings::Transaction>().commit() } else { Ok(()) }
}

fn to_js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn to_idb_range(range: &KeyRange) -> Result<JsValue, Failure> {
    let start = to_js(&range.start);
    let range = match &range.end {
        Some(end) => IdbKeyRange::bound_with_lower_open_and_upper_open(&start, &to_js(end), false, true)?,
        None => IdbKeyRange::lower_bound(&start)?,
    };
    Ok(range.into())
}

fn value_bytes(table: Table, value: &JsValue) -> Result<Vec<u8>> {
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(Error::corrupt(format!("a value in {}", table.name()), "is not bytes")),
    }
}
