//! Entries in columns, and how queries run over them.

mod dictionary;
mod select;
mod table;
mod texts;

pub use select::{Position, Selection};
pub use table::{Row, Table};
