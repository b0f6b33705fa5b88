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
    /// How many were kept because their outcome was new.
    new: usize,
}

struct Schedule {
    path: Vec<u32>,
    outcome: Outcome,
}

/// So many schedules are kept from the beginning of a walk, and later ever fewer.
const FIRST: u64 = 16;

/// What happens by chance may show in a few outcomes only: so many are kept that were new.
const MOST_NEW: usize = 64;

/// A coin that is tossed in one schedule of five, and in so many runs, never shows the same side by
/// chance.
const FEWEST_RUNS: usize = 64;

/// A sample of many steps is not run a second time once it has taken so long, and as long as the walk.
const LONG: Duration = Duration::from_millis(50);
const MANY_STEPS: usize = 5_000;

/// One of few steps takes longer than that only because its steps do or the machine is busy, which must
/// not be why chance goes unnoticed: it has so long.
const LONGEST: Duration = Duration::from_secs(1);

impl Sample {
    /// A schedule that was walked to its end, perhaps the first with this outcome.
    pub(super) fn offer(&mut self, outcome: &Outcome, is_new: bool, path: &dyn Fn() -> Vec<u32>) {
        self.offered += 1;
        let is_rare = is_new && self.new < MOST_NEW;
        self.new += usize::from(is_rare);
        if is_rare || self.offered <= FIRST || self.offered.is_power_of_two() {
            self.schedules.push(Schedule { path: path(), outcome: outcome.clone() });
        }
    }

    /// Adds what another thread of the same walk kept.
    pub(super) fn add(&mut self, other: Self) {
        self.schedules.extend(other.schedules);
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
        let (mut runs, mut steps) = (0, 0);
        for round in 0..FEWEST_RUNS {
            let patience = if steps > MANY_STEPS { LONG } else { LONGEST };
            if runs >= FEWEST_RUNS || start.elapsed() > walk.max(patience) {
                break;
            }
            // Each round begins with another, so that what one leaves behind is not always found by
            // the same.
            let count = self.schedules.len();
            for place in (0..count).rev().map(|place| (place + round) % count) {
                let Schedule { path, outcome } = &self.schedules[place];
                if progress::is_stopped() {
                    return None;
                }
                let _moved = displaced(runs);
                let again = follow(program, session, config.interleave, false, path);
                steps += again.as_ref().map_or(0, |again| again.execution.steps());
                let again = again.map(end);
                let differs = match &again {
                    Some((end, digest)) => {
                        let known = digests[place].replace(*digest);
                        end != outcome || known.is_some_and(|known| known != *digest)
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
/// than before: behaviour that depends on an address shows. Allocators keep what was freed by size, so
/// some of each size is taken.
fn displaced(run: usize) -> Vec<Vec<u8>> {
    const SIZES: usize = 8;
    const MOST_OF_EACH: usize = 11;
    let blocks = SIZES * (run % MOST_OF_EACH);
    (0..blocks).map(|block| Vec::with_capacity(16 * (1 + block % SIZES))).collect()
}
