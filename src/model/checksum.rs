//! Checksums, by which damage is noticed.

use std::hint::black_box;

use crc::{CRC_32_ISO_HDLC, Crc, Table};

thread_local! {
    /// Made when it is first needed: its 1,024 bytes do not compress.
    #[allow(clippy::missing_const_for_thread_local, reason = "a constant would be in the module")]
    static CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(black_box(&CRC_32_ISO_HDLC));
}

/// Returns the CRC-32 (IEEE, as in gzip) of some bytes, one part behind the other.
#[must_use]
pub fn crc32(parts: &[&[u8]]) -> u32 {
    CRC.with(|crc| {
        let mut digest = crc.digest();
        for part in parts {
            digest.update(part);
        }
        digest.finalize()
    })
}
