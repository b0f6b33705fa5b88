//! A channel whose every receiver gets every item.

use std::collections::VecDeque;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::super::{Broadcast, BroadcastReceiver};
use super::waiters::{Place, Waiters};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

/// The broadcast channel of a [`Modelled`](super::Modelled) family.
pub struct ModelBroadcast<E: Engine>(E::Monitor<State>);

/// The last items, and who waits for the next. Where a receiver stands is its own affair, and follows
/// from what it has been told.
pub struct State {
    capacity: usize,
    /// At most as many as the capacity.
    items: VecDeque<i64>,
    /// How many were ever sent.
    sent: i64,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.capacity as u64);
        digest.mix(self.sent as u64);
        self.items.iter().for_each(|&item| digest.mix(item as u64));
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl State {
    /// The item at `position` of all that were sent: ready once it is, none if it is not kept.
    fn item(&self, position: i64) -> Poll<Option<i64>> {
        let kept_from = self.sent - self.items.len() as i64;
        if position == self.sent {
            return Poll::Pending;
        }
        let kept = usize::try_from(position - kept_from).ok();
        Poll::Ready(kept.map(|place| self.items[place]))
    }
}

impl<E: Engine> Broadcast for ModelBroadcast<E> {
    type Receiver<'a> = Receiver<'a, E>;

    fn new(name: &'static str, capacity: usize) -> Self {
        let capacity = capacity.next_power_of_two();
        let (items, waiters) = (VecDeque::new(), Waiters::default());
        Self(E::Monitor::new(name, State { capacity, items, sent: 0, waiters }))
    }

    fn send(&self, item: i64) {
        self.0.wake(Call::new("send", Access::Synchronise).with(item), |state| {
            if state.items.len() == state.capacity {
                state.items.pop_front();
            }
            state.items.push_back(item);
            state.sent += 1;
            state.waiters.grant_all()
        });
    }

    fn subscribe(&self) -> Receiver<'_, E> {
        let call = Call::new("subscribe", Access::Synchronise);
        Receiver { channel: self, position: self.0.with(call, |state| state.sent) }
    }
}

/// A subscription, and the position of the item it takes next.
pub struct Receiver<'a, E: Engine> {
    channel: &'a ModelBroadcast<E>,
    position: i64,
}

impl<E: Engine> BroadcastReceiver for Receiver<'_, E> {
    fn receive(&mut self) -> impl Future<Output = i64> {
        Receive { receiver: self, place: Place::default(), location: Location::caller() }
    }
}

struct Receive<'a, 'b, E: Engine> {
    receiver: &'a mut Receiver<'b, E>,
    place: Place,
    location: &'static Location<'static>,
}

impl<E: Engine> Receive<'_, '_, E> {
    fn call(&self, operation: &'static str) -> Call {
        Call { operation, access: Access::Synchronise, argument: None, location: self.location }
    }
}

impl<E: Engine> Future for Receive<'_, '_, E> {
    type Output = i64;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<i64> {
        let call = self.call("receive");
        let this = &mut *self;
        let position = this.receiver.position;
        let item = ready!(this.receiver.channel.0.with(call, |state| {
            if this.place.is_taken() || state.item(position).is_pending() {
                ready!(this.place.poll(&mut state.waiters, context));
            }
            state.item(position)
        }));
        this.receiver.position += 1;
        Poll::Ready(item.expect("the receiver has not lagged behind the capacity"))
    }
}

impl<E: Engine> Drop for Receive<'_, '_, E> {
    fn drop(&mut self) {
        if self.place.is_taken() {
            let call = self.call("give up");
            self.receiver.channel.0.with(call, |state| {
                self.place.give_up(&mut state.waiters);
            });
        }
    }
}
