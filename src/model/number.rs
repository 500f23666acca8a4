//! Numbers as JavaScript reads and writes them.
//!
//! In the browser it is JavaScript that does so: the tables that exact reading and writing take are 20 kB.

/// Whole numbers up to this one are doubles, all of them.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

/// Reads a number in the notation of JSON, exactly.
pub(super) fn parse_number(text: &str) -> f64 {
    engine::parse(text)
}

/// Writes a finite number as ECMAScript's `Number::toString` does.
pub fn push_number(out: &mut String, number: f64) {
    use std::fmt::Write as _;

    if number.fract() == 0.0 && number.abs() <= MAX_EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number that fits")]
        let whole = number as i64;
        // Writing to a string cannot fail.
        let _ = write!(out, "{whole}");
    } else {
        engine::push(out, number);
    }
}

#[cfg(target_arch = "wasm32")]
mod engine {
    use js_sys::Number;

    pub fn parse(text: &str) -> f64 {
        js_sys::parse_float(text)
    }

    pub fn push(out: &mut String, number: f64) {
        // Ten is a radix that it knows.
        if let Ok(text) = Number::from(number).to_string_with_radix(10) {
            out.push_str(&String::from(text));
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod engine {
    pub fn parse(text: &str) -> f64 {
        text.parse().unwrap_or(f64::NAN)
    }

    /// The digits are those that the standard library writes, the fewest that name the number; what differs is
    /// where the decimal point stands and when an exponent is used.
    pub fn push(out: &mut String, number: f64) {
        let text = format!("{number:e}");
        let (unsigned, sign) = text.strip_prefix('-').map_or((text.as_str(), ""), |rest| (rest, "-"));
        let (mantissa, exponent) = unsigned.split_once('e').unwrap_or((unsigned, "0"));
        let digits = mantissa.replace('.', "");
        let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        // `point` of the digits stand before the decimal point.
        let point = exponent.parse().unwrap_or(0) + 1;
        let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
        let split = |at: i32| digits.split_at_checked(usize::try_from(at).unwrap_or(0)).unwrap_or_default();
        out.push_str(sign);
        let unsigned = if count <= point && point <= 21 {
            format!("{digits}{}", zeros(point - count))
        } else if 0 < point && point <= 21 {
            let (whole, fraction) = split(point);
            format!("{whole}.{fraction}")
        } else if -6 < point && point <= 0 {
            format!("0.{}{digits}", zeros(-point))
        } else {
            let (first, rest) = split(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let sign = if point > 0 { "+" } else { "-" };
            format!("{first}{dot}{rest}e{sign}{}", (point - 1).abs())
        };
        out.push_str(&unsigned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        for (json, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("1.0", "1"),
            ("-1.5", "-1.5"),
            ("100", "100"),
            ("1e2", "100"),
            ("123456789012345680000", "123456789012345680000"),
            ("1e21", "1e+21"),
            ("1.5e300", "1.5e+300"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("1.25e-9", "1.25e-9"),
            ("5e-324", "5e-324"),
            ("0.1", "0.1"),
            ("-123.456", "-123.456"),
            ("9007199254740993.0", "9007199254740992"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("18446744073709552000", "18446744073709552000"),
        ] {
            let mut text = String::new();
            push_number(&mut text, parse_number(json));
            assert_eq!(text, expected, "{json}");
        }
    }
}
