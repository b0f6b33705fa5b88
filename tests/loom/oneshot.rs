//! A one-shot channel keeps its value until somebody has it, in every family and world.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use selvedge::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use selvedge::explore::{Outcomes, Value, outcomes};
use selvedge::primitives::{Abort, Cell, Futures, Model, Oneshot, Primitives, Tokio};

use crate::support::{SafeIn, prove_in};

#[test]
fn a_receiver_that_is_dropped_leaves_the_value_for_the_next() {
    prove_in(&CONFORMANCE, "oneshot", SafeIn::EveryWorld);
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

impl<P: Primitives> Scenario<P> for ReceiveTwice {
    type State = State<P>;
    fn roles(_actors: usize) -> Vec<Role<State<P>>> {
        vec![
            Role::one("receiver", State::receive_twice_if_aborted),
            Role::one("sender", async |state: &State<P>| state.channel.send(VALUE)),
            Role::one("clock", async |state: &State<P>| state.first_try.abort()),
        ]
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
    variants: &[Variant::new::<ReceiveTwice>(
        "oneshot",
        "",
        the_value,
        Reaches::everywhere(the_value),
    )],
};
