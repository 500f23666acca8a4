//! What a backslash begins.

use super::cursor::Cursor;
use super::mistake::{Parsed, mistake};
use super::program::Look;
use super::set::CharSet;

const ENDS: &str = "the pattern ends within an escape sequence";

/// What an escape sequence stands for.
#[derive(Debug)]
pub enum Escape {
    /// A character.
    Char(char),
    /// One of a set of characters.
    Set(CharSet),
    /// A place.
    Look(Look),
}

/// Reads an escape sequence; the backslash comes next.
pub fn escape(cursor: &mut Cursor) -> Parsed<Escape> {
    let start = cursor.at();
    cursor.bump();
    let Some(c) = cursor.peek() else { return mistake(ENDS, start) };
    if matches!(c, 'x' | 'u' | 'U') {
        return hexadecimal(cursor, c, start).map(Escape::Char);
    }
    cursor.bump();
    Ok(match c {
        'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
            let mut set = match c {
                'd' | 'D' => CharSet::digit(),
                's' | 'S' => CharSet::space(),
                _ => CharSet::word(),
            };
            if c.is_ascii_uppercase() {
                set.negate();
            }
            Escape::Set(set)
        }
        'a' => Escape::Char('\x07'),
        'f' => Escape::Char('\x0C'),
        't' => Escape::Char('\t'),
        'n' => Escape::Char('\n'),
        'r' => Escape::Char('\r'),
        'v' => Escape::Char('\x0B'),
        'A' => Escape::Look(Look::Start),
        'z' => Escape::Look(Look::End),
        'b' => Escape::Look(boundary(cursor, start)?),
        'B' => Escape::Look(Look::NoBoundary),
        '<' => Escape::Look(Look::WordStart),
        '>' => Escape::Look(Look::WordEnd),
        '0'..='9' => return mistake("back-references are not supported", start),
        'p' | 'P' => {
            return mistake("property classes (`\\p`) are not supported; write out the ranges", start);
        }
        c if c.is_ascii() && !c.is_ascii_alphabetic() => Escape::Char(c),
        _ => return mistake("this escape sequence is not known", start),
    })
}

/// Reads the code point of a character; the letter that tells how many digits it has comes next.
fn hexadecimal(cursor: &mut Cursor, letter: char, start: usize) -> Parsed<char> {
    const LAST: u32 = char::MAX as u32;
    let mut left = match letter {
        'x' => 2,
        'u' => 4,
        _ => 8,
    };
    cursor.bump();
    cursor.skip_space();
    let braced = cursor.is_at("{");
    if braced {
        cursor.bump();
        cursor.skip_space();
        left = usize::MAX;
    }
    let mut code = 0_u32;
    let mut empty = true;
    while left > 0 {
        let Some(c) = cursor.peek() else { return mistake(ENDS, start) };
        if braced && c == '}' {
            break;
        }
        let Some(digit) = c.to_digit(16) else {
            return mistake("this is not a hexadecimal digit", cursor.at());
        };
        // Once it is too large it stays so.
        code = if code > LAST { code } else { code * 16 + digit };
        empty = false;
        left -= 1;
        cursor.bump();
        cursor.skip_space();
    }
    if braced {
        cursor.bump();
        cursor.skip_space();
    }
    match char::from_u32(code) {
        Some(c) if !empty => Ok(c),
        _ => mistake("this is not the code point of a character", start),
    }
}

/// Reads what may follow `\b` to make it one side of a boundary.
fn boundary(cursor: &mut Cursor, start: usize) -> Parsed<Look> {
    let brace = cursor.at();
    if !cursor.eat("{") {
        return Ok(Look::Boundary);
    }
    cursor.skip_space();
    let is_part = |c: char| c.is_ascii_alphabetic() || c == '-';
    if cursor.peek().is_some_and(|c| !is_part(c)) {
        // A count of repetitions, or a mistake in one.
        cursor.go_back(brace);
        return Ok(Look::Boundary);
    }
    let mut name = String::new();
    while let Some(c) = cursor.peek().filter(|&c| is_part(c)) {
        name.push(c);
        cursor.bump();
        cursor.skip_space();
    }
    let look = match name.as_str() {
        "start" => Look::WordStart,
        "end" => Look::WordEnd,
        "start-half" => Look::WordStartHalf,
        "end-half" => Look::WordEndHalf,
        _ => return mistake("this kind of word boundary is not known", start),
    };
    if cursor.eat("}") { Ok(look) } else { mistake("this word boundary has no closing brace", start) }
}
