//! That what a search of columns finds is what a look at each row finds, and in the order of time.

use scribe_store::model::{Row, Time};
use scribe_store::query::{Criteria, Filter, TextMode, TextQuery};
use scribe_store::segment::{Bounds, Columns};

const ROWS: u32 = 500;

/// The place of a row in time: none is where it was written, and some share one.
fn seconds(row: u32) -> u32 {
    row * 37 % 250
}

/// The segment of rows of which each so many has the words.
fn columns(each: u32) -> Columns {
    let messages: Vec<String> = (0..ROWS).map(|row| message(row, each)).collect();
    let rows: Vec<(u64, Row<'_>)> = (1..)
        .zip(0..ROWS)
        .zip(&messages)
        .map(|((seq, row), message)| {
            let ts = Time::from_micros(i64::from(seconds(row)) * 1_000_000).unwrap();
            let agent = Some("Ann");
            let (emoji, entry_id, meta, raw_line, sha256) = ("✅", "e", "{}", "a line", "00");
            (seq, Row { ts, emoji, agent, entry_id, message, meta, raw_line, sha256 })
        })
        .collect();
    Columns::of_segment(1, &rows, "p").unwrap()
}

fn message(row: u32, each: u32) -> String {
    format!("{row} {}", if row.is_multiple_of(each) { "Has the words" } else { "has none" })
}

#[test]
fn few_and_many_hits_are_in_the_order_of_time() {
    for each in [1, 2, 7, 63, 64, 65, 200, ROWS / 2, ROWS - 1] {
        let columns = columns(each);
        for (text, mode, case_sensitive) in [
            ("the WORDS", TextMode::Substring, false),
            ("Has the words", TextMode::Substring, true),
            ("has the words", TextMode::Substring, true),
            ("H.?as the words$", TextMode::Regex, false),
            ("no such words", TextMode::Substring, false),
        ] {
            let query = TextQuery { text: text.to_owned(), mode, case_sensitive };
            let filter = Filter::compile(&Criteria { text: Some(query), ..Criteria::default() }).unwrap();
            for up_to in [u64::MAX, u64::from(ROWS), u64::from(ROWS) - 1, 250, 1, 0] {
                let is_hit = |row: &u32| {
                    let is_there = row.is_multiple_of(each) && text != "no such words";
                    is_there && text != "has the words" && u64::from(*row) < up_to
                };
                let mut expected: Vec<u32> = (0..ROWS).filter(is_hit).collect();
                expected.sort_by_key(|&row| (seconds(row), row));
                let found = columns.select(&filter, Bounds { up_to, after: None }).unwrap();
                assert_eq!(found, expected, "{text:?}, each {each}, up to {up_to}");
            }
        }
    }
}
