//! # store-buffering
//!
//! Two sides each announce themselves and check for the other; both find nobody, and both enter.
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
//! `SeqCst` on all four accesses is a fix as well, but loom treats it as release and acquire, so none
//! of the variants shows it. A load that passes an earlier store is a reordering that even x86 does.

use std::sync::atomic::Ordering;

use crate::catalogue::{AcquireRelease, Orderings, Relaxed};
use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Primitives};

/// One side of the entrance.
struct Side<P: Primitives> {
    is_here: P::Atomic,
    entered: P::Atomic,
}

impl<P: Primitives> Side<P> {
    /// Announces an actor on this side, and lets it in unless the `other` side has announced one.
    fn enter<O: Orderings>(&self, other: &Self, fence: fn()) {
        self.is_here.store(1, O::STORE);
        fence();
        let found = other.is_here.load(O::LOAD); // <- the bug, without a fence: may miss a store
        if found == 0 {
            self.entered.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A place for actors of one side at a time.
pub struct Entrance<P: Primitives> {
    left: Side<P>,
    right: Side<P>,
}

impl<P: Primitives> Shared for Entrance<P> {
    fn new(_actors: usize) -> Self {
        let side = |is_here, entered| Side {
            is_here: P::Atomic::new(is_here, 0),
            entered: P::Atomic::new(entered, 0),
        };
        Self {
            left: side("left is here", "entered left"),
            right: side("right is here", "entered right"),
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

enum With {
    Relaxed,
    ReleaseAcquire,
    Fences,
}

impl Program for With {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::Relaxed => both_sides::<P, Relaxed>(n, || {}),
            Self::ReleaseAcquire => both_sides::<P, AcquireRelease>(n, || {}),
            Self::Fences => both_sides::<P, Relaxed>(n, || P::fence(Ordering::SeqCst)),
        }
    }
}

fn both_sides<P: Primitives, O: Orderings>(actors: usize, fence: fn()) -> Cast {
    let (left, right) = sides(actors);
    let enter_left = async move |it: &Entrance<P>| it.left.enter::<O>(&it.right, fence);
    let enter_right = async move |it: &Entrance<P>| it.right.enter::<O>(&it.left, fence);
    let coming_left = Role::replicas("left", left as usize, enter_left);
    Cast::new(actors, [coming_left, Role::replicas("right", right as usize, enter_right)])
}

/// As many actors on one side as on the other, or one more.
fn sides(actors: usize) -> (i64, i64) {
    let right = actors / 2;
    ((actors - right) as i64, right as i64)
}

/// The first store is seen by everyone on the other side, because each loads after its own store. So only
/// one side enters: as many of it as load before the other side stores, possibly none, or all of it if
/// the other side is empty.
fn one_side_at_a_time(actors: usize) -> Outcomes {
    let (left, right) = sides(actors);
    if right == 0 {
        return outcomes([inside(left, 0)]);
    }
    let from_the_left = (0..=left).map(|entered| inside(entered, 0));
    outcomes(from_the_left.chain((0..=right).map(|entered| inside(0, entered))))
}

/// Nobody is bound to see the other side's stores, so any number enters from either side.
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
    summary: "two sides announce themselves and check for each other, and both find nobody",
    review: "a store to one atomic and then a load of another, where another thread does the reverse",
    sources: &[],
    allowed: one_side_at_a_time,
    variants: &[
        Variant::safe("relaxed", "store, then load, both relaxed", &With::Relaxed)
            .on_weak_memory(both_sides_at_once)
            .about_memory_ordering(),
        Variant::safe(
            "release-acquire",
            "store with release, then load with acquire",
            &With::ReleaseAcquire,
        )
        .on_weak_memory(both_sides_at_once)
        .about_memory_ordering(),
        Variant::safe(
            "fences",
            "store and load relaxed, with a sequentially consistent fence in between",
            &With::Fences,
        )
        .about_memory_ordering()
        .guarded_by(&[Guard::Fence]),
    ],
};
