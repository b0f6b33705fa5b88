//! What the runs of one exploration have in common.

use std::cell::{Cell, RefCell};

use super::actors::Slot;
use super::choices::Choices;
use super::coroutine::Stacks;
use super::wakers::Spare;
use super::watchdog::Watched;
use crate::explore::Limits;

/// What one run leaves to the next of the same exploration. The walk owns it.
pub(crate) struct Session {
    pub(crate) choices: RefCell<Choices>,
    pub(super) stacks: Stacks,
    pub(super) wakers: Spare,
    /// An empty vector with room for as many actors as the last run had.
    pub(super) slots: RefCell<Vec<Slot>>,
    pub(super) watched: Watched,
    /// Whether in any run a wait was handed over: states that differ in it cannot be told apart.
    pub(crate) hands_over: Cell<bool>,
    /// Whether any run had one actor only, or an object that several could share.
    pub(crate) shares: Cell<bool>,
    /// Whether threads are stopped at awaits only, and not before accesses.
    pub(super) only_at_awaits: Cell<bool>,
    /// Whether the closure that reads the outcome made a choice.
    pub(crate) chooses_outcome: Cell<bool>,
}

impl Session {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            choices: RefCell::default(),
            stacks: Stacks::of(limits.stack),
            wakers: Spare::default(),
            slots: RefCell::default(),
            watched: Watched::new(limits.poll),
            hands_over: Cell::new(false),
            shares: Cell::new(false),
            only_at_awaits: Cell::new(false),
            chooses_outcome: Cell::new(false),
        }
    }

    /// From now on threads are stopped at awaits, and not before accesses.
    pub(crate) fn stop_at_awaits_only(&self) {
        self.only_at_awaits.set(true);
    }

    /// The next run makes its decisions at random, one in so many.
    pub(crate) fn try_luck(&self, seed: u64, one_in: u64) {
        self.choices.replace(Choices::by_luck(seed, one_in));
    }

    /// The next run is the first of a walk through all.
    pub(crate) fn begin(&self) {
        self.choices.take();
    }

    /// The next run makes the decisions of `path`.
    pub(crate) fn follow(&self, path: &[u32]) {
        self.choices.replace(Choices::scripted(path));
    }
}
