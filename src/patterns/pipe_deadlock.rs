//! # pipe-deadlock
//!
//! A parent writes everything to a child before it reads anything: once both pipes are full, each
//! of the two waits for the other to read.
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
//! A test that writes no more than fits in a pipe passes even so, and real pipes hold tens of
//! kilobytes.

use futures::FutureExt;

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{BoundedQueue, Cell, Primitives};

/// How many lines each pipe holds.
const CAPACITY: usize = 1;

/// Two pipes between a parent and a child.
pub struct Process<P: Primitives> {
    input: P::BoundedQueue,
    output: P::BoundedQueue,
    /// How many lines the parent writes: what the number of actors stands for in this pattern.
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

    /// Reads the greeting and every prompt but the last, for which the pipe has room.
    pub async fn read_all(&self) {
        let mut in_order = 0;
        for expected in 0..self.lines {
            in_order += i64::from(self.output.receive().await == expected);
        }
        self.read_in_order.set(in_order);
    }

    /// Writes everything, and then reads.
    pub async fn write_then_read(&self) {
        self.write_all().await; // <- the bug: a child that nobody reads from stops reading
        self.read_all().await;
    }

    /// The child: writes a prompt for each line before it reads it.
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

enum By {
    WritingThenReading,
    ReadingMeanwhile,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        let child = Role::one("child", Process::<P>::prompt);
        match self {
            Self::WritingThenReading => {
                Cast::new(n, [Role::one("parent", Process::write_then_read), child])
            }
            Self::ReadingMeanwhile => {
                let parent = Role::one("parent", Process::write_all);
                Cast::new(n, [parent, Role::one("reader", Process::read_all), child])
            }
        }
    }
}

fn everything_read(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// Whatever the schedule: the child's first prompt waits behind the greeting until the parent
/// reads, and the parent reads only if all that it writes fits.
fn read_only_if_all_fits(actors: usize) -> Outcomes {
    if actors <= CAPACITY { everything_read(actors) } else { [Outcome::Deadlock].into() }
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "pipe-deadlock",
    summary: "a parent writes all before it reads, its child writes before it reads, and both pipes fill",
    review: "two bounded channels in opposite directions, and a party that sends without receiving",
    sources: &["Why Python async concurrency patterns fail (and how to fix them)"],
    allowed: everything_read,
    variants: &[
        Variant::racy(
            "write-all-then-read",
            "write every line to the child, then read what it writes",
            &By::WritingThenReading,
            read_only_if_all_fits,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "drain-while-writing",
            "write every line, while a second task reads",
            &By::ReadingMeanwhile,
        )
        .unlike("write-all-then-read")
        .with_weak_memory_actors(1),
    ],
};
