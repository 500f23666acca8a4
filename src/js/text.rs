//! What the package needs of the module while it reads and writes logs as text: no store takes part.

use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::{model, wire};

/// Completes an entry with the canonical line and its hash; takes and returns the text of a JSON object.
///
/// # Errors
/// `invalid_argument` that names the member.
#[wasm_bindgen(js_name = completeEntry)]
pub fn complete_entry(entry: &str) -> Result<String, Error> {
    wire::completed_entry(entry)
}

/// Returns the SHA-256 of a text in UTF-8 as 64 lower-case hex digits.
#[wasm_bindgen(js_name = sha256)]
#[must_use]
pub fn sha256(text: &str) -> String {
    model::sha256_hex(text)
}
