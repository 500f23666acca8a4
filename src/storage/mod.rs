//! What a storage backend promises, and the one that keeps it on any medium.

mod agents;
mod backend;
mod documents;
mod insert;
mod keys;
mod logs;
mod projects;
mod read;
mod record;
mod store;
mod turns;

pub use backend::{Batch, Place, Snapshot, StorageBackend};
pub use store::{Clock, Store, StoreOptions};
