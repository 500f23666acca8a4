//! Identifiers of appended entries.

use std::cell::Cell;

use uuid::{Builder, Uuid};

use crate::model::Time;

/// The largest count that has room behind the time.
const MOST: u16 = 0xFFF;

/// Makes UUIDs of version 7, each later in order than all before it: those of one millisecond are counted (RFC 9562, section
/// 6.2, method 1).
#[derive(Debug, Default)]
pub(super) struct Uuids {
    /// The milliseconds and the count of the last one.
    last: Cell<(u64, u16)>,
}

impl Uuids {
    /// Returns the next one, as text.
    pub fn next(&self, now: Time) -> String {
        let now = now.as_micros().max(0).unsigned_abs() / 1000;
        let [one, two, _, _, _, _, _, _, random @ ..] = Uuid::new_v4().into_bytes();
        // Eleven bits: at least half of the counts are left.
        let first = u16::from_be_bytes([one, two]) >> 5;
        let (millis, count) = match self.last.get() {
            (last, _) if now > last => (now, first),
            (last, MOST) => (last + 1, first),
            (last, count) => (last, count + 1),
        };
        self.last.set((millis, count));
        // Byte by byte: a mask of 128 bits is compiled wrong for WebAssembly (rustc 1.95).
        let mut behind = [0; 10];
        let (counted, rest) = behind.split_at_mut(2);
        counted.copy_from_slice(&count.to_be_bytes());
        rest.copy_from_slice(&random);
        Builder::from_unix_timestamp_millis(millis, &behind).into_uuid().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Uuids;
    use crate::model::Time;

    #[test]
    fn each_is_later_than_those_before_it() {
        let uuids = Uuids::default();
        let now = Time::from_micros(1_767_225_600_000_000).expect("a time");
        let earlier = Time::from_micros(1_767_225_599_000_000).expect("a time");
        // More of one millisecond than there are counts, and a clock that goes back.
        let all: Vec<String> =
            (0..10_000).map(|number| uuids.next(if number < 9_000 { now } else { earlier })).collect();
        assert!(all.iter().zip(all.iter().skip(1)).all(|(one, next)| one < next));
        assert!(
            all.iter().all(|uuid| uuid.starts_with("019b76da-a80") && &uuid[14..15] == "7"),
            "{}",
            all[0]
        );
    }
}
