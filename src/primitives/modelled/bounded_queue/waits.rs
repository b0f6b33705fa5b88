//! What a bounded queue's senders and receivers wait for.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::ModelBoundedQueue;
use crate::observe::Call;
use crate::primitives::modelled::waiters::Place;
use crate::primitives::modelled::{Engine, Monitor};

/// Waits for room, and fills it if the call has an argument.
pub(super) struct Room<'a, E: Engine> {
    queue: &'a ModelBoundedQueue<E>,
    place: Place,
    call: Call,
}

impl<'a, E: Engine> Room<'a, E> {
    pub(super) fn new(queue: &'a ModelBoundedQueue<E>, call: Call) -> Self {
        Self { queue, place: Place::default(), call }
    }
}

impl<E: Engine> Future for Room<'_, E> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Self { queue, place, call } = &mut *self;
        queue.0.with_wakes(*call, |state| {
            if !place.is_taken() && state.has_room() {
                state.reserved += 1;
            } else if place.poll(&mut state.senders, context).is_pending() {
                return (Poll::Pending, None);
            }
            (Poll::Ready(()), call.argument.and_then(|item| state.fill(item)))
        })
    }
}

impl<E: Engine> Drop for Room<'_, E> {
    fn drop(&mut self) {
        if self.place.is_taken() {
            let call = Call { operation: "give up", ..self.call };
            self.queue.0.wake(call, |state| {
                let leaves_room = self.place.give_up(&mut state.senders);
                leaves_room.then(|| state.release()).flatten()
            });
        }
    }
}

/// Waits for an item.
pub(super) struct Receive<'a, E: Engine> {
    queue: &'a ModelBoundedQueue<E>,
    place: Place,
    call: Call,
}

impl<'a, E: Engine> Receive<'a, E> {
    pub(super) fn new(queue: &'a ModelBoundedQueue<E>, call: Call) -> Self {
        Self { queue, place: Place::default(), call }
    }
}

impl<E: Engine> Future for Receive<'_, E> {
    type Output = i64;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<i64> {
        let Self { queue, place, call } = &mut *self;
        queue.0.with_wakes(*call, |state| {
            if !place.is_taken() && state.has_item() {
                state.promised += 1;
            } else if place.poll(&mut state.receivers, context).is_pending() {
                return (Poll::Pending, None);
            }
            state.promised -= 1;
            let item = state.items.pop_front().expect("an item has been set aside");
            (Poll::Ready(item), state.offer_room())
        })
    }
}

impl<E: Engine> Drop for Receive<'_, E> {
    fn drop(&mut self) {
        if self.place.is_taken() {
            let call = Call { operation: "give up", ..self.call };
            self.queue.0.wake(call, |state| {
                if !self.place.give_up(&mut state.receivers) {
                    return None;
                }
                state.promised -= 1;
                state.offer_item()
            });
        }
    }
}
