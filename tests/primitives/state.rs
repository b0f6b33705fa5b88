//! What the next actor will find, and no actor has seen yet, is part of a state's key.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use futures::FutureExt;
use selvedge::explore::{Actors, Explorer, Model, Outcome};
use selvedge::primitives::{
    Atomic, Barrier, Broadcast, BroadcastReceiver, Extended, Notify, Primitives, Watch,
    WatchReceiver,
};

type Gate = <Model as Extended>::Barrier;
type Word = <Model as Primitives>::Atomic;

/// Two actors do `first` and `second` to a shared object, in either order, and go through a gate that
/// a third needs to pass before it can tell the orders apart.
#[track_caller]
fn is_told_apart<S: 'static>(
    new: fn() -> S,
    [first, second]: [fn(&S); 2],
    look: impl AsyncFn(&S, &Gate) -> i64 + Copy + 'static,
    expected: impl IntoIterator<Item = Outcome>,
) {
    let findings = Explorer::threads().explore(|actors: &mut Actors| {
        let shared = Rc::new((new(), Gate::new("gate", 3), Word::new("result", 0)));
        for (name, act) in [("first", first), ("second", second)] {
            let shared = Rc::clone(&shared);
            actors.spawn(name, async move {
                act(&shared.0);
                shared.1.wait().await;
            });
        }
        let looking = Rc::clone(&shared);
        actors.spawn("looker", async move {
            let (object, gate, result) = &*looking;
            result.store(look(object, gate).await, Ordering::Relaxed);
        });
        move || shared.2.load(Ordering::Relaxed)
    });
    findings.assert_outcomes(expected);
}

#[test]
fn a_stored_permit() {
    type Shared = <Model as Extended>::Notify;
    let take_twice = async |notify: &Shared, gate: &Gate| {
        let before = notify.notified().now_or_never();
        gate.wait().await;
        let after = notify.notified().now_or_never();
        10 * i64::from(before.is_some()) + i64::from(after.is_some())
    };
    let new = || Shared::new("notify");
    let notify = Shared::notify_one;
    is_told_apart(new, [notify, notify], take_twice, [1, 10, 11].map(Outcome::from));
}

#[test]
fn the_items_of_a_broadcast() {
    type Shared = <Model as Extended>::Broadcast;
    let receive_two = async |channel: &Shared, gate: &Gate| {
        let mut receiver = channel.subscribe();
        gate.wait().await;
        10 * receiver.receive().await + receiver.receive().await
    };
    let new = || Shared::new("channel", 2);
    let send = [|channel: &Shared| channel.send(1), |channel: &Shared| channel.send(2)];
    let expected = [Outcome::from(12), Outcome::from(21), Outcome::Deadlock];
    is_told_apart(new, send, receive_two, expected);
}

#[test]
fn the_value_of_a_watch() {
    type Shared = <Model as Extended>::Watch;
    let last = async |watch: &Shared, gate: &Gate| {
        gate.wait().await;
        watch.subscribe().wait_for(|value| value != 0).await
    };
    let new = || Shared::new("watch", 0);
    let send = [|watch: &Shared| watch.send(1), |watch: &Shared| watch.send(2)];
    is_told_apart(new, send, last, [1, 2].map(Outcome::from));
}
