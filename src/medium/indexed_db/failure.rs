//! What IndexedDB says when it fails, classified in one place.

use indexed_db_futures::error::{Error as IdbError, OpenDbError};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

use crate::error::{Error, ErrorKind};

/// A failure of IndexedDB: the name of a `DOMException`, and its message.
#[derive(Debug)]
pub(super) struct Failure {
    name: String,
    message: String,
}

impl Failure {
    fn new(name: &str, message: &str) -> Self {
        Self { name: name.to_owned(), message: message.to_owned() }
    }

    /// Makes the failure of what was aborted, nobody says why.
    pub fn aborted() -> Self {
        Self::new("AbortError", "")
    }

    /// Tells whether a transaction could not begin because the connection is gone.
    pub fn is_connection_lost(&self) -> bool {
        self.name == "InvalidStateError"
    }

    fn kind(&self) -> ErrorKind {
        match self.name.as_str() {
            "QuotaExceededError" => ErrorKind::QuotaExceeded,
            "VersionError" => ErrorKind::TooNew,
            "ConstraintError" => ErrorKind::Conflict,
            // What this package never asks for.
            "DataError" | "DataCloneError" | "ReadOnlyError" | "SyntaxError" | "InvalidAccessError" => {
                ErrorKind::Internal
            }
            // Among them is "NotFoundError": that no table is missing was seen when the database was opened, and Firefox
            // says so now and then of a disk that is full.
            _ => ErrorKind::Unavailable,
        }
    }
}

impl From<DomException> for Failure {
    fn from(exception: DomException) -> Self {
        Self::new(&exception.name(), &exception.message())
    }
}

impl From<JsValue> for Failure {
    /// Takes what was thrown.
    fn from(thrown: JsValue) -> Self {
        match thrown.dyn_into::<DomException>() {
            Ok(exception) => exception.into(),
            Err(other) => {
                let message = other.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
                Self::new("UnknownError", &message.unwrap_or_default())
            }
        }
    }
}

impl From<IdbError> for Failure {
    /// The crate's own errors come without their texts, which take more code than the crate.
    fn from(error: IdbError) -> Self {
        match error {
            IdbError::DomException(exception) => DomException::from(exception).into(),
            IdbError::MissingData(_) => Self::aborted(),
            IdbError::Serialisation(_) | IdbError::Unknown(_) => Self::new("UnknownError", ""),
        }
    }
}

impl From<OpenDbError> for Failure {
    fn from(error: OpenDbError) -> Self {
        match error {
            OpenDbError::Base(error) => error.into(),
            OpenDbError::VersionZero | OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => {
                Self::new(
                    "NotSupportedError",
                    "there is no IndexedDB here; a store that need not last can have `backend: \"memory\"`",
                )
            }
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let kind = failure.kind();
        let Failure { name, message } = failure;
        let what = match kind {
            ErrorKind::QuotaExceeded => "the disk, or this site's share of it, is full",
            ErrorKind::TooNew => "the database was written by a newer release: update the package",
            ErrorKind::Conflict => "someone else wrote first",
            ErrorKind::Internal => "IndexedDB refused a request",
            _ => "IndexedDB failed",
        };
        let detail = if message.is_empty() { String::new() } else { format!(": {message}") };
        Self::new(kind, format!("{what} ({name}{detail})"))
    }
}
