//! What does not come to an end is given up, and said to be.

use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use selvedge::explore::{Actors, Explorer, Incomplete, Limits, Model, choose, spawn, timeout};
use selvedge::primitives::{Cell as _, Primitives, Watch as _, WatchReceiver};

type Word = <Model as Primitives>::Cell;

const EVERY: [fn() -> Explorer; 3] = [Explorer::opaque, Explorer::merging, Explorer::threads];

/// The actors that an exploration, cut off at the limit on steps, names.
#[track_caller]
fn still_going<F>(explorer: Explorer, program: fn(&mut Actors) -> F) -> Vec<String>
where
    F: FnOnce() -> i64 + 'static,
{
    let findings = explorer.explore(program);
    let exploration = findings.exploration();
    assert!(exploration.duration < Duration::from_secs(20), "{:?}", exploration.duration);
    match &exploration.incomplete {
        Some(Incomplete::Steps { actors, .. }) => actors.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_actor_that_yields_forever_is_cut_off_and_named() {
    for explorer in EVERY {
        let actors = still_going(explorer(), |actors| {
            let word = Rc::new(Word::new("word", 0));
            actors.spawn("other", async move { word.set(1) });
            actors.spawn("yielder", async {
                loop {
                    Model::yield_now().await;
                }
            });
            || 0
        });
        assert_eq!(actors, ["yielder (yields)"]);
    }
}

#[test]
fn an_exploration_that_was_cut_off_says_who_was_still_going() {
    let findings = Explorer::threads().explore(|actors: &mut Actors| {
        actors.spawn("yielder", async {
            loop {
                Model::yield_now().await;
            }
        });
        || 0
    });
    let incomplete = findings.exploration().incomplete.as_ref().expect("cut off");
    assert_eq!(
        incomplete.to_string(),
        "an execution was cut off after 10000 steps: is there a livelock? Still going: yielder \
         (yields)"
    );
}

/// Why a livelock is no outcome: an actor may count its polls where nobody sees it, so that no state
/// is known to be reached again.
#[test]
fn every_round_of_a_loop_is_a_state_of_its_own() {
    let limits = Limits { steps: 500, ..Limits::default() };
    for explorer in [Explorer::merging(), Explorer::threads()] {
        let findings = explorer.limits(limits).explore(|actors: &mut Actors| {
            actors.spawn("yielder", async {
                for _ in 0..400 {
                    Model::yield_now().await;
                }
                loop {
                    Model::yield_now().await;
                }
            });
            || 0
        });
        assert_eq!(findings.exploration().states, Some(501));
    }
}

#[test]
fn an_actor_that_spawns_others_forever_is_cut_off_and_named() {
    let limits = Limits { steps: 2_000, ..Limits::default() };
    for explorer in EVERY {
        let actors = still_going(explorer().limits(limits), |actors| {
            actors.spawn("parent", async {
                loop {
                    drop(spawn("child", async {}));
                    Model::yield_now().await;
                }
            });
            || 0
        });
        assert!(actors.iter().any(|actor| actor.starts_with("parent")), "{actors:?}");
    }
}

#[test]
fn a_heartbeat_is_cut_off_and_named() {
    for explorer in EVERY {
        let actors = still_going(explorer(), |actors| {
            let word = Rc::new(Word::new("word", 0));
            actors.spawn("other", async move { word.set(1) });
            actors.spawn("heart", async {
                loop {
                    let _ = timeout(pending::<()>()).await;
                }
            });
            || 0
        });
        assert_eq!(actors.len(), 1, "{actors:?}");
        assert!(actors[0].starts_with("heart (`times out` at tests/trust/limits.rs"), "{actors:?}");
    }
}

#[test]
fn an_actor_that_spins_is_cut_off_and_named_with_the_place() {
    for explorer in EVERY {
        let actors = still_going(explorer(), |actors| {
            let word = Rc::new(Word::new("word", 0));
            let seen = Rc::clone(&word);
            actors.spawn("spinner", async move {
                while seen.get() == 0 {
                    Model::yield_now().await;
                }
            });
            actors.spawn("other", async move { word.set(1) });
            || 0
        });
        assert_eq!(actors.len(), 1, "{actors:?}");
        assert!(
            actors[0].starts_with("spinner (`get word` at tests/trust/limits.rs"),
            "{actors:?}"
        );
    }
}

#[test]
fn a_loop_around_a_choice_is_given_up() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        actors.spawn("gambler", async { while choose(2) == 0 {} });
        || 0
    });
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::Choices(100_000)));
}

#[test]
fn a_poll_that_goes_round_an_access_is_given_up() {
    for explorer in [Explorer::opaque(), Explorer::merging()] {
        let findings = explorer.explore(|actors: &mut Actors| {
            let word = Rc::new(Word::new("word", 0));
            let seen = Rc::clone(&word);
            actors.spawn("spinner", async move { while seen.get() == 0 {} });
            actors.spawn("other", async move { word.set(1) });
            || 0
        });
        let Some(Incomplete::Poll { actor, location }) = &findings.exploration().incomplete else {
            panic!("{:?}", findings.exploration().incomplete);
        };
        assert_eq!(actor, "spinner");
        assert!(location.starts_with("tests/trust/limits.rs:"), "{location}");
    }
}

/// As many actors as there are steps to take.
fn tickets(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let (next, sum) = (Rc::new(Word::new("next", 0)), Rc::new(Word::new("sum", 0)));
    for weight in 1..=6 {
        let (next, sum) = (Rc::clone(&next), Rc::clone(&sum));
        actors.spawn("weigher", async move {
            let place = next.get();
            next.set(place + 1);
            Model::yield_now().await;
            sum.set(sum.get() + (place + 1) * weight);
        });
    }
    move || sum.get()
}

fn limited(explorer: Explorer, limits: Limits) -> (usize, Option<Incomplete>) {
    let findings = explorer.limits(limits).explore(tickets);
    let exploration = findings.exploration();
    (exploration.outcomes().len(), exploration.incomplete.clone())
}

#[test]
fn outcomes_beyond_their_limit_end_the_exploration() {
    let limits = Limits { outcomes: 5.try_into().expect("not zero"), ..Limits::default() };
    for explorer in EVERY {
        let (found, incomplete) = limited(explorer(), limits);
        assert_eq!((found, &incomplete), (5, &Some(Incomplete::Outcomes(5))));
        assert_eq!(incomplete.expect("given up").to_string(), "stopped after 5 distinct outcomes");
    }
}

#[test]
fn memory_beyond_its_limit_ends_the_exploration() {
    let limits = Limits { bytes: 10_000.try_into().expect("not zero"), ..Limits::default() };
    for explorer in [Explorer::merging(), Explorer::threads()] {
        let (_, incomplete) = limited(explorer, limits);
        assert_eq!(incomplete, Some(Incomplete::Bytes(10_000)));
        let sentence = incomplete.expect("given up").to_string();
        assert_eq!(sentence, "stopped after 10000 bytes of memory");
    }
    // Where no state is kept, only the schedule and the outcomes take memory.
    let limits = Limits { bytes: 1_000.try_into().expect("not zero"), ..Limits::default() };
    assert_eq!(limited(Explorer::opaque(), limits).1, Some(Incomplete::Bytes(1_000)));
}

#[test]
fn states_beyond_their_limit_end_the_exploration() {
    let limits = Limits { states: 9.try_into().expect("not zero"), ..Limits::default() };
    for explorer in [Explorer::merging(), Explorer::threads()] {
        assert_eq!(limited(explorer, limits).1, Some(Incomplete::States(9)));
    }
}

#[test]
fn executions_beyond_their_limit_end_the_exploration() {
    let limits = Limits { executions: 7.try_into().expect("not zero"), ..Limits::default() };
    for explorer in EVERY {
        assert_eq!(limited(explorer(), limits).1, Some(Incomplete::Executions(7)));
    }
}

#[test]
fn steps_beyond_their_limit_end_the_exploration() {
    let limits = Limits { steps: 4, ..Limits::default() };
    for explorer in EVERY {
        let incomplete = limited(explorer(), limits).1;
        assert!(matches!(incomplete, Some(Incomplete::Steps { limit: 4, .. })), "{incomplete:?}");
    }
}

#[test]
fn a_witness_that_a_limit_cut_short_says_so() {
    let limits = Limits { executions: 400.try_into().expect("not zero"), ..Limits::default() };
    for (limits, is_limited) in [(limits, true), (Limits::default(), false)] {
        let findings = Explorer::merging().limits(limits).explore(tickets);
        // Everybody weighs before anybody has seen another.
        let witness = findings.witness(|outcome| *outcome != 91.into()).expect("it was found");
        assert_eq!(witness.is_limited, is_limited);
        assert_eq!(witness.to_string().contains("there may be one"), is_limited, "{witness}");
    }
}

#[test]
fn thousands_of_ready_actors_take_seconds() {
    let one = 1.try_into().expect("not zero");
    let limits = Limits { executions: one, ..Limits::default() };
    for (explorer, count) in [(Explorer::opaque(), 10_000), (Explorer::merging(), 3_000)] {
        let findings = explorer.limits(limits).explore(move |actors: &mut Actors| {
            let word = Rc::new(Word::new("word", 0));
            for _ in 0..count {
                let word = Rc::clone(&word);
                actors.spawn("actor", async move { word.set(word.get() + 1) });
            }
            || 0
        });
        let exploration = findings.exploration();
        assert_eq!(exploration.incomplete, Some(Incomplete::Executions(1)));
        assert!(exploration.duration < Duration::from_secs(10), "{:?}", exploration.duration);
    }
}

#[test]
fn a_choice_in_the_closure_that_reads_the_outcome_is_refused() {
    for explorer in EVERY {
        let findings = explorer().explore(|actors: &mut Actors| {
            actors.spawn("only", async {});
            || choose(2) as i64
        });
        assert_eq!(findings.exploration().incomplete, Some(Incomplete::ChoiceOfOutcome));
    }
}

#[test]
fn a_condition_that_is_no_place_to_come_in_is_refused_on_threads() {
    type Watch = <Model as selvedge::primitives::Extended>::Watch;
    let program = |actors: &mut Actors| {
        let (watch, least) = (Rc::new(Watch::new("watch", 0)), Rc::new(Word::new("least", 1)));
        let (waited, needed) = (Rc::clone(&watch), Rc::clone(&least));
        actors.spawn("waiter", async move {
            waited.subscribe().wait_for(|value| value >= needed.get()).await;
        });
        actors.spawn("sender", async move {
            least.set(2);
            watch.send(1);
            watch.send(2);
        });
        || 0
    };
    Explorer::opaque().explore(program).assert_outcomes([0]);
    Explorer::merging().explore(program).assert_outcomes([0]);
    let findings = Explorer::threads().explore(program);
    let actor = "waiter".to_owned();
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::Nested { actor }));
}

#[test]
fn a_condition_that_accesses_what_it_is_a_condition_of_is_refused() {
    type Watch = <Model as selvedge::primitives::Extended>::Watch;
    for explorer in EVERY {
        let findings = explorer().explore(|actors: &mut Actors| {
            let watch = Rc::new(Watch::new("watch", 0));
            actors.spawn("waiter", async move {
                let receiver = watch.subscribe();
                receiver.wait_for(|value| (watch.send(1), value > 0).1).await;
            });
            || 0
        });
        let actor = "waiter".to_owned();
        assert_eq!(findings.exploration().incomplete, Some(Incomplete::Nested { actor }));
    }
}
