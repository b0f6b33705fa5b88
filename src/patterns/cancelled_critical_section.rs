//! # cancelled-critical-section
//!
//! A transfer is cancelled between its two writes: the lock is released, and the invariant that it
//! guarded stays broken.
//!
//! ```text
//!   client             lock    checking  savings   canceller
//!   acquire            client    100       100
//!   get -> 100, set 90 client     90       100
//!   waits              client     90       100     abort
//!   is dropped           -        90       100               10 are gone, and the lock is free
//! ```
//!
//! **In review, look for** an `.await` between two writes that belong together, in a future that
//! may be dropped: under a timeout, in a `select!`, in a request handler whose client hangs up.
//! That a lock is held there does not help: its guard is dropped with the future, and tells nobody.
//!
//! **The fix** is to have no `.await` between the first write and the last: do what takes time
//! before, and commit at the end. Where that is impossible, undo the first half in a destructor,
//! which has to run while the lock is held, and cannot await; or do it all in a task of its own,
//! which goes on when the actor that waits for it is cancelled.

use std::rc::Rc;

use crate::catalogue::{
    Cast, ExtendedProgram, Pattern, Program, Role, Shared, Variant, WithoutFutures,
};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Abort, Cell, Extended, Lock, Primitives};

/// What each account has at first, and what a transfer moves.
const BALANCE: i64 = 100;
const AMOUNT: i64 = 10;

/// Two accounts under one lock, and a client that may be cancelled.
pub struct Bank<P: Primitives> {
    lock: P::Mutex,
    checking: P::Cell,
    savings: P::Cell,
    client: P::Abort,
}

impl<P: Primitives> Bank<P> {
    /// Moves the amount, yielding between the two writes.
    pub async fn transfer(&self) {
        let _guard = self.lock.acquire().await;
        add(&self.checking, -AMOUNT);
        P::yield_now().await; // <- the bug: dropped here, the amount is gone and the lock is free
        add(&self.savings, AMOUNT);
    }

    /// Yields first, and then makes both writes with no await in between.
    pub async fn transfer_committing_at_the_end(&self) {
        let _guard = self.lock.acquire().await;
        P::yield_now().await;
        add(&self.checking, -AMOUNT);
        add(&self.savings, AMOUNT);
    }

    /// Puts the amount back if it is dropped half-way.
    pub async fn transfer_rolling_back(&self) {
        let _guard = self.lock.acquire().await;
        add(&self.checking, -AMOUNT);
        let rollback = Rollback(&self.checking);
        P::yield_now().await;
        std::mem::forget(rollback); // From here on nothing awaits, so nothing is left to undo.
        add(&self.savings, AMOUNT);
    }

    /// Runs the client's transfer, unless it is cancelled.
    async fn run(&self, transfer: impl Future<Output = ()>) {
        // Whether it was cancelled does not matter, only what is left behind.
        let _ = self.client.run(transfer).await;
    }

    /// Hangs up.
    pub fn cancel(&self) {
        self.client.abort();
    }
}

impl<P: Extended> Bank<P> {
    /// Transfers in an actor of its own. Only the wait for it can be cancelled.
    async fn spawn_transfer(self: &Rc<Self>) {
        let own = Rc::clone(self);
        self.run(P::spawn("transfer", async move { own.transfer().await })).await;
    }
}

#[track_caller]
fn add(balance: &impl Cell, amount: i64) {
    balance.set(balance.get() + amount);
}

/// Puts the amount back when it is dropped: while the lock is held, if it was made after the guard.
struct Rollback<'a, C: Cell>(&'a C);

impl<C: Cell> Drop for Rollback<'_, C> {
    fn drop(&mut self) {
        add(self.0, AMOUNT);
    }
}

impl<P: Primitives> Shared for Bank<P> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: P::Mutex::new("lock"),
            checking: P::Cell::new("checking", BALANCE),
            savings: P::Cell::new("savings", BALANCE),
            client: P::Abort::new("client"),
        }
    }

    fn outcome(&self) -> Value {
        (self.checking.get() + self.savings.get()).into()
    }
}

enum By {
    OneLock,
    CommitAtTheEnd,
    Rollback,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::OneLock => cancelling(n, Bank::<P>::transfer),
            Self::CommitAtTheEnd => cancelling(n, Bank::<P>::transfer_committing_at_the_end),
            Self::Rollback => cancelling(n, Bank::<P>::transfer_rolling_back),
        }
    }
}

struct Spawning;

impl ExtendedProgram for Spawning {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        with_others(n, Role::spawning("client", Bank::<P>::spawn_transfer), Bank::transfer)
    }
}

/// A client whose `transfer` may be cancelled, and others that make theirs.
fn cancelling<P: Primitives>(
    actors: usize,
    transfer: impl AsyncFn(&Bank<P>) + Copy + 'static,
) -> Cast {
    let client = async move |bank: &Bank<P>| bank.run(transfer(bank)).await;
    with_others(actors, Role::one("client", client), transfer)
}

/// The client, the one that cancels it, and others that make their transfers.
fn with_others<P: Primitives>(
    actors: usize,
    client: Role<Bank<P>>,
    transfer: impl AsyncFn(&Bank<P>) + Copy + 'static,
) -> Cast {
    let canceller = Role::one("canceller", async |bank: &Bank<P>| bank.cancel());
    let others = Role::replicas("other client", actors - 1, transfer);
    Cast::new(actors, [client, canceller, others])
}

fn nothing_lost(_actors: usize) -> Outcomes {
    outcomes([2 * BALANCE])
}

/// Only one client can be cancelled, and the transfers of the others are whole.
fn one_amount_lost_or_none(_actors: usize) -> Outcomes {
    outcomes([2 * BALANCE - AMOUNT, 2 * BALANCE])
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "cancelled-critical-section",
    summary: "a future is dropped between two writes, and its lock is released all the same",
    review: "an `.await` between two writes that belong together, in a future that may be dropped",
    sources: &[],
    allowed: nothing_lost,
    variants: &[
        Variant::racy(
            "locked",
            "one mutex, held over both writes and the await between them",
            &By::OneLock,
            one_amount_lost_or_none,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "commit-at-the-end",
            "the await first, then both writes",
            &By::CommitAtTheEnd,
        )
        .unlike("locked")
        .with_weak_memory_actors(2),
        Variant::safe(
            "rollback-guard",
            "a destructor undoes the first write unless the second is reached",
            &By::Rollback,
        )
        .unlike("locked")
        .with_weak_memory_actors(2),
        Variant::safe(
            "spawned",
            "a task of its own transfers, and only the wait for it is cancelled",
            &WithoutFutures(Spawning),
        )
        .unlike("locked")
        .with_weak_memory_actors(1),
    ],
};
