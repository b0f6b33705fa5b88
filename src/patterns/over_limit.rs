//! # over-limit
//!
//! Everyone finds room for one more request, and more are sent at once than the site takes.
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
//! **In review, look for** a number of things under way that is compared with a limit before an
//! `.await` and raised after it.
//!
//! **The fix** is a semaphore: its permit is the check and the act in one, whoever finds none waits
//! for one instead of being refused, and dropping it is what gives it back.
//!
//! The counter also refuses requests, which a caller has to expect. A test with no more actors than
//! the limit cannot fail.

use std::sync::atomic::Ordering;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Extended, Guard, Semaphore};

/// How many requests the site takes at once: half of those that there are, as ten of twenty.
fn limit(actors: usize) -> usize {
    actors.div_ceil(2)
}

/// A site that several actors scrape.
pub struct Site<P: Extended> {
    limit: i64,
    permits: P::Semaphore,
    in_flight: P::Atomic,
    /// How many requests were sent while none was in flight, while one was, and so on.
    sent_as: Vec<P::Atomic>,
}

impl<P: Extended> Site<P> {
    /// Sends a request and waits for its response, whatever else is in flight.
    pub async fn request(&self) {
        let others = self.in_flight.fetch_add(1, Ordering::Relaxed);
        self.sent_as[others as usize].fetch_add(1, Ordering::Relaxed);
        P::yield_now().await;
        self.in_flight.fetch_add(-1, Ordering::Relaxed);
    }

    /// Sends a request if there is room for one more, giving way in between. Else it is refused.
    pub async fn request_if_room(&self) {
        if self.in_flight.load(Ordering::Relaxed) < self.limit {
            P::yield_now().await;
            self.request().await; // <- the race: others may have taken the room since the check
        }
    }

    /// Sends a request once there is a permit for it.
    pub async fn request_with_permit(&self) {
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

    /// How many requests were in flight at once at most, and how many were sent in all.
    fn outcome(&self) -> Value {
        let sent: Vec<i64> = self.sent_as.iter().map(|n| n.load(Ordering::Relaxed)).collect();
        let most = sent.iter().rposition(|&requests| requests > 0).map_or(0, |place| place + 1);
        report(most, sent.iter().sum::<i64>() as usize)
    }
}

fn report(most_in_flight: usize, served: usize) -> Value {
    [("most in flight", most_in_flight as i64), ("served", served as i64)].into()
}

struct Unlimited;
struct Counted;
struct Limited;

impl<P: Extended> Scenario<P> for Unlimited {
    type State = Site<P>;
    fn roles(actors: usize) -> Vec<Role<Site<P>>> {
        vec![Role::replicas("scraper", actors, Site::request)]
    }
}

impl<P: Extended> Scenario<P> for Counted {
    type State = Site<P>;
    fn roles(actors: usize) -> Vec<Role<Site<P>>> {
        vec![Role::replicas("scraper", actors, Site::request_if_room)]
    }
}

impl<P: Extended> Scenario<P> for Limited {
    type State = Site<P>;
    fn roles(actors: usize) -> Vec<Role<Site<P>>> {
        vec![Role::replicas("scraper", actors, Site::request_with_permit)]
    }
}

/// Everyone is served, with up to so many in flight.
fn all_served(actors: usize, most: usize) -> Outcomes {
    outcomes((1..=most).map(|most| report(most, actors)))
}

/// The same, or some are refused. Who is refused has found as many in flight as the limit, so that
/// many were served, and were in flight at once.
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
    review: "a count that is compared with a limit before an `.await` and raised after it",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    variants: &[
        Variant::without_futures::<Unlimited>(
            "unlocked",
            "everyone sends its request",
            within_the_limit,
            Reaches::everywhere(over_the_limit),
        ),
        Variant::without_futures::<Counted>(
            "counter",
            "check that there is room, await, send; refused where there is none",
            within_the_limit_or_refused,
            Reaches::everywhere(over_the_limit_or_refused),
        ),
        Variant::without_futures::<Limited>(
            "semaphore",
            "as many permits as the limit, one held over each request",
            within_the_limit,
            Reaches::everywhere(within_the_limit),
        )
        .guarded_by(&[Guard::Semaphore])
        .with_weak_memory_actors(2),
    ],
};
