//! Whether a program does the same again: a sample of complete schedules, run again.
//!
//! A walk replays prefixes, and sees there whether the program repeats itself. It never replays what
//! follows the last decision. So a sample of the schedules that it has walked to the end is run again
//! from the start, in the reverse order of discovery, and must end as before.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::witness::{Followed, follow};
use crate::explore::run::execution::Program;
use crate::explore::run::session::Session;
use crate::explore::{Config, Incomplete, Outcome, progress};
use crate::observe::ActorView;

/// The schedules to run again.
#[derive(Default)]
pub(super) struct Sample {
    schedules: Vec<Schedule>,
    /// How many were offered.
    offered: u64,
}

struct Schedule {
    path: Vec<u32>,
    outcome: Outcome,
}

/// So many schedules are kept from the beginning of a walk, and later ever fewer.
const FIRST: u64 = 16;

/// A coin that is tossed so often never shows the same side by chance.
const FEWEST_RUNS: usize = 32;

/// A sample is not run a second time once it has taken so long, and as long as the walk.
const LONG: Duration = Duration::from_millis(50);

impl Sample {
    /// A schedule that was walked to its end.
    pub(super) fn offer(&mut self, outcome: &Outcome, path: &dyn Fn() -> Vec<u32>) {
        self.offered += 1;
        if self.offered <= FIRST || self.offered.is_power_of_two() {
            self.schedules.push(Schedule { path: path(), outcome: outcome.clone() });
        }
    }

    /// Runs each again, in the end often enough to see what happens by chance. Gives back why the
    /// walk proves nothing, and how the odd run ended, if one ended otherwise than before.
    pub(super) fn run_again(
        &self,
        program: Program<'_>,
        session: &Rc<Session>,
        config: Config,
        walk: Duration,
    ) -> Option<(Incomplete, Option<Outcome>)> {
        let start = Instant::now();
        let mut digests = vec![None; self.schedules.len()];
        let mut runs = 0;
        while runs < FEWEST_RUNS && !self.schedules.is_empty() {
            if runs > 0 && start.elapsed() > walk.max(LONG) {
                break;
            }
            for (Schedule { path, outcome }, known) in self.schedules.iter().zip(&mut digests).rev()
            {
                if progress::is_stopped() {
                    return None;
                }
                let _moved = displaced(runs);
                let again = follow(program, session, config.interleave, false, path).map(end);
                let differs = match &again {
                    Some((end, digest)) => {
                        end != outcome || known.replace(*digest).is_some_and(|it| it != *digest)
                    }
                    None => true,
                };
                if differs {
                    let first = outcome.to_string();
                    let odd = again.map(|(end, _)| end).filter(|end| end != outcome);
                    let second = odd.as_ref().map(ToString::to_string);
                    return Some((Incomplete::Unrepeatable { first, second }, odd));
                }
                runs += 1;
            }
        }
        None
    }
}

/// How a run ended, and what its actors had observed by then.
fn end(Followed { mut execution, .. }: Followed) -> (Outcome, u64) {
    let digest = |sum: u64, actor: &ActorView| sum.rotate_left(7).wrapping_add(actor.digest.low());
    let digest = execution.run().record.view().actors.iter().fold(0, digest);
    (execution.outcome(), digest)
}

/// Memory that is taken for a while, so that what a program allocates meanwhile has other addresses
/// than before: behaviour that depends on an address shows.
fn displaced(run: usize) -> Vec<Vec<u8>> {
    const SIZES: usize = 8;
    (0..SIZES * (run % SIZES)).map(|block| Vec::with_capacity(16 << (block % SIZES))).collect()
}
