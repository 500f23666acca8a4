//! Waiting, in a window or a worker.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// The same function in windows and workers.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay_ms: u32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timeout: &JsValue);
}

/// Resolves a promise when it is no longer waited for: a future that waits for one that is never settled stays in
/// memory for ever, also when it was dropped.
pub(super) struct Resolver(pub Function);

impl Drop for Resolver {
    fn drop(&mut self) {
        // Nothing happens if it is settled. The function of a promise does not throw.
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Ends a timer that is no longer waited for.
struct Timeout {
    timer: JsValue,
    _resolver: Resolver,
}

impl Drop for Timeout {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
    }
}

/// Waits some milliseconds.
pub(super) async fn sleep(delay_ms: u32) {
    // A longer delay would overflow the browser's 32-bit signed timer and fire at once.
    let delay_ms = delay_ms.min(i32::MAX.unsigned_abs());
    let mut timeout = None;
    let promise = Promise::new(&mut |resolve: Function, _reject: Function| {
        let timer = set_timeout(&resolve, delay_ms);
        timeout = Some(Timeout { timer, _resolver: Resolver(resolve) });
    });
    // The promise has no way to reject.
    let _ = JsFuture::from(promise).await;
    drop(timeout);
}
