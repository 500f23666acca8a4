//! JSON without white space, as `JSON.stringify` writes it, read from left to right without making a tree.
//!
//! What is read here is what is common. Anything else, such as a string with an escape where canonical text is
//! wanted, is `None`, and is for `serde_json`.

use memchr::memchr2;

/// Deeper values are for a reader that does not call itself.
const MAX_DEPTH: u32 = 64;

/// Larger whole numbers may be written otherwise.
const MAX_DIGITS: usize = 15;

/// A reader of JSON text.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    /// Begins at the start of a text.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Tells whether all was read.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads a character, if it is there.
    pub fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, c: char) -> Option<()> {
        self.eat(c).then_some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// Reads a string, and returns what stands between its quotes, escapes and all.
    pub fn string(&mut self) -> Option<&'a str> {
        self.expect('"')?;
        let mut length = 0;
        loop {
            let rest = self.rest.as_bytes().get(length..)?;
            length += memchr2(b'"', b'\\', rest)?;
            if self.rest.as_bytes().get(length) == Some(&b'"') {
                break;
            }
            length += 2;
        }
        let text = self.take(length)?;
        self.expect('"')?;
        Some(text)
    }

    /// Reads the key of a member, as it stands between its quotes, and the colon.
    pub fn key(&mut self) -> Option<&'a str> {
        let key = self.string()?;
        self.expect(':')?;
        Some(key)
    }

    /// Reads a whole number.
    pub fn whole_number(&mut self) -> Option<i64> {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let sign = usize::from(self.rest.starts_with('-'));
        let count = digits(self.rest.get(sign..)?);
        let is_plain = (1..=MAX_DIGITS).contains(&count)
            && (count == 1 || self.rest.as_bytes().get(sign) != Some(&b'0'))
            && self.rest.get(..sign + count)? != "-0"
            && !self.rest.get(sign + count..)?.starts_with(['.', 'e', 'E']);
        if is_plain { self.take(sign + count)?.parse().ok() } else { None }
    }

    /// Reads one of the words that JSON has.
    pub fn word(&mut self, word: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    /// Reads a value, and writes it in canonical form: with sorted keys.
    pub fn canonical(&mut self, out: &mut String) -> Option<()> {
        self.canonical_at(out, MAX_DEPTH)
    }

    fn canonical_at(&mut self, out: &mut String, depth: u32) -> Option<()> {
        match self.rest.bytes().next()? {
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
                let before = self.rest;
                self.whole_number()?;
                out.push_str(before.get(..before.len() - self.rest.len())?);
                Some(())
            }
        }
    }

    fn copy_word(&mut self, word: &str, out: &mut String) -> Option<()> {
        out.push_str(word);
        self.word(word)
    }

    fn canonical_array(&mut self, out: &mut String, depth: u32) -> Option<()> {
        self.expect('[')?;
        out.push('[');
        while !self.eat(']') {
            self.canonical_at(out, depth)?;
            if self.eat(',') {
                out.push(',');
            } else if !self.rest.starts_with(']') {
                return None;
            }
        }
        out.push(']');
        // A comma before the bracket is not JSON.
        (!out.ends_with(",]")).then_some(())
    }

    fn canonical_object(&mut self, out: &mut String, depth: u32) -> Option<()> {
        self.expect('{')?;
        let start = out.len();
        // Members with where they begin and end in `out`, in the order of their keys.
        let mut members: Vec<(&str, usize, usize)> = Vec::new();
        let mut are_in_order = true;
        if !self.eat('}') {
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
                if self.eat('}') {
                    break;
                }
                self.expect(',')?;
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
    scanner.expect('{')?;
    while !scanner.eat('}') {
        let key = scanner.key()?;
        let before = scanner.rest;
        scanner.skip()?;
        members.push((key, before.get(..before.len() - scanner.rest.len())?));
        scanner.eat(',');
    }
    scanner.is_done().then_some(members)
}

impl Scanner<'_> {
    /// Reads over a value.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0_u32;
        loop {
            match self.rest.bytes().next()? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.take(1)?;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.take(1)?;
                }
                b',' | b':' => {
                    self.take(1)?;
                    continue;
                }
                _ => {
                    let end = |c: char| matches!(c, ',' | '}' | ']');
                    self.take(self.rest.find(end)?)?;
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
