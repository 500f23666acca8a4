//! Cursors: a place in a walk over the pages of one query in one snapshot, as text.
//!
//! A log grows, and `seq` grows with it, so a snapshot is a bound on `seq`; within it a page's number
//! says where the page is. The text is lower-case hex of: format version (1 byte), the query's
//! fingerprint (8), the bound (8), the page's number (8), the page size (4), and the CRC-32 of all that (4);
//! numbers little-endian.

use base16ct::lower::{decode_vec, encode_string};

use super::{MAX_PAGE_SIZE, Page, PageRequest, Window};
use crate::error::{Error, ErrorKind, Result};
use crate::model::crc32;

const FORMAT: u8 = 1;
const LENGTH: usize = 33;

/// A walk over the pages of one query in one snapshot, at one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// The query's fingerprint.
    fingerprint: [u8; 8],
    /// The snapshot: entries with a higher `seq` do not appear.
    pub up_to: u64,
    /// The page's number, from 1.
    pub page: u64,
    /// How many items a full page has.
    pub page_size: u32,
}

impl Walk {
    /// Begins a walk at the page that is asked for, in the snapshot that ends with `last_seq`, or goes on
    /// with the cursor's.
    ///
    /// # Errors
    /// `invalid_cursor` if the cursor is damaged, of another format version, or belongs to another query or
    /// page size; `invalid_argument` if a page is asked for as well.
    pub fn begin(request: &PageRequest, fingerprint: [u8; 8], last_seq: u64) -> Result<Self> {
        let Some(cursor) = &request.cursor else {
            let (page, page_size) = (request.page.unwrap_or(1), request.page_size_or_default());
            return Ok(Self { fingerprint, up_to: last_seq, page, page_size });
        };
        if request.page.is_some() {
            return Err(Error::invalid("`page` and `cursor` exclude each other: pass one of them"));
        }
        let walk = Self::decode(cursor)?;
        if walk.fingerprint != fingerprint {
            return Err(invalid("belongs to another query, or to entries of which some were removed"));
        }
        if request.page_size.is_some_and(|size| size != walk.page_size) {
            return Err(invalid(&format!("belongs to pages of {} items", walk.page_size)));
        }
        // The log cannot have become shorter.
        if walk.up_to > last_seq {
            return Err(invalid("belongs to a log that is not this one"));
        }
        Ok(walk)
    }

    /// Returns which matches are on the page.
    #[must_use]
    pub fn window(&self) -> Window {
        let limit = u64::from(self.page_size);
        Window { offset: (self.page - 1).saturating_mul(limit), limit }
    }

    /// Makes the page, with cursors to those before and after it.
    #[must_use]
    pub fn into_page<T>(self, items: Vec<T>, total_count: u64) -> Page<T> {
        let mut page = Page::new(items, self.page, self.page_size, total_count);
        page.next_cursor = page.has_next.then(|| Self { page: self.page + 1, ..self }.encode());
        page.prev_cursor = page.has_prev.then(|| Self { page: self.page - 1, ..self }.encode());
        page
    }

    fn encode(self) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(FORMAT);
        bytes.extend(self.fingerprint);
        bytes.extend(self.up_to.to_le_bytes());
        bytes.extend(self.page.to_le_bytes());
        bytes.extend(self.page_size.to_le_bytes());
        bytes.extend(crc32(&[&bytes]).to_le_bytes());
        encode_string(&bytes)
    }

    fn decode(cursor: &str) -> Result<Self> {
        let damaged = || invalid("is damaged, or was not made by this store");
        let bytes = decode_vec(cursor).map_err(|error| damaged().because(error))?;
        let (body, checksum) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
        if crc32(&[body]) != u32::from_le_bytes(*checksum) {
            return Err(damaged());
        }
        let (&[format], rest) = body.split_first_chunk().ok_or_else(damaged)?;
        if format != FORMAT {
            return Err(invalid(&format!("has format version {format}; this release knows {FORMAT}")));
        }
        let (fingerprint, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let (up_to, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let (page, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let page_size = rest.try_into().map_err(|_| damaged())?;
        let walk = Self {
            fingerprint: *fingerprint,
            up_to: u64::from_le_bytes(*up_to),
            page: u64::from_le_bytes(*page),
            page_size: u32::from_le_bytes(page_size),
        };
        let sound = walk.page >= 1 && (1..=MAX_PAGE_SIZE).contains(&walk.page_size);
        if sound { Ok(walk) } else { Err(damaged()) }
    }
}

fn invalid(what: &str) -> Error {
    Error::new(ErrorKind::InvalidCursor, format!("the cursor {what}: start again from the first page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_damaged_cursor_is_refused() {
        let walk = Walk { fingerprint: [7; 8], up_to: 1000, page: 3, page_size: 50 };
        let cursor = walk.encode();
        assert_eq!(Walk::decode(&cursor).expect("its own cursor"), walk);
        for index in 0..cursor.len() {
            for replacement in ["A", "B", "!", ""] {
                let mut damaged = cursor.clone();
                damaged.replace_range(index..=index, replacement);
                if damaged != cursor {
                    let error = Walk::decode(&damaged).expect_err("damaged");
                    assert_eq!(error.kind(), ErrorKind::InvalidCursor, "{damaged}");
                }
            }
        }
    }

    #[test]
    fn another_format_version_is_named() {
        let mut body = vec![FORMAT + 1; LENGTH - 4];
        body.extend(crc32(&[&body]).to_le_bytes());
        let error = Walk::decode(&encode_string(&body)).expect_err("another version");
        assert!(error.message().contains("format version 2"), "{error}");
    }
}
