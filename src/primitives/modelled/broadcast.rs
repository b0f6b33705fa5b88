//! A channel whose every receiver gets every item.

use std::collections::VecDeque;
use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::Waiters;
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Internal, Observed, Seen, Waiting};
use crate::primitives::{Broadcast, BroadcastReceiver};

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

impl Resource for State {}

impl State {
    /// The item at `position` of all that were sent: ready once it is.
    fn item(&self, position: i64) -> Poll<Received> {
        if position == self.sent {
            return Poll::Pending;
        }
        let oldest = self.sent - self.items.len() as i64;
        Poll::Ready(match usize::try_from(position - oldest) {
            Ok(place) => Received::Item(self.items[place]),
            Err(_) => Received::Lagged { oldest },
        })
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
        self.0.wake(Call::synchronise("send").with(item), |state| {
            if state.items.len() == state.capacity {
                state.items.pop_front();
            }
            state.items.push_back(item);
            state.sent += 1;
            state.waiters.grant_all()
        });
    }

    fn subscribe(&self) -> Receiver<'_, E> {
        let call = Call::synchronise("subscribe");
        Receiver { channel: self, position: self.0.with(call, |state| Internal(state.sent)).0 }
    }
}

/// A subscription, and the position of the item it takes next.
pub struct Receiver<'a, E: Engine> {
    channel: &'a ModelBroadcast<E>,
    position: i64,
}

impl<E: Engine> BroadcastReceiver for Receiver<'_, E> {
    fn receive(&mut self) -> impl Future<Output = i64> {
        let call = Call::synchronise("receive");
        let item = Wait::<E, _>::new(&self.channel.0, call, Item { position: self.position });
        async move {
            match item.await {
                Received::Item(item) => {
                    self.position += 1;
                    item
                }
                Received::Lagged { oldest } => {
                    self.position = oldest;
                    panic!("the receiver has lagged behind the capacity");
                }
            }
        }
    }
}

/// What a receiver finds at its position.
enum Received {
    Item(i64),
    /// The item is not kept any more; the oldest that is, is at this position.
    Lagged {
        oldest: i64,
    },
}

impl Observed for Received {
    fn seen(&self) -> Seen {
        match *self {
            Self::Item(item) => Seen::Number(item),
            Self::Lagged { oldest } => Seen::Internal(oldest),
        }
    }
}

/// The item at a position, if the channel still keeps it.
struct Item {
    position: i64,
}

impl Request for Item {
    type State = State;
    type Output = Received;

    fn queue<'a>(&self, state: &'a mut State) -> &'a mut Waiters {
        &mut state.waiters
    }

    fn take(&mut self, state: &mut State, _granted: bool) -> Poll<Received> {
        state.item(self.position)
    }
}
