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
        let turn = self.lock.lock().await;
        self.open_group.borrow_mut().take_if(|open| Rc::ptr_eq(open, &group));
        let contributions = group.take();
        Some((turn, contributions))
    }
}
