//! A place in a pattern that moves towards its end.

/// Reads a pattern character by character.
#[derive(Debug)]
pub struct Cursor<'p> {
    pattern: &'p str,
    at: usize,
    /// Whether white space and comments between the parts of the pattern are skipped.
    pub verbose: bool,
}

impl<'p> Cursor<'p> {
    /// Begins at the beginning.
    pub const fn new(pattern: &'p str) -> Self {
        Self { pattern, at: 0, verbose: false }
    }

    /// Returns the place: an offset in bytes.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Goes back to a place returned by [`Self::at`].
    pub const fn go_back(&mut self, at: usize) {
        self.at = at;
    }

    fn rest(&self) -> &'p str {
        self.since(self.at, self.pattern.len())
    }

    /// Returns what stands between two places.
    pub fn since(&self, from: usize, to: usize) -> &'p str {
        self.pattern.get(from..to).unwrap_or_default()
    }

    /// Returns the next character.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Tells whether so the pattern goes on.
    pub fn is_at(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    /// Moves over a text, if it comes next.
    pub fn eat(&mut self, text: &str) -> bool {
        let found = self.is_at(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Moves over the next character.
    pub fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    /// Moves over white space, whether it means something or not.
    pub fn skip_white_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    /// Moves over white space and comments, if they mean nothing here.
    pub fn skip_space(&mut self) {
        if self.verbose {
            self.skip_white_space();
            while self.is_at("#") {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.bump();
                }
                self.skip_white_space();
            }
        }
    }

    /// Moves over the next character and to the next that means something; returns that.
    pub fn bump_and_skip(&mut self) -> Option<char> {
        self.bump();
        self.skip_space();
        self.peek()
    }

    /// Returns the character after the next, or after white space and the sign of a comment if these mean
    /// nothing here.
    pub fn peek_second(&self) -> Option<char> {
        let mut second = Cursor { pattern: self.pattern, at: self.at, verbose: self.verbose };
        second.bump();
        if self.verbose {
            second.skip_white_space();
            if second.eat("#") {
                second.skip_white_space();
            }
        }
        second.peek()
    }
}
