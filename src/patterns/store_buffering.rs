//! # store-buffering
//!
//! Two sides each say that they are coming and look whether the other has; both find nobody, and both
//! come.
//!
//! ```text
//!   left                left is here   right is here    right
//!   store 1 (buffered)       0               0           store 1 (buffered)
//!   load right -> 0          0               0           load left -> 0
//!                            1               1                               both have entered
//! ```
//!
//! **In review, look for** a thread that stores to one atomic and then loads another, where a second
//! thread does the same the other way round and the two rely on at least one of them seeing the other:
//! Dekker's and Peterson's locks, hazard pointers, "set the flag, then check for sleepers".
//!
//! **The fix** is a sequentially consistent fence between the store and the load, on both sides.
//! Release and acquire do not help, as `release-acquire` shows: they order what comes before a store
//! and what comes after a load, and this is a store before a load.
//!
//! `SeqCst` on all four accesses is a fix as well, but loom takes that for release and acquire, so none
//! of the variants shows it. A load that passes an earlier store is the one reordering that x86 has, too.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{AcquireRelease, Orderings, Relaxed};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Primitives};

/// What stands between announcing oneself and looking at the other side.
pub trait Fencing: 'static {
    /// Orders the two, or does not.
    fn pass<P: Primitives>();
}

/// Nothing.
pub struct NoFence;

/// A sequentially consistent fence.
pub struct Fence;

impl Fencing for NoFence {
    fn pass<P: Primitives>() {}
}

impl Fencing for Fence {
    fn pass<P: Primitives>() {
        P::fence(Ordering::SeqCst);
    }
}

/// One side of the entrance.
struct Side<P: Primitives> {
    is_here: P::Atomic,
    entered: P::Atomic,
}

/// A place for actors of one side at a time.
pub struct Entrance<P: Primitives, F, O> {
    left: Side<P>,
    right: Side<P>,
    guards: PhantomData<(F, O)>,
}

impl<P: Primitives, F: Fencing, O: Orderings> Entrance<P, F, O> {
    /// Enters from the left, unless somebody is seen on the right.
    pub fn enter_left(&self) {
        Self::enter(&self.left, &self.right);
    }

    /// Enters from the right, unless somebody is seen on the left.
    pub fn enter_right(&self) {
        Self::enter(&self.right, &self.left);
    }

    /// Says that somebody is on its `own` side, and enters unless somebody is seen on the `other`.
    fn enter(own: &Side<P>, other: &Side<P>) {
        own.is_here.store(1, O::STORE);
        F::pass::<P>();
        let found = other.is_here.load(O::LOAD); // <- the race, unless fenced: it may miss a store
        if found == 0 {
            own.entered.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<P: Primitives, F: Fencing, O: Orderings> Shared for Entrance<P, F, O> {
    fn new(_actors: usize) -> Self {
        let side = |is_here, entered| Side {
            is_here: P::Atomic::new(is_here, 0),
            entered: P::Atomic::new(entered, 0),
        };
        Self {
            left: side("left is here", "entered left"),
            right: side("right is here", "entered right"),
            guards: PhantomData,
        }
    }

    fn outcome(&self) -> Value {
        let entered = |side: &Side<P>| side.entered.load(Ordering::Relaxed);
        inside(entered(&self.left), entered(&self.right))
    }
}

fn inside(left: i64, right: i64) -> Value {
    [("left", left), ("right", right)].into()
}

struct BothSides<F, O>(PhantomData<(F, O)>);

impl<P: Primitives, F: Fencing, O: Orderings> Scenario<P> for BothSides<F, O> {
    type State = Entrance<P, F, O>;
    fn roles(actors: usize) -> Vec<Role<Entrance<P, F, O>>> {
        let (left, right) = sides(actors);
        vec![
            Role::replicas("left", left as usize, async |it: &Entrance<P, F, O>| it.enter_left()),
            Role::replicas("right", right as usize, async |it: &Entrance<P, F, O>| {
                it.enter_right();
            }),
        ]
    }
}

/// As many actors on one side as on the other, or one more.
fn sides(actors: usize) -> (i64, i64) {
    let right = actors / 2;
    ((actors - right) as i64, right as i64)
}

/// Whoever stores first is seen by the whole other side, where each loads after its own store. So only
/// one side enters: as many of it as load before the other side stores, if any do; all of
/// them if the other side is empty.
fn one_side_at_a_time(actors: usize) -> Outcomes {
    let (left, right) = sides(actors);
    if right == 0 {
        return outcomes([inside(left, 0)]);
    }
    let from_the_left = (0..=left).map(|entered| inside(entered, 0));
    outcomes(from_the_left.chain((0..=right).map(|entered| inside(0, entered))))
}

/// Nobody needs to see the other side's stores, so any number enters from either side.
fn both_sides_at_once(actors: usize) -> Outcomes {
    let (left, right) = sides(actors);
    if right == 0 {
        return one_side_at_a_time(actors);
    }
    let beside = move |left| (0..=right).map(move |right| inside(left, right));
    outcomes((0..=left).flat_map(beside))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "store-buffering",
    summary: "two sides announce themselves and look for the other, and neither sees anybody",
    review: "a store to one atomic and then a load of another, where somebody does the reverse",
    sources: &[],
    variants: &[
        Variant::model_only::<BothSides<NoFence, Relaxed>>(
            "relaxed",
            "store, then load, both relaxed",
            one_side_at_a_time,
            Reaches::everywhere(one_side_at_a_time)
                .on_weak_memory(both_sides_at_once)
                .not_on_event_loop(super::ONE_THREAD_NEEDS_NO_ORDERING),
        ),
        Variant::model_only::<BothSides<NoFence, AcquireRelease>>(
            "release-acquire",
            "store with release, then load with acquire",
            one_side_at_a_time,
            Reaches::everywhere(one_side_at_a_time)
                .on_weak_memory(both_sides_at_once)
                .not_on_event_loop(super::ONE_THREAD_NEEDS_NO_ORDERING),
        ),
        Variant::model_only::<BothSides<Fence, Relaxed>>(
            "fences",
            "the same with a sequentially consistent fence in between",
            one_side_at_a_time,
            Reaches::everywhere(one_side_at_a_time)
                .not_on_event_loop(super::ONE_THREAD_NEEDS_NO_ORDERING),
        )
        .guarded_by(&[Guard::Fence]),
    ],
};
