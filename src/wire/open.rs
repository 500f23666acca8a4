//! How a store is opened.

use super::fields::{Fields, MAX_SAFE_INTEGER};
use crate::error::{Error, Result};
use crate::medium::Durability;

/// Where a store keeps its data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Backend {
    /// In the browser's database.
    #[default]
    IndexedDb,
    /// In memory.
    Memory,
}

impl Backend {
    const ALL: [(&'static str, Self); 2] = [("indexeddb", Self::IndexedDb), ("memory", Self::Memory)];
}

/// The options of `openStore`, but for `wasm`, which is gone when this module runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOptions {
    /// The database's name.
    pub name: String,
    /// Where the data is.
    pub backend: Backend,
    /// What a write outlives.
    pub durability: Durability,
    /// How long to wait for other tabs, in milliseconds.
    pub blocked_timeout_ms: u32,
    /// Upper bound on decoded log data in memory, in bytes.
    pub cache_bytes: usize,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            name: "scribe-store".to_owned(),
            backend: Backend::default(),
            durability: Durability::default(),
            blocked_timeout_ms: 5000,
            cache_bytes: 64 << 20,
        }
    }
}

/// Reads the options of `openStore`.
///
/// # Errors
/// `invalid_argument` that names the option.
pub fn open_options(text: &str) -> Result<OpenOptions> {
    let mut fields = Fields::parse("the options object", text)?;
    let mut options = OpenOptions::default();
    if let Some(name) = fields.optional_string("name")? {
        options.name = name;
    }
    if options.name.is_empty() {
        return Err(Error::invalid("`name` must not be empty"));
    }
    options.backend = fields.one_of("backend", &Backend::ALL)?.unwrap_or_default();
    let durabilities = [("relaxed", Durability::Relaxed), ("strict", Durability::Strict)];
    options.durability = fields.one_of("durability", &durabilities)?.unwrap_or_default();
    if let Some(timeout) = fields.whole("blockedTimeoutMs", 0..=MAX_SAFE_INTEGER)? {
        options.blocked_timeout_ms = u32::try_from(timeout).unwrap_or(u32::MAX);
    }
    if let Some(bytes) = fields.whole("cacheBytes", 0..=MAX_SAFE_INTEGER)? {
        options.cache_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    }
    fields.finish()?;
    Ok(options)
}
