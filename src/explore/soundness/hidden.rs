//! Programs that share words behind the explorer's back, and how often the merge audit notices.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config as Runs, RngAlgorithm, TestRng, TestRunner};

use super::futures::Words;
use super::program::{self, Program};
use super::{Actors, Interleave, Reduction, brute_force, explore, futures};
use crate::explore::{Config, Exploration, Incomplete, Limits};
use crate::observe::sabotage::{Mistake, make};

const PROGRAMS: usize = 1_500;

fn explored(program: &Program) -> Exploration {
    let spawn = |actors: &mut Actors| futures::spawn(program, Words::Hidden, actors);
    let (interleave, reduction) = (Interleave::AtAwaits, Reduction::Replicas);
    explore(&spawn, Config { interleave, reduction, limits: Limits::default() })
}

/// How many complete verdicts are wrong: without the audit, and with it.
fn wrong_verdicts(programs: &impl Strategy<Value = Program>) -> [usize; 2] {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Runs::default(), rng);
    let mut wrong = [0; 2];
    for _ in 0..PROGRAMS {
        let program = programs.new_tree(&mut runner).expect("nothing is rejected").current();
        let Some(expected) = brute_force(&program, Interleave::AtAwaits) else { continue };
        let is_wrong = |exploration: Exploration| {
            exploration.incomplete.is_none() && exploration.outcomes() != expected
        };
        let unaudited = make(Mistake::MergesUnaudited, || explored(&program));
        wrong[0] += usize::from(is_wrong(unaudited));
        wrong[1] += usize::from(is_wrong(explored(&program)));
    }
    wrong
}

#[test]
fn the_merge_audit_notices_words_that_are_shared_unseen() {
    let [singles, replicas] =
        [wrong_verdicts(&program::singles()), wrong_verdicts(&program::replicas())];
    let [unaudited, audited] = [singles[0] + replicas[0], singles[1] + replicas[1]];
    println!(
        "words shared unseen: {unaudited} wrong verdicts of {} without the audit, {audited} with it",
        2 * PROGRAMS
    );
    assert!(unaudited > 40, "{unaudited} programs are too few to tell");
    assert!(audited * 20 <= unaudited, "the audit misses {audited} of {unaudited}");
}

/// Two actors and an outcome that is no primitive: which of them was last.
fn outcome_unseen(actors: &mut Actors) -> super::super::Finish {
    let (word, last) = (super::adversarial::word("word"), std::rc::Rc::default());
    for actor in [1, 2] {
        let (word, last) = (word.clone(), std::rc::Rc::clone(&last));
        actors.spawn("actor", async move {
            crate::primitives::Cell::get(&*word);
            std::cell::Cell::set(&*last, actor);
        });
    }
    super::adversarial::finish(move || last.get())
}

#[test]
fn an_outcome_that_is_no_primitive_is_noticed() {
    for reduction in [Reduction::Merging, Reduction::FreshReplicas, Reduction::Replicas] {
        for interleave in [Interleave::AtAwaits, Interleave::AtAccesses] {
            let config = Config { interleave, reduction, limits: Limits::default() };
            let explored = || explore(&outcome_unseen, config);
            assert_eq!(explored().incomplete, Some(Incomplete::HiddenState));
            assert_eq!(explored().outcomes(), crate::explore::outcomes([1, 2]));
            assert_eq!(make(Mistake::MergesUnaudited, explored).incomplete, None);
        }
    }
}
