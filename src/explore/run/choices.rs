//! The decisions of a schedule, and the walk through all of them, depth first.

use std::panic::{Location, resume_unwind};

use super::current::{self, Run};
use super::dice::Dice;
use crate::observe::{self, Aside, WakeOrder};

/// A stack of decisions: those of the prefix being replayed, then new ones.
#[derive(Default)]
pub(crate) struct Choices {
    decisions: Vec<Decision>,
    /// The options of every decision, one after the other.
    options: Vec<u32>,
    /// How many decisions of this execution have been made.
    made: usize,
    has_diverged: bool,
    /// Of each decision whose other options are somebody else's, those that turned up there before.
    elsewhere: Vec<Vec<u32>>,
    /// By which new decisions are made, if not in turn.
    luck: Option<Luck>,
}

/// Makes one decision in so many at random, and otherwise takes the first option.
struct Luck {
    dice: Dice,
    one_in: u64,
}

impl Luck {
    fn pick(&mut self, options: &[u32]) -> u32 {
        let is_drawn = self.dice.below(self.one_in) == 0;
        let count = if is_drawn { options.len() as u64 } else { 1 };
        options[self.dice.below(count) as usize]
    }
}

struct Decision {
    first: usize,
    count: usize,
    taken: usize,
    /// The state of the program when the decision was new, hashed, where that is known; a replay
    /// must find the same.
    fingerprint: Option<u64>,
    /// Options that turned up while the others were taken.
    late: Vec<u32>,
}

impl Choices {
    /// Decisions that were made before, to be made again.
    pub(crate) fn scripted(path: &[u32]) -> Self {
        let decisions = (0..path.len())
            .map(|first| Decision {
                first,
                count: 1,
                taken: 0,
                fingerprint: None,
                late: Vec::new(),
            })
            .collect();
        Self { decisions, options: path.to_vec(), ..Self::default() }
    }

    /// Decisions made at random, one in so many, of which no other option is taken later.
    pub(crate) fn by_luck(seed: u64, one_in: u64) -> Self {
        Self { luck: Some(Luck { dice: Dice::new(seed), one_in }), ..Self::default() }
    }

    /// Whether the next decision was made in an earlier execution.
    #[inline]
    pub(crate) fn is_replaying(&self) -> bool {
        self.made < self.decisions.len()
    }

    /// Whether a replay went another way than the first time.
    pub(crate) fn has_diverged(&self) -> bool {
        self.has_diverged
    }

    /// Makes the next decision of the prefix again.
    #[inline]
    pub(crate) fn replay(&mut self, fingerprint: u64) -> u32 {
        let decision = &self.decisions[self.made];
        self.has_diverged |= decision.fingerprint.is_some_and(|known| known != fingerprint);
        self.made += 1;
        self.option(decision)
    }

    /// Makes a new decision: the first of `options`, and the others later.
    #[inline]
    pub(crate) fn decide(&mut self, options: &[u32], fingerprint: u64) -> u32 {
        let drawn = self.luck.as_mut().map(|luck| [luck.pick(options)]);
        let options = drawn.as_ref().map_or(options, |drawn| drawn.as_slice());
        let first = self.options.len();
        self.options.extend_from_slice(options);
        let count = options.len();
        let fingerprint = Some(fingerprint);
        self.decisions.push(Decision { first, count, taken: 0, fingerprint, late: Vec::new() });
        self.made += 1;
        options[0]
    }

    /// Gives away the options that are left of the earliest decision that has any: the largest part of
    /// the walk that can be walked by somebody else. Between two executions.
    pub(crate) fn split(&mut self) -> Option<Self> {
        let has_left = |decision: &Decision| decision.taken + 1 < decision.count;
        let place = self.decisions.iter().position(has_left)?;
        let mut part = Self::scripted(&self.decided(place));
        for (own, known) in part.decisions.iter_mut().zip(&self.decisions) {
            own.fingerprint = known.fingerprint;
        }
        part.elsewhere = self.decisions[..place].iter().map(|known| known.late.clone()).collect();
        for (known, before) in part.elsewhere.iter_mut().zip(&self.elsewhere) {
            known.extend(before);
        }
        let decision = &mut self.decisions[place];
        let first = part.options.len();
        let left = decision.first + decision.taken + 1..decision.first + decision.count;
        part.options.extend_from_slice(&self.options[left]);
        part.decisions.push(Decision {
            first,
            count: part.options.len() - first,
            taken: 0,
            fingerprint: decision.fingerprint,
            late: Vec::new(),
        });
        decision.count = decision.taken + 1;
        Some(part)
    }

    /// Adds an option to the decision made after so many others of this execution, unless it has it.
    pub(crate) fn add_option(&mut self, made_before: usize, option: u32) {
        // What turns up at both ends of a walk that was split is walked twice, and never left out.
        if self.elsewhere.get(made_before).is_some_and(|known| known.contains(&option)) {
            return;
        }
        let late = &mut self.decisions[made_before].late;
        if !late.contains(&option) {
            late.push(option);
        }
    }

    fn option(&self, Decision { first, count, taken, late, .. }: &Decision) -> u32 {
        match taken.checked_sub(*count) {
            None => self.options[first + taken],
            Some(late_at) => late[late_at],
        }
    }

    /// Decides for one of `0..count`.
    fn choose(&mut self, count: usize) -> usize {
        if self.is_replaying() {
            let chosen = self.replay(count as u64) as usize;
            self.has_diverged |= chosen >= count;
            chosen.min(count - 1)
        } else {
            let options: Vec<u32> = (0..count as u32).collect();
            self.decide(&options, count as u64) as usize
        }
    }

    /// Ends the execution and turns to the next one; `false` if this was the last.
    pub(crate) fn backtrack(&mut self) -> bool {
        self.made = 0;
        while let Some(decision) = self.decisions.last_mut() {
            decision.taken += 1;
            if decision.taken < decision.count + decision.late.len() {
                return true;
            }
            self.options.truncate(decision.first);
            self.decisions.pop();
        }
        false
    }

    /// Whether the run has made more choices than a program makes that comes to an end.
    pub(crate) fn is_endless(&self) -> bool {
        self.made >= MOST_CHOICES
    }

    /// How many decisions have been made in this execution.
    pub(crate) fn depth(&self) -> usize {
        self.made
    }

    /// How many options have yet to be taken, and which part of the walk lies behind if every option of
    /// a decision leads to as much as its others (Knuth, "Estimating the Efficiency of Backtrack
    /// Programs", 1975).
    pub(crate) fn frontier(&self) -> (u64, f64) {
        let (mut open, mut behind, mut each) = (0, 0.0, 1.0);
        for Decision { count, taken, late, .. } in &self.decisions {
            let count = count + late.len();
            each /= count as f64;
            behind += each * *taken as f64;
            open += (count - taken - 1) as u64;
        }
        (open, behind + each)
    }

    /// Bytes of the decisions and their options.
    #[inline]
    pub(crate) fn bytes(&self) -> u64 {
        let decisions = self.decisions.capacity() * size_of::<Decision>();
        (decisions + self.options.capacity() * size_of::<u32>()) as u64
    }

    /// Whether exactly `count` decisions have been made.
    pub(crate) fn is_spent(&self, count: usize) -> bool {
        self.made == count && self.decisions.len() == count
    }

    /// What was decided so far in this execution.
    pub(crate) fn path(&self) -> Vec<u32> {
        self.decided(self.made)
    }

    fn decided(&self, count: usize) -> Vec<u32> {
        self.decisions[..count].iter().map(|decision| self.option(decision)).collect()
    }
}

/// Choices of one run; a program that makes more is taken for a loop around one.
pub(crate) const MOST_CHOICES: usize = 100_000;

/// One of `0..count`: each in turn under the explorer, 0 elsewhere. For whatever is neither a
/// schedule nor a timeout: the answer of a remote, a failing disk, the value of an input.
///
/// # Panics
///
/// If `count` is 0. A run that makes 100,000 choices is given up, and its exploration inconclusive; so
/// is one whose outcome is chosen.
#[track_caller]
pub fn choose(count: usize) -> usize {
    let chosen = decide(count);
    observe::note_aside(|| Aside::Chooses { chosen, among: count }, Location::caller());
    chosen
}

/// The same, of which a witness shows nothing.
pub(super) fn decide(count: usize) -> usize {
    assert!(count > 0, "a choice needs something to choose from");
    let Some(run) = current::current() else { return 0 };
    let Some(chosen) = run.choose(count) else { return 0 };
    run.record.chose(chosen);
    chosen
}

impl Run {
    /// One of `0..count`; none once the outcome is known: what runs then decides nothing.
    fn choose(&self, count: usize) -> Option<usize> {
        if self.is_over() {
            return None;
        }
        if self.is_judged() {
            self.session.chooses_outcome.set(true);
            return None;
        }
        if self.session.choices.borrow().is_endless() {
            resume_unwind(Box::new(format!("a run made {MOST_CHOICES} choices without an end")));
        }
        Some(self.session.choices.borrow_mut().choose(count))
    }
}

/// Who wakes does not learn the order. Who is woken does.
impl WakeOrder for Run {
    fn woken_next(&self, count: usize) -> usize {
        self.choose(count).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Choices;

    /// Walks through the tree of so many binary decisions.
    #[test]
    fn a_walk_knows_how_much_lies_behind() {
        let mut choices = Choices::default();
        for walked in 1..=8 {
            while choices.depth() < 3 {
                if choices.is_replaying() {
                    choices.replay(0);
                } else {
                    choices.decide(&[0, 1], 0);
                }
            }
            let (open, behind) = choices.frontier();
            assert!((behind - f64::from(walked) / 8.0).abs() < 1e-9, "{behind}");
            assert_eq!(open, u64::from((8 - walked as u32).count_ones()));
            assert_eq!(choices.backtrack(), walked < 8);
        }
    }
}
