//! Segments: that entries get into them and stay what they are, how little is read, what damage does, and how
//! several stores seal the same log.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is how tests fail"
)]

#[path = "conformance/api.rs"]
#[expect(dead_code, reason = "the conformance suite calls every method")]
mod api;
#[path = "segments/damage.rs"]
mod damage;
#[path = "segments/guessing.rs"]
mod guessing;
#[path = "segments/log.rs"]
mod log;
#[path = "segments/pruning.rs"]
mod pruning;
#[path = "segments/retention.rs"]
mod retention;
#[path = "segments/sealing.rs"]
mod sealing;
#[path = "segments/searching.rs"]
mod searching;
#[expect(dead_code, reason = "the conformance suite counts transactions")]
mod shared_memory;
#[path = "segments/verifying.rs"]
mod verifying;
