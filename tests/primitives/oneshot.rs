//! A one-shot channel keeps its value until somebody has it, in every family and world.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use selvedge::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use selvedge::explore::{Model, Outcomes, Value, outcomes};
use selvedge::primitives::{Abort, Cell, Futures, Oneshot, Primitives, Tokio};

use crate::assert_proved;

#[test]
fn a_receiver_that_is_dropped_leaves_the_value_for_the_next() {
    assert_proved(&CONFORMANCE);
}

/// One receiver waits behind another, which is dropped when the value is there.
fn hands_the_value_over<P: Primitives>() {
    let channel = P::Oneshot::new("channel");
    let mut context = Context::from_waker(Waker::noop());
    let mut first = Box::pin(channel.receive());
    let mut second = pin!(channel.receive());
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    channel.send(VALUE);
    drop(first);
    assert_eq!(second.as_mut().poll(&mut context), Poll::Ready(VALUE));
}

#[test]
fn a_receiver_that_waits_behind_one_that_is_dropped_gets_the_value() {
    hands_the_value_over::<Model>();
    hands_the_value_over::<Tokio>();
    hands_the_value_over::<Futures>();
}

const VALUE: i64 = 7;

struct State<P: Primitives> {
    channel: P::Oneshot,
    first_try: P::Abort,
    received: P::Cell,
}

impl<P: Primitives> State<P> {
    async fn receive_twice_if_aborted(&self) {
        let value = match self.first_try.run(self.channel.receive()).await {
            Ok(value) => value,
            Err(_) => self.channel.receive().await,
        };
        self.received.set(value);
    }
}

impl<P: Primitives> Shared for State<P> {
    fn new(_actors: usize) -> Self {
        Self {
            channel: P::Oneshot::new("channel"),
            first_try: P::Abort::new("first try"),
            received: P::Cell::new("received", 0),
        }
    }

    fn outcome(&self) -> Value {
        self.received.get().into()
    }
}

struct ReceiveTwice;

impl Program for ReceiveTwice {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        let receiver = Role::one("receiver", State::<P>::receive_twice_if_aborted);
        let sender = Role::one("sender", async |state: &State<P>| state.channel.send(VALUE));
        let clock = Role::one("clock", async |state: &State<P>| state.first_try.abort());
        Cast::new(n, [receiver, sender, clock])
    }
}

fn the_value(_actors: usize) -> Outcomes {
    outcomes([VALUE])
}

static CONFORMANCE: Pattern = Pattern {
    name: "conformance",
    summary: "what every family's one-shot channel does",
    review: "nothing: this is no pattern",
    sources: &[],
    allowed: the_value,
    variants: &[Variant::safe("oneshot", "", &ReceiveTwice)],
};
