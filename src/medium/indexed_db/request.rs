//! Requests of IndexedDB as futures.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbRequest;

use super::failure::Failure;

/// Waits for a request, which must have been made just now, and returns its result.
pub(super) async fn result_of(request: &IdbRequest) -> Result<JsValue, Failure> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match (JsFuture::from(done).await, request.error()) {
        (Ok(_), _) => Ok(request.result()?),
        (Err(_), Ok(Some(exception))) => Err(exception.into()),
        (Err(_), _) => Err(Failure::aborted()),
    }
}
