//! A future that stands in a queue and is not polled.

use std::rc::Rc;

use selvedge::catalogue::Shared;
use selvedge::explore::{Actors, Explorer, Outcome, Outcomes, Traced, outcomes};
use selvedge::patterns::futurelock::Progress;
use selvedge::primitives::Futures;

use crate::support::{SafeIn, prove};

#[test]
fn a_future_that_is_kept_and_not_polled_can_be_given_the_lock() {
    prove("futurelock", "select-by-reference", SafeIn::NoWorld);
}

#[test]
fn a_future_that_is_dropped_leaves_the_queue() {
    prove("futurelock", "owned-future", SafeIn::EveryWorld);
}

#[test]
fn a_task_takes_the_lock_whatever_its_parent_waits_for() {
    prove("futurelock", "spawned", SafeIn::EveryWorld);
}

#[test]
fn the_lock_of_the_futures_crate_takes_a_third_actor_to_be_missed() {
    let reached = |holders: usize| -> Outcomes {
        let findings = Explorer::merging().explore(|actors: &mut Actors| {
            let progress = Rc::new(Progress::<Traced<Futures>>::new(1 + holders));
            let task = Rc::clone(&progress);
            actors.spawn("task", async move { task.select_by_reference().await });
            for _ in 0..holders {
                let holder = Rc::clone(&progress);
                actors.spawn("holder", async move { holder.update_slowly().await });
            }
            move || progress.outcome()
        });
        assert_eq!(findings.exploration().incomplete, None);
        findings.exploration().outcomes()
    };
    assert_eq!(reached(1), outcomes([2]));
    assert_eq!(reached(2), [Outcome::from(3), Outcome::Deadlock].into());
}
