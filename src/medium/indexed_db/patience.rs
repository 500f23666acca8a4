//! Waiting, but not for ever.

use std::cell::Cell;
use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbOpenDbRequest;

use super::timer::{Resolver, sleep};
use crate::error::{Error, ErrorKind};
use crate::model::Quoted;

/// How long the browser may go without a word, in milliseconds. A request that waits behind the deletion of another
/// tab is told nothing, and nothing may wait for ever.
const SILENCE_MS: u32 = 30_000;

/// How often to look in that time whether there was an answer: when a frozen page goes on, its timer may fire before
/// the answers come that were held back.
const LOOKS: u32 = 3;

/// Waits until there has been no answer for long. What counts the answers is `answers`.
pub(super) async fn silence(answers: &Cell<u32>) {
    let (mut known, mut looks) = (answers.get(), 0);
    while looks < LOOKS {
        sleep(SILENCE_MS / LOOKS).await;
        looks = if answers.get() == known { looks + 1 } else { 0 };
        known = answers.get();
    }
}

/// Makes the error of what was not answered.
pub(super) fn unanswered(what: &str) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        format!("the browser has not answered for {SILENCE_MS} ms about {what}"),
    )
}

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
    let mut resolver = None;
    // The promise has no way to reject.
    let blocked = JsFuture::from(Promise::new(&mut |resolve, _reject| {
        events.set_onblocked(Some(&resolve));
        resolver = Some(Resolver(resolve));
    }));
    let no_answers = Cell::default();
    let silence = pin!(silence(&no_answers));
    let request = match select(request, select(blocked, silence)).await {
        Either::Left((output, _)) => return Ok(output),
        Either::Right((Either::Left(_), request)) => request,
        Either::Right((Either::Right(_), request)) => {
            return Err((unanswered(&format!("the database {}", Quoted(name))), request));
        }
    };
    match select(request, pin!(sleep(blocked_timeout_ms))).await {
        Either::Left((output, _)) => Ok(output),
        Either::Right(((), request)) => {
            let message = format!(
                "another tab holds the database {} open; \
                 waited {blocked_timeout_ms} ms: close the other tabs",
                Quoted(name)
            );
            Err((Error::new(ErrorKind::Blocked, message), request))
        }
    }
}
