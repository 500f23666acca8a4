//! The storage layer for AI agents that work in the browser.
//!
//! Agents write a progress log; people and agents query it; sessions and each agent's current project are
//! kept under optimistic concurrency. JavaScript reaches all of it through the npm package `scribe-store`;
//! this crate is what that package is made of, and can be used from Rust as well: see
//! [`storage::StorageBackend`] for what every backend promises and [`storage::Store`] for the one there is.
//!
//! The modules are layers; each imports only what stands before it (see ARCHITECTURE.md).

pub mod error;
pub mod model;
pub mod query;
pub mod segment;
pub mod medium;
pub mod storage;
pub mod wire;

#[cfg(target_arch = "wasm32")]
pub mod js;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
