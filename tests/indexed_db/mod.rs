//! The conformance suite on `IndexedDB`, and what only `IndexedDB` can show.
//!
//! [`in_browser!`](crate::in_browser) makes tests of all cases; a window and a worker each have a file that
//! calls it.

mod cases;
mod script;

use std::cell::Cell;

use scribe_store::medium::{Any, Durability, IndexedDb, IndexedDbOptions, delete_database};
use scribe_store::storage::Store;

use crate::conformance::{Api, TestClock, World};

pub use cases::*;

/// How long to wait for other connections, in milliseconds.
const PATIENCE_MS: u32 = 10_000;

thread_local! {
    static WORLDS: Cell<u32> = const { Cell::new(0) };
}

/// A database of its own.
pub struct InIndexedDb {
    name: String,
    clock: TestClock,
}

impl InIndexedDb {
    /// Names a database that no other case uses.
    pub fn new(case: &str) -> Self {
        let number = WORLDS.replace(WORLDS.get() + 1);
        let name = format!("{case} {number} {}", js_sys::Date::now());
        Self { name, clock: TestClock::new() }
    }

    /// Returns the database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns how a store opens this database.
    pub fn options(&self) -> IndexedDbOptions {
        let (name, durability) = (self.name.clone(), Durability::default());
        IndexedDbOptions { name, durability, blocked_timeout_ms: PATIENCE_MS }
    }

    /// Opens another connection.
    pub async fn connect(&self) -> IndexedDb {
        IndexedDb::open(self.options()).await.unwrap()
    }

    /// Deletes the database, which closes what is open on it.
    pub async fn delete(&self) {
        delete_database(&self.name, PATIENCE_MS).await.unwrap();
    }
}

impl World for InIndexedDb {
    type Backend = Store<Any>;
    type Medium = Any;

    async fn open(&self) -> Api<Self::Backend> {
        Api::new(Store::new(self.medium().await, self.clock.options()))
    }

    async fn medium(&self) -> Any {
        Any::IndexedDb(self.connect().await)
    }

    fn clock(&self) -> &TestClock {
        &self.clock
    }
}

/// Makes a test of each case, each on a database of its own.
#[macro_export]
macro_rules! tests_on_indexed_db {
    ($($noun:ident::$case:ident,)*) => {
        $(#[wasm_bindgen_test::wasm_bindgen_test]
        async fn $case() {
            let world = $crate::indexed_db::InIndexedDb::new(stringify!($case));
            $crate::conformance::$noun::$case(&world).await;
            world.delete().await;
        })*
    };
}

/// Makes a test of each case that only `IndexedDB` has.
#[macro_export]
macro_rules! tests_of_indexed_db {
    ($($case:ident,)*) => {
        $(#[wasm_bindgen_test::wasm_bindgen_test]
        async fn $case() {
            let world = $crate::indexed_db::InIndexedDb::new(stringify!($case));
            $crate::indexed_db::$case(&world).await;
            world.delete().await;
        })*
    };
}

/// Hands the names of the cases that only `IndexedDB` has to a macro that makes tests of them.
#[macro_export]
macro_rules! for_each_case_of_indexed_db {
    ($make_tests:ident) => {
        $make_tests! {
            c3_7_strict_durability_is_asked_for,
            c3_8_calls_made_without_waiting_share_transactions,
            c4_11_a_search_behind_a_write_sees_it_and_is_made_once,
            c7_3_deleting_the_database_closes_every_store,
            c7_3_an_upgrade_closes_every_store,
            c7_3_calls_under_way_settle,
            c7_4_a_dropped_connection_is_opened_again,
            c7_4_a_connection_found_closed_is_opened_again,
            c7_5_a_full_disk_rejects_and_leaves_the_store_usable,
            c7_5_a_disk_found_full_later_rejects_as_well,
            c7_5_a_disk_found_full_at_commit_rejects_as_well,
            c7_6_a_value_that_is_not_bytes_is_corrupt,
            c7_6_a_database_of_something_else_is_corrupt,
            a_database_of_a_newer_release_is_too_new,
            a_database_that_another_tab_holds_is_blocked,
            a_slow_database_is_not_blocked,
            a_database_that_does_not_answer_is_unavailable,
            a_transaction_that_the_browser_aborts_is_unavailable,
            a_transaction_that_is_not_answered_is_unavailable,
            a_commit_that_is_not_answered_is_unavailable,
        }
    };
}
