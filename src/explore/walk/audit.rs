//! The merge audit: whether schedules that led to what looks like one state go on alike.
//!
//! A state's key is made of what the explorer sees. What actors share behind its back is in no key,
//! and merging then loses outcomes in silence. So at a sample of the states the program goes on from
//! the first schedule that led there and from a later one, by the same moves and without merging:
//! each time the same must be possible, the key must be the same, and so must the outcome.

mod trail;

use std::rc::Rc;

use super::key::KeyMap;
use crate::explore::run::dice::Dice;
use crate::explore::run::execution::Program;
use crate::explore::run::session::Session;
use crate::explore::{Config, Incomplete, Outcome};
use trail::{Named, Trail};

/// The states to go on from, each as likely to be among them as any other.
#[derive(Default)]
pub(super) struct Audit {
    states: KeyMap<Reached>,
    /// Every state is taken whose key has no bit of this.
    mask: u128,
    /// How many states were entered.
    entered: usize,
}

/// Keys are hashes, so any of their bits are as good as any others; the set of keys uses the lowest.
const FIRST_BIT: u32 = 64;

/// How a state was reached.
#[derive(Default)]
struct Reached {
    /// `None` where another thread entered it.
    first: Option<Vec<u32>>,
    /// Some of the other schedules that led there.
    others: Vec<Vec<u32>>,
    /// How many there were.
    merged: u64,
}

/// So many states at most.
const MOST_STATES: usize = 64;

/// Steps to take at least, however small the walk was; a larger one is audited by as many steps as
/// it entered states.
const FEWEST_STEPS: usize = 1_000;

/// Schedules kept for each, beside the first.
const MOST_OTHERS: usize = 8;

/// Ways to go on from each pair of schedules.
const WAYS: u64 = 2;

/// Schedules that stop at awaits, to compare threads with.
const LOOPS: u64 = 16;

/// Two schedules that led to what looked like one state and went on differently: how each ended.
pub(super) type Difference = [Option<(Outcome, Vec<u32>)>; 2];

impl Audit {
    /// A state was entered for the first time.
    #[inline]
    pub(super) fn enter(&mut self, key: u128, path: &dyn Fn() -> Vec<u32>) {
        self.entered += 1;
        if key & self.mask != 0 {
            return;
        }
        self.states.entry(key).or_default().first = Some(path());
        self.keep_few();
    }

    fn keep_few(&mut self) {
        while self.states.len() > MOST_STATES {
            self.mask = self.mask << 1 | 1 << FIRST_BIT;
            let mask = self.mask;
            self.states.retain(|key, _| key & mask == 0);
        }
    }

    /// A state was reached again.
    #[inline]
    pub(super) fn merge(&mut self, key: u128, path: &dyn Fn() -> Vec<u32>) {
        if key & self.mask != 0 {
            return;
        }
        let reached = self.states.entry(key).or_default();
        reached.merged += 1;
        if reached.others.len() < MOST_OTHERS {
            reached.others.push(path());
        } else {
            // Algorithm R: each of them is as likely to be kept as any other.
            let place = Dice::new(key as u64 ^ reached.merged).below(reached.merged) as usize;
            if let Some(other) = reached.others.get_mut(place) {
                *other = path();
            }
        }
        self.keep_few();
    }

    /// Adds what another thread of the same walk kept.
    pub(super) fn add(&mut self, other: Self) {
        self.entered += other.entered;
        self.mask |= other.mask;
        let mask = self.mask;
        self.states.retain(|key, _| key & mask == 0);
        for (key, theirs) in other.states.into_iter().filter(|(key, _)| key & mask == 0) {
            let reached = self.states.entry(key).or_default();
            reached.first = reached.first.take().or(theirs.first);
            reached.others.extend(theirs.others);
            reached.others.truncate(MOST_OTHERS);
            reached.merged += theirs.merged;
        }
        self.keep_few();
    }

    /// Runs `program` on threads that stop at awaits only, by a few schedules of many. Gives back why
    /// the walk proves nothing if one ended as is not known, although every await is between two
    /// accesses: its actors share something that the explorer does not see.
    pub(super) fn stray(
        program: Program<'_>,
        session: &Rc<Session>,
        config: Config,
        is_known: impl Fn(&Outcome) -> bool,
    ) -> Option<(Incomplete, Option<Outcome>)> {
        session.stop_at_awaits_only();
        (0..LOOPS).find_map(|seed| {
            let mut dice = Dice::new(seed);
            let trail =
                Trail::along(program, session, config, &[], &mut |open| pick(&mut dice, open))?;
            if let Some(refusal) = trail.refusal() {
                return Some((refusal.clone(), None));
            }
            let end = trail.is_over().then(|| trail.into_end().0);
            end.filter(|end| !is_known(end)).map(|end| (Incomplete::HiddenState, Some(end)))
        })
    }

    /// Goes on from the sample. Gives back how often two schedules did the same.
    ///
    /// # Errors
    ///
    /// The first difference.
    pub(super) fn compare(
        self,
        program: Program<'_>,
        session: &Rc<Session>,
        config: Config,
    ) -> Result<u64, Difference> {
        let (mut steps_left, mut compared) = (FEWEST_STEPS.max(self.entered), 0);
        let mut states: Vec<_> = self.states.into_iter().collect();
        states.sort_unstable_by_key(|(key, _)| *key);
        // First a little of everything, then more of it.
        for (way, place) in (0..WAYS).flat_map(|way| (0..MOST_OTHERS).map(move |at| (way, at))) {
            for (key, Reached { first, others, .. }) in &states {
                let (Some(first), Some(again)) = (first, others.get(place)) else { continue };
                let mut dice = Dice::new(*key as u64 ^ way);
                let one = Trail::along(program, session, config, first, &mut |open| {
                    pick(&mut dice, open)
                });
                let mut moves = one.iter().flat_map(Trail::moves).collect::<Vec<_>>().into_iter();
                let other = Trail::along(program, session, config, again, &mut |_| moves.next());
                let are_alike = one.as_ref().zip(other.as_ref()).is_some_and(|(a, b)| a.is_like(b));
                if !are_alike {
                    return Err([one, other].map(|trail| trail.map(Trail::into_end)));
                }
                compared += 1;
                let taken = [&one, &other].into_iter().flatten().map(Trail::len).sum();
                let Some(left) = steps_left.checked_sub(taken) else { return Ok(compared) };
                steps_left = left;
            }
        }
        Ok(compared)
    }
}

/// One of the moves that are open, if there is any.
fn pick(dice: &mut Dice, open: &[Named]) -> Option<Named> {
    open.get(dice.below(open.len().max(1) as u64) as usize).copied()
}
