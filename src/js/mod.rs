//! The bindings: what the JavaScript of the npm package calls.
//!
//! Arguments come as JSON text, checked by [`crate::wire`]. Results go as JavaScript objects, made member by member,
//! or by `JSON.parse` of one text where they hold metadata or are many: that is cheaper, and free-form keys such as
//! `__proto__` survive only there. Errors go as plain objects, from which the package makes its classes.

mod batch;
mod failure;
mod open;
mod store;
mod text;

pub use batch::EntryBatch;
pub use open::{delete_store, open_store};
pub use store::StoreHandle;
pub use text::{complete_entry, sha256};
