//! A queue with room for so many words.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::Location;
use std::task::{Context, Poll};

use super::last_waker::LastWaker;
use super::wait::{Request, Resource, Wait};
use super::waiters::{Waiters, Wake, Wakes};
use super::{Engine, ModelMutex, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::{BoundedQueue, Lock, Slot};

/// The bounded queue of a [`Modelled`](super::Modelled) family: a queue with one receiving end, and a
/// mutex around that.
pub struct ModelBoundedQueue<E: Engine> {
    queue: E::Monitor<State>,
    receiver: ModelMutex<E>,
}

/// The items, who waits for one, and who waits for room.
pub struct State {
    capacity: usize,
    items: VecDeque<i64>,
    /// How much room is set aside: for slots, and for granted senders.
    reserved: usize,
    senders: Waiters,
    receiver: LastWaker,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.capacity as u64);
        digest.mix(self.items.len() as u64);
        self.items.iter().for_each(|&item| digest.mix(item as u64));
        digest.mix(self.reserved as u64);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.senders.visit(visit);
        self.receiver.visit(visit);
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

    /// The receiver that waits for an item, if there is one.
    fn offer_item(&mut self) -> Option<Wake> {
        if self.items.is_empty() { None } else { self.receiver.take() }
    }

    /// The oldest item; if there is none, the caller is the one to be woken.
    fn receive(&mut self, context: &Context<'_>) -> (Poll<i64>, Wakes) {
        let Some(item) = self.items.pop_front() else {
            self.receiver.register(context);
            return (Poll::Pending, Wakes::default());
        };
        (Poll::Ready(item), self.grant())
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
        let (items, senders, receiver) = Default::default();
        let state = State { capacity, items, reserved: 0, senders, receiver };
        Self { queue: E::Monitor::new(name, state), receiver: ModelMutex::new("receiver") }
    }

    fn send(&self, item: i64) -> impl Future<Output = ()> {
        let call = Call::synchronise("send").with(item);
        Wait::<E, _>::new(&self.queue, call, Room { item: Some(item) })
    }

    fn reserve(&self) -> impl Future<Output = ModelSlot<'_, E>> {
        let call = Call::synchronise("reserve");
        let room = Wait::<E, _>::new(&self.queue, call, Room { item: None });
        async move {
            room.await;
            ModelSlot { queue: self, location: call.location }
        }
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::synchronise("receive");
        let receiver = self.receiver.acquire();
        async move {
            let _receiver = receiver.await;
            poll_fn(|context| self.queue.with_wakes(call, |state| state.receive(context))).await
        }
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

/// Room for one item.
pub struct ModelSlot<'a, E: Engine> {
    queue: &'a ModelBoundedQueue<E>,
    location: &'static Location<'static>,
}

impl<E: Engine> Slot for ModelSlot<'_, E> {
    fn send(self, item: i64) {
        self.queue.queue.wake(Call::synchronise("send").with(item), |state| {
            state.fill(item);
            state.grant()
        });
        // The room is the item's from here on.
        std::mem::forget(self);
    }
}

impl<E: Engine> Drop for ModelSlot<'_, E> {
    fn drop(&mut self) {
        self.queue.queue.wake(Call::synchronise("give back").at(self.location), |state| {
            state.reserved -= 1;
            state.grant()
        });
    }
}
