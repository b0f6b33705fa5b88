//! # permit-leak
//!
//! A request is cancelled between acquiring a permit and giving it back, and the permit is gone.
//!
//! ```text
//!   impatient request   permits   clock   request
//!   acquire, forget        0
//!   work...                0      abort
//!   is dropped             0              acquire...      nobody is left to give one back
//! ```
//!
//! **In review, look for** a permit that is given back by a statement instead of a guard, and for a
//! guard that is forgotten: a future that is dropped at an `.await` in between never reaches the
//! statement, and a `?`, a `return` or a panic skips it as well.
//!
//! **The fix** is the guard: dropping a future drops what it holds, wherever it waits.
//!
//! With many permits nothing stalls at first: each leak shrinks the pool by one, and the first
//! request to hang may come long after the first leak.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, ExtendedProgram, Pattern, Role, Shared, Variant, WithoutFutures};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Abort, Atomic, Extended, Permit, Semaphore};

/// How many requests are served at a time.
const PERMITS: usize = 1;

/// A service, one of whose requests a clock may abort.
pub struct Service<P: Extended> {
    permits: P::Semaphore,
    deadline: P::Abort,
    served: P::Atomic,
}

impl<P: Extended> Service<P> {
    /// Serves a request, giving the permit back by hand.
    pub async fn release_by_hand(&self) {
        self.permits.acquire().await.forget();
        self.work().await; // <- the bug: if cancelled in here, the permit is never given back
        self.permits.add_permits(1);
    }

    /// Serves a request, giving the permit back by dropping it.
    pub async fn release_by_guard(&self) {
        let _permit = self.permits.acquire().await;
        self.work().await;
    }

    async fn work(&self) {
        P::yield_now().await;
        self.served.fetch_add(1, Ordering::Relaxed);
    }
}

impl<P: Extended> Shared for Service<P> {
    fn new(_actors: usize) -> Self {
        Self {
            permits: P::Semaphore::new("permits", PERMITS),
            deadline: P::Abort::new("deadline"),
            served: P::Atomic::new("served", 0),
        }
    }

    fn outcome(&self) -> Value {
        let permits = self.permits.available_permits();
        report(self.served.load(Ordering::Relaxed) as usize, permits)
    }
}

fn report(served: usize, permits: usize) -> Value {
    [("served", served as i64), ("permits", permits as i64)].into()
}

enum Release {
    ByHand,
    ByGuard,
}

impl ExtendedProgram for Release {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        match self {
            Self::ByHand => one_with_a_deadline(n, Service::<P>::release_by_hand),
            Self::ByGuard => one_with_a_deadline(n, Service::<P>::release_by_guard),
        }
    }
}

/// As many requests as actors, one of them with a deadline, which may pass at any time.
fn one_with_a_deadline<P: Extended>(
    actors: usize,
    request: impl AsyncFn(&Service<P>) + Copy + 'static,
) -> Cast {
    let until_deadline = async move |service: &Service<P>| {
        // Whether the deadline was hit does not matter, only what is left behind.
        let _ = service.deadline.run(request(service)).await;
    };
    let impatient = Role::one("impatient request", until_deadline);
    let others = Role::replicas("request", actors - 1, request);
    let clock = Role::one("clock", async |service: &Service<P>| service.deadline.abort());
    Cast::new(actors, [impatient, others, clock])
}

/// Every request is served, except perhaps the one with a deadline, and every permit is back.
fn permits_come_back(actors: usize) -> Outcomes {
    outcomes([report(actors, PERMITS), report(actors - 1, PERMITS)])
}

/// Or the permit is gone: after every other request was served, or while one still waits for it.
fn or_one_is_lost(actors: usize) -> Outcomes {
    let mut reached = permits_come_back(actors);
    reached.insert(report(actors - 1, PERMITS - 1).into());
    if actors > 1 {
        reached.insert(Outcome::Deadlock);
    }
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "permit-leak",
    summary: "a request is cancelled while it holds a permit, and never gives it back",
    review: "a permit that a statement gives back, with an `.await` before it",
    sources: &[],
    allowed: permits_come_back,
    variants: &[
        Variant::racy(
            "manual-release",
            "forget the guard, give the permit back by hand",
            &WithoutFutures(Release::ByHand),
            or_one_is_lost,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "guard",
            "keep the guard, which gives the permit back wherever it is dropped",
            &WithoutFutures(Release::ByGuard),
        )
        .unlike("manual-release")
        .with_weak_memory_actors(2),
    ],
};
