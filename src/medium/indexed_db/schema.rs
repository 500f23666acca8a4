//! The database's schema: its version is the number of steps that lead to it.

use wasm_bindgen::JsValue;
use web_sys::IdbDatabase;

use crate::medium::Table;

type Step = fn(&IdbDatabase) -> Result<(), JsValue>;

const STEPS: [Step; 1] = [create_tables];

/// The version of the schema.
#[expect(clippy::cast_possible_truncation, reason = "a handful of steps")]
pub(super) const VERSION: u32 = STEPS.len() as u32;

/// Takes the steps that a database lacks, in the transaction of the upgrade: all or none.
pub(super) fn upgrade(old_version: f64, database: &IdbDatabase) -> Result<(), JsValue> {
    let lacking = STEPS.iter().zip(0_u32..).filter(|&(_, done_at)| f64::from(done_at) >= old_version);
    lacking.map(|(step, _)| step).try_for_each(|step| step(database))
}

/// One object store a table, with keys and values from outside: bytes.
fn create_tables(database: &IdbDatabase) -> Result<(), JsValue> {
    for table in Table::ALL {
        database.create_object_store(table.name())?;
    }
    Ok(())
}
