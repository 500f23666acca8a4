//! The core by itself, natively: `cargo bench`.
//!
//! - Substring search over a column of messages, beside `memchr::memmem` over the same bytes: what is between them is
//!   the price of telling messages apart.
//! - Sealing entries into segments, and loading the parts that a search or a page needs.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench that fails should say so, and is no library")]

#[cfg(not(target_arch = "wasm32"))]
mod segments;

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(segments::benches);

/// There is nothing to measure in a browser here; `npm run bench` does that.
#[cfg(target_arch = "wasm32")]
fn main() {}
