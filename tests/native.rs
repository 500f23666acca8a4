//! The conformance suite on the medium in memory, natively.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is how tests fail"
)]

mod conformance;
mod plain;
mod shared_memory;

use conformance::{Api, TestClock, World};
use futures_util::future::join_all;
use plain::Plain;
use scribe_store::storage::{Sealing, Store, StoreOptions};
use serde_json::json;
use shared_memory::SharedMemory;

/// Data in memory, on which stores are as they are.
struct InMemory {
    data: SharedMemory,
    clock: TestClock,
    sealing: Sealing,
    cache_bytes: usize,
}

impl InMemory {
    fn new() -> Self {
        let StoreOptions { sealing, cache_bytes, .. } = StoreOptions::default();
        Self { data: SharedMemory::default(), clock: TestClock::new(), sealing, cache_bytes }
    }

    /// Segments of a few entries.
    fn in_small_segments() -> Self {
        Self { sealing: Sealing { tail_rows: 3, segment_rows: 5 }, ..Self::new() }
    }

    /// Segments of a few entries, of which none stays in memory.
    fn without_cache() -> Self {
        Self { sealing: Sealing { tail_rows: 3, segment_rows: 4 }, cache_bytes: 0, ..Self::new() }
    }
}

impl World for InMemory {
    type Backend = Store<SharedMemory>;
    type Medium = SharedMemory;

    async fn open(&self) -> Api<Self::Backend> {
        let Self { sealing, cache_bytes, .. } = *self;
        Api::new(Store::new(
            self.data.connect(),
            StoreOptions { sealing, cache_bytes, ..self.clock.options() },
        ))
    }

    async fn medium(&self) -> SharedMemory {
        self.data.connect()
    }

    fn clock(&self) -> &TestClock {
        &self.clock
    }
}

/// Data in memory, on which stores leave to the interface what it does by itself.
struct ByDefault(InMemory);

impl World for ByDefault {
    type Backend = Plain<Store<SharedMemory>>;
    type Medium = SharedMemory;

    async fn open(&self) -> Api<Self::Backend> {
        Api::new(Plain(Store::new(self.0.data.connect(), self.0.clock.options())))
    }

    async fn medium(&self) -> SharedMemory {
        self.0.medium().await
    }

    fn clock(&self) -> &TestClock {
        self.0.clock()
    }
}

/// Makes a test of a case on segments, unless it is about what becomes of damaged rows of the tail.
macro_rules! test_of_segments {
    (damage $case:ident $world:ident::$make:ident) => {};
    ($noun:ident $case:ident $world:ident::$make:ident) => {
        #[test]
        fn $case() {
            pollster::block_on(crate::conformance::$noun::$case(&crate::$world::$make()));
        }
    };
}

macro_rules! native_tests {
    ($($noun:ident::$case:ident,)*) => {
        mod on_memory {
            $(#[test]
            fn $case() {
                pollster::block_on(crate::conformance::$noun::$case(&crate::InMemory::new()));
            })*
        }

        mod in_small_segments {
            $(test_of_segments!($noun $case InMemory::in_small_segments);)*
        }

        mod without_cache {
            $(test_of_segments!($noun $case InMemory::without_cache);)*
        }

        mod with_default_methods {
            $(#[test]
            fn $case() {
                let world = crate::ByDefault(crate::InMemory::new());
                pollster::block_on(crate::conformance::$noun::$case(&world));
            })*
        }
    };
}
for_each_case!(native_tests);

#[test]
fn c3_8_calls_made_without_waiting_share_transactions() {
    pollster::block_on(async {
        let world = InMemory::new();
        let store = world.open().await;
        store.project("p").await;
        let before = world.data.writes();
        let appends = (0..100).map(|number| {
            let entry = json!({ "project": "p", "message": "m", "entryId": number.to_string() });
            store.append_entry(entry)
        });
        join_all(appends).await.into_iter().for_each(|entry| {
            entry.unwrap();
        });
        assert_eq!(store.ids(json!({ "project": "p" })).await.len(), 100);
        let transactions = world.data.writes() - before;
        assert!(transactions <= 2, "the first call, and those that came meanwhile: {transactions}");
    });
}

#[test]
fn stores_that_write_in_turns_seldom_write_in_vain() {
    const ROUNDS: u32 = 100;
    pollster::block_on(async {
        let world = InMemory::new();
        let stores = [world.open().await, world.open().await];
        stores[0].project("p").await;
        let before = world.data.writes();
        for _ in 0..ROUNDS {
            for store in &stores {
                store.append_entry(json!({ "project": "p", "message": "m" })).await.unwrap();
            }
        }
        let writes = world.data.writes() - before;
        assert_eq!(stores[0].ids(json!({ "project": "p" })).await.len(), 2 * ROUNDS as usize);
        assert!(writes < 5 * ROUNDS / 2, "for {} entries: {writes}", 2 * ROUNDS);
    });
}
