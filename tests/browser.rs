//! The conformance suite on `IndexedDB`, in a window.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is how tests fail"
)]

mod conformance;
mod indexed_db;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
for_each_case!(tests_on_indexed_db);
for_each_case_of_indexed_db!(tests_of_indexed_db);
