//! Where an exploration gives up, and says so.

use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use crate::observe::MOST_ACCESSES;

/// Bounds on one exploration. Reaching one makes the verdict inconclusive.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Executions begun, each a walk from the first step.
    pub executions: NonZeroU64,
    /// Distinct states remembered; each takes at most 40 bytes, and half as much again while the set
    /// grows. The search for a witness remembers no more of them, at twice the size.
    pub states: NonZeroU64,
    /// Distinct outcomes.
    pub outcomes: NonZeroU64,
    /// Bytes of memory for states, outcomes and the decisions of the schedule that is walked: an
    /// estimate, by the sizes of what is kept. A search for a witness takes no more than that either.
    pub bytes: NonZeroU64,
    /// Steps of one execution. One that takes more is cut off, and the exploration ends: what an actor
    /// keeps to itself is not seen, so an actor that goes round forever cannot be told from one that
    /// goes round often. Actors that were spawned count as steps that are yet to be taken.
    pub steps: usize,
    /// How long one poll may take. What does not return from a poll cannot be ended from outside: the
    /// actor is named on standard error and the process ends with code 101, as of a panic. The
    /// environment variable [`POLL_SECONDS`] overrides it.
    pub poll: Duration,
    /// Bytes of stack of an actor on threads, of which untouched pages cost nothing. What overflows
    /// it hits a guard page, and the system ends the process with `SIGSEGV`.
    pub stack: usize,
}

/// The environment variable that says after how many seconds a poll that does not return ends the
/// process, whatever [`Limits::poll`] says. With 0 nothing ends it, so that a debugger can be
/// attached.
pub const POLL_SECONDS: &str = "SELVEDGE_POLL_SECONDS";

impl Default for Limits {
    fn default() -> Self {
        const MILLION: u64 = 1_000_000;
        Self {
            executions: NonZeroU64::new(100 * MILLION).expect("not zero"),
            states: NonZeroU64::new(20 * MILLION).expect("not zero"),
            outcomes: NonZeroU64::new(MILLION).expect("not zero"),
            bytes: NonZeroU64::new(4 << 30).expect("not zero"),
            steps: 10_000,
            poll: Duration::from_secs(10),
            // As tokio's workers have.
            stack: 2 * 1024 * 1024,
        }
    }
}

/// Why an exploration is not exhaustive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// No actor took a step: nothing was explored.
    NoActor,
    /// The limit on executions was reached.
    Executions(u64),
    /// The limit on states was reached.
    States(u64),
    /// The limit on outcomes was reached.
    Outcomes(u64),
    /// The limit on memory was reached.
    Bytes(u64),
    /// Somebody asked it to stop.
    Interrupted,
    /// An outcome was reached that it was to stop at.
    FoundEnough,
    /// An execution was cut off: perhaps a livelock.
    Steps {
        /// How many steps it took.
        limit: usize,
        /// The actors that were still going, each with what it did last and where.
        actors: Vec<String>,
    },
    /// A poll made accesses without an end: perhaps a loop that waits for another actor, which
    /// cannot run meanwhile.
    Poll {
        /// The actor's name.
        actor: String,
        /// Where in the source it made the last access.
        location: String,
    },
    /// A run made so many choices: perhaps a loop around one.
    Choices(usize),
    /// A replayed prefix went another way at this step.
    Nondeterministic {
        /// The step, counted from 0.
        step: usize,
    },
    /// A schedule that was run again ended otherwise.
    Unrepeatable {
        /// How it ended at first.
        first: String,
        /// How it ended then; `None` if that was the same, or could not be followed to its end.
        second: Option<String>,
    },
    /// An actor waits for something that the explorer does not see, although it has to.
    Unseen {
        /// The actor's name.
        actor: String,
    },
    /// Two schedules led to what looked like one state, and the same moves led elsewhere from there.
    HiddenState,
    /// Several actors share nothing that the explorer sees, although it has to.
    NothingShared,
    /// An actor of the threads world caught a panic, on whose way others could have come in.
    Unwinds {
        /// The actor's name.
        actor: String,
    },
    /// An actor of the threads world aborted another, which may then end between any two awaits.
    Aborts {
        /// The actor's name.
        actor: String,
    },
    /// An actor called for tokio's runtime.
    Runtime {
        /// The actor's name.
        actor: String,
        /// Where in the source, if that is known.
        location: Option<String>,
    },
    /// The thread was unwinding: nothing was explored.
    Unwinding,
    /// The closure that reads the outcome made a choice.
    ChoiceOfOutcome,
    /// An actor accessed a primitive inside of an operation of another, where no other can come in.
    Nested {
        /// The actor's name.
        actor: String,
    },
    /// The engine below gave up, for the stated reason.
    Engine(String),
}

/// What makes a program do something else under the same schedule.
pub(super) const LIKELY_CAUSES: &str = "Likely causes: tokio's `select!` (`explore::select!` has the \
     explorer choose the branch to begin with), the order of a hash map, time, I/O, an address, state \
     kept between executions";

impl Incomplete {
    /// Whether there was too much to walk through.
    pub(super) fn is_a_limit(&self) -> bool {
        matches!(self, Self::Executions(_) | Self::States(_) | Self::Bytes(_))
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoActor => f.write_str("no actor ran"),
            Self::Executions(n) => write!(f, "stopped after {n} executions"),
            Self::Interrupted => f.write_str("interrupted"),
            Self::FoundEnough => f.write_str("stopped at the first such outcome"),
            Self::States(n) => write!(f, "stopped after {n} states"),
            Self::Outcomes(n) => write!(f, "stopped after {n} distinct outcomes"),
            Self::Bytes(n) => write!(f, "stopped after {n} bytes of memory"),
            Self::Steps { limit, actors } => {
                write!(f, "an execution was cut off after {limit} steps: is there a livelock?")?;
                if !actors.is_empty() {
                    write!(f, " Still going: {}", actors.join(", "))?;
                }
                Ok(())
            }
            Self::Poll { actor, location } => write!(
                f,
                "{actor} made {MOST_ACCESSES} accesses in one poll, the last at {location}: what it \
                 waits for in a loop, no other actor can do before it awaits"
            ),
            Self::Choices(n) => {
                write!(f, "a run made {n} choices without an end: is there a loop around `choose`?")
            }
            Self::Nondeterministic { step } => write!(
                f,
                "the program is not deterministic: replaying a schedule went another way at step \
                 {step}. {LIKELY_CAUSES}"
            ),
            Self::Unrepeatable { first, second } => {
                let second = second.as_ref().map_or("went another way".to_owned(), |outcome| {
                    format!("ended in `{outcome}`")
                });
                write!(
                    f,
                    "the program is not deterministic: one schedule ended in `{first}`, and when it \
                     was run again it {second}. {LIKELY_CAUSES}"
                )
            }
            Self::Unseen { actor } => write!(
                f,
                "{actor} waits for something that the explorer does not see, such as a type of \
                 tokio: share primitives of `Model` or `Traced` instead, or use `Explorer::opaque`, \
                 which need not see what is shared"
            ),
            Self::NothingShared => f.write_str(
                "the actors share nothing that the explorer sees: share primitives of `Model` or \
                 `Traced`, or use `Explorer::opaque`, which need not see what is shared",
            ),
            Self::Runtime { actor, location } => {
                let at = location.as_ref().map_or(String::new(), |at| format!(" at {at}"));
                write!(
                    f,
                    "{actor} calls for tokio's runtime{at}, and the explorer is the runtime here: \
                     use `explore::spawn` for tasks, `explore::sleep` and `explore::timeout` for \
                     timers"
                )
            }
            Self::HiddenState => f.write_str(
                "the actors share something that the explorer does not see, so states that differ were \
                 taken for one: share primitives of `Model` or `Traced` instead, the outcome \
                 included, or use `Explorer::opaque`, which need not see what is shared",
            ),
            Self::Unwinds { actor } => write!(
                f,
                "{actor} catches a panic, and what it drops on the way there reaches for what others \
                 share: an actor cannot be stopped while it unwinds, so not every order was tried. \
                 Let go of it before the panic, or explore on an event loop"
            ),
            Self::Aborts { actor } => write!(
                f,
                "{actor} aborts another actor, and on threads not every point is tried where that may \
                 end: explore on an event loop, or use the `Abort` of the primitives"
            ),
            Self::Unwinding => f.write_str(
                "nothing was explored, because the thread was panicking already: an exploration \
                 cannot run in a destructor that unwinding calls",
            ),
            Self::ChoiceOfOutcome => f.write_str(
                "the closure that reads the outcome calls `choose`, and only what happens before the \
                 outcome is explored: make the choice in an actor, or before the first step",
            ),
            Self::Nested { actor } => write!(
                f,
                "{actor} accesses a primitive inside of an operation on another, such as in the \
                 condition of `wait_for`, where no other actor can come in: access it before or after"
            ),
            Self::Engine(reason) => f.write_str(reason),
        }
    }
}
