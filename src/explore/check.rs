//! The common case: one future, which spawns the others, and nothing may go wrong.

use std::fmt;
use std::num::NonZeroU64;

use super::run::panics::fail;
use super::{Actors, Explorer, Findings, Outcome, Parallel};

/// Runs the future that `program` makes under every schedule, and demands that none ends in a panic, a
/// deadlock or an error. What runs beside it, it adds by [`spawn`](super::spawn).
///
/// It explores any futures on an event loop, as [`Explorer::opaque`] does; [`Explorer::check`] takes
/// another explorer. `program` is called once per execution and must do the same each time: what
/// actors share must be made inside of it.
///
/// ```should_panic
/// use std::rc::Rc;
/// use selvedge::explore::{check, spawn};
/// use tokio::{sync::Mutex, task::yield_now};
///
/// check(|| async {
///     let balance = Rc::new(Mutex::new(100));
///     let withdraw = async |balance: Rc<Mutex<i64>>| {
///         if *balance.lock().await >= 80 {
///             yield_now().await; // the guard is gone
///             *balance.lock().await -= 80;
///         }
///     };
///     let other = spawn("bob", withdraw(balance.clone()));
///     withdraw(balance.clone()).await;
///     other.await.unwrap();
///     assert!(*balance.lock().await >= 0); // fails, and prints the schedule
/// });
/// ```
///
/// # Panics
///
/// If a schedule ends so, with a cheap one that does; or if the exploration is inconclusive. The first
/// failure ends the exploration.
#[track_caller]
pub fn check<F>(program: impl Fn() -> F)
where
    F: Future<Output: Checked> + 'static,
{
    Explorer::opaque().check(program);
}

/// Whoever checks wants to know of a failure at once: so many executions are spent on a cheaper
/// schedule, for each number of switches.
const MOST_FOR_WITNESS: NonZeroU64 = NonZeroU64::new(10_000).unwrap();

impl Explorer {
    /// Does as [`check`], with this explorer.
    ///
    /// # Panics
    ///
    /// As [`check`] does.
    #[track_caller]
    pub fn check<F>(&self, program: impl Fn() -> F)
    where
        F: Future<Output: Checked> + 'static,
    {
        self.explore_until(|actors| begin(actors, program()), Some(&fails)).demand_success();
    }
}

impl Parallel {
    /// Does as [`check`], with this explorer.
    ///
    /// # Panics
    ///
    /// As [`check`] does.
    #[track_caller]
    pub fn check<F>(&self, program: impl Fn() -> F + Sync)
    where
        F: Future<Output: Checked> + 'static,
    {
        self.explore_until(|actors| begin(actors, program()), Some(&fails)).demand_success();
    }
}

fn fails(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::Value(_))
}

fn begin<F>(actors: &mut Actors, main: F) -> impl FnOnce() + 'static
where
    F: Future<Output: Checked> + 'static,
{
    actors.spawn("main", async move {
        if let Err(error) = main.await.checked() {
            fail(error);
        }
    });
    || ()
}

impl Findings<'_> {
    #[track_caller]
    fn demand_success(mut self) {
        let limit = &mut self.config.limits.executions;
        *limit = MOST_FOR_WITNESS.min(*limit);
        self.assert_only(|outcome| !fails(outcome));
    }
}

/// What a future that is [checked](check) may come to: nothing, or a `Result`, whose error fails the
/// check.
pub trait Checked {
    /// Whether that is right.
    ///
    /// # Errors
    ///
    /// What to print if not.
    fn checked(self) -> Result<(), String>;
}

impl Checked for () {
    fn checked(self) -> Result<(), String> {
        Ok(())
    }
}

impl<T, E: fmt::Debug> Checked for Result<T, E> {
    fn checked(self) -> Result<(), String> {
        self.map(drop).map_err(|error| format!("{error:?}"))
    }
}
