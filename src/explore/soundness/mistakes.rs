//! The comparison can fail: each mistake that a key can be built with is found by it.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::program::{self, Op, Program, Role};
use super::{
    Actors, Compared, Incomplete, Interleave, Limits, Reduction, adversarial, brute_force, compare,
    explore, explored, handed_over, spawning,
};
use crate::explore::Finish;
use crate::observe::sabotage::{Mistake, make};
use crate::primitives::Cell;

/// Programs searched for one that a mistake shows in.
const MOST_PROGRAMS: usize = 5_000;

/// Whether `program` has other outcomes with the mistake than without.
fn shows(mistake: Mistake, program: &Program, interleave: Interleave) -> bool {
    let Some(expected) = brute_force(program, interleave) else { return false };
    let sound = explored(program, interleave, Reduction::Replicas);
    assert_eq!(sound.outcomes(), expected, "without the mistake, on {program:?}");
    let mistaken = make(mistake, || explored(program, interleave, Reduction::Replicas));
    mistaken.outcomes() != expected || mistaken.incomplete.is_some()
}

/// The same programs each time.
fn is_found(mistake: Mistake, programs: impl Strategy<Value = Program>, interleave: Interleave) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for tried in 1..=MOST_PROGRAMS {
        let program = programs.new_tree(&mut runner).expect("nothing is rejected").current();
        if shows(mistake, &program, interleave) {
            println!("{mistake:?} shows in program {tried}: {program:?}");
            return;
        }
    }
    panic!("{mistake:?} shows in none of {MOST_PROGRAMS} programs");
}

#[test]
fn ignoring_results_is_found() {
    is_found(Mistake::ResultsIgnored, program::singles(), Interleave::AtAwaits);
}

#[test]
fn ignoring_polls_is_found() {
    is_found(Mistake::PollsIgnored, program::singles(), Interleave::AtAwaits);
}

#[test]
fn ignoring_choices_is_found() {
    is_found(Mistake::ChoicesIgnored, program::singles(), Interleave::AtAwaits);
}

#[test]
fn believing_that_the_first_poll_is_always_in_time_is_found() {
    is_found(Mistake::FirstPollInTime, program::singles(), Interleave::AtAwaits);
}

#[test]
fn ignoring_how_much_longer_an_actor_sleeps_is_found() {
    assert!(shows(Mistake::TimeLeftIgnored, &two_sleepers(), Interleave::AtAwaits));
    is_found(Mistake::TimeLeftIgnored, program::sleepers(), Interleave::AtAwaits);
}

#[test]
fn ignoring_wakes_is_found() {
    is_found(Mistake::WakesIgnored, program::singles(), Interleave::AtAwaits);
}

#[test]
fn ignoring_objects_is_found() {
    is_found(Mistake::ObjectsIgnored, program::singles(), Interleave::AtAwaits);
}

#[test]
fn ignoring_places_in_queues_is_found() {
    is_found(Mistake::PlacesIgnored, program::contended(), Interleave::AtAwaits);
}

#[test]
fn referring_to_waiters_by_digest_is_found() {
    is_found(Mistake::WaitersByDigest, program::contended(), Interleave::AtAwaits);
}

#[test]
fn referring_to_waiters_by_index_is_found() {
    is_found(Mistake::WaitersByIndex, program::contended(), Interleave::AtAwaits);
}

#[test]
fn taking_every_object_for_private_is_found() {
    is_found(Mistake::EverythingPrivate, program::singles(), Interleave::AtAccesses);
}

#[test]
fn taking_a_cancellation_for_a_poll_is_found() {
    let found = make(Mistake::CancellationsIgnored, || {
        adversarial::threads(adversarial::cancelled_reader, Reduction::Replicas)
    });
    assert_ne!(found, adversarial::threads(adversarial::cancelled_reader, Reduction::Replicas));
}

#[test]
fn going_on_with_replicas_that_share_what_one_made_is_found() {
    let found = make(Mistake::AsymmetryIgnored, || {
        adversarial::threads(adversarial::gifts, Reduction::Replicas)
    });
    assert_ne!(found, adversarial::threads(adversarial::gifts, Reduction::Replicas));
}

#[test]
fn taking_the_children_of_two_actors_for_each_other_is_found() {
    let found = make(Mistake::ParentsIgnored, || {
        adversarial::threads(spawning::children_that_draw, Reduction::Replicas)
    });
    assert_ne!(found, adversarial::threads(spawning::children_that_draw, Reduction::Replicas));
}

#[test]
fn forgetting_what_an_actor_knew_when_it_spawned_another_is_found() {
    let found = make(Mistake::ParentsHistoryIgnored, || {
        adversarial::threads(spawning::child_of_a_reader, Reduction::Replicas)
    });
    assert_ne!(found, adversarial::threads(spawning::child_of_a_reader, Reduction::Replicas));
}

#[test]
fn letting_those_that_were_spawned_start_late_is_found() {
    is_found(Mistake::ChildrenStartLate, program::spawners(), Interleave::AtAccesses);
}

#[test]
fn waking_in_the_order_of_waiting_is_found() {
    is_found(Mistake::FirstComeFirstWoken, program::singles(), Interleave::AtAwaits);
}

#[test]
fn taking_what_may_happen_for_what_will_is_found() {
    is_found(Mistake::MayTakenForWill, program::singles(), Interleave::AtAwaits);
}

#[test]
fn taking_a_wait_that_was_handed_over_for_its_beginners_is_found() {
    let merging = || {
        let programs: [fn(&mut Actors) -> Finish; 3] = [
            handed_over::reply_for_a_worker,
            handed_over::waits_for_a_worker,
            handed_over::waits_of_set_up,
        ];
        programs.map(|program| {
            let limits = Limits::default();
            let (interleave, reduction) = (Interleave::AtAwaits, Reduction::Replicas);
            explore(&program, super::Config { interleave, reduction, limits }).outcomes()
        })
    };
    let (right, mistaken) = (merging(), make(Mistake::HandOversIgnored, merging));
    for (right, mistaken) in right.iter().zip(&mistaken) {
        assert!(mistaken.is_subset(right) && mistaken != right, "{mistaken:?} and {right:?}");
    }
}

#[test]
fn taking_an_access_and_the_panic_after_it_for_one_step_is_found() {
    is_found(Mistake::PanicsWithAccess, program::panicking(), Interleave::AtAccesses);
}

/// An actor catches a panic, on whose way it drops what writes twice.
fn catches(actors: &mut Actors) -> Finish {
    struct Writes(std::rc::Rc<crate::explore::Word>);
    impl Drop for Writes {
        fn drop(&mut self) {
            self.0.set(1);
            self.0.set(2);
        }
    }
    let (word, seen) = (adversarial::word("word"), adversarial::word("seen"));
    let (writes, out) = (Writes(word.clone()), seen.clone());
    actors.spawn("catches", async move {
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _writes = writes;
            panic!("caught");
        }));
    });
    actors.spawn("reads", async move { out.set(word.get()) });
    adversarial::finish(move || seen.get())
}

#[test]
fn going_on_past_accesses_of_an_actor_that_unwinds_is_found() {
    let threads = || {
        let (interleave, reduction) = (Interleave::AtAccesses, Reduction::Replicas);
        let config = super::Config { interleave, reduction, limits: Limits::default() };
        explore(&catches, config)
    };
    let actor = "catches".to_owned();
    assert_eq!(threads().incomplete, Some(Incomplete::Unwinds { actor }));
    let mistaken = make(Mistake::UnwindingIgnored, threads);
    assert_eq!(mistaken.incomplete, None);
    assert!(!mistaken.outcomes().contains(&1.into()), "others come in between the two writes");
}

/// An actor waits for something that is no primitive, and another wakes it.
fn hidden_channel(actors: &mut Actors) -> Finish {
    let (sender, receiver) = futures::channel::oneshot::channel();
    let word = adversarial::word("word");
    let out = word.clone();
    actors.spawn("waiter", async move { out.set(receiver.await.unwrap_or(0)) });
    actors.spawn("sender", async move {
        word.set(1);
        let _ = sender.send(2);
    });
    adversarial::finish(|| 0)
}

#[test]
fn overlooking_a_wake_that_is_not_seen_is_found() {
    let merging = || {
        let (interleave, reduction) = (Interleave::AtAwaits, Reduction::Merging);
        let config = super::Config { interleave, reduction, limits: Limits::default() };
        explore(&hidden_channel, config).incomplete
    };
    let actor = "waiter".to_owned();
    assert_eq!(merging(), Some(Incomplete::Unseen { actor }));
    assert_eq!(make(Mistake::Blindness, merging), None);
}

fn one(ops: Vec<Op>) -> Role {
    Role { ops, count: 1, cancellable: false }
}

/// Two replicas queue on two locks, each on both at once, and not always in the same order. The
/// holder lets go when both wait for both. Only who is where in which queue tells whether one of
/// them gets both locks, or each gets one.
fn two_queues() -> Program {
    let first = vec![Op::Lock(0), Op::Add(1)];
    let second = vec![Op::Yield, Op::Lock(1), Op::Add(1)];
    let report = vec![Op::Yield, Op::Yield, Op::Send(0)];
    let both = Op::Join(first, vec![Op::Join(second, report)]);
    let replicas = Role { ops: vec![Op::Send(0), Op::Wait, both], count: 2, cancellable: false };
    let both_here = [Op::Receive, Op::Receive];
    let hold = [Op::Lock(0), Op::Lock(1), Op::Set];
    let hold = [&both_here[..], &hold, &both_here].concat();
    Program { roles: vec![one(hold), replicas], most_ahead: None }
}

/// An actor that was not told in time begins a sleep before another's first is over, or at that moment: only
/// then do both end their sleeps at once.
fn two_sleepers() -> Program {
    let sleep = |time| Op::Sleep(time, vec![]);
    let late = vec![Op::Timeout(vec![Op::Wait]), sleep(2), Op::Add(1)];
    let early = vec![sleep(1), Op::Set, sleep(2), Op::Add(2)];
    Program { roles: vec![one(late), one(early)], most_ahead: None }
}

/// One actor waits for two things at once, and is woken for both before it runs: the order of the
/// wakes decides which of its futures is polled first.
fn two_wakes() -> Program {
    let both = Op::Unordered(vec![Op::Wait, Op::Read(1)], vec![Op::Receive, Op::Read(0)]);
    let set = vec![Op::Set, Op::Write(0, 1)];
    let send = vec![Op::Send(0), Op::Write(1, 1)];
    Program { roles: vec![one(vec![both]), one(set), one(send)], most_ahead: None }
}

#[test]
fn a_wake_from_outside_comes_before_or_after_an_actors_own() {
    let both = Op::Unordered(vec![Op::Lock(0)], vec![Op::Own]);
    let replicas = Role { ops: vec![Op::Own, both], count: 2, cancellable: false };
    let program = Program { roles: vec![replicas], most_ahead: None };
    assert_eq!(compare(&program, Interleave::AtAccesses), Ok(Compared::WithMerging));
}

#[test]
fn a_wake_may_come_just_before_a_combinator_checks_for_it() {
    // The event is set after it was polled, and the item is sent before the pair is polled.
    let told = Op::Unordered(vec![Op::Receive], vec![Op::Yield]);
    let both = Op::Join(vec![Op::Wait, Op::Read(0)], vec![told]);
    let sender = one(vec![Op::Set, Op::Send(1)]);
    let program = Program { roles: vec![sender, one(vec![both])], most_ahead: None };
    assert_eq!(compare(&program, Interleave::AtAccesses), Ok(Compared::WithMerging));
}

/// An actor waits for an event, by a part of a combinator, or for a lock whose holder waits for the
/// event too. When it does so has been told before the event is set.
fn list_half_done() -> Program {
    let part = Op::Unordered(vec![Op::Wait], vec![Op::Unlock(1)]);
    let either = Op::Select(vec![part], vec![Op::Lock(0)]);
    let roles = [
        vec![Op::Read(0), Op::Join(vec![either], vec![Op::Send(0)])],
        vec![Op::Receive, Op::Set],
        vec![Op::Lock(0), Op::Write(0, 1), Op::Wait, Op::Unlock(0)],
    ];
    Program { roles: roles.map(one).into(), most_ahead: None }
}

#[test]
fn taking_an_operation_and_the_wakes_that_follow_for_one_step_is_found() {
    let program = list_half_done();
    assert_eq!(compare(&program, Interleave::AtAccesses), Ok(Compared::WithMerging));
    assert!(shows(Mistake::WakesAtOnce, &program, Interleave::AtAccesses));
}

/// An actor waits for one event twice. A yield follows the first wait, so that the second is over
/// before, unless it is told later.
fn two_waits_for_one_event() -> Program {
    let either = Op::Select(vec![Op::Wait, Op::Yield], vec![Op::Wait]);
    Program { roles: vec![one(vec![Op::Set]), one(vec![either])], most_ahead: None }
}

#[test]
fn telling_all_who_wait_for_an_event_at_once_is_found() {
    let program = two_waits_for_one_event();
    assert_eq!(compare(&program, Interleave::AtAccesses), Ok(Compared::InEveryWay));
    assert_eq!(explored(&program, Interleave::AtAccesses, Reduction::Merging).outcomes().len(), 2);
    assert!(shows(Mistake::ToldAtOnce, &program, Interleave::AtAccesses));
}

#[test]
fn of_two_who_set_an_event_the_first_to_come_tells_a_waiter() {
    let sets = Op::Unordered(vec![Op::Wait], vec![Op::Set]);
    let program = Program {
        roles: vec![one(vec![Op::Unordered(vec![Op::Yield], vec![sets])]), one(vec![Op::Set])],
        most_ahead: None,
    };
    let compared = compare(&program, Interleave::AtAccesses);
    assert!(matches!(compared, Ok(Compared::InEveryWay | Compared::WithMerging)), "{compared:?}");
}

/// An actor sends to itself and yields, which wakes two parts of it, in this order; unless another
/// has the receiving end of the queue, and is cancelled after the yield.
fn sending_to_oneself_and_yielding() -> Program {
    let sends = Op::Unordered(vec![Op::Receive], vec![Op::Send(0), Op::Yield]);
    let receives = Role { cancellable: true, ..one(vec![Op::Set, Op::Receive]) };
    let roles = vec![one(vec![Op::Wait, sends, Op::Yield]), receives];
    Program { roles, most_ahead: None }
}

#[test]
fn ignoring_who_wakes_an_actor_is_found() {
    let program = sending_to_oneself_and_yielding();
    assert_eq!(compare(&program, Interleave::AtAwaits), Ok(Compared::InEveryWay));
    assert!(shows(Mistake::OwnWakesIgnored, &program, Interleave::AtAwaits));
}

#[test]
fn the_order_of_two_queues_belongs_to_the_state() {
    let program = two_queues();
    assert!(shows(Mistake::WaitersByDigest, &program, Interleave::AtAwaits));
    assert!(shows(Mistake::PlacesIgnored, &program, Interleave::AtAwaits));
}

#[test]
fn the_order_of_two_wakes_belongs_to_the_state() {
    assert!(shows(Mistake::WakesIgnored, &two_wakes(), Interleave::AtAwaits));
}
