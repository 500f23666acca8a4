//! Whose turn it is to write.
//!
//! Writes take effect in the order in which they were called, so each takes a turn. Calls that insert
//! entries share one: those that wait behind another write, with nothing but inserts between them, form a
//! group, and the first of them writes for all.

use std::cell::RefCell;
use std::rc::Rc;

use tokio::sync::{Mutex, MutexGuard};

/// The turns of a store's writers. `T` is what a call that may share a turn contributes.
#[derive(Debug)]
pub(super) struct Turns<T> {
    /// Fair: whoever asks first gets it first.
    lock: Mutex<()>,
    /// The last in the queue, if it is a group that has not begun.
    open_group: RefCell<Option<Group<T>>>,
}

type Group<T> = Rc<RefCell<Vec<T>>>;

/// A turn that no other write shares; ends when dropped.
pub(super) type Turn<'a> = MutexGuard<'a, ()>;

impl<T> Turns<T> {
    pub fn new() -> Self {
        Self { lock: Mutex::new(()), open_group: RefCell::new(None) }
    }

    /// Tells whether nobody has a turn or waits for one.
    pub fn are_free(&self) -> bool {
        self.lock.try_lock().is_ok()
    }

    /// Waits for a turn alone. Whoever asks later, to share one or not, comes later.
    pub async fn alone(&self) -> Turn<'_> {
        self.open_group.borrow_mut().take();
        self.lock.lock().await
    }

    /// Contributes to a shared turn. Whoever opened it gets it, with all that was contributed, once it has
    /// come; the others get `None` at once.
    pub async fn shared(&self, contribution: T) -> Option<(Turn<'_>, Vec<T>)> {
        if let Some(group) = &*self.open_group.borrow() {
            group.borrow_mut().push(contribution);
            return None;
        }
        let group = Rc::new(RefCell::new(vec![contribution]));
        *self.open_group.borrow_mut() = Some(Rc::clone(&group));
        let waiting = Waiting { turns: self, group };
        let turn = self.lock.lock().await;
        Some((turn, waiting.group.take()))
    }
}

/// Whoever opened a group, while it waits. When it goes away, because its turn has come or because its caller
/// gave up, nobody can join the group any more.
struct Waiting<'a, T> {
    turns: &'a Turns<T>,
    group: Group<T>,
}

impl<T> Drop for Waiting<'_, T> {
    fn drop(&mut self) {
        self.turns.open_group.borrow_mut().take_if(|open| Rc::ptr_eq(open, &self.group));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn calls_that_wait_with_nothing_between_them_share_a_turn() {
        let turns = Turns::new();
        let Poll::Ready(first) = poll(pin!(turns.alone())) else { panic!("the first turn comes at once") };
        let mut leader = pin!(turns.shared(1));
        assert!(poll(leader.as_mut()).is_pending());
        assert!(matches!(poll(pin!(turns.shared(2))), Poll::Ready(None)), "the second joins the first");
        let mut alone = pin!(turns.alone());
        assert!(poll(alone.as_mut()).is_pending());
        let mut behind = pin!(turns.shared(3));
        assert!(poll(behind.as_mut()).is_pending(), "a group behind another write is one of its own");

        drop(first);
        let Poll::Ready(Some((turn, together))) = poll(leader.as_mut()) else { panic!("its turn has come") };
        assert_eq!(together, [1, 2]);
        assert!(poll(alone.as_mut()).is_pending());
        drop(turn);
        let Poll::Ready(turn) = poll(alone.as_mut()) else { panic!("its turn has come") };
        drop(turn);
        let Poll::Ready(Some((_turn, together))) = poll(behind.as_mut()) else { panic!("its turn has come") };
        assert_eq!(together, [3]);
    }

    #[test]
    fn nobody_joins_a_group_whose_first_caller_gave_up() {
        let turns = Turns::new();
        let Poll::Ready(first) = poll(pin!(turns.alone())) else { panic!("the first turn comes at once") };
        {
            let mut given_up = pin!(turns.shared(1));
            assert!(poll(given_up.as_mut()).is_pending());
        }
        let mut next = pin!(turns.shared(2));
        assert!(poll(next.as_mut()).is_pending());
        drop(first);
        let Poll::Ready(Some((_turn, together))) = poll(next.as_mut()) else { panic!("its turn has come") };
        assert_eq!(together, [2]);
    }
}
