//! The claims, source by source.

use super::{About, Assertion, Claim};
use crate::world::World;

const JAIN: &str = "Python asyncio race condition fix, Namit Jain, 2025";
const DIAGNOSING: &str = "Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026";
const PATTERNS_FAIL: &str = "Why Python async concurrency patterns fail (and how to fix them)";
const BROWNLEE: &str = "Asyncio Race Conditions, Jason Brownlee";

const fn about(pattern: &'static str, variant: &'static str, asserts: Assertion) -> About {
    About { pattern, variant, asserts, worlds: &World::ALL }
}

const fn on_threads(about: About) -> About {
    About { worlds: &[World::Threads, World::WeakMemory], ..about }
}

/// Every claim that the catalogue settles.
pub const CLAIMS: &[Claim] = &[
    Claim {
        source: JAIN,
        says: "a counter that each coroutine increments with `+= 1` before it awaits may end too low",
        about: about("lost-update", "no-await", Assertion::Unsafe),
        finding: "an event loop keeps others out between the read and the write; threads do not",
    },
    Claim {
        source: JAIN,
        says: "two coroutines that append an item each to one list may lose one",
        about: about("lost-append", "single-append", Assertion::Unsafe),
        finding: "one append has no await inside; threads lose items if an append is not atomic (Python's is)",
    },
    Claim {
        source: JAIN,
        says: "two short appends to one file may be garbled",
        about: about("interleaved-writes", "single-write", Assertion::Unsafe),
        finding: "a frame written by one call stays whole; one written in chunks does not",
    },
    Claim {
        source: JAIN,
        says: "double-checked locking is unsafe without memory barriers",
        about: about("double-checked-init", "relaxed", Assertion::Unsafe),
        finding: "the flag may be seen before the value, but only where memory is weak",
    },
    Claim {
        source: DIAGNOSING,
        says: "at every await another coroutine may run",
        about: about("hidden-yield", "ready", Assertion::Unsafe),
        finding: "only where the poll returns pending; a future that is ready carries straight on",
    },
    Claim {
        source: DIAGNOSING,
        says: "a queue in place of a shared list removes the race",
        about: about("double-processing", "queue", Assertion::Safe),
        finding: "finding a task and taking it are one step, so each task is taken once",
    },
    Claim {
        source: PATTERNS_FAIL,
        says: "the results of `gather` may vary in order",
        about: about("result-order", "join-all", Assertion::Unsafe),
        finding: "they come in the order of the arguments; it is `as_completed` that varies",
    },
    Claim {
        source: PATTERNS_FAIL,
        says: "`gather` raises an error on unprotected concurrency",
        about: about("lost-update", "unlocked", Assertion::Raises),
        finding: "nothing is raised on any schedule: the wrong value is all there is to see",
    },
    Claim {
        source: PATTERNS_FAIL,
        says: "a new lock in each call is safe for production",
        about: about("lost-update", "lock-per-call", Assertion::Safe),
        finding: "a lock that nobody else can hold excludes nobody",
    },
    Claim {
        source: PATTERNS_FAIL,
        says: "threads in place of asyncio are a wrong fix",
        about: on_threads(about("check-then-act", "recheck", Assertion::Unsafe)),
        finding: "checking again after an await is enough on an event loop, and not on threads",
    },
    Claim {
        source: BROWNLEE,
        says: "`value += 1` alone cannot race on an event loop",
        about: about("lost-update", "no-await", Assertion::Safe),
        finding: "there is no await between its read and its write; threads need none",
    },
];
