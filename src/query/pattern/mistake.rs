//! What is wrong with a pattern, and where.

/// The first thing found that makes a pattern unusable.
#[derive(Debug)]
pub struct Mistake {
    /// What it is, as a phrase.
    pub what: &'static str,
    /// Where it stands: an offset in bytes.
    pub at: usize,
}

/// The result of reading a part of a pattern.
pub type Parsed<T> = Result<T, Mistake>;

/// Makes the result that reports a mistake.
pub const fn mistake<T>(what: &'static str, at: usize) -> Parsed<T> {
    Err(Mistake { what, at })
}
