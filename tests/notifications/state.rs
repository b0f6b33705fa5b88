//! What the next actor will find, and no actor has seen yet, is part of a state's key.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use selvedge::explore::{Actors, Explorer, Outcome};
use selvedge::primitives::{
    Atomic, Broadcast, BroadcastReceiver, Extended, Model, Notify, Primitives, Watch, WatchReceiver,
};

type Word = <Model as Primitives>::Atomic;

/// Two actors do `first` and `second` to a shared object, in either order; one more looks at it and
/// says what it came to. The orders must not be taken for one because everyone has seen the same.
#[track_caller]
fn is_told_apart<S: 'static>(
    new: fn() -> S,
    [first, second]: [fn(&S); 2],
    look: impl AsyncFn(&S) -> i64 + Copy + 'static,
    expected: &[Outcome],
) {
    for explorer in [Explorer::merging(), Explorer::threads()] {
        let findings = explorer.explore(|actors: &mut Actors| {
            let shared = Rc::new((new(), Word::new("result", 0)));
            for (name, act) in [("first", first), ("second", second)] {
                let shared = Rc::clone(&shared);
                actors.spawn(name, async move { act(&shared.0) });
            }
            let looking = Rc::clone(&shared);
            actors.spawn("looker", async move {
                looking.1.store(look(&looking.0).await, Ordering::Relaxed);
            });
            move || shared.1.load(Ordering::Relaxed)
        });
        findings.assert_outcomes(expected.iter().cloned());
    }
}

#[test]
fn a_stored_permit_is_part_of_the_state() {
    type Shared = <Model as Extended>::Notify;
    let take_two = async |notify: &Shared| {
        notify.notified().await;
        Model::yield_now().await;
        notify.notified().await;
        2
    };
    let new = || Shared::new("notify");
    let act = Shared::notify_one;
    is_told_apart(new, [act, act], take_two, &[Outcome::from(2), Outcome::Deadlock]);
}

#[test]
fn the_items_of_a_broadcast_are_part_of_the_state() {
    type Shared = <Model as Extended>::Broadcast;
    let receive_two = async |channel: &Shared| {
        let mut receiver = channel.subscribe();
        Model::yield_now().await;
        10 * receiver.receive().await + receiver.receive().await
    };
    let new = || Shared::new("channel", 2);
    let send = [|channel: &Shared| channel.send(1), |channel: &Shared| channel.send(2)];
    let expected = [Outcome::from(12), Outcome::from(21), Outcome::Deadlock];
    is_told_apart(new, send, receive_two, &expected);
}

#[test]
fn the_value_of_a_watch_is_part_of_the_state() {
    type Shared = <Model as Extended>::Watch;
    let last = async |watch: &Shared| {
        Model::yield_now().await;
        watch.subscribe().wait_for(|value| value != 0).await
    };
    let new = || Shared::new("watch", 0);
    let send = [|watch: &Shared| watch.send(1), |watch: &Shared| watch.send(2)];
    is_told_apart(new, send, last, &[Outcome::from(1), Outcome::from(2)]);
}
