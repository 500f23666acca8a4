//! Segments: searching them, sealing entries into them, loading them.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use memchr::memmem::Finder;
use scribe_store::model::{Chain, Meta, Row, Time, canonical_line, sha256_hex};
use scribe_store::query::{Criteria, Filter, TextMode, TextQuery, push_folded};
use scribe_store::segment::{Bounds, Columns, Head, Part};

/// As many as a segment has.
const ROWS: usize = 2000;

const PROJECT: &str = "bench";

/// An entry that owns its fields.
struct Owned {
    ts: Time,
    agent: String,
    entry_id: String,
    message: String,
    meta: Meta,
    raw_line: String,
    sha256: String,
}

impl Owned {
    fn new(number: usize) -> Self {
        let ts =
            Time::from_micros(1_767_225_600_000_000 + i64::try_from(number).unwrap() * 1_234_567).unwrap();
        let agent = format!("agent-{}", number % 8);
        let entry_id = format!("0199a5c8-{:04x}-7000-8000-{number:012x}", number % 65_536);
        let message = format!(
            "Fetched page {number} of the catalogue in {} ms after {} tries; Cache {}",
            number % 977,
            number % 5,
            if number.is_multiple_of(100) { "MISSED" } else { "hit" }
        );
        let json = format!(
            r#"{{"attempt":{},"ok":{},"phase":"build","tool":"fetch"}}"#,
            number % 5,
            number.is_multiple_of(2)
        );
        let meta = Meta::from_canonical(&json);
        let raw_line = canonical_line("✅", ts, Some(&agent), PROJECT, &entry_id, &message, &meta).unwrap();
        let sha256 = sha256_hex(&raw_line);
        Self { ts, agent, entry_id, message, meta, raw_line, sha256 }
    }

    fn row(&self) -> Row<'_> {
        Row {
            ts: self.ts,
            emoji: "✅",
            agent: Some(&self.agent),
            entry_id: &self.entry_id,
            message: &self.message,
            meta: self.meta.as_str(),
            raw_line: &self.raw_line,
            sha256: &self.sha256,
        }
    }
}

fn entries() -> Vec<Owned> {
    (0..ROWS).map(Owned::new).collect()
}

fn rows(entries: &[Owned]) -> Vec<(u64, Row<'_>)> {
    (1..).zip(entries).map(|(seq, entry)| (seq, entry.row())).collect()
}

fn substring(c: &mut Criterion) {
    let entries = entries();
    let columns = Columns::of_segment(1, &rows(&entries), PROJECT).unwrap();
    let mut folded = String::new();
    for entry in &entries {
        push_folded(&mut folded, &entry.message);
    }
    let mut group = c.benchmark_group("substring");
    group.throughput(Throughput::Bytes(folded.len() as u64));
    for text in ["missed", "no such words"] {
        let finder = Finder::new(text);
        group.bench_with_input(BenchmarkId::new("memmem", text), text, |bencher, _| {
            bencher.iter(|| finder.find_iter(black_box(folded.as_bytes())).count());
        });
        let query = TextQuery { text: text.to_owned(), mode: TextMode::Substring, case_sensitive: false };
        let criteria = Criteria { text: Some(query), ..Criteria::default() };
        let filter = Filter::compile(&criteria).unwrap();
        group.bench_with_input(BenchmarkId::new("column", text), text, |bencher, _| {
            bencher.iter(|| columns.select(black_box(&filter), Bounds::NONE).unwrap().len());
        });
    }
    group.finish();
}

fn sealing(c: &mut Criterion) {
    let entries = entries();
    let rows = rows(&entries);
    let mut group = c.benchmark_group("segment");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("seal", |bencher| {
        bencher.iter(|| {
            let columns = Columns::of_segment(1, black_box(&rows), PROJECT).unwrap();
            Part::ALL.map(|part| columns.encode(part, 1).unwrap().len())
        });
    });
    let columns = Columns::of_segment(1, &rows, PROJECT).unwrap();
    let mut head = Head::default();
    head.push(1, 1, &columns, Chain::default()).unwrap();
    let zone = head.zones().first().unwrap();
    let parts = Part::ALL.map(|part| (part, columns.encode(part, 1).unwrap()));
    for (name, wanted) in [("load all parts", &Part::ALL[..]), ("load messages", &[Part::Messages])] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let columns = Columns::default();
                for (part, bytes) in parts.iter().filter(|(part, _)| wanted.contains(part)) {
                    columns.load(*part, black_box(bytes), zone, &"the bench").unwrap();
                }
                columns.bytes()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, substring, sealing);
