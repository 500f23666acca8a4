//! Operations of one transaction, made at once.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use futures_util::future::maybe_done;

use super::Pending;
use crate::error::Error;

/// Makes operations of one transaction at once, and returns what they return, in their order.
///
/// A transaction answers in the order in which it was asked, so each operation is looked at when it begins and when
/// those before it are done, however many they are.
///
/// # Errors
/// What the first that fails returns.
pub fn join_all<'a, T: 'a>(operations: impl Iterator<Item = Pending<'a, T>>) -> Pending<'a, Vec<T>> {
    let mut operations: Vec<_> = operations.map(maybe_done).collect();
    Box::pin(async move {
        poll_fn(|context| {
            for operation in &mut operations {
                let _ = Pin::new(operation).poll(context);
            }
            Poll::Ready(())
        })
        .await;
        let mut results = Vec::with_capacity(operations.len());
        for operation in &mut operations {
            let mut operation = Pin::new(operation);
            operation.as_mut().await;
            let result = operation.take_output();
            results.push(result.ok_or_else(|| Error::internal("an operation has no result"))??);
        }
        Ok(results)
    })
}
