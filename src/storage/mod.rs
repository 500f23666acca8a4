//! What a storage backend promises, and the one that keeps it on any medium.

mod agents;
mod backend;
mod documents;
mod identifiers;
mod insert;
mod keys;
mod logs;
mod parts;
mod past;
mod plan;
mod prune;
mod projects;
mod read;
mod seal;
mod search;
mod store;
mod turns;
mod uuids;
mod verify;

pub use backend::{Batch, Place, Snapshot, StorageBackend};
pub use insert::GivenUp;
pub use parts::Reads;
pub use past::Past;
pub use seal::Sealing;
pub use store::{Clock, Listener, Store, StoreOptions};
