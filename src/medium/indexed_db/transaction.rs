//! A transaction of IndexedDB.

use indexed_db_futures::cursor::CursorDirection;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{Transaction as IdbTransaction, TransactionMode};
use indexed_db_futures::{KeyRange as IdbKeyRange, object_store::ObjectStore};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use super::connection::Connection;
use super::failure::Failure;
use crate::error::{Error, ErrorKind, Result};
use crate::medium::{KeyRange, Pending, Table, Transaction};

/// A transaction of IndexedDB under way. Keys and values are bytes: `ArrayBuffer`s as keys, whose order in
/// IndexedDB is bytewise, and `Uint8Array`s as values.
#[derive(Debug)]
pub(super) struct IndexedDbTransaction<'t> {
    inner: IdbTransaction<'t>,
}

impl<'t> IndexedDbTransaction<'t> {
    pub(super) fn new(inner: IdbTransaction<'t>) -> Self {
        Self { inner }
    }

    /// Runs a body, then commits what it wrote, or aborts.
    pub(super) async fn run<T>(
        self,
        connection: &Connection,
        body: impl AsyncFnOnce(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        let result = body(&self).await;
        let sys = self.inner.as_sys().clone();
        let failure = match &result {
            // Nothing to wait for: what a reader read is as true as it was.
            Ok(_) if self.inner.mode() == TransactionMode::Readonly => return result,
            Ok(_) => match self.inner.commit().await {
                Ok(()) => return result,
                Err(failure) => Some(failure),
            },
            Err(_) => {
                // Fails if the browser has aborted it already, which is what is wanted.
                let _ = self.inner.abort().await;
                None
            }
        };
        // A full disk shows only as the transaction's own error, whatever failed first. A body's own error
        // stands, unless the browser aborted the transaction under it.
        let error = match (sys.error(), failure, result) {
            (Some(exception), _, _) => Failure::from(exception).into(),
            (None, _, Err(error)) => error,
            (None, Some(failure), Ok(_)) => Failure::from(failure).into(),
            (None, None, Ok(_)) => Error::internal("a transaction failed without a failure"),
        };
        if connection.was_ended() && error.kind() == ErrorKind::Unavailable {
            let message = "another tab upgraded or deleted the database: open the store again";
            return Err(Error::new(ErrorKind::Closed, message).because(error));
        }
        Err(error)
    }

    fn store(&self, table: Table) -> Result<ObjectStore<'_>, Failure> {
        Ok(self.inner.object_store(table.name())?)
    }
}

impl Transaction for IndexedDbTransaction<'_> {
    fn get<'a>(&'a self, table: Table, key: &'a [u8]) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let store = self.store(table)?;
            let request = store.get::<JsValue, _, _>(to_js(key)).primitive().map_err(Failure::from)?;
            request.await.map_err(Failure::from)?.map(|value| value_bytes(table, &value)).transpose()
        })
    }

    fn scan<'a>(&'a self, table: Table, range: &'a KeyRange, limit: u32) -> Pending<'a, Vec<Vec<u8>>> {
        Box::pin(async move {
            // IndexedDB refuses an empty range, and takes a limit of 0 for none.
            if range.is_empty() || limit == 0 {
                return Ok(Vec::new());
            }
            let store = self.store(table)?;
            let query = store.get_all::<JsValue>().with_query::<JsValue, _>(to_idb_range(range));
            let request = query.with_limit(limit).primitive().map_err(Failure::from)?;
            let values = request.await.map_err(Failure::from)?;
            values.map(|value| value_bytes(table, &value.map_err(Failure::from)?)).collect()
        })
    }

    fn last_key<'a>(&'a self, table: Table, range: &'a KeyRange) -> Pending<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            if range.is_empty() {
                return Ok(None);
            }
            let store = self.store(table)?;
            let query = store.open_key_cursor().with_query::<JsValue, _>(to_idb_range(range));
            let request = query.with_direction(CursorDirection::Prev).primitive().map_err(Failure::from)?;
            let Some(cursor) = request.await.map_err(Failure::from)? else { return Ok(None) };
            let key = cursor.primary_key::<JsValue>().map_err(Failure::from)?;
            Ok(key.map(|key| Uint8Array::new(&key).to_vec()))
        })
    }

    fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        let store = self.store(table)?;
        // Whether it succeeded shows when the transaction commits.
        let _request = store.put(to_js(value)).with_key(to_js(key)).primitive().map_err(Failure::from)?;
        Ok(())
    }

    fn add(&self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        let store = self.store(table)?;
        let _request = store.add(to_js(value)).with_key(to_js(key)).primitive().map_err(Failure::from)?;
        Ok(())
    }

    fn delete(&self, table: Table, range: &KeyRange) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let store = self.store(table)?;
        let _request = store.delete::<JsValue, _>(to_idb_range(range)).primitive().map_err(Failure::from)?;
        Ok(())
    }
}

fn to_js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Built bound by bound: the crate's conversions of `..x` and `..=x` are each other's.
fn to_idb_range(range: &KeyRange) -> IdbKeyRange<JsValue> {
    match &range.end {
        Some(end) => IdbKeyRange::Bound(to_js(&range.start), false, to_js(end), true),
        None => IdbKeyRange::LowerBound(to_js(&range.start), false),
    }
}

fn value_bytes(table: Table, value: &JsValue) -> Result<Vec<u8>> {
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(Error::corrupt(format!("a value in {}", table.name()), "is not bytes")),
    }
}
