//! # sibling-failure
//!
//! Several uploads run together; one fails, and the others are dropped half-way.
//!
//! ```text
//!   request                  upload 1    upload 2
//!   begin both               half        begun
//!                            half        fails
//!   drop the other           half                      nobody finishes or undoes it
//! ```
//!
//! **In review, look for** `try_join!`, `try_join_all` or a `?` on one of several futures that run
//! together, where what a future has begun must not be left half-way.
//!
//! **The fix** is to let all of them finish before the results are checked (`join_all`, as Python's
//! `gather` with `return_exceptions`), or to give each a guard that undoes what it began unless it
//! completes. A guard cannot await: it can only undo what takes no waiting.
//!
//! Python's `gather` raises the first error as `try_join` does, but lets the others run on
//! unobserved. So does `try_join` over the handles of spawned tokio tasks: only the handles are
//! dropped. Futures, as here, are dropped where they wait.

use futures::future::{join_all, try_join_all};

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Cell, Event, Primitives};

/// How much of a file is on the server.
const NOTHING: i64 = 0;
const HALF: i64 = 1;
const WHOLE: i64 = 2;

/// The last upload was refused.
struct Refused;

/// Files that are uploaded in two halves; the server answers in between. It refuses the last.
pub struct Uploads<P: Primitives> {
    files: Vec<P::Cell>,
    answers: Vec<P::Event>,
}

impl<P: Primitives> Uploads<P> {
    /// Uploads the first half, waits for the server, uploads the second. Files count from 0.
    async fn upload(&self, number: usize) -> Result<(), Refused> {
        if number == self.files.len() - 1 {
            self.answers[number].wait().await;
            return Err(Refused);
        }
        self.files[number].set(HALF);
        self.answers[number].wait().await; // <- the bug, in `try_join_all`: dropped if one fails
        self.files[number].set(WHOLE);
        Ok(())
    }

    /// The same; removes the first half if it is dropped.
    async fn upload_or_undo(&self, number: usize) -> Result<(), Refused> {
        let undo = Undo(&self.files[number]);
        let result = self.upload(number).await;
        std::mem::forget(undo);
        result
    }

    /// The server's answer to the upload of this number, from 1. Panics if there is no such upload.
    pub fn answer(&self, number: usize) {
        self.answers[number - 1].set();
    }

    /// Uploads everything; lets each upload finish.
    pub async fn upload_joined(&self) {
        join_all(self.numbers().map(|number| self.upload(number))).await;
    }

    /// Uploads everything, up to the first refusal, which is expected here.
    pub async fn upload_until_refused(&self) {
        let _ = try_join_all(self.numbers().map(|number| self.upload(number))).await;
    }

    /// The same, and nothing is left half-way.
    pub async fn upload_until_refused_or_undo(&self) {
        let _ = try_join_all(self.numbers().map(|number| self.upload_or_undo(number))).await;
    }

    fn numbers(&self) -> std::ops::Range<usize> {
        0..self.files.len()
    }
}

/// Removes the first half when it is dropped.
struct Undo<'a, C: Cell>(&'a C);

impl<C: Cell> Drop for Undo<'_, C> {
    fn drop(&mut self) {
        self.0.set(NOTHING);
    }
}

impl<P: Primitives> Shared for Uploads<P> {
    fn new(actors: usize) -> Self {
        Self {
            files: (0..actors).map(|_| P::Cell::new("file", NOTHING)).collect(),
            answers: (0..actors).map(|_| P::Event::new("answer")).collect(),
        }
    }

    /// How many files were left half-way.
    fn outcome(&self) -> Value {
        (self.files.iter().filter(|file| file.get() == HALF).count() as i64).into()
    }
}

enum By {
    TryJoin,
    JoinAll,
    TryJoinGuarded,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        let request = match self {
            Self::TryJoin => Role::one("request", Uploads::<P>::upload_until_refused),
            Self::JoinAll => Role::one("request", Uploads::<P>::upload_joined),
            Self::TryJoinGuarded => {
                Role::one("request", Uploads::<P>::upload_until_refused_or_undo)
            }
        };
        let server = async |uploads: &Uploads<P>, number| uploads.answer(number);
        Cast::new(n, [request, Role::numbered("server", n, server)])
    }
}

fn none_half(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// Any number of the uploads but the last, which is refused before it begins.
fn any_but_the_refused_half(actors: usize) -> Outcomes {
    outcomes(0..actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "sibling-failure",
    summary: "one of several futures fails, and the others are dropped half-way",
    review: "`try_join` or a `?` over futures that must not be left half-way",
    sources: &["Why Python async concurrency patterns fail (and how to fix them)"],
    allowed: none_half,
    variants: &[
        Variant::racy(
            "try-join",
            "stop at the first error, dropping the others",
            &By::TryJoin,
            any_but_the_refused_half,
        )
        .with_weak_memory_actors(2),
        Variant::safe("join-all", "let everyone finish, then check the results", &By::JoinAll)
            .unlike("try-join")
            .with_weak_memory_actors(2),
        Variant::safe(
            "try-join-guarded",
            "stop at the first error; an upload that is dropped undoes what it began",
            &By::TryJoinGuarded,
        )
        .unlike("try-join")
        .with_weak_memory_actors(2),
    ],
};
