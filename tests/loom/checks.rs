//! The proofs can fail: each of these breaks something, and the proof says so.

use std::sync::atomic::Ordering;

use selvedge::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use selvedge::explore::{Incomplete, Limits, Outcome, Outcomes, Value, outcomes};
use selvedge::patterns::find;
use selvedge::primitives::{Atomic, Cell, Extended, Lock, Plain, Primitives};
use selvedge::prove::{Case, Judgement, Proof};
use selvedge::{Family, World, weak_memory};

/// Where a pattern can be proved in this build.
fn places() -> impl Iterator<Item = (World, Family)> {
    [
        (World::EventLoop, Family::Model),
        (World::Threads, Family::Model),
        (World::WeakMemory, Family::Loom),
    ]
    .into_iter()
    .filter(|&(world, _)| world != World::WeakMemory || weak_memory::IS_AVAILABLE)
}

fn prove(variant: usize, world: World, family: Family) -> Proof {
    let case =
        Case { pattern: &BROKEN, variant: &BROKEN.variants[variant], world, family, actors: 2 };
    case.prove(Limits::default()).expect("two actors can be explored")
}

#[test]
fn a_guard_that_is_dropped_early_is_found_with_a_witness() {
    for (world, family) in places() {
        let proof = prove(0, world, family);
        assert_eq!(proof.judgement, Judgement::Unsafe, "in the {world} world");
        assert!(!proof.is_as_expected());
        let witness = proof.witness.expect("an unsafe verdict has a witness");
        assert_eq!(witness.outcome, Outcome::from(1));
        assert_eq!(witness.switches, 2);
    }
}

#[test]
fn an_await_where_there_was_none_is_found_on_the_event_loop() {
    let proof = prove(1, World::EventLoop, Family::Model);
    assert_eq!(proof.judgement, Judgement::Unsafe);
    assert!(proof.witness.is_some() && !proof.is_as_expected());
}

#[test]
fn a_release_weakened_to_relaxed_is_found_where_memory_is_weak() {
    for (world, family) in places() {
        let proof = prove(2, world, family);
        let (judgement, reached) = match world {
            World::WeakMemory => (Judgement::Unsafe, Some(Outcome::DataRace("payload".into()))),
            World::EventLoop | World::Threads => (Judgement::Safe, None),
        };
        assert_eq!(proof.judgement, judgement, "in the {world} world");
        assert_eq!(proof.witness.map(|witness| witness.outcome), reached);
    }
}

#[test]
fn a_limit_that_is_hit_is_inconclusive() {
    let pattern = find("lost-update").expect("the catalogue has it");
    let variant = pattern.variant("locked").expect("the pattern has it");
    let limits = Limits { executions: 1.try_into().expect("not zero"), ..Limits::default() };
    for (world, family) in places() {
        let proof = Case { pattern, variant, world, family, actors: 2 }.prove(limits);
        let proof = proof.expect("two actors can be explored");
        assert_eq!(proof.judgement, Judgement::Inconclusive, "in the {world} world");
        assert_eq!(proof.incomplete, Some(Incomplete::Executions(1)));
        assert!(!proof.is_as_expected());
    }
}

#[test]
fn a_program_that_runs_no_actor_is_inconclusive() {
    for (world, family) in places() {
        let proof = prove(3, world, family);
        assert_eq!(proof.judgement, Judgement::Inconclusive, "in the {world} world");
        assert_eq!(proof.incomplete, Some(Incomplete::NoActor));
    }
}

#[test]
fn a_livelock_is_cut_off_and_inconclusive() {
    for (world, family) in places() {
        let proof = prove(4, world, family);
        assert_eq!(proof.judgement, Judgement::Inconclusive, "in the {world} world");
        assert!(matches!(proof.incomplete, Some(Incomplete::Steps(_))));
    }
}

#[test]
fn a_deadlock_and_a_panic_are_outcomes_in_every_world() {
    for (world, family) in places() {
        let proof = prove(5, world, family);
        let panic = Outcome::Panic("the second came first".into());
        assert!(proof.is_as_expected(), "in the {world} world: {:?}", proof.reached);
        assert!(proof.reached.contains(&Outcome::Deadlock) && proof.reached.contains(&panic));
    }
}

#[test]
fn more_actors_than_loom_has_threads_are_inconclusive_wherever_they_come_from() {
    for (world, family) in places() {
        for (actors, fits) in [(2, true), (3, world != World::WeakMemory)] {
            let case =
                Case { pattern: &SPAWNING, variant: &SPAWNING.variants[0], world, family, actors };
            let proof = case.prove(Limits::default()).expect("so few actors can be explored");
            let judgement = if fits { Judgement::Safe } else { Judgement::Inconclusive };
            assert_eq!(proof.judgement, judgement, "{actors} in the {world} world");
            assert_eq!(proof.is_as_expected(), fits);
            assert!(fits || matches!(proof.incomplete, Some(Incomplete::Engine(_))));
        }
    }
}

/// Everything that the scenarios below share.
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
        self.value.set(seen + 1); // <- the race: the guard is gone
    }

    async fn increment_with_an_await(&self) {
        let seen = self.value.get();
        P::yield_now().await;
        self.value.set(seen + 1); // <- the race: there should be no await
    }

    fn publish(&self) {
        self.payload.write(1);
        self.flag.store(1, Ordering::Relaxed); // <- the race: should be a release
    }

    fn consume(&self) {
        let payload = if self.flag.load(Ordering::Acquire) == 1 { self.payload.read() } else { 1 };
        self.value.set(payload + 1);
    }

    async fn wait_for_ever(&self) {
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

struct GuardDroppedEarly;
struct AwaitAdded;
struct ReleaseWeakened;
struct Nobody;
struct Livelock;
struct OppositeOrders;
/// Each actor adds another.
struct Doubling;

impl<P: Primitives> Scenario<P> for GuardDroppedEarly {
    type State = State<P>;
    fn roles(actors: usize) -> Vec<Role<State<P>>> {
        vec![Role::replicas("task", actors, State::increment_after_dropping_the_guard)]
    }
}

impl<P: Primitives> Scenario<P> for AwaitAdded {
    type State = State<P>;
    fn roles(actors: usize) -> Vec<Role<State<P>>> {
        vec![Role::replicas("task", actors, State::increment_with_an_await)]
    }
}

impl<P: Primitives> Scenario<P> for ReleaseWeakened {
    type State = State<P>;
    fn roles(_actors: usize) -> Vec<Role<State<P>>> {
        vec![
            Role::one("producer", async |state: &State<P>| state.publish()),
            Role::one("consumer", async |state: &State<P>| state.consume()),
        ]
    }
}

impl<P: Primitives> Scenario<P> for Nobody {
    type State = State<P>;
    fn roles(_actors: usize) -> Vec<Role<State<P>>> {
        Vec::new()
    }
}

impl<P: Primitives> Scenario<P> for Livelock {
    type State = State<P>;
    fn roles(actors: usize) -> Vec<Role<State<P>>> {
        vec![Role::replicas("spinner", actors, State::wait_for_ever)]
    }
}

impl<P: Primitives> Scenario<P> for OppositeOrders {
    type State = State<P>;
    fn roles(_actors: usize) -> Vec<Role<State<P>>> {
        vec![
            Role::one("in order", State::lock_in_order),
            Role::one("in the other order", State::lock_in_the_other_order),
        ]
    }
}

impl<P: Extended> Scenario<P> for Doubling {
    type State = State<P>;
    fn roles(actors: usize) -> Vec<Role<State<P>>> {
        vec![Role::replicas("parent", actors, async |_: &State<P>| {
            P::spawn("child", async {}).await;
        })]
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
    variants: &[
        Variant::new::<GuardDroppedEarly>("dropped", "", two, Reaches::everywhere(two)),
        Variant::new::<AwaitAdded>("await", "", two, Reaches::everywhere(two)),
        Variant::new::<ReleaseWeakened>("weakened", "", two, Reaches::everywhere(two)),
        Variant::new::<Nobody>("nobody", "", two, Reaches::everywhere(two)),
        Variant::new::<Livelock>("livelock", "", two, Reaches::everywhere(two)),
        Variant::new::<OppositeOrders>("orders", "", two, Reaches::everywhere(any_end)),
    ],
};

static SPAWNING: Pattern = Pattern {
    name: "spawning",
    summary: "actors that add others",
    review: "nothing: this is no pattern",
    sources: &[],
    variants: &[Variant::without_futures::<Doubling>(
        "doubling",
        "",
        nothing,
        Reaches::everywhere(nothing),
    )],
};
