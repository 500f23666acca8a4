//! Each construct of the syntax: one pattern a line in `constructs.txt`, and in `mistakes.txt` those refused.

use scribe_store::query::Pattern;

use crate::{agree, both, oracle};

/// One of every construct, with texts that tell it from its neighbours.
#[test]
fn every_construct_means_what_it_means_in_regex() {
    let texts = [
        "", "a", "b", "ab", "aab", "aaab", "A", "é", "É", "\n", "\r", "\r\n", "a\nb", "a\r\nb", "a b", " ",
        "-", "_", "ſ", "K", "k", "\u{212A}", "σ", "ς", "Σ", "ß", "ẞ", "ss", "٣", "3", "日本", "𝒳", "a日",
        "\u{7F}", "\u{80}", "\u{7}", "\u{C}", "\u{B}", "\t", "]", "[", "^", "&", "~", "{", "}", "\\", "<a>",
        "abc abd", "x\u{301}", "\u{200D}",
    ];
    let mistakes = include_str!("mistakes.txt");
    for pattern in mistakes.lines().chain(["(?x)a{2, # c"]) {
        assert!(both(pattern, true).is_none(), "{pattern} should be refused");
    }
    let constructs = include_str!("constructs.txt");
    for pattern in constructs.lines().chain(["(?x) a b # c\n | d", "(?x)[a #b\n]", "(?x)a{2 # c\n}"]) {
        assert!(both(pattern, true).is_some(), "{pattern} should not be refused");
        agree(pattern, &texts);
    }
}

#[test]
fn what_is_left_out_is_refused() {
    for pattern in [r"\pL", r"\p{Greek}", r"\PL", r"[\p{Nd}]", "(?-u)a", "(?i-u:a)", r"(?-u:\w)"] {
        assert!(oracle(pattern, true).is_ok(), "{pattern}");
        let error = Pattern::compile(pattern, true).expect_err(pattern);
        assert!(error.message().contains("supported"), "{error}");
    }
}

#[test]
fn every_character_is_a_word_character_or_not_as_in_regex() {
    let all: String = ('\0'..=char::MAX).collect();
    let theirs = oracle(r"\w+", true).expect("a pattern");
    let words: String = theirs.find_iter(&all).map(|found| found.as_str()).collect();
    let rest = theirs.replace_all(&all, "");
    assert_eq!(words.len() + rest.len(), all.len());
    assert!(Pattern::compile(r"^\w+$", true).expect("a pattern").is_match(&words));
    assert!(Pattern::compile(r"^\W+$", true).expect("a pattern").is_match(&rest));
}
