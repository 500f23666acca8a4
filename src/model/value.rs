//! JSON as a tree, for arguments and for metadata that a filter looks into.
//!
//! Numbers are doubles, as in JavaScript, which reads and writes them where there is one.

use std::collections::BinaryHeap;

use super::number::{parse_number, push_number};
use super::push_json_string;

/// How deep arrays and objects may be nested.
const MAX_DEPTH: u32 = 127;

/// A JSON value.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Json {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Object),
}

/// The members of an object, in the order of their keys by code point. None comes twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object(Vec<(String, Json)>);

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// Something else is expected at a byte.
    Syntax(usize),
    /// Arrays and objects are nested too deeply.
    Depth,
}

impl Json {
    /// Reads a JSON text. Halves of surrogate pairs, which JavaScript's strings may hold, become U+FFFD.
    ///
    /// # Errors
    /// What the first mistake is.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let value = parser.value()?;
        parser.skip_space();
        if parser.at == text.len() { Ok(value) } else { Err(parser.mistake()) }
    }

    /// Appends the value as canonical JSON: equal values have equal text.
    pub fn push_canonical(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(number) => push_number(out, *number),
            Self::String(text) => push_json_string(out, text),
            Self::Array(items) => {
                let mut separator = "[";
                for item in items {
                    out.push_str(separator);
                    separator = ",";
                    item.push_canonical(out);
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Object(object) => object.push_canonical(out),
        }
    }

    /// Returns the value as canonical JSON.
    #[must_use]
    pub fn to_canonical(&self) -> String {
        let mut text = String::new();
        self.push_canonical(&mut text);
        text
    }
}

impl Object {
    fn place(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(key))
    }

    /// Returns a member's value.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.place(key).ok().and_then(|place| self.0.get(place)).map(|(_, value)| value)
    }

    /// Takes a member out and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Json> {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    /// Returns the members, in the order of their keys.
    #[must_use]
    pub fn into_members(self) -> Vec<(String, Json)> {
        self.0
    }

    /// Returns the first key.
    #[must_use]
    pub fn first_key(&self) -> Option<&str> {
        self.0.first().map(|(key, _)| key.as_str())
    }

    /// Appends the object as canonical JSON.
    pub fn push_canonical(&self, out: &mut String) {
        let mut separator = "{";
        for (key, value) in &self.0 {
            out.push_str(separator);
            separator = ",";
            push_json_string(out, key);
            out.push(':');
            value.push_canonical(out);
        }
        out.push_str(if self.0.is_empty() { "{}" } else { "}" });
    }

    /// Makes an object of members in any order; the last of a key counts, as in JavaScript.
    fn from_members(members: Vec<(String, Json)>) -> Self {
        let mut object = Self(Vec::with_capacity(members.len()));
        let are_in_order = members.iter().zip(members.iter().skip(1)).all(|(one, next)| one.0 < next.0);
        if are_in_order {
            object.0 = members;
            return object;
        }
        let (keys, mut values): (Vec<String>, Vec<Option<Json>>) =
            members.into_iter().map(|(key, value)| (key, Some(value))).unzip();
        // A heap sorts in little code, and equal keys stay in their order.
        let keys = keys.into_iter().zip(0_usize..).collect::<BinaryHeap<_>>().into_sorted_vec();
        for (key, place) in keys {
            let value = values.get_mut(place).and_then(Option::take).unwrap_or_default();
            match object.0.last_mut().filter(|(last, _)| *last == key) {
                Some((_, last)) => *last = value,
                None => object.0.push((key, value)),
            }
        }
        object
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl<'a> Parser<'a> {
    const fn mistake(&self) -> Mistake {
        Mistake::Syntax(self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_while(&mut self, is_in: fn(u8) -> bool) -> usize {
        let before = self.at;
        while self.peek().is_some_and(is_in) {
            self.at += 1;
        }
        self.at - before
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
    }

    /// Reads an ASCII character, if it is the next.
    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// Reads an ASCII character, which may have white space before it, if it is the next.
    fn eat_token(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.eat(byte)
    }

    fn expect_token(&mut self, byte: u8) -> Result<(), Mistake> {
        if self.eat_token(byte) { Ok(()) } else { Err(self.mistake()) }
    }

    fn value(&mut self) -> Result<Json, Mistake> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Json::String),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, Mistake> {
        if !self.rest().starts_with(word) {
            return Err(self.mistake());
        }
        self.at += word.len();
        Ok(value)
    }

    /// Reads what begins with a bracket.
    fn nested(&mut self, read: fn(&mut Self) -> Result<Json, Mistake>) -> Result<Json, Mistake> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Mistake::Depth);
        }
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array(&mut self) -> Result<Json, Mistake> {
        let mut items = Vec::new();
        if !self.eat_token(b']') {
            loop {
                items.push(self.value()?);
                if !self.eat_token(b',') {
                    break;
                }
            }
            self.expect_token(b']')?;
        }
        Ok(Json::Array(items))
    }

    fn object(&mut self) -> Result<Json, Mistake> {
        let mut members = Vec::new();
        if !self.eat_token(b'}') {
            loop {
                self.skip_space();
                let key = self.string()?;
                self.expect_token(b':')?;
                let value = self.value()?;
                members.push((key, value));
                if !self.eat_token(b',') {
                    break;
                }
            }
            self.expect_token(b'}')?;
        }
        Ok(Json::Object(Object::from_members(members)))
    }

    fn number(&mut self) -> Result<Json, Mistake> {
        let digits = |parser: &mut Self| parser.skip_while(|byte| byte.is_ascii_digit());
        let start = self.at;
        self.eat(b'-');
        let has_whole = self.eat(b'0') || digits(self) > 0;
        let has_fraction = !self.eat(b'.') || digits(self) > 0;
        let has_exponent = !(self.eat(b'e') || self.eat(b'E')) || {
            let _ = self.eat(b'+') || self.eat(b'-');
            digits(self) > 0
        };
        let text = self.text.get(start..self.at).unwrap_or_default();
        let number = Some(text).filter(|_| has_whole && has_fraction && has_exponent).map(parse_number);
        number.filter(|number| number.is_finite()).map(Json::Number).ok_or(Mistake::Syntax(start))
    }

    fn string(&mut self) -> Result<String, Mistake> {
        if !self.eat(b'"') {
            return Err(self.mistake());
        }
        let mut string = String::new();
        loop {
            let start = self.at;
            self.skip_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            string.push_str(self.text.get(start..self.at).unwrap_or_default());
            if self.eat(b'"') {
                return Ok(string);
            }
            if !self.eat(b'\\') {
                return Err(self.mistake());
            }
            string.push(self.escaped()?);
        }
    }

    /// Reads what stands behind a backslash.
    fn escaped(&mut self) -> Result<char, Mistake> {
        let byte = self.peek().ok_or(self.mistake())?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.code_unit()?;
                let behind = self.at;
                if (0xD800..0xDC00).contains(&unit) && self.rest().starts_with("\\u") {
                    self.at += 2;
                    let low = self.code_unit()?;
                    if (0xDC00..0xE000).contains(&low) {
                        let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    // Not the other half; it is read again by itself.
                    self.at = behind;
                }
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(Mistake::Syntax(self.at - 1)),
        })
    }

    /// Reads the four hexadecimal digits of an escape.
    fn code_unit(&mut self) -> Result<u32, Mistake> {
        let digits =
            self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or(self.mistake())?;
        self.at += 4;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Option<String> {
        Json::parse(text).ok().map(|value| value.to_canonical())
    }

    #[test]
    fn values_are_read_and_written() {
        for (text, expected) in [
            (" null ", "null"),
            ("[true , false,\n\"a\\u0041\\n\\/\"]", "[true,false,\"aA\\n/\"]"),
            (r#"{"b":1,"a":{},"b":[ ]}"#, r#"{"a":{},"b":[]}"#),
            (r#"{"c":1,"a":2,"c":3,"b":4,"a":5,"c":6}"#, r#"{"a":5,"b":4,"c":6}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#""é😀\ud83d\ude00\u0000""#, "\"é😀😀\\u0000\""),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [
            "",
            " ",
            "nul",
            "nulll",
            "[1,]",
            "[1 2]",
            "[",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "01",
            "-",
            "+1",
            "1.",
            ".5",
            "1e",
            "1e999",
            "\"",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "1 1",
            "NaN",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn lone_surrogates_become_replacement_characters() {
        for (json, expected) in [
            (r#""\ud800""#, "\u{FFFD}"),
            (r#""a\udfffb""#, "a\u{FFFD}b"),
            (r#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"),
            (r#""\\ud800""#, "\\ud800"),
            (r#""\\\ud800""#, "\\\u{FFFD}"),
            (r#""é\ud800é""#, "é\u{FFFD}é"),
            (r#""\ud800\n""#, "\u{FFFD}\n"),
        ] {
            assert_eq!(Json::parse(json), Ok(Json::String(expected.into())), "{json}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Json::parse(&nested(127)).is_ok());
        assert_eq!(Json::parse(&nested(128)), Err(Mistake::Depth));
    }
}
