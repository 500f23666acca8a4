//! A bulk insert under construction.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::model::NewEntry;
use crate::wire;

/// Collects the entries of one `insertEntries`, so that no single text has to hold them all.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct EntryBatch {
    entries: RefCell<Vec<NewEntry>>,
}

#[wasm_bindgen]
impl EntryBatch {
    /// Makes an empty batch.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds entries from the text of a JSON array.
    ///
    /// # Errors
    /// `invalid_argument` that names the index of the bad entry.
    pub fn push(&self, entries: &str) -> Result<(), Error> {
        let mut all = self.entries.borrow_mut();
        let entries = wire::entries(entries, all.len())?;
        all.extend(entries);
        Ok(())
    }
}

impl EntryBatch {
    /// Takes the entries out.
    pub(super) fn take(&self) -> Vec<NewEntry> {
        self.entries.take()
    }
}
