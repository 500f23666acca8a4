//! The bindings: what the JavaScript of the npm package calls.
//!
//! Arguments come as JSON text, checked by [`crate::wire`]. Results go as JavaScript objects, or as JSON text
//! where they hold metadata or are many: one text is cheaper than many objects, and free-form keys such as
//! `__proto__` survive only `JSON.parse`. Errors go as plain objects, from which the package makes its classes.

mod batch;
mod failure;
mod open;
mod store;
mod text;

pub use batch::EntryBatch;
pub use open::{delete_store, open_store};
pub use store::StoreHandle;
pub use text::{complete_entry, sha256};
