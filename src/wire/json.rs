//! JSON text.

use crate::error::{Error, Result};
use crate::model::{Json, Mistake};

/// Reads an argument; `what` names it in an error.
pub(super) fn parse(what: &str, text: &str) -> Result<Json> {
    Json::parse(text).map_err(|mistake| {
        Error::invalid(match mistake {
            Mistake::Depth => format!("{what} is nested too deeply: 127 levels are the most"),
            Mistake::Syntax(at) => format!("{what} is not JSON: something else is expected at byte {at}"),
        })
    })
}
