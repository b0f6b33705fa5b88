//! # aba
//!
//! A compare-exchange succeeds because the pointer is the one that was loaded, although what it points
//! to has changed: in between the node was popped, and pushed back on top of something else.
//!
//! ```text
//!   slow                         stack      fast
//!   load head -> A, next -> B    A B
//!                                B          pop -> A
//!                                -          pop -> B
//!                                A          push A
//!   compare-exchange A -> B      B                         B is in the stack, and fast has it too
//! ```
//!
//! **In review, look for** a compare-exchange on a pointer or index whose target can be freed or
//! reused, where what is written was read from that target beforehand.
//!
//! **The fix** is to make every state of the head differ from all earlier ones: a tag beside the index
//! that every exchange increments, wide enough not to wrap around during an operation. Hazard pointers
//! and epochs, which none of the variants has, keep a node from being reused while an actor holds a
//! pointer to it. On an event loop nothing can come between the steps of a pop without an `.await`.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Primitives};

/// The nodes, and what stands for none of them.
const NODES: [i64; 2] = [1, 2];
const NONE: i64 = 0;

/// The index of the top node: the lower bits of the head, below the tag.
fn index(head: i64) -> i64 {
    head & 0xff
}

/// A node, linked to the one below.
struct Node<P: Primitives> {
    next: P::Atomic,
    holders: P::Atomic,
}

/// A stack of nodes that are popped and pushed back. If `TAGGED`, its head has a tag that counts
/// exchanges.
pub struct Stack<P: Primitives, const TAGGED: bool> {
    head: P::Atomic,
    nodes: Vec<Node<P>>,
}

impl<P: Primitives, const TAGGED: bool> Stack<P, TAGGED> {
    /// Takes the top node; `NONE` if there is none.
    pub fn pop(&self) -> i64 {
        loop {
            let head = self.head.load(Ordering::Acquire);
            let Some(node) = self.node(index(head)) else { return NONE };
            let next = node.next.load(Ordering::Relaxed); // <- the bug, untagged: may go stale
            let popped = Self::exchanged(head, next);
            // Untagged, this succeeds if the same node is on top again, whatever is below it by now.
            if self.head.compare_exchange(head, popped, Ordering::AcqRel).is_ok() {
                node.holders.fetch_add(1, Ordering::Relaxed);
                return index(head);
            }
        }
    }

    /// Puts a node back on top.
    pub fn push(&self, top: i64) {
        let Some(node) = self.node(top) else { return };
        node.holders.fetch_add(-1, Ordering::Relaxed);
        loop {
            let head = self.head.load(Ordering::Acquire);
            node.next.store(index(head), Ordering::Relaxed);
            let pushed = Self::exchanged(head, top);
            if self.head.compare_exchange(head, pushed, Ordering::AcqRel).is_ok() {
                return;
            }
        }
    }

    /// The head that replaces this one: `top` for its index, and the next tag.
    fn exchanged(head: i64, top: i64) -> i64 {
        let tag = (head >> 8) + i64::from(TAGGED);
        tag << 8 | top
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

impl<P: Primitives, const TAGGED: bool> Shared for Stack<P, TAGGED> {
    fn new(_actors: usize) -> Self {
        let node = |below| Node {
            next: P::Atomic::new("next", below),
            holders: P::Atomic::new("holders", 0),
        };
        let [top, below] = NODES;
        Self { head: P::Atomic::new("head", top), nodes: vec![node(below), node(NONE)] }
    }

    /// How many owners the nodes have beyond one each, counting the stack as one.
    fn outcome(&self) -> Value {
        let owners = |node: i64| {
            let holders = self.node(node).map_or(0, |node| node.holders.load(Ordering::Relaxed));
            holders + i64::from(self.holds(node))
        };
        NODES.into_iter().map(|node| owners(node) - 1).sum::<i64>().into()
    }
}

enum Head {
    Untagged,
    Tagged,
}

impl Program for Head {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::Untagged => reuse::<P, false>(n),
            Self::Tagged => reuse::<P, true>(n),
        }
    }
}

/// One actor pops two nodes and pushes the first back, the others pop one.
fn reuse<P: Primitives, const TAGGED: bool>(actors: usize) -> Cast {
    let slow = async |stack: &Stack<P, TAGGED>| {
        stack.pop();
    };
    let fast = async |stack: &Stack<P, TAGGED>| {
        let top = stack.pop();
        stack.pop();
        stack.push(top);
    };
    Cast::new(actors, [Role::replicas("slow", actors - 1, slow), Role::one("fast", fast)])
}

fn one_owner_each(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// One node is pushed back, once, so at most one exchange is fooled: it puts the other node on top.
fn an_owner_too_many(actors: usize) -> Outcomes {
    outcomes(0..=i64::from(actors > 1))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "aba",
    summary: "a compare-exchange finds the old pointer again, over a structure that has changed",
    review: "a compare-exchange on a pointer or index whose target can be freed or reused",
    sources: &[],
    allowed: one_owner_each,
    variants: &[
        Variant::racy(
            "pointer",
            "the head is the index of the top node",
            &Head::Untagged,
            an_owner_too_many,
        )
        .about_memory_ordering()
        .with_weak_memory_actors(2),
        Variant::safe(
            "tagged",
            "the head also has a tag that every exchange increments",
            &Head::Tagged,
        )
        .about_memory_ordering()
        .unlike("pointer")
        .with_weak_memory_actors(2),
    ],
};
