//! A queue with room for so many words.

use std::collections::VecDeque;
use std::panic::Location;
use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::{Waiters, Wake, Wakes};
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::{BoundedQueue, Slot};

/// The bounded queue of a [`Modelled`](super::Modelled) family.
pub struct ModelBoundedQueue<E: Engine>(E::Monitor<State>);

/// The items, who waits for one, and who waits for room.
pub struct State {
    capacity: usize,
    items: VecDeque<i64>,
    /// How much room is set aside: for slots, and for granted senders.
    reserved: usize,
    /// How many of `items` are set aside for granted receivers.
    promised: usize,
    senders: Waiters,
    receivers: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.capacity as u64);
        digest.mix(self.items.len() as u64);
        self.items.iter().for_each(|&item| digest.mix(item as u64));
        digest.mix(self.reserved as u64);
        digest.mix(self.promised as u64);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.senders.visit(visit);
        self.receivers.visit(visit);
    }
}

impl State {
    fn has_room(&self) -> bool {
        self.items.len() + self.reserved < self.capacity
    }

    fn has_item(&self) -> bool {
        self.promised < self.items.len()
    }

    /// Sets free room aside for the first sender that waits.
    fn offer_room(&mut self) -> Option<Wake> {
        let wake = if self.has_room() { self.senders.grant_first() } else { None }?;
        self.reserved += 1;
        Some(wake)
    }

    /// Sets a free item aside for the first receiver that waits.
    fn offer_item(&mut self) -> Option<Wake> {
        let wake = if self.has_item() { self.receivers.grant_first() } else { None }?;
        self.promised += 1;
        Some(wake)
    }

    /// Puts `item` where room is set aside for it.
    fn fill(&mut self, item: i64) {
        self.reserved -= 1;
        self.items.push_back(item);
    }
}

impl Resource for State {
    fn grant(&mut self) -> Wakes {
        std::iter::from_fn(|| self.offer_room().or_else(|| self.offer_item())).collect()
    }
}

impl<E: Engine> BoundedQueue for ModelBoundedQueue<E> {
    type Slot<'a> = ModelSlot<'a, E>;

    fn new(name: &'static str, capacity: usize) -> Self {
        assert!(capacity > 0, "a queue has room for an item");
        let (items, senders, receivers) = Default::default();
        let state = State { capacity, items, reserved: 0, promised: 0, senders, receivers };
        Self(E::Monitor::new(name, state))
    }

    fn send(&self, item: i64) -> impl Future<Output = ()> {
        let call = Call::synchronise("send").with(item);
        Wait::<E, _>::new(&self.0, call, Room { item: Some(item) })
    }

    fn reserve(&self) -> impl Future<Output = ModelSlot<'_, E>> {
        let call = Call::synchronise("reserve");
        let room = Wait::<E, _>::new(&self.0, call, Room { item: None });
        async move {
            room.await;
            ModelSlot { queue: self, location: call.location }
        }
    }

    fn receive(&self) -> impl Future<Output = i64> {
        Wait::<E, _>::new(&self.0, Call::synchronise("receive"), Receive)
    }
}

/// Room for one item, which it fills if it has one.
struct Room {
    item: Option<i64>,
}

impl Request for Room {
    type State = State;
    type Output = ();

    fn queue(state: &mut State) -> &mut Waiters {
        &mut state.senders
    }

    fn take(&mut self, state: &mut State, granted: bool) -> Poll<()> {
        if !granted {
            if !state.has_room() {
                return Poll::Pending;
            }
            state.reserved += 1;
        }
        if let Some(item) = self.item {
            state.fill(item);
        }
        Poll::Ready(())
    }

    fn give_back(&mut self, state: &mut State) {
        state.reserved -= 1;
    }
}

/// The oldest item.
struct Receive;

impl Request for Receive {
    type State = State;
    type Output = i64;

    fn queue(state: &mut State) -> &mut Waiters {
        &mut state.receivers
    }

    fn take(&mut self, state: &mut State, granted: bool) -> Poll<i64> {
        if granted {
            state.promised -= 1;
        } else if !state.has_item() {
            return Poll::Pending;
        }
        Poll::Ready(state.items.pop_front().expect("an item is free or was promised"))
    }

    fn give_back(&mut self, state: &mut State) {
        state.promised -= 1;
    }
}

/// Room for one item.
pub struct ModelSlot<'a, E: Engine> {
    queue: &'a ModelBoundedQueue<E>,
    location: &'static Location<'static>,
}

impl<E: Engine> Slot for ModelSlot<'_, E> {
    fn send(self, item: i64) {
        self.queue.0.wake(Call::synchronise("send").with(item), |state| {
            state.fill(item);
            state.grant()
        });
        // The room is the item's from here on.
        std::mem::forget(self);
    }
}

impl<E: Engine> Drop for ModelSlot<'_, E> {
    fn drop(&mut self) {
        self.queue.0.wake(Call::synchronise("give back").at(self.location), |state| {
            state.reserved -= 1;
            state.grant()
        });
    }
}
