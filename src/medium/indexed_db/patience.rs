//! Waiting for a request that other tabs may hold up.

use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbOpenDbRequest;

use super::timer::sleep;
use crate::error::{Error, ErrorKind};

/// How long a request may go without a word, in milliseconds. One that waits behind the deletion of another tab is
/// told nothing, and nothing may wait for ever.
const SILENCE_MS: u32 = 30_000;

/// Waits for a request to open or delete a database: as long as `blocked_timeout_ms` milliseconds from when the
/// browser says that another connection holds it up.
///
/// # Errors
/// `blocked` after that; `unavailable` if the browser says nothing for too long. With the error comes the request,
/// which goes on.
pub(super) async fn wait<R: Future + Unpin>(
    request: R,
    events: &IdbOpenDbRequest,
    name: &str,
    blocked_timeout_ms: u32,
) -> Result<R::Output, (Error, R)> {
    // The promise has no way to reject.
    let blocked = JsFuture::from(Promise::new(&mut |resolve, _reject| events.set_onblocked(Some(&resolve))));
    let silence = pin!(sleep(SILENCE_MS));
    let request = match select(request, select(blocked, silence)).await {
        Either::Left((output, _)) => return Ok(output),
        Either::Right((Either::Left(_), request)) => request,
        Either::Right((Either::Right(_), request)) => {
            let message =
                format!("the browser has not answered for {SILENCE_MS} ms about the database {name:?}");
            return Err((Error::new(ErrorKind::Unavailable, message), request));
        }
    };
    match select(request, pin!(sleep(blocked_timeout_ms))).await {
        Either::Left((output, _)) => Ok(output),
        Either::Right(((), request)) => {
            let message = format!(
                "another tab holds the database {name:?} open; \
                 waited {blocked_timeout_ms} ms: close the other tabs"
            );
            Err((Error::new(ErrorKind::Blocked, message), request))
        }
    }
}
