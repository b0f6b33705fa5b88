//! # sibling-failure
//!
//! Several uploads run together; one fails, and the others are dropped where they are, half-way.
//!
//! ```text
//!   request                  upload 1    upload 2
//!   begin both               half        begun
//!                            half        fails
//!   drop the other           half                      nobody will finish or undo it
//! ```
//!
//! **In review, look for** `try_join!`, `try_join_all` or a `?` on one of several futures that run
//! together, where what a future has begun must not be left half-way.
//!
//! **The fix** is to let everyone finish before looking at the results (`join_all`, as Python's
//! `gather` with `return_exceptions`), or to give each a guard that undoes what it began unless it
//! is through. A guard cannot await: it undoes what can be undone at once.
//!
//! Python's `gather` raises the first error as `try_join` does, but lets the others run on
//! unobserved. So do tasks that tokio has spawned, when `try_join` drops their handles; futures, as
//! here, are dropped where they wait.

use futures::future::{join_all, try_join_all};

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Cell, Event, Primitives};

/// How far an upload is.
const NOT_THERE: i64 = 0;
const HALF: i64 = 1;
const WHOLE: i64 = 2;

/// The last upload was refused.
struct Refused;

/// Files that are uploaded in two halves, with the server's word in between. The last is refused.
pub struct Uploads<P: Primitives> {
    files: Vec<P::Cell>,
    answers: Vec<P::Event>,
}

impl<P: Primitives> Uploads<P> {
    /// Uploads the first half, waits for the server, uploads the second. Files count from 0.
    async fn upload(&self, number: usize) -> Result<(), Refused> {
        let file = self.begin(number).await?;
        file.set(HALF);
        self.answers[number].wait().await; // <- the race: `try_join` drops it here if another fails
        file.set(WHOLE);
        Ok(())
    }

    /// The same; the first half is taken back if it is dropped.
    async fn upload_or_undo(&self, number: usize) -> Result<(), Refused> {
        let file = self.begin(number).await?;
        file.set(HALF);
        let undo = Undo(file);
        self.answers[number].wait().await;
        std::mem::forget(undo);
        file.set(WHOLE);
        Ok(())
    }

    /// The file, unless the server refuses it, after a while.
    async fn begin(&self, number: usize) -> Result<&P::Cell, Refused> {
        if number == self.files.len() - 1 {
            self.answers[number].wait().await;
            return Err(Refused);
        }
        Ok(&self.files[number])
    }

    /// The server's word on the upload of this number, from 1. Panics if there is no such upload.
    pub fn answer(&self, number: usize) {
        self.answers[number - 1].set();
    }

    /// Uploads everything; lets everyone finish.
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

/// Takes a half back when it is dropped.
struct Undo<'a, C: Cell>(&'a C);

impl<C: Cell> Drop for Undo<'_, C> {
    fn drop(&mut self) {
        self.0.set(NOT_THERE);
    }
}

impl<P: Primitives> Shared for Uploads<P> {
    fn new(actors: usize) -> Self {
        Self {
            files: (0..actors).map(|_| P::Cell::new("file", NOT_THERE)).collect(),
            answers: (0..actors).map(|_| P::Event::new("answer")).collect(),
        }
    }

    /// How many files were left half-way.
    fn outcome(&self) -> Value {
        (self.files.iter().filter(|file| file.get() == HALF).count() as i64).into()
    }
}

struct JoinAll;
struct TryJoin;
struct TryJoinGuarded;

impl<P: Primitives> Scenario<P> for JoinAll {
    type State = Uploads<P>;
    fn roles(actors: usize) -> Vec<Role<Uploads<P>>> {
        request_and_servers(actors, Uploads::upload_joined)
    }
}

impl<P: Primitives> Scenario<P> for TryJoin {
    type State = Uploads<P>;
    fn roles(actors: usize) -> Vec<Role<Uploads<P>>> {
        request_and_servers(actors, Uploads::upload_until_refused)
    }
}

impl<P: Primitives> Scenario<P> for TryJoinGuarded {
    type State = Uploads<P>;
    fn roles(actors: usize) -> Vec<Role<Uploads<P>>> {
        request_and_servers(actors, Uploads::upload_until_refused_or_undo)
    }
}

fn request_and_servers<P: Primitives>(
    servers: usize,
    request: impl AsyncFn(&Uploads<P>) + Copy + 'static,
) -> Vec<Role<Uploads<P>>> {
    let server = async |uploads: &Uploads<P>, number| uploads.answer(number);
    vec![Role::one("request", request), Role::numbered("server", servers, server)]
}

fn none_half(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// Any of the uploads but the last, which is refused before it begins.
fn any_but_the_refused_half(actors: usize) -> Outcomes {
    outcomes(0..actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "sibling-failure",
    summary: "one of several futures fails, and the others are dropped half-way",
    review: "`try_join` or a `?` over futures that must not be left half-way",
    sources: &["Why Python async concurrency patterns fail (and how to fix them)"],
    variants: &[
        Variant::new::<TryJoin>(
            "try-join",
            "stop at the first error, dropping the others",
            none_half,
            Reaches::everywhere(any_but_the_refused_half),
        )
        .with_weak_memory_actors(2),
        Variant::new::<JoinAll>(
            "join-all",
            "let everyone finish, then look at the results",
            none_half,
            Reaches::everywhere(none_half),
        )
        .unlike("try-join")
        .with_weak_memory_actors(2),
        Variant::new::<TryJoinGuarded>(
            "try-join-guarded",
            "stop at the first error; whoever is dropped undoes what it began",
            none_half,
            Reaches::everywhere(none_half),
        )
        .unlike("try-join")
        .with_weak_memory_actors(2),
    ],
};
