//! # aba
//!
//! A compare-exchange finds the pointer that was there before, and takes it for the state that was
//! there before: in between the node was taken, and put back on top of something else.
//!
//! ```text
//!   slow                         stack      fast
//!   load head -> A, next -> B    A B
//!                                B          pop -> A
//!                                -          pop -> B
//!                                A          push A
//!   compare-exchange A -> B      B                         B is in the stack and in fast's hand
//! ```
//!
//! **In review, look for** a compare-exchange on a pointer or index whose target can be freed or
//! reused, where what is written was read from that target beforehand.
//!
//! **The fix** is to make every state of the head differ from all earlier ones: a tag beside the index
//! that every exchange counts up, wide enough not to come round while somebody looks. Hazard pointers
//! and epochs, which none of the variants has, keep a node from being reused while somebody looks at
//! it. On an event loop a pop without an `.await` is whole.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Primitives};

/// Whether the head tells its states apart.
pub trait Tagging: 'static {
    /// What an exchange adds to the tag.
    const STEP: i64;
}

/// The tag is always 0.
pub struct Untagged;

/// The tag counts exchanges.
pub struct Tagged;

impl Tagging for Untagged {
    const STEP: i64 = 0;
}

impl Tagging for Tagged {
    const STEP: i64 = 1;
}

/// The nodes, and what stands for none of them.
const NODES: [i64; 2] = [1, 2];
const NONE: i64 = 0;

/// The index of the top node, which the head has in its lower bits, below the tag.
fn index(head: i64) -> i64 {
    head & 0xff
}

/// The head that replaces this one: `top` for its index, and the next tag.
fn exchanged<T: Tagging>(head: i64, top: i64) -> i64 {
    ((head >> 8) + T::STEP) << 8 | top
}

/// A node, linked to the one below.
struct Node<P: Primitives> {
    next: P::Atomic,
    holders: P::Atomic,
}

/// A stack of nodes that are taken out and put back.
pub struct Stack<P: Primitives, T> {
    head: P::Atomic,
    nodes: Vec<Node<P>>,
    tagging: PhantomData<T>,
}

impl<P: Primitives, T: Tagging> Stack<P, T> {
    /// Takes the top node out; `NONE` if there is none.
    pub fn pop(&self) -> i64 {
        let mut head = self.head.load(Ordering::Acquire);
        while let Some(node) = self.node(index(head)) {
            let next = node.next.load(Ordering::Relaxed); // <- the race, untagged: goes stale unseen
            let popped = exchanged::<T>(head, next);
            // Untagged, this finds the same node on top again, whatever is below it by now.
            match self.head.compare_exchange(head, popped, Ordering::AcqRel) {
                Ok(_) => {
                    node.holders.fetch_add(1, Ordering::Relaxed);
                    return index(head);
                }
                Err(_) => head = self.head.load(Ordering::Acquire),
            }
        }
        NONE
    }

    /// Puts a node back on top.
    pub fn push(&self, top: i64) {
        let Some(node) = self.node(top) else { return };
        node.holders.fetch_add(-1, Ordering::Relaxed);
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            node.next.store(index(head), Ordering::Relaxed);
            let pushed = exchanged::<T>(head, top);
            match self.head.compare_exchange(head, pushed, Ordering::AcqRel) {
                Ok(_) => return,
                Err(_) => head = self.head.load(Ordering::Acquire),
            }
        }
    }

    fn node(&self, index: i64) -> Option<&Node<P>> {
        self.nodes.get(usize::try_from(index - 1).ok()?)
    }

    /// Whether `node` is in the stack.
    fn holds(&self, node: i64) -> bool {
        let below = |&index: &i64| Some(self.node(index)?.next.load(Ordering::Relaxed));
        let top = index(self.head.load(Ordering::Relaxed));
        std::iter::successors(Some(top), below).take(NODES.len()).any(|index| index == node)
    }
}

impl<P: Primitives, T: Tagging> Shared for Stack<P, T> {
    fn new(_actors: usize) -> Self {
        let node = |below| Node {
            next: P::Atomic::new("next", below),
            holders: P::Atomic::new("holders", 0),
        };
        let [top, below] = NODES;
        Self {
            head: P::Atomic::new("head", top),
            nodes: vec![node(below), node(NONE)],
            tagging: PhantomData,
        }
    }

    /// How many owners the nodes have beyond one each, the stack being one of them.
    fn outcome(&self) -> Value {
        let owners = |node: i64| {
            let holders = self.node(node).map_or(0, |node| node.holders.load(Ordering::Relaxed));
            holders + i64::from(self.holds(node))
        };
        NODES.into_iter().map(|node| owners(node) - 1).sum::<i64>().into()
    }
}

struct Reuse<T>(PhantomData<T>);

impl<P: Primitives, T: Tagging> Scenario<P> for Reuse<T> {
    type State = Stack<P, T>;
    fn roles(actors: usize) -> Vec<Role<Stack<P, T>>> {
        let slow = async |stack: &Stack<P, T>| {
            stack.pop();
        };
        let fast = async |stack: &Stack<P, T>| {
            let top = stack.pop();
            stack.pop();
            stack.push(top);
        };
        vec![Role::replicas("slow", actors - 1, slow), Role::one("fast", fast)]
    }
}

fn one_owner_each(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// One node is put back, once, so at most one exchange is deceived: it leaves the other node on top.
fn an_owner_too_many(actors: usize) -> Outcomes {
    outcomes(0..=i64::from(actors > 1))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "aba",
    summary: "a compare-exchange finds the old pointer again, over a structure that has changed",
    review: "a compare-exchange on a pointer or index whose target can be freed or reused",
    sources: &[],
    variants: &[
        Variant::model_only::<Reuse<Untagged>>(
            "pointer",
            "the head is the index of the top node",
            one_owner_each,
            Reaches::everywhere(an_owner_too_many)
                .not_on_event_loop(super::ONE_THREAD_NEEDS_NO_ORDERING),
        )
        .with_weak_memory_actors(2),
        Variant::model_only::<Reuse<Tagged>>(
            "tagged",
            "the head also has a tag that every exchange counts up",
            one_owner_each,
            Reaches::everywhere(one_owner_each)
                .not_on_event_loop(super::ONE_THREAD_NEEDS_NO_ORDERING),
        )
        .unlike("pointer")
        .with_weak_memory_actors(2),
    ],
};
