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
//! `single-append`: on an event loop nobody can come between the steps of one append. It is true
//! of a list that threads share without a guard, which safe Rust rules out for a `Vec`: `push`
//! takes `&mut self`.

use std::marker::PhantomData;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Cell, Guard, Lock, Primitives, Queue};

/// What everyone appends. Equal items, so that the actors are interchangeable.
const ITEM: i64 = 1;

/// What a slot holds that was never written.
const VACANT: i64 = 0;

/// A list as it lies in memory: slots, and how many of them are taken.
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
        self.slots[end as usize].set(item); // <- the race, but only between threads
        self.length.set(end + 1);
    }

    /// Copies the list out, gives way, and replaces it by the copy with `item` at its end.
    pub async fn copy_and_replace(&self, item: i64) {
        let _guard = self.lock.acquire().await;
        let mut items = self.items();
        P::yield_now().await;
        items.push(item);
        self.replace(&items); // <- the race: without the lock, `items` may lack what others added
    }

    /// Has `item` appended by whoever runs [`own`](Self::own).
    pub async fn send(&self, item: i64) {
        P::yield_now().await;
        self.inbox.send(item);
    }

    /// Appends every item that is sent, until the list is full. The only actor to touch the list.
    pub async fn own(&self) {
        for _ in &self.slots {
            let item = self.inbox.receive().await;
            self.append(item);
        }
    }

    /// What the list holds.
    pub fn items(&self) -> Vec<i64> {
        let length = self.length.get();
        self.slots.iter().take(length as usize).map(Cell::get).collect()
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

struct SingleAppend;
struct ReadTransformWrite<G>(PhantomData<G>);
struct MessagePassing;

impl<P: Primitives> Scenario<P> for SingleAppend {
    type State = List<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<List<P, Unlocked>>> {
        vec![Role::replicas("task", actors, async |list: &List<P, Unlocked>| {
            list.append(ITEM);
            P::yield_now().await;
        })]
    }
}

impl<P: Primitives, G: Policy> Scenario<P> for ReadTransformWrite<G> {
    type State = List<P, G>;
    fn roles(actors: usize) -> Vec<Role<List<P, G>>> {
        vec![Role::replicas("task", actors, async |list: &List<P, G>| {
            list.copy_and_replace(ITEM).await;
        })]
    }
}

impl<P: Primitives> Scenario<P> for MessagePassing {
    type State = List<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<List<P, Unlocked>>> {
        let task = async |list: &List<P, Unlocked>| list.send(ITEM).await;
        vec![Role::replicas("task", actors, task), Role::one("owner", List::own)]
    }
}

fn every_item_kept(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// The last to set the length makes it one more than it had found: nothing, all that the others
/// appended, or anything in between.
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
    variants: &[
        Variant::new::<SingleAppend>(
            "single-append",
            "append in place, with no await inside",
            every_item_kept,
            Reaches::everywhere(every_item_kept).on_threads(at_least_one_kept),
        )
        .with_weak_memory_actors(2),
        Variant::new::<ReadTransformWrite<Unlocked>>(
            "read-transform-write",
            "copy the list, await, put a longer list in its place",
            every_item_kept,
            Reaches::everywhere(at_least_one_kept),
        ),
        Variant::new::<ReadTransformWrite<Locked>>(
            "locked",
            "the same under one mutex",
            every_item_kept,
            Reaches::everywhere(every_item_kept),
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::new::<MessagePassing>(
            "message-passing",
            "send the items to one more actor, which appends them alone",
            every_item_kept,
            Reaches::everywhere(every_item_kept),
        )
        .unlike("single-append"),
    ],
};
