//! What patterns may cost.

use std::hint::black_box;
use std::time::{Duration, Instant};

use scribe_store::query::Pattern;

use crate::both;

/// A text of as many characters, that looks random.
fn noise(letters: &[char], len: usize) -> String {
    let mut state = 1_u32;
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        letters[(state >> 16) as usize % letters.len()]
    };
    (0..len).map(|_| letter()).collect()
}

/// Patterns with more states than are kept.
#[test]
fn states_are_forgotten_without_harm() {
    for letters in [&['a', 'b'][..], &['a', 'ж', '日']] {
        let text = noise(letters, 4_000);
        for pattern in
            ["a.{11}c", "a.{11}c$", r"a(?:a|\w){14}\b.", r"\ba.{13}\B.c", "^(?:.*a.{10}[^c]){3}.*c"]
        {
            let (ours, theirs) = both(pattern, true).expect("a pattern");
            // The last letters decide, after all the others.
            for end in ["", "c", "abbbbbbbbbbbc", "abbbbbbbbbbbbc!"] {
                let text = format!("{text}{end}");
                assert_eq!(ours.is_match(&text), theirs.is_match(&text), "{pattern} before {end:?}");
            }
        }
    }
}

fn fastest(mut run: impl FnMut()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..3).map(once).min().expect("three runs")
}

#[test]
fn time_is_linear_in_the_length_of_the_text() {
    let (short, long) = (1_000, 16_000);
    for (pattern, letters) in [
        ("(a+)+$", &['a'][..]),
        ("(a|aa)+$", &['a']),
        ("(x+x+)+y", &['x']),
        ("(.*)*(.*)*(.*)*b", &['a', 'ж']),
        ("(?:a?){50}a{50}b", &['a']),
        ("a.{300}c", &['a', 'b']),
        ("(?:a|b|ab)*(?:.{0,20}c){3}", &['a', 'b']),
    ] {
        let time = |len: usize| {
            let text = noise(letters, len) + "!";
            fastest(|| {
                // With nothing kept from the run before.
                let ours = Pattern::compile(pattern, true).expect(pattern);
                assert!(!black_box(ours.is_match(&text)), "{pattern}");
            })
        };
        let (one, other) = (time(short), time(long));
        // Sixteen times as long a text; quadratic time would be 256 times as long.
        assert!(other < one * 80 + Duration::from_millis(20), "{pattern}: {one:?}, {other:?}");
    }
}

/// The largest programs, on texts that lead to another set of states with every character.
#[test]
fn time_is_linear_for_the_largest_programs() {
    let letters = &['a', 'b'][..];
    let ideographs: Vec<char> = ('\u{4E00}'..'\u{4F00}').collect();
    let (short, long) = (1_000, 8_000);
    for (pattern, letters) in [
        ("a.{9990}c", letters),
        ("(?:a.?){900}c", letters),
        (r"a(?:.\B?){900}c", letters),
        ("[一-仈].{9990}c", &ideographs),
        (r"[一-仈](?:\w[一-七]?){1900}c", &ideographs),
    ] {
        let time = |len: usize| {
            let text = noise(letters, len);
            fastest(|| {
                let ours = Pattern::compile(pattern, true).expect(pattern);
                assert!(!black_box(ours.is_match(&text)), "{pattern}");
            })
        };
        let (one, other) = (time(short), time(long));
        // Eight times as long a text; quadratic time would be 64 times as long.
        assert!(other < one * 30 + Duration::from_millis(50), "{pattern}: {one:?}, {other:?}");
    }
}

#[test]
fn a_program_may_be_as_large_as_is_said_and_no_larger() {
    let words = |count: usize| (0..count).map(|n| format!("w{n}")).collect::<Vec<_>>().join("|");
    for (largest, too_large) in [
        ("a{10000}".to_owned(), "a{10001}".to_owned()),
        ("(?:[ab]c){5000}".to_owned(), "(?:[ab]c){5001}".to_owned()),
        ("a{0,2000}".to_owned(), "a{0,2001}".to_owned()),
        (r"\b".repeat(2000), r"\b".repeat(2001)),
        (words(1001), words(1002)),
    ] {
        assert!(Pattern::compile(&largest, false).is_ok(), "{largest:.20}…");
        let error = Pattern::compile(&too_large, false).expect_err("too large");
        assert!(error.message().contains("10,000 instructions"), "{}", error.message());
    }
}

#[test]
fn patterns_that_would_cost_too_much_are_refused_at_once() {
    const MEGABYTE: usize = 1 << 20;
    /// Enough for an unoptimised build on a busy machine; what is not bounded would take hours.
    const AT_ONCE: Duration = Duration::from_secs(30);
    let filled = |part: &str| part.repeat(MEGABYTE / part.len());
    let names = (0..500).fold(String::new(), |names, n| format!("{names}(?<n{n}>)"));
    let characters: String =
        ('\u{4E00}'..'\u{D7A3}').step_by(2).collect::<Vec<_>>().into_iter().rev().collect();
    for pattern in [
        "a{1000}{1000}".to_owned(),
        "((a{100}){100}){100}".to_owned(),
        "((a{1,100}){1,100}){1,100}".to_owned(),
        "(?:a{0,1000}){0,1000}".to_owned(),
        "(?:(?:a{9}){4294967295}){4294967295}".to_owned(),
        "a{4294967295}".to_owned(),
        "a{0,4294967295}".to_owned(),
        "a{4294967295,}".to_owned(),
        "(?:a{1000}){0}".repeat(70_000),
        "(".repeat(100_000),
        format!("{}{}", "(".repeat(100_000), ")".repeat(100_000)),
        "[".repeat(100_000),
        "(?:".repeat(100_000),
        "[a".repeat(100_000),
        filled("a"),
        filled("é"),
        filled("|"),
        filled("a*"),
        format!("a{}", filled("*")),
        format!("a{}", filled("+?")),
        filled(r"\w"),
        filled(r"\b"),
        filled("[^a]"),
        filled("[[^b]]"),
        filled("[a&&b]"),
        format!("[{}]", filled(r"\w")),
        format!("[{}]", filled(r"\W&&")),
        format!("[{}]", filled("[:alnum:]")),
        format!("[{}]", characters.repeat(20)),
    ] {
        let start = Instant::now();
        let error = Pattern::compile(&pattern, false).expect_err("too large");
        let shown: String = pattern.chars().take(20).collect();
        assert!(error.message().len() < 1000, "{shown}");
        assert!(start.elapsed() < AT_ONCE, "{shown} took {:?}", start.elapsed());
    }
    // Large, but all of it means little.
    for pattern in
        [filled("()"), filled("(?i)"), format!("a{}", filled("{1}")), format!("(?x){}", filled(" ")), names]
    {
        let start = Instant::now();
        let pattern = Pattern::compile(&pattern, false).expect("a small program");
        assert!(pattern.is_match("a"));
        assert!(start.elapsed() < AT_ONCE, "took {:?}", start.elapsed());
    }
}

/// A thread as small as what WebAssembly has is enough for the deepest pattern.
#[test]
fn the_deepest_pattern_needs_little_stack() {
    let run = || {
        let groups = format!("{}a{}", "(?:b|".repeat(100), ")*".repeat(100));
        assert!(Pattern::compile(&groups, false).expect("groups").is_match("a"));
        let classes = format!("{}a{}", "[b".repeat(100), "]".repeat(100));
        assert!(Pattern::compile(&classes, false).expect("classes").is_match("a"));
    };
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(run)
        .expect("a thread")
        .join()
        .expect("no overflow");
}
