//! The proofs can fail: each of these breaks something, and the proof says so.

use std::sync::atomic::Ordering;

use selvedge::World;
use selvedge::catalogue::{
    Cast, ExtendedProgram, Pattern, Program, Role, Shared, Variant, WithoutFutures,
};
use selvedge::explore::{Incomplete, Limits, Outcome, Outcomes, Value, outcomes};
use selvedge::patterns::find;
use selvedge::primitives::{Atomic, Cell, Extended, Lock, Plain, Primitives};
use selvedge::prove::{Case, Proof, Verdict};

/// The entry of this name, on the models, in every world of this build.
fn cases(pattern: &'static Pattern, variant: &str) -> impl Iterator<Item = Case> {
    let entry = pattern.entry(variant).expect("the pattern has the variant");
    let cases = Case::all_of(entry).filter(|case| case.family.is_modelled());
    cases.map(|case| Case { actors: 2, ..case })
}

fn proofs(variant: &str) -> impl Iterator<Item = (World, Proof)> {
    let prove = |case: Case| case.prove(Limits::default()).expect("two actors can be explored");
    cases(&BROKEN, variant).map(move |case| (case.world, prove(case)))
}

#[test]
fn a_guard_that_is_dropped_early_is_found_with_a_witness() {
    for (world, proof) in proofs("dropped") {
        assert_eq!(proof.verdict, Verdict::Unsafe, "in the {world} world");
        assert!(!proof.is_as_expected());
        let witness = proof.witness.expect("an unsafe verdict has a witness");
        assert_eq!(witness.outcome, Outcome::from(1));
        assert_eq!(witness.switches, 2);
    }
}

#[test]
fn an_await_where_there_was_none_is_found_on_the_event_loop() {
    let (world, proof) = proofs("await").next().expect("an event loop is in every build");
    assert_eq!((world, proof.verdict), (World::EventLoop, Verdict::Unsafe));
    assert!(proof.witness.is_some() && !proof.is_as_expected());
}

#[test]
fn a_release_weakened_to_relaxed_is_found_where_memory_is_weak() {
    for (world, proof) in proofs("weakened") {
        let (verdict, reached) = match world {
            World::WeakMemory => (Verdict::Unsafe, Some(Outcome::DataRace("payload".into()))),
            World::EventLoop | World::Threads => (Verdict::Safe, None),
        };
        assert_eq!(proof.verdict, verdict, "in the {world} world");
        assert_eq!(proof.witness.map(|witness| witness.outcome), reached);
    }
}

#[test]
fn a_limit_that_is_hit_is_inconclusive() {
    let pattern = find("lost-update").expect("the catalogue has it");
    let limits = Limits { executions: 1.try_into().expect("not zero"), ..Limits::default() };
    for case in cases(pattern, "locked") {
        let proof = case.prove(limits).expect("two actors can be explored");
        assert_eq!(proof.verdict, Verdict::Inconclusive, "in the {} world", case.world);
        assert_eq!(proof.incomplete, Some(Incomplete::Executions(1)));
        assert!(!proof.is_as_expected());
    }
}

#[test]
fn a_program_that_runs_no_actor_is_inconclusive() {
    for (world, proof) in proofs("nobody") {
        assert_eq!(proof.verdict, Verdict::Inconclusive, "in the {world} world");
        assert_eq!(proof.incomplete, Some(Incomplete::NoActor));
    }
}

#[test]
fn a_livelock_is_cut_off_and_inconclusive() {
    for (world, proof) in proofs("livelock") {
        assert_eq!(proof.verdict, Verdict::Inconclusive, "in the {world} world");
        assert!(matches!(proof.incomplete, Some(Incomplete::Steps { .. })));
    }
}

#[test]
fn a_deadlock_and_a_panic_are_outcomes_in_every_world() {
    for (world, proof) in proofs("orders") {
        let panic = Outcome::Panic("the second came first".into());
        assert!(proof.is_as_expected(), "in the {world} world: {:?}", proof.reached);
        assert!(proof.reached.contains(&Outcome::Deadlock) && proof.reached.contains(&panic));
    }
}

#[test]
fn more_actors_than_loom_has_threads_are_inconclusive_wherever_they_come_from() {
    for case in cases(&BROKEN, "doubling") {
        for (actors, fits) in [(2, true), (3, case.world != World::WeakMemory)] {
            let proof = Case { actors, ..case }.prove(Limits::default());
            let proof = proof.expect("so few actors can be explored");
            let verdict = if fits { Verdict::Safe } else { Verdict::Inconclusive };
            assert_eq!(proof.verdict, verdict, "{actors} in the {} world", case.world);
            assert_eq!(proof.is_as_expected(), fits);
            assert!(fits || matches!(proof.incomplete, Some(Incomplete::Engine(_))));
        }
    }
}

/// Everything that the programs below share.
struct State<P: Primitives> {
    lock: P::Mutex,
    other: P::Mutex,
    value: P::Cell,
    flag: P::Atomic,
    payload: P::Plain,
}

impl<P: Primitives> State<P> {
    async fn increment_after_dropping_the_guard(&self) {
        let guard = self.lock.acquire().await;
        let seen = self.value.get();
        drop(guard);
        P::yield_now().await;
        self.value.set(seen + 1); // <- the bug: the guard is gone
    }

    async fn increment_with_an_await(&self) {
        let seen = self.value.get();
        P::yield_now().await;
        self.value.set(seen + 1); // <- the bug: there should be no await
    }

    fn publish(&self) {
        self.payload.write(1);
        self.flag.store(1, Ordering::Relaxed); // <- the bug: should be a release
    }

    fn consume(&self) {
        let payload = if self.flag.load(Ordering::Acquire) == 1 { self.payload.read() } else { 1 };
        self.value.set(payload + 1);
    }

    async fn wait_forever(&self) {
        while self.value.get() == 0 {
            P::yield_now().await;
        }
    }

    async fn lock_in_order(&self) {
        let _first = self.lock.acquire().await;
        P::yield_now().await;
        let _second = self.other.acquire().await;
        assert!(self.value.get() == 0, "the second came first");
    }

    async fn lock_in_the_other_order(&self) {
        let _first = self.other.acquire().await;
        P::yield_now().await;
        let _second = self.lock.acquire().await;
        self.value.set(1);
    }
}

impl<P: Primitives> Shared for State<P> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: P::Mutex::new("lock"),
            other: P::Mutex::new("other"),
            value: P::Cell::new("value", 0),
            flag: P::Atomic::new("flag", 0),
            payload: P::Plain::new("payload", 0),
        }
    }

    fn outcome(&self) -> Value {
        self.value.get().into()
    }
}

enum Broken {
    GuardDroppedEarly,
    AwaitAdded,
    ReleaseWeakened,
    Nobody,
    Livelock,
    OppositeOrders,
}

impl Program for Broken {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::GuardDroppedEarly => {
                Cast::replicas("task", n, State::<P>::increment_after_dropping_the_guard)
            }
            Self::AwaitAdded => Cast::replicas("task", n, State::<P>::increment_with_an_await),
            Self::ReleaseWeakened => Cast::new(
                n,
                [
                    Role::one("producer", async |state: &State<P>| state.publish()),
                    Role::one("consumer", async |state: &State<P>| state.consume()),
                ],
            ),
            Self::Nobody => Cast::replicas("nobody", 0, State::<P>::increment_with_an_await),
            Self::Livelock => Cast::replicas("spinner", n, State::<P>::wait_forever),
            Self::OppositeOrders => Cast::new(
                n,
                [
                    Role::one("in order", State::<P>::lock_in_order),
                    Role::one("in the other order", State::<P>::lock_in_the_other_order),
                ],
            ),
        }
    }
}

/// Each actor adds another.
struct Doubling;

impl ExtendedProgram for Doubling {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        Cast::replicas("parent", n, async |_: &State<P>| P::spawn("child", async {}).await)
    }
}

fn nothing(_actors: usize) -> Outcomes {
    outcomes([0])
}

fn two(_actors: usize) -> Outcomes {
    outcomes([2])
}

fn any_end(_actors: usize) -> Outcomes {
    let panic = Outcome::Panic("the second came first".into());
    [Outcome::from(1), Outcome::Deadlock, panic].into()
}

static BROKEN: Pattern = Pattern {
    name: "broken",
    summary: "what the proofs must not let through",
    review: "nothing: this is no pattern",
    sources: &[],
    allowed: two,
    variants: &[
        Variant::safe("dropped", "", &Broken::GuardDroppedEarly),
        Variant::safe("await", "", &Broken::AwaitAdded),
        Variant::safe("weakened", "", &Broken::ReleaseWeakened),
        Variant::safe("nobody", "", &Broken::Nobody),
        Variant::safe("livelock", "", &Broken::Livelock),
        Variant::racy("orders", "", &Broken::OppositeOrders, any_end),
        Variant::safe("doubling", "", &WithoutFutures(Doubling)).allowing(nothing),
    ],
};
