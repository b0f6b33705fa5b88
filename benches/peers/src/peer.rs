//! What a peer is.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::task::Poll;

use crate::program::Program;
use crate::tally::Tally;

/// One way to explore programs.
pub struct Peer {
    /// The name in the table.
    pub name: &'static str,
    /// Whether it can express a program; the reason if not.
    pub supports: fn(Program) -> Result<(), &'static str>,
    /// Explores all there is. Called only for what is supported.
    pub explore: fn(Program, usize) -> Explored,
}

/// What an exploration found.
pub struct Explored {
    /// The values that the counter ended with.
    pub outcomes: BTreeSet<i64>,
    /// How many times the program was run, in full or in part.
    pub executions: u64,
    /// How many states were told apart, if any.
    pub states: Option<u64>,
}

/// Of a peer that runs the program again for every schedule.
impl From<&Tally> for Explored {
    fn from(tally: &Tally) -> Self {
        let (outcomes, executions) = tally.read();
        Self { outcomes, executions, states: None }
    }
}

/// Gives way once.
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
