//! Lower case of single characters: as in the standard library, whose table is larger and would be the largest in the
//! package.

use super::pattern::tables::{Fold, LOWER, folds};

thread_local! {
    static UNPACKED: Vec<Fold> = folds(LOWER).collect();
}

/// Appends the Unicode lower-case form of a character.
pub fn push_lower(out: &mut String, c: char) {
    if c.is_ascii() {
        return out.push(c.to_ascii_lowercase());
    }
    if c == 'İ' {
        // The one whose lower case is two characters.
        return out.push_str("i\u{307}");
    }
    out.push(UNPACKED.with(|folds| lower_of(folds, c)).unwrap_or(c));
}

/// Returns what a character folds to, if it is another.
fn lower_of(folds: &[Fold], c: char) -> Option<char> {
    let code = u32::from(c);
    let fold = folds.get(folds.partition_point(|fold| fold.last < code))?;
    let distance = code.checked_sub(fold.first)?;
    let is_left_out = fold.alternate && distance & 1 == 1;
    if is_left_out { None } else { char::from_u32(code.wrapping_add_signed(fold.by)) }
}

#[cfg(test)]
mod tests {
    use super::push_lower;

    #[test]
    fn it_is_that_of_the_standard_library() {
        for c in '\0'..=char::MAX {
            let mut lower = String::new();
            push_lower(&mut lower, c);
            assert_eq!(lower, c.to_lowercase().to_string(), "{c:?}");
        }
    }
}
