//! # over-limit
//!
//! Everyone finds room for one more request, and together they exceed what the site takes at once.
//!
//! ```text
//!   actor 1           in flight    actor 2
//!                         1                           the limit is 2
//!   load -> 1             1
//!                         1        load -> 1
//!                         2        fetch_add 1        the last place
//!   fetch_add 1           3                           one too many
//! ```
//!
//! **In review, look for** a count of what is in progress that is compared with a limit before an
//! `.await` and incremented after it.
//!
//! **The fix** is a semaphore: acquiring a permit is check and act in one, an actor that finds none
//! waits instead of being refused, and dropping the permit gives it back.
//!
//! The counter also refuses requests, for which its callers must be prepared. A test with no more
//! actors than the limit cannot fail.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, ExtendedProgram, Pattern, Shared, Variant, WithoutFutures};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Extended, Guard, Semaphore};

/// How many requests the site takes at once: half of those that there are, rounded up.
fn limit(actors: usize) -> usize {
    actors.div_ceil(2)
}

/// A site that several actors scrape.
struct Site<P: Extended> {
    limit: i64,
    permits: P::Semaphore,
    in_flight: P::Atomic,
    /// How many requests were sent while no other was in flight, while one was, and so on.
    sent_as: Vec<P::Atomic>,
}

impl<P: Extended> Site<P> {
    /// Sends a request and waits for its response, whatever else is in flight.
    async fn request(&self) {
        let others = self.in_flight.fetch_add(1, Ordering::Relaxed);
        self.sent_as[others as usize].fetch_add(1, Ordering::Relaxed);
        P::yield_now().await;
        self.in_flight.fetch_add(-1, Ordering::Relaxed);
    }

    /// Sends a request if there is room for one more, yielding in between. Else it is refused.
    async fn request_if_room(&self) {
        if self.in_flight.load(Ordering::Relaxed) < self.limit {
            P::yield_now().await;
            self.request().await; // <- the bug: others may have taken the room since the check
        }
    }

    /// Sends a request once there is a permit for it.
    async fn request_with_permit(&self) {
        let _permit = self.permits.acquire().await;
        self.request().await;
    }
}

impl<P: Extended> Shared for Site<P> {
    fn new(actors: usize) -> Self {
        Self {
            limit: limit(actors) as i64,
            permits: P::Semaphore::new("permits", limit(actors)),
            in_flight: P::Atomic::new("in flight", 0),
            sent_as: (0..actors).map(|_| P::Atomic::new("sent as", 0)).collect(),
        }
    }

    /// The most requests that were in flight at once, and how many were sent in all.
    fn outcome(&self) -> Value {
        let sent: Vec<i64> = self.sent_as.iter().map(|n| n.load(Ordering::Relaxed)).collect();
        let most = sent.iter().rposition(|&requests| requests > 0).map_or(0, |place| place + 1);
        report(most, sent.iter().sum::<i64>() as usize)
    }
}

fn report(most_in_flight: usize, served: usize) -> Value {
    [("most in flight", most_in_flight as i64), ("served", served as i64)].into()
}

enum By {
    Nothing,
    Counter,
    Semaphore,
}

impl ExtendedProgram for By {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        match self {
            Self::Nothing => Cast::replicas("scraper", n, Site::<P>::request),
            Self::Counter => Cast::replicas("scraper", n, Site::<P>::request_if_room),
            Self::Semaphore => Cast::replicas("scraper", n, Site::<P>::request_with_permit),
        }
    }
}

/// Everyone is served, with up to so many in flight.
fn all_served(actors: usize, most: usize) -> Outcomes {
    outcomes((1..=most).map(|most| report(most, actors)))
}

/// The same, or some are refused. An actor is refused when as many requests as the limit are in
/// flight: then at least that many are served, and were in flight at once.
fn served_or_refused(actors: usize, most: usize) -> Outcomes {
    let limit = limit(actors);
    let with_refusals = (limit..actors)
        .flat_map(|served| (limit..=most.min(served)).map(move |most| report(most, served)));
    &all_served(actors, most) | &outcomes(with_refusals)
}

fn within_the_limit(actors: usize) -> Outcomes {
    all_served(actors, limit(actors))
}

fn within_the_limit_or_refused(actors: usize) -> Outcomes {
    served_or_refused(actors, limit(actors))
}

fn over_the_limit(actors: usize) -> Outcomes {
    all_served(actors, actors)
}

fn over_the_limit_or_refused(actors: usize) -> Outcomes {
    served_or_refused(actors, actors)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "over-limit",
    summary: "everyone finds room for one more request, and more are sent than the limit",
    review: "a count that is compared with a limit before an `.await` and incremented after it",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    allowed: within_the_limit,
    variants: &[
        Variant::racy(
            "unlocked",
            "everyone sends its request",
            &WithoutFutures(By::Nothing),
            over_the_limit,
        ),
        Variant::racy(
            "counter",
            "check that there is room, await, send; refused where there is none",
            &WithoutFutures(By::Counter),
            over_the_limit_or_refused,
        )
        .allowing(within_the_limit_or_refused),
        Variant::safe(
            "semaphore",
            "as many permits as the limit, one held over each request",
            &WithoutFutures(By::Semaphore),
        )
        .guarded_by(&[Guard::Semaphore])
        .with_weak_memory_actors(2),
    ],
};
