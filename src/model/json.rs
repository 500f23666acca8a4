//! JSON without white space, as `JSON.stringify` writes it, read from left to right without making a tree.
//!
//! What is read here is what is common. Anything else, such as a string with an escape where canonical text is
//! wanted, is `None`, and is for the [parser](super::Json).

use memchr::memchr2;

/// Deeper values are for a reader that does not call itself.
const MAX_DEPTH: u32 = 64;

/// Larger whole numbers may be written otherwise.
const MAX_DIGITS: usize = 15;

/// A reader of JSON text.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

#[expect(
    clippy::inline_always,
    reason = "compiled for size they stay calls, which take longer than the work"
)]
impl<'a> Scanner<'a> {
    /// Begins at the start of a text.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Tells whether all was read.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.at == self.text.len()
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Reads an ASCII character, if it is there.
    #[inline(always)]
    pub fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }

    #[inline(always)]
    fn take(&mut self, length: usize) -> Option<&'a str> {
        let taken = self.text.get(self.at..self.at + length)?;
        self.at += length;
        Some(taken)
    }

    /// Reads a string, and returns what stands between its quotes, escapes and all.
    pub fn string(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let rest = self.rest();
        let mut length = 0;
        loop {
            length += memchr2(b'"', b'\\', rest.get(length..)?)?;
            if rest.get(length) == Some(&b'"') {
                break;
            }
            length += 2;
        }
        let text = self.take(length)?;
        self.at += 1;
        Some(text)
    }

    /// Reads the key of a member, as it stands between its quotes, and the colon.
    pub fn key(&mut self) -> Option<&'a str> {
        let key = self.string()?;
        self.expect(b':')?;
        Some(key)
    }

    /// Reads a whole number.
    pub fn whole_number(&mut self) -> Option<i64> {
        let rest = self.rest();
        let sign = usize::from(rest.first() == Some(&b'-'));
        let count = rest.get(sign..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_plain = (1..=MAX_DIGITS).contains(&count)
            && (count == 1 || rest.get(sign) != Some(&b'0'))
            && rest.get(..sign + count) != Some(b"-0")
            && !matches!(rest.get(sign + count), Some(b'.' | b'e' | b'E'));
        if is_plain { self.take(sign + count)?.parse().ok() } else { None }
    }

    /// Reads one of the words that JSON has.
    pub fn word(&mut self, word: &str) -> Option<()> {
        self.rest().starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// Reads a value, and writes it in canonical form: with sorted keys.
    pub fn canonical(&mut self, out: &mut String) -> Option<()> {
        self.canonical_at(out, MAX_DEPTH)
    }

    fn canonical_at(&mut self, out: &mut String, depth: u32) -> Option<()> {
        match self.peek()? {
            b'"' => {
                let text = self.string()?;
                push_plain(out, text)
            }
            b'{' => self.canonical_object(out, depth.checked_sub(1)?),
            b'[' => self.canonical_array(out, depth.checked_sub(1)?),
            b't' => self.copy_word("true", out),
            b'f' => self.copy_word("false", out),
            b'n' => self.copy_word("null", out),
            _ => {
                let before = self.at;
                self.whole_number()?;
                out.push_str(self.text.get(before..self.at)?);
                Some(())
            }
        }
    }

    fn copy_word(&mut self, word: &str, out: &mut String) -> Option<()> {
        out.push_str(word);
        self.word(word)
    }

    fn canonical_array(&mut self, out: &mut String, depth: u32) -> Option<()> {
        self.expect(b'[')?;
        out.push('[');
        while !self.eat(b']') {
            self.canonical_at(out, depth)?;
            if self.eat(b',') {
                out.push(',');
            } else if self.peek() != Some(b']') {
                return None;
            }
        }
        out.push(']');
        // A comma before the bracket is not JSON.
        (!out.ends_with(",]")).then_some(())
    }

    fn canonical_object(&mut self, out: &mut String, depth: u32) -> Option<()> {
        self.expect(b'{')?;
        let start = out.len();
        // Members with where they begin and end in `out`, in the order of their keys.
        let mut members: Vec<(&str, usize, usize)> = Vec::new();
        let mut are_in_order = true;
        if !self.eat(b'}') {
            loop {
                let (begin, key) = (out.len() + 1, self.key()?);
                out.push(',');
                push_plain(out, key)?;
                out.push(':');
                self.canonical_at(out, depth)?;
                let place = members.partition_point(|(other, _, _)| *other < key);
                if members.get(place).is_some_and(|(other, _, _)| *other == key) {
                    return None;
                }
                are_in_order &= place == members.len();
                members.insert(place, (key, begin, out.len()));
                if self.eat(b'}') {
                    break;
                }
                self.expect(b',')?;
            }
        }
        if are_in_order {
            let end = out.len();
            out.push('}');
            // The comma before the first member.
            if end > start {
                out.replace_range(start..=start, "{");
            } else {
                out.insert(start, '{');
            }
            return Some(());
        }
        let written = out.split_off(start);
        for (place, (_, begin, end)) in members.iter().enumerate() {
            out.push(if place == 0 { '{' } else { ',' });
            out.push_str(written.get(begin - start..end - start)?);
        }
        out.push('}');
        Some(())
    }
}

/// Writes a string that needs no escapes.
fn push_plain(out: &mut String, text: &str) -> Option<()> {
    if text.bytes().any(|byte| byte < b' ' || byte == b'\\') {
        return None;
    }
    out.push('"');
    out.push_str(text);
    out.push('"');
    Some(())
}

/// Splits canonical JSON of an object into its keys, as JSON without quotes, and its values, as JSON. What is
/// no object has none.
#[must_use]
pub fn members(text: &str) -> Vec<(&str, &str)> {
    read_members(text).unwrap_or_default()
}

fn read_members(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut members = Vec::new();
    let mut scanner = Scanner::new(text);
    scanner.expect(b'{')?;
    while !scanner.eat(b'}') {
        let key = scanner.key()?;
        let before = scanner.at;
        scanner.skip()?;
        members.push((key, text.get(before..scanner.at)?));
        scanner.eat(b',');
    }
    scanner.is_done().then_some(members)
}

impl Scanner<'_> {
    /// Reads over a value.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0_u32;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']');
                    self.at += self.rest().iter().position(is_end)?;
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Option<String> {
        let mut out = String::from("before ");
        let mut scanner = Scanner::new(text);
        scanner.canonical(&mut out)?;
        scanner.is_done().then(|| out.strip_prefix("before ").expect("what was there").to_owned())
    }

    #[test]
    fn what_is_common_becomes_canonical() {
        for (text, expected) in [
            ("{}", Some("{}")),
            (r#"{"a":1}"#, Some(r#"{"a":1}"#)),
            (
                r#"{"b":1,"a":[{"d":null,"c":true},-7,"é",[]]}"#,
                Some(r#"{"a":[{"c":true,"d":null},-7,"é",[]],"b":1}"#),
            ),
            (r#"{"c":1,"a":2,"b":{}}"#, Some(r#"{"a":2,"b":{},"c":1}"#)),
            ("0", Some("0")),
            ("123456789012345", Some("123456789012345")),
            // These are for a reader that knows everything.
            ("1234567890123456", None),
            ("-0", None),
            ("01", None),
            ("1.0", None),
            ("1e3", None),
            (r#""\n""#, None),
            (r#"{"a":1,"a":2}"#, None),
            (r#"{"a":1,}"#, None),
            ("[1,]", None),
            ("[1", None),
            ("{ }", None),
            ("nul", None),
            (r#"{"a"}"#, None),
        ] {
            assert_eq!(canonical(text).as_deref(), expected, "{text}");
        }
        assert_eq!(canonical(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))), None);
    }

    #[test]
    fn members_are_split_where_they_end() {
        let text = r#"{"":{},"a":"x,\"}","b":[1,{"c":2}],"d\"":null,"e":1.5e+300}"#;
        let expected =
            [("", "{}"), ("a", r#""x,\"}""#), ("b", r#"[1,{"c":2}]"#), (r#"d\""#, "null"), ("e", "1.5e+300")];
        assert_eq!(members(text), expected);
        assert!(members("{}").is_empty());
        assert!(members("[]").is_empty());
    }
}
