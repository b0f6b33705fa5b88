//! # lost-append
//!
//! Two actors append to one list, and the second puts its item where the first had put its own.
//!
//! ```text
//!   actor 1             list        actor 2
//!   copy -> []           []
//!                        []         copy -> []
//!                        [b]        replace by [b]
//!   replace by [a]       [a]                          two appends, one item
//! ```
//!
//! **In review, look for** a collection that is copied out before an `.await` and put back after
//! it; and, on threads, for any append to a collection that nothing guards.
//!
//! **The fix** is to hold one lock from the copy to the replacement, or to send the items to one
//! actor that owns the list. On an event loop, an append with no `.await` inside is enough.
//!
//! That two coroutines appending one item each may lose one, as a source below says, is refuted by
//! `single-append`: on an event loop no other coroutine runs in the middle of an append. It is true
//! of a list that threads share without a guard, which safe Rust rules out for a `Vec`: `push`
//! takes `&mut self`.

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Role, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Cell, Guard, Lock, Primitives, Queue};

/// What every actor appends: equal items, so that actors are interchangeable.
const ITEM: i64 = 1;

/// What an unwritten slot holds.
const VACANT: i64 = 0;

/// A list as it is laid out in memory: slots, and how many of them are taken.
pub struct List<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    length: P::Cell,
    slots: Vec<P::Cell>,
    inbox: P::Queue,
}

impl<P: Primitives, G: Policy> List<P, G> {
    /// Appends `item` in place. Panics if the list is full.
    pub fn append(&self, item: i64) {
        let end = self.length.get();
        self.slots[end as usize].set(item); // <- the bug, on threads: others may take this slot too
        self.length.set(end + 1);
    }

    /// Copies the list, yields, and replaces it with the copy and `item` at its end.
    pub async fn copy_and_replace(&self, item: i64) {
        let _guard = self.lock.acquire().await;
        let mut items = self.items();
        P::yield_now().await;
        items.push(item);
        self.replace(&items); // <- the bug, without the lock: `items` may lack what others added
    }

    /// Sends `item` to the actor that runs [`own`](Self::own), which appends it.
    pub async fn send(&self, item: i64) {
        P::yield_now().await;
        self.inbox.send(item);
    }

    /// Appends every item that is sent, until the list is full. No other actor touches the list.
    pub async fn own(&self) {
        for _ in &self.slots {
            let item = self.inbox.receive().await;
            self.append(item);
        }
    }

    /// What the list holds.
    pub fn items(&self) -> Vec<i64> {
        let length = self.length.get();
        (0..length as usize).map(|slot| self.slots[slot].get()).collect()
    }

    fn replace(&self, items: &[i64]) {
        for (slot, &item) in self.slots.iter().zip(items) {
            slot.set(item);
        }
        self.length.set(items.len() as i64);
    }
}

impl<P: Primitives, G: Policy> Shared for List<P, G> {
    fn new(actors: usize) -> Self {
        Self {
            lock: G::Lock::<P>::new("lock"),
            length: P::Cell::new("length", 0),
            slots: (0..actors).map(|_| P::Cell::new("slot", VACANT)).collect(),
            inbox: P::Queue::new("inbox"),
        }
    }

    /// How many items the list holds. A vacant slot is not an item, even within the length.
    fn outcome(&self) -> Value {
        let items = self.items().into_iter().filter(|&item| item == ITEM);
        (items.count() as i64).into()
    }
}

enum By {
    Appending,
    Copying,
    CopyingUnderLock,
    Sending,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::Appending => Cast::replicas("task", n, async |list: &List<P, Unlocked>| {
                list.append(ITEM);
                P::yield_now().await;
            }),
            Self::Copying => Cast::replicas("task", n, async |list: &List<P, Unlocked>| {
                list.copy_and_replace(ITEM).await;
            }),
            Self::CopyingUnderLock => Cast::replicas("task", n, async |list: &List<P, Locked>| {
                list.copy_and_replace(ITEM).await;
            }),
            Self::Sending => {
                let task = async |list: &List<P, Unlocked>| list.send(ITEM).await;
                Cast::new(n, [Role::replicas("task", n, task), Role::one("owner", List::own)])
            }
        }
    }
}

fn every_item_kept(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// The last actor to set the length adds one to what it had read: to nothing, to all that the
/// others appended, or to anything in between.
fn at_least_one_kept(actors: usize) -> Outcomes {
    outcomes(1..=actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "lost-append",
    summary: "two actors append to one list, and one item takes the place of the other",
    review: "a collection that is copied out before an `.await` and put back after it",
    sources: &[
        "Python asyncio race condition fix, Namit Jain, 2025",
        "Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026",
    ],
    allowed: every_item_kept,
    variants: &[
        Variant::safe("single-append", "append in place, with no await inside", &By::Appending)
            .on_threads(at_least_one_kept)
            .with_weak_memory_actors(2),
        Variant::racy(
            "read-transform-write",
            "copy the list, await, put a longer list in its place",
            &By::Copying,
            at_least_one_kept,
        ),
        Variant::safe("locked", "the same under one mutex", &By::CopyingUnderLock)
            .guarded_by(&[Guard::Mutex]),
        Variant::safe(
            "message-passing",
            "send the items to one more actor, which appends them alone",
            &By::Sending,
        )
        .unlike("single-append"),
    ],
};
