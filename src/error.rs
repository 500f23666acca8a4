//! The one error type: a kind named by what the caller does next, a message, and the cause.

use std::fmt;

/// The result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, seen from what the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Fix the argument; the message names it.
    InvalidArgument,
    /// The named project does not exist.
    NotFound,
    /// Someone else wrote first: read again, retry.
    Conflict,
    /// Start again from the first page.
    InvalidCursor,
    /// The handle was closed, or another tab upgraded or deleted the database.
    Closed,
    /// Another tab holds the database open.
    Blocked,
    /// Written by a newer release: update the package.
    TooNew,
    /// Free space, or ask for persistent storage.
    QuotaExceeded,
    /// No database here, or it failed: retry, then give up.
    Unavailable,
    /// Stored data is not what was written.
    Corrupt,
    /// A bug in this package.
    Internal,
}

impl ErrorKind {
    /// Every kind there is, in the order of the public documentation.
    pub const ALL: [Self; 11] = [
        Self::InvalidArgument,
        Self::NotFound,
        Self::Conflict,
        Self::InvalidCursor,
        Self::Closed,
        Self::Blocked,
        Self::TooNew,
        Self::QuotaExceeded,
        Self::Unavailable,
        Self::Corrupt,
        Self::Internal,
    ];

    /// Returns the `code` that JavaScript sees.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::InvalidCursor => "invalid_cursor",
            Self::Closed => "closed",
            Self::Blocked => "blocked",
            Self::TooNew => "too_new",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Unavailable => "unavailable",
            Self::Corrupt => "corrupt",
            Self::Internal => "internal",
        }
    }

    /// Tells whether the very same call may succeed later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Blocked | Self::QuotaExceeded | Self::Unavailable)
    }
}

/// The versions that an optimistic write compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// What the caller expected; 0 for "none yet".
    pub expected: Option<u64>,
    /// What was there; `None` if there was nothing.
    pub actual: Option<u64>,
}

/// An error: what kind, a whole phrase that names the offending value, and what caused it.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    versions: Option<Versions>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Makes an error of the given kind. The message is a whole phrase.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), versions: None, source: None }
    }

    /// Makes an [`ErrorKind::InvalidArgument`].
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidArgument, message)
    }

    /// Makes an [`ErrorKind::Corrupt`] that names the place.
    #[must_use]
    pub fn corrupt(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Corrupt, format!("stored data is damaged: {place} {what}"))
    }

    /// Makes an [`ErrorKind::Internal`]: something that cannot happen did.
    #[must_use]
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// Makes an [`ErrorKind::Conflict`] between versions.
    #[must_use]
    pub fn conflict(message: impl Into<String>, versions: Versions) -> Self {
        Self { versions: Some(versions), ..Self::new(ErrorKind::Conflict, message) }
    }

    /// Keeps what caused this error.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Puts words before the message, such as the index of the element that it is about.
    #[must_use]
    pub fn within(mut self, place: impl fmt::Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the message, without the cause.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the versions that a conflict is about.
    #[must_use]
    pub const fn versions(&self) -> Option<Versions> {
        self.versions
    }

    /// Makes a second error that says the same; the cause stays with the first.
    /// Used where one transaction served several calls.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self { kind: self.kind, message: self.message.clone(), versions: self.versions, source: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.kind.code())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
