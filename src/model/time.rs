//! Instants: whole microseconds since the epoch, in the years 1 to 9999.

use std::fmt;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

use super::{Quoted, push_number};
use crate::error::{Error, Result};

const MICROS_PER_MILLI: f64 = 1000.0;
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

/// An instant, in whole microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// A calendar day in UTC, as a date without a time names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(NaiveDate);

impl Time {
    /// Returns the current time.
    #[must_use]
    pub fn now() -> Self {
        Self(Utc::now().timestamp_micros())
    }

    /// Makes a time from microseconds since the epoch.
    ///
    /// # Errors
    /// `invalid_argument` outside the years 1 to 9999.
    pub fn from_micros(micros: i64) -> Result<Self> {
        match DateTime::from_timestamp_micros(micros) {
            Some(time) if YEARS.contains(&time.year()) => Ok(Self(micros)),
            _ => Err(Error::invalid(format!("{micros} µs since 1970 is not in the years 1 to 9999"))),
        }
    }

    /// Makes a time from milliseconds since the epoch, rounded to the nearest microsecond.
    ///
    /// # Errors
    /// `invalid_argument` if it is not finite or outside the years 1 to 9999.
    pub fn from_millis(millis: f64) -> Result<Self> {
        let micros = (millis * MICROS_PER_MILLI).round();
        // A cast saturates far outside the years that are accepted; what is no number is left out.
        #[expect(clippy::cast_possible_truncation, reason = "as just said")]
        let time = if micros.is_nan() { None } else { Self::from_micros(micros as i64).ok() };
        time.ok_or_else(|| {
            let mut shown = String::new();
            push_number(&mut shown, millis);
            Error::invalid(format!("{shown} ms since 1970 is not in the years 1 to 9999"))
        })
    }

    /// Reads a time: RFC 3339 with any offset, `YYYY-MM-DD HH:MM:SS UTC`, RFC 3339 without an offset
    /// (then UTC), or a bare date (midnight UTC). Digits after the sixth of a fraction are cut off.
    ///
    /// # Errors
    /// `invalid_argument` for anything else, for a day or time that does not exist, and outside the years
    /// 1 to 9999.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(day) = Day::parse(text)? {
            return Ok(day.first());
        }
        let (local, offset) = split_date_time(text).ok_or_else(|| not_a_time(text))?;
        let utc = local.checked_sub_offset(offset).ok_or_else(|| out_of_years(text))?;
        Self::from_micros(utc.and_utc().timestamp_micros()).map_err(|_| out_of_years(text))
    }

    /// Returns microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Returns the time that is `micros` earlier, or the earliest one there is.
    #[must_use]
    pub const fn earlier_by(self, micros: i64) -> Self {
        Self(self.0.saturating_sub(micros))
    }

    /// Writes the time as log lines have it: `YYYY-MM-DD HH:MM:SS UTC`.
    #[must_use]
    pub fn to_line(self) -> String {
        let mut digits = *b"0000-00-00 00:00:00 UTC";
        self.fill(&mut digits);
        text(&digits)
    }

    /// Writes `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always six digits.
    #[must_use]
    pub fn to_text(self) -> String {
        let mut digits = *b"0000-00-00T00:00:00.000000Z";
        let (seconds, micros) = digits.split_at_mut("0000-00-00T00:00:00".len());
        self.fill(seconds);
        fill(micros, self.0.rem_euclid(1_000_000).unsigned_abs());
        text(&digits)
    }

    /// Writes the time into a template, in which `0` stands for each digit from the year to the second.
    fn fill(self, template: &mut [u8]) {
        let time = self.calendar();
        let parts = [time.month(), time.day(), time.hour(), time.minute(), time.second()];
        let year = u64::from(time.year().unsigned_abs());
        fill(template, parts.into_iter().fold(year, |number, part| number * 100 + u64::from(part)));
    }

    fn calendar(self) -> NaiveDateTime {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default().naive_utc()
    }
}

impl fmt::Display for Time {
    /// Writes `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always six digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// Writes a number's digits over the `0`s of a template, from the last to the first.
fn fill(template: &mut [u8], mut number: u64) {
    for place in template.iter_mut().rev().filter(|place| **place == b'0') {
        *place += u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

fn text(digits: &[u8]) -> String {
    String::from_utf8(digits.to_vec()).unwrap_or_default()
}

impl Serialize for Time {
    /// Writes the text into JSON, and microseconds into stored records.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    /// Reads microseconds from stored records.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self)
    }
}

impl Day {
    /// Reads `YYYY-MM-DD`; `None` if the text is not of that shape.
    ///
    /// # Errors
    /// `invalid_argument` if it is of that shape but names no day of the years 1 to 9999.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let Some((fields, "")) = take_date(text) else { return Ok(None) };
        let day = fields.ok_or_else(|| not_a_time(text))?;
        if YEARS.contains(&day.year()) { Ok(Some(Self(day))) } else { Err(out_of_years(text)) }
    }

    /// Returns the day's first microsecond.
    #[must_use]
    pub fn first(self) -> Time {
        Time(self.0.and_time(NaiveTime::MIN).and_utc().timestamp_micros())
    }

    /// Returns the day's last microsecond.
    #[must_use]
    pub fn last(self) -> Time {
        let next = self.0.checked_add_days(Days::new(1)).unwrap_or(self.0);
        Time(next.and_time(NaiveTime::MIN).and_utc().timestamp_micros() - 1)
    }
}

fn not_a_time(text: &str) -> Error {
    Error::invalid(format!(
        "{} is not a time: expected RFC 3339 such as \"2026-01-31T08:00:00Z\", \
         \"YYYY-MM-DD HH:MM:SS UTC\", or a date",
        Quoted(text)
    ))
}

fn out_of_years(text: &str) -> Error {
    Error::invalid(format!("the time {} is not in the years 1 to 9999", Quoted(text)))
}

/// Takes exactly `count` ASCII digits off the front.
fn take_digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

/// Takes `YYYY-MM-DD` off the front; the inner `None` is a day that does not exist.
fn take_date(text: &str) -> Option<(Option<NaiveDate>, &str)> {
    let (year, rest) = take_digits(text, 4)?;
    let (month, rest) = take_digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = take_digits(rest.strip_prefix('-')?, 2)?;
    Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day), rest))
}

fn split_date_time(text: &str) -> Option<(NaiveDateTime, FixedOffset)> {
    let (date, rest) = take_date(text)?;
    let separator = rest.chars().next()?;
    if !matches!(separator, 'T' | 't' | ' ') {
        return None;
    }
    let (hour, rest) = take_digits(rest.get(1..)?, 2)?;
    let (minute, rest) = take_digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = take_digits(rest.strip_prefix(':')?, 2)?;
    // The form of log lines: a space before the hour, no fraction, and the zone spelled out.
    if separator == ' ' && rest == " UTC" {
        return Some((date?.and_time(clock_time(hour, minute, second, 0)?), FixedOffset::east_opt(0)?));
    }
    let (micros, rest) = match rest.strip_prefix('.') {
        Some(rest) => take_fraction(rest)?,
        None => (0, rest),
    };
    let offset = if rest.is_empty() { FixedOffset::east_opt(0)? } else { parse_offset(rest)? };
    Some((date?.and_time(clock_time(hour, minute, second, micros)?), offset))
}

fn clock_time(hour: u32, minute: u32, second: u32, micros: u32) -> Option<NaiveTime> {
    if second == 60 {
        // A leap second, which RFC 3339 allows and the epoch does not count: chrono keeps it as second 59
        // with more than 1 000 000 µs, so that it becomes the first second of the next minute.
        return NaiveTime::from_hms_micro_opt(hour, minute, 59, 1_000_000 + micros);
    }
    NaiveTime::from_hms_micro_opt(hour, minute, second, micros)
}

/// Takes one to nine digits off the front and returns them as microseconds.
fn take_fraction(text: &str) -> Option<(u32, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=9).contains(&count) {
        return None;
    }
    let (digits, rest) = take_digits(text, count)?;
    let nanos = digits * 10_u32.pow(9 - u32::try_from(count).ok()?);
    Some((nanos / 1000, rest))
}

fn parse_offset(text: &str) -> Option<FixedOffset> {
    if matches!(text, "Z" | "z") {
        return FixedOffset::east_opt(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = take_digits(rest, 2)?;
    let (minutes, rest) = take_digits(rest.strip_prefix(':')?, 2)?;
    if !rest.is_empty() || hours > 23 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        assert_eq!(Time::parse(text).map(|time| time.to_string()).expect(text), expected, "{text}");
    }

    #[test]
    fn accepted_forms_name_the_same_instant() {
        for text in [
            "2026-01-31T08:09:10.123456Z",
            "2026-01-31t08:09:10.123456z",
            "2026-01-31 08:09:10.123456Z",
            "2026-01-31T08:09:10.123456789Z",
            "2026-01-31T10:39:10.123456+02:30",
            "2026-01-31T06:09:10.123456-02:00",
            "2026-01-31T08:09:10.123456",
            "2026-01-31 08:09:10.123456",
        ] {
            reads(text, "2026-01-31T08:09:10.123456Z");
        }
        reads("2026-01-31 08:09:10 UTC", "2026-01-31T08:09:10.000000Z");
        reads("2026-01-31", "2026-01-31T00:00:00.000000Z");
        reads("0001-01-01", "0001-01-01T00:00:00.000000Z");
        reads("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z");
        reads("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z");
        reads("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "now",
            "2026",
            "2026-1-31",
            "2026-02-30",
            "2026-02-30T00:00:00Z",
            "2026-01-31T",
            "2026-01-31T08:09Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T08:60:00Z",
            "2026-01-31T08:09:61Z",
            "2026-01-31T08:09:10.Z",
            "2026-01-31T08:09:10.1234567890Z",
            "2026-01-31T08:09:10+0200",
            "2026-01-31T08:09:10+24:00",
            "2026-01-31T08:09:10 +02:00",
            "2026-01-31T08:09:10 UTC",
            "2026-01-31 08:09:10.5 UTC",
            "2026-01-31 08:09:10 CET",
            " 2026-01-31",
            "2026-01-31 ",
            "0000-12-31",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "+12026-01-31T08:09:10Z",
            "٢٠٢٦-01-31",
        ] {
            assert!(Time::parse(text).is_err(), "{text:?} is not a time");
        }
    }

    #[test]
    fn milliseconds_are_rounded_to_microseconds() {
        let time = |millis| Time::from_millis(millis).map(Time::as_micros);
        assert_eq!(time(1.5).ok(), Some(1500));
        assert_eq!(time(-0.001).ok(), Some(-1));
        // 1 761 452 226 707.838 is not a double; the nearest one is a little less.
        assert_eq!(time(1_761_452_226_707.838).ok(), Some(1_761_452_226_707_838));
        for millis in [f64::NAN, f64::INFINITY, 1e300, -62_135_596_800_001.0, 253_402_300_800_000.0] {
            assert!(time(millis).is_err(), "{millis} ms is out of range");
        }
        for (millis, shown) in [(1e300, "1e+300 ms"), (-62_135_596_800_001.0, "-62135596800001 ms")] {
            let error = Time::from_millis(millis).expect_err("out of range");
            assert!(error.message().starts_with(shown), "{error}");
        }
    }

    #[test]
    fn a_day_ends_with_its_last_microsecond() {
        let day = |text| Day::parse(text).expect("a day").expect("of a day's shape");
        assert_eq!(day("2026-01-31").last().to_string(), "2026-01-31T23:59:59.999999Z");
        assert_eq!(day("9999-12-31").last().to_string(), "9999-12-31T23:59:59.999999Z");
    }
}
