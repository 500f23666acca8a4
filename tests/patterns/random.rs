//! Random patterns.

use proptest::prelude::*;
use regex::Regex;
use scribe_store::query::Pattern;

use crate::{agree, both, in_slices};

/// Tells whether a pattern may have what is refused here although `regex` has it, property classes and flags
/// that switch Unicode off, or what is not refused: names of groups with any characters beyond ASCII.
fn is_left_out(pattern: &str) -> bool {
    let strange_name = Regex::new(r"\?P?<[^>]*[^\x00-\x7F]").expect("a pattern");
    let without_unicode = Regex::new(r"\?[A-Za-z]*-[A-Za-z]*u").expect("a pattern");
    strange_name.is_match(pattern)
        || pattern.contains(r"\p")
        || pattern.contains(r"\P")
        || without_unicode.is_match(pattern)
}

/// Characters that differ in what the syntax, case folding and boundaries make of them.
fn letter() -> impl Strategy<Value = char> {
    prop::sample::select(vec![
        'a',
        'b',
        'A',
        'K',
        's',
        '0',
        '_',
        ' ',
        '-',
        '\n',
        '\r',
        'é',
        'É',
        'σ',
        'ς',
        'Σ',
        '\u{212A}',
        'ſ',
        'ß',
        'ẞ',
        'ǅ',
        'Ж',
        'ж',
        '٣',
        '\u{301}',
        '\u{200D}',
        '\u{80}',
        '日',
        '𝒳',
        '\u{10FFFF}',
    ])
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(letter(), 0..12).prop_map(|letters| letters.into_iter().collect())
}

fn class() -> impl Strategy<Value = String> {
    let item = prop_oneof![
        4 => letter().prop_map(|c| regex::escape(&c.to_string())),
        2 => (letter(), letter()).prop_map(|(one, other)| {
            let range = |c: char| format!(r"\x{{{:x}}}", u32::from(c));
            format!("{}-{}", range(one.min(other)), range(one.max(other)))
        }),
        2 => prop::sample::select(vec![
            r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", "[:alpha:]", "[:^upper:]", "[:lower:]", "[:punct:]",
            "[:word:]", "[:space:]", "[:nope:]", "a-", r"\^", r"\n", r"\x41", r"\u00e9", r"\U0001D4B3",
        ]).prop_map(str::to_owned),
    ];
    let items = prop::collection::vec(item, 1..4).prop_map(|items| items.concat());
    let leaf = (prop::bool::ANY, items)
        .prop_map(|(not, items)| if not { format!("[^{items}]") } else { format!("[{items}]") });
    leaf.prop_recursive(3, 12, 3, |inner| {
        let operator = prop::sample::select(vec!["", "&&", "--", "~~"]);
        (prop::bool::ANY, inner.clone(), operator, inner).prop_map(|(not, one, operator, other)| {
            format!("[{}{one}{operator}{other}]", if not { "^" } else { "" })
        })
    })
}

fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        8 => letter().prop_map(|c| regex::escape(&c.to_string())),
        3 => class(),
        6 => prop::sample::select(vec![
            ".", "^", "$", r"\A", r"\z", r"\b", r"\B", r"\<", r"\>", r"\b{start}", r"\b{end}", r"\b{start-half}",
            r"\b{end-half}", r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", r"\t", r"\r", r"\x{e9}", "", "(?i)", "(?-i)",
            "(?s)", "(?m)", "(?R)", "(?mR)", "(?-m)", "(?U)", "(?sm-iR)",
        ]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let operator = prop::sample::select(vec![
            "*", "+", "?", "*?", "+?", "??", "{0}", "{1}", "{2}", "{3}", "{0,}", "{1,}", "{2,}", "{0,1}", "{0,3}",
            "{1,3}", "{2,4}?", "{ 1 , 2 }", "{1,1}",
        ]);
        let open = prop::sample::select(vec![
            "(", "(?:", "(?i:", "(?-i:", "(?s:", "(?m:", "(?mR:", "(?Rs-m:", "(?U:", "(?x: ", "(?u:",
        ]);
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.concat()),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.join("|")),
            3 => (open.clone(), inner.clone()).prop_map(|(open, inner)| format!("{open}{inner})")),
            3 => (open, inner, operator).prop_map(|(open, inner, operator)| format!("{open}{inner}){operator}")),
        ]
    })
}

/// What patterns are made of, in any order.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        3 => prop::sample::select(vec![
            "(", ")", "[", "]", "{", "}", "|", "*", "+", "?", ".", "^", "$", "\\", "-", "&&", "--", "~~", "[:", ":]",
            "alpha", "word", "(?", "(?:", "(?<", "(?P<", ">", "=", "!", ":", "i", "x", "(?x)", "(?x", "#", " ", "\n",
            ",", "0", "1", "2", "99999999999", "\\b{", "start", "end-half", "\\x", "\\u", "\\U", "{41}", "41", "\\d",
            "\\w", "\\<", "a", "b", "_", "m", "s", "R", "U", "é", "日", "(?#", "\u{2028}", "\r\n",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(scrap, 0..9).prop_map(|scraps| scraps.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn patterns_match_what_they_match_in_regex(
        pattern in pattern(),
        texts in prop::collection::vec(text(), 8),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        agree(&pattern, &texts);
    }

    #[test]
    fn classes_match_what_they_match_in_regex(class in class(), case_sensitive: bool) {
        let pattern = format!("^(?:{class})$");
        // Items next to each other can make a range without a character at each end.
        let Some((ours, theirs)) = both(&pattern, case_sensitive) else { return Ok(()) };
        for c in ('\0'..'\u{250}').chain('\u{370}'..'\u{400}').chain('\u{1E90}'..'\u{1EA0}').chain(['\u{212A}', '日', '𝒳']) {
            let text = c.to_string();
            prop_assert_eq!(ours.is_match(&text), theirs.is_match(&text), "{} at {:?}", pattern, c);
            prop_assert_eq!(in_slices(&ours, &text), theirs.is_match(&text), "{} in slices", pattern);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_is_refused_if_regex_refuses_it(
        pattern in scraps().prop_filter("left out", |pattern| !is_left_out(pattern)),
        text in text(),
    ) {
        agree(&pattern, &[&text]);
    }

    #[test]
    fn no_string_makes_it_panic(pattern: String, text: String) {
        if let Ok(pattern) = Pattern::compile(&pattern, false) {
            let _ = pattern.is_match(&text);
        }
    }
}
