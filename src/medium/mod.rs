//! An ordered key-value store with all-or-nothing transactions: what the storage layer stands on.

mod body;
mod contract;
mod join;
mod memory;

#[cfg(target_arch = "wasm32")]
mod any;
#[cfg(target_arch = "wasm32")]
mod indexed_db;

#[cfg(target_arch = "wasm32")]
pub use any::Any;
pub use body::{Body, transact};
pub use contract::{Durability, KeyRange, Medium, Pending, Table, Transaction};
#[cfg(target_arch = "wasm32")]
pub use indexed_db::{IndexedDb, IndexedDbOptions, delete_database};
pub use join::join_all;
pub use memory::Memory;
