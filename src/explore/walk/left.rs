//! Who is left in a deadlock, over all executions.

use std::collections::{BTreeMap, BTreeSet};

use crate::explore::Reduction;
use crate::explore::run::execution::Execution;

/// The actors that were seen, and those that were left in a deadlock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Left {
    /// Each by its name, with the first schedule that leaves it.
    pub(crate) stuck: BTreeMap<String, Vec<u32>>,
    /// The names of all.
    pub(crate) actors: BTreeSet<String>,
    /// Whether an actor that is left stands for all that are interchangeable with it.
    for_replicas: bool,
    /// Whether one that was spawned stands for all of its role: two states are one although their
    /// actors were spawned, and so are numbered, in another order.
    for_role: bool,
    /// The most actors that an execution had.
    most: usize,
    /// Those of the actors from the start that are known to be left.
    is_known: Vec<bool>,
}

impl Left {
    /// Of an exploration with this reduction.
    pub(super) fn of(reduction: Reduction) -> Self {
        let for_replicas = matches!(reduction, Reduction::FreshReplicas | Reduction::Replicas);
        Self { for_replicas, for_role: reduction != Reduction::Opaque, ..Self::default() }
    }

    /// Adds what another thread of the same walk saw.
    pub(super) fn add_all(&mut self, other: Self) {
        for (name, path) in other.stuck {
            self.stuck.entry(name).or_insert(path);
        }
        self.actors.extend(other.actors);
    }

    /// An execution is over, perhaps in a deadlock.
    pub(super) fn add(
        &mut self,
        execution: &Execution,
        is_deadlock: bool,
        path: &dyn Fn() -> Vec<u32>,
    ) {
        let count = execution.slots().len();
        if count > self.most {
            self.most = count;
            self.actors.extend(execution.names());
        }
        if is_deadlock {
            let is_known = |&actor: &usize| self.is_known.get(actor) == Some(&true);
            let new: Vec<_> = execution.unfinished().filter(|actor| !is_known(actor)).collect();
            if !new.is_empty() {
                self.leave(execution, &new, path);
            }
        }
    }

    fn leave(&mut self, execution: &Execution, new: &[usize], path: &dyn Fn() -> Vec<u32>) {
        let (slots, names) = (execution.slots(), execution.names());
        self.is_known.resize(execution.first_spawned(), false);
        for &actor in new {
            let is_spawned = |actor: usize| actor >= execution.first_spawned();
            let is_equal = |&other: &usize| {
                let (one, another) = (&slots[actor], &slots[other]);
                let is_of_role =
                    is_spawned(actor) && is_spawned(other) && one.name.role == another.name.role;
                other == actor
                    || self.for_replicas && one.group == another.group
                    || self.for_role && is_of_role
            };
            for equal in (0..slots.len()).filter(is_equal) {
                self.stuck.entry(names[equal].clone()).or_insert_with(path);
            }
            if let Some(is_known) = self.is_known.get_mut(actor) {
                *is_known = true;
            }
        }
    }
}
