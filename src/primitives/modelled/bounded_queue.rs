//! A queue with room for so many words.

mod waits;

use std::collections::VecDeque;
use std::panic::Location;

use waits::{Receive, Room};

use super::super::{BoundedQueue, Slot};
use super::waiters::{Waiters, Wake};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

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
    fn fill(&mut self, item: i64) -> Option<Wake> {
        self.reserved -= 1;
        self.items.push_back(item);
        self.offer_item()
    }

    /// Makes room that was set aside free.
    fn release(&mut self) -> Option<Wake> {
        self.reserved -= 1;
        self.offer_room()
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
        let call = Call::new("send", Access::Synchronise).with(item);
        Room::new(self, call)
    }

    fn reserve(&self) -> impl Future<Output = ModelSlot<'_, E>> {
        let call = Call::new("reserve", Access::Synchronise);
        let room = Room::new(self, call);
        async move {
            room.await;
            ModelSlot { queue: self, location: call.location }
        }
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::new("receive", Access::Synchronise);
        Receive::new(self, call)
    }
}

/// Room for one item.
pub struct ModelSlot<'a, E: Engine> {
    queue: &'a ModelBoundedQueue<E>,
    location: &'static Location<'static>,
}

impl<E: Engine> Slot for ModelSlot<'_, E> {
    fn send(self, item: i64) {
        let call = Call::new("send", Access::Synchronise).with(item);
        self.queue.0.wake(call, |state| state.fill(item));
        // The room is the item's from here on.
        std::mem::forget(self);
    }
}

impl<E: Engine> Drop for ModelSlot<'_, E> {
    fn drop(&mut self) {
        let (access, location) = (Access::Synchronise, self.location);
        let call = Call { operation: "give back", access, argument: None, location };
        self.queue.0.wake(call, State::release);
    }
}
