//! Bodies of transactions without their types, so that what stands around a body is compiled once, not for every
//! body.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use super::{Pending, Transaction};
use crate::error::{Error, Result};

/// A transaction's body without its type.
pub trait Body {
    /// Runs the body, once, and keeps what it returns.
    fn run<'t>(&'t mut self, transaction: &'t dyn Transaction) -> Pending<'t, ()>;
}

/// A body, and where what it returns goes.
struct Once<F, T> {
    body: Option<F>,
    result: Rc<Cell<Option<T>>>,
}

impl<F: AsyncFnOnce(&dyn Transaction) -> Result<T>, T> Body for Once<F, T> {
    fn run<'t>(&'t mut self, transaction: &'t dyn Transaction) -> Pending<'t, ()> {
        Box::pin(async move {
            let body = self.body.take().ok_or_else(|| Error::internal("a transaction was run twice"))?;
            self.result.set(Some(body(transaction).await?));
            Ok(())
        })
    }
}

/// Runs a body in a transaction that `transact` makes, and returns what the body returns.
pub fn transact<'a, T: 'a>(
    body: impl AsyncFnOnce(&dyn Transaction) -> Result<T> + 'a,
    transact: impl FnOnce(Box<dyn Body + 'a>) -> Pending<'a, ()>,
) -> Pending<'a, T> {
    let result = Rc::new(Cell::new(None));
    let body = Once { body: Some(body), result: Rc::clone(&result) };
    Box::pin(Answer { done: transact(Box::new(body)), result })
}

/// What a body returned, once its transaction is done.
struct Answer<'a, T> {
    done: Pending<'a, ()>,
    result: Rc<Cell<Option<T>>>,
}

impl<T> Future for Answer<'_, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        ready!(self.done.as_mut().poll(context))?;
        let result = self.result.take();
        Poll::Ready(result.ok_or_else(|| Error::internal("a transaction committed without having run")))
    }
}
