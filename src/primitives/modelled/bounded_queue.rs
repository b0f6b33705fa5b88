//! A queue with room for so many words.

use std::collections::VecDeque;
use std::panic::Location;
use std::task::Poll;

use super::receiving::{Channel, ReceivingEnd, receive};
use super::wait::{Request, Resource, Wait};
use super::waiters::Waiters;
use super::wakes::{Wake, Wakes};
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
    senders: Waiters,
    receiving_end: ReceivingEnd,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.capacity as u64);
        digest.mix(self.items.len() as u64);
        self.items.iter().for_each(|&item| digest.mix(item as u64));
        digest.mix(self.reserved as u64);
        self.receiving_end.fingerprint(digest);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.senders.visit(visit);
        self.receiving_end.visit(visit);
    }
}

impl State {
    fn has_room(&self) -> bool {
        self.items.len() + self.reserved < self.capacity
    }

    /// Sets free room aside for the first sender that waits.
    fn offer_room(&mut self) -> Option<Wake> {
        let wake = if self.has_room() { self.senders.grant_first() } else { None }?;
        self.reserved += 1;
        Some(wake)
    }

    /// Puts `item` where room is set aside for it.
    fn fill(&mut self, item: i64) {
        self.reserved -= 1;
        self.items.push_back(item);
    }

    /// Tells the receiver that waits for an item that there is one.
    fn offer_item(&mut self) -> Wakes {
        if self.items.is_empty() { Wakes::default() } else { self.receiving_end.tell_holder() }
    }
}

impl Resource for State {
    fn grant(&mut self) -> Wakes {
        let room_or_end =
            std::iter::from_fn(|| self.offer_room().or_else(|| self.receiving_end.grant()));
        let wakes: Wakes = room_or_end.collect();
        wakes.into_iter().chain(self.offer_item()).collect()
    }
}

impl Channel for State {
    fn receiving_end(&mut self) -> &mut ReceivingEnd {
        &mut self.receiving_end
    }

    fn take_item(&mut self) -> Poll<Option<i64>> {
        self.items.pop_front().map_or(Poll::Pending, |item| Poll::Ready(Some(item)))
    }
}

impl<E: Engine> BoundedQueue for ModelBoundedQueue<E> {
    type Slot<'a> = ModelSlot<'a, E>;

    fn new(name: &'static str, capacity: usize) -> Self {
        assert!(capacity > 0, "a queue has room for an item");
        let (items, senders, receiving_end) = Default::default();
        Self(E::Monitor::new(name, State { capacity, items, reserved: 0, senders, receiving_end }))
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
        let item = receive::<E, _>(&self.0, Call::synchronise("receive"));
        async move { item.await.expect("a queue that is empty may be sent to") }
    }
}

/// Room for one item, which it fills if it has one.
struct Room {
    item: Option<i64>,
}

impl Request for Room {
    type State = State;
    type Output = ();

    fn queue<'a>(&self, state: &'a mut State) -> &'a mut Waiters {
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
