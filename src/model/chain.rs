//! The hash chain of a log, by which a change of any entry shows.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Row;

/// The head of a chain: 32 zero bytes before the first entry; then the SHA-256 of the head before and of
/// the entry's fields (`sha256`, `entry_id`, `ts` as text, `emoji`, `agent`, `message`, `meta` as canonical
/// JSON, `raw_line`), each as UTF-8 behind its length in bytes (four bytes, little-endian; `0xFFFF_FFFF` and
/// nothing for no agent).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[[u8; 8]; 4]", into = "[[u8; 8]; 4]")]
pub struct Chain(pub [u8; 32]);

// The same bytes in a record, in parts: code that reads 32 bytes one by one is long.

impl From<[[u8; 8]; 4]> for Chain {
    fn from(parts: [[u8; 8]; 4]) -> Self {
        let mut chain = Self::default();
        chain.0.copy_from_slice(parts.as_flattened());
        chain
    }
}

impl From<Chain> for [[u8; 8]; 4] {
    fn from(chain: Chain) -> Self {
        let mut parts = Self::default();
        parts.as_flattened_mut().copy_from_slice(&chain.0);
        parts
    }
}

impl Chain {
    /// Returns the head once an entry follows.
    #[must_use]
    pub fn then(self, row: &Row<'_>) -> Self {
        const NOTHING: u32 = u32::MAX;
        let mut hashed = Vec::with_capacity(1024);
        hashed.extend_from_slice(&self.0);
        let ts = row.ts.to_text();
        let fields = [
            Some(row.sha256),
            Some(row.entry_id),
            Some(&ts),
            Some(row.emoji),
            row.agent,
            Some(row.message),
            Some(row.meta),
            Some(row.raw_line),
        ];
        for field in fields {
            let length = field.map_or(NOTHING, |text| u32::try_from(text.len()).unwrap_or(NOTHING - 1));
            hashed.extend_from_slice(&length.to_le_bytes());
            hashed.extend_from_slice(field.unwrap_or_default().as_bytes());
        }
        Self(Sha256::digest(&hashed).into())
    }

    /// Returns the head as 64 lower-case hex digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        base16ct::lower::encode_string(&self.0)
    }
}
