//! # pipe-deadlock
//!
//! A parent writes everything to a child before it reads anything: once both pipes are full, each
//! waits for the other to read.
//!
//! ```text
//!   parent        input   output     child
//!                   -     greeting
//!                   -     greeting   write prompt...      no room: nobody reads
//!   write a         a     greeting
//!   write b...      a     greeting                        no room: nobody reads
//! ```
//!
//! **In review, look for** two parties with a bounded channel in each direction, one of which sends
//! several messages without receiving in between; with a subprocess, a write to its standard input
//! that is awaited before its standard output is read.
//!
//! **The fix** is to read while writing, in a second task or by joining both loops. Python's
//! `communicate` does that. Rust's `wait_with_output` does not: it closes the input and reads both
//! outputs at once, so what is to be written needs a task of its own.
//!
//! A test that writes no more than fits passes all the same, and real pipes hold tens of kilobytes.

use futures::FutureExt;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{BoundedQueue, Cell, Primitives};

/// How many lines each pipe holds.
const CAPACITY: usize = 1;

/// A parent's and a child's ends of two pipes.
pub struct Process<P: Primitives> {
    input: P::BoundedQueue,
    output: P::BoundedQueue,
    lines: i64,
    read_in_order: P::Cell,
}

impl<P: Primitives> Process<P> {
    /// Writes every line.
    pub async fn write_all(&self) {
        for line in 0..self.lines {
            self.input.send(line).await;
        }
    }

    /// Reads the greeting, and then what the child writes before it reads each line but the last.
    pub async fn read_all(&self) {
        let mut in_order = 0;
        for expected in 0..self.lines {
            in_order += i64::from(self.output.receive().await == expected);
        }
        self.read_in_order.set(in_order);
    }

    /// Writes everything, and then reads.
    pub async fn write_then_read(&self) {
        self.write_all().await; // <- the race: a child that nobody reads from stops reading
        self.read_all().await;
    }

    /// The child: asks for each line before it reads it.
    pub async fn prompt(&self) {
        for line in 0..self.lines {
            self.output.send(line + 1).await;
            self.input.receive().await;
        }
    }
}

impl<P: Primitives> Shared for Process<P> {
    fn new(actors: usize) -> Self {
        let output = P::BoundedQueue::new("output", CAPACITY);
        output.send(0).now_or_never().expect("there is room for the greeting");
        Self {
            input: P::BoundedQueue::new("input", CAPACITY),
            output,
            lines: actors as i64,
            read_in_order: P::Cell::new("read in order", 0),
        }
    }

    fn outcome(&self) -> Value {
        self.read_in_order.get().into()
    }
}

struct WriteAllThenRead;
struct DrainWhileWriting;

impl<P: Primitives> Scenario<P> for WriteAllThenRead {
    type State = Process<P>;
    fn roles(_actors: usize) -> Vec<Role<Process<P>>> {
        vec![Role::one("parent", Process::write_then_read), Role::one("child", Process::prompt)]
    }
}

impl<P: Primitives> Scenario<P> for DrainWhileWriting {
    type State = Process<P>;
    fn roles(_actors: usize) -> Vec<Role<Process<P>>> {
        vec![
            Role::one("parent", Process::write_all),
            Role::one("reader", Process::read_all),
            Role::one("child", Process::prompt),
        ]
    }
}

/// Who takes part does not depend on the number of actors; it is how many lines are written.
fn everything_read(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// No schedule makes a difference: the child waits with its first prompt, behind the greeting, until
/// the parent reads, and the parent reads only if all that it writes fits.
fn read_only_if_all_fits(actors: usize) -> Outcomes {
    if actors <= CAPACITY { everything_read(actors) } else { Outcomes::from([Outcome::Deadlock]) }
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "pipe-deadlock",
    summary: "a parent writes all before it reads, its child writes before it reads, and both pipes fill",
    review: "two bounded channels in opposite directions, one of whose ends sends without receiving",
    sources: &["Why Python async concurrency patterns fail (and how to fix them)"],
    variants: &[
        Variant::new::<WriteAllThenRead>(
            "write-all-then-read",
            "write every line to the child, then read what it writes",
            everything_read,
            Reaches::everywhere(read_only_if_all_fits),
        )
        .with_weak_memory_actors(2),
        Variant::new::<DrainWhileWriting>(
            "drain-while-writing",
            "write every line, while a second task reads",
            everything_read,
            Reaches::everywhere(everything_read),
        )
        .unlike("write-all-then-read")
        .with_weak_memory_actors(1),
    ],
};
