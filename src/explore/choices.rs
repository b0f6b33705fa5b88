//! The decisions of a schedule, and the walk through all of them, depth first.

/// A stack of decisions: those of the prefix being replayed, then new ones.
#[derive(Default)]
pub(super) struct Choices {
    decisions: Vec<Decision>,
    /// The options of every decision, one after the other.
    options: Vec<u32>,
    /// How many decisions of this execution have been made.
    made: usize,
}

struct Decision {
    first: usize,
    count: usize,
    taken: usize,
    /// What the program looked like when the decision was new; a replay must look the same.
    fingerprint: u64,
}

/// A replay that went another way than the first time.
#[derive(Debug)]
pub(super) struct Diverged;

impl Choices {
    /// Whether the next decision was made in an earlier execution.
    #[inline]
    pub(super) fn is_replaying(&self) -> bool {
        self.made < self.decisions.len()
    }

    /// Takes the next decision of the prefix.
    #[inline]
    pub(super) fn replay(&mut self, fingerprint: u64) -> Result<u32, Diverged> {
        let decision = &mut self.decisions[self.made];
        if decision.fingerprint != fingerprint {
            return Err(Diverged);
        }
        self.made += 1;
        Ok(self.options[decision.first + decision.taken])
    }

    /// Makes a new decision: the first of `options`, and the others later.
    #[inline]
    pub(super) fn decide(&mut self, options: &[u32], fingerprint: u64) -> u32 {
        let first = self.options.len();
        self.options.extend_from_slice(options);
        let count = options.len();
        self.decisions.push(Decision { first, count, taken: 0, fingerprint });
        self.made += 1;
        options[0]
    }

    /// Ends the execution and turns to the next one; `false` if this was the last.
    pub(super) fn backtrack(&mut self) -> bool {
        self.made = 0;
        while let Some(decision) = self.decisions.last_mut() {
            decision.taken += 1;
            if decision.taken < decision.count {
                return true;
            }
            self.options.truncate(decision.first);
            self.decisions.pop();
        }
        false
    }

    /// What was decided so far in this execution.
    pub(super) fn path(&self) -> Vec<u32> {
        self.decisions[..self.made]
            .iter()
            .map(|decision| self.options[decision.first + decision.taken])
            .collect()
    }
}
