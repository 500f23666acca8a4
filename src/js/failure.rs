//! Errors, as JavaScript gets them.

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::store::SERIALIZER;
use crate::error::Error;

/// What the package makes a `ScribeError` or a `ConflictError` from.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    code: &'static str,
    retryable: bool,
    message: &'a str,
    /// Messages of the causes, the nearest first.
    causes: Vec<String>,
    /// What a `ConflictError` carries.
    versions: Option<FailedVersions>,
}

#[derive(Serialize)]
struct FailedVersions {
    expected: Option<u64>,
    actual: Option<u64>,
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        let failure = Failure {
            code: error.kind().code(),
            retryable: error.kind().is_retryable(),
            message: error.message(),
            causes: causes.map(ToString::to_string).collect(),
            versions: error
                .versions()
                .map(|versions| FailedVersions { expected: versions.expected, actual: versions.actual }),
        };
        failure.serialize(&SERIALIZER).unwrap_or_else(|_| Self::from_str(error.message()))
    }
}
