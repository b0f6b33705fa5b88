//! The claims of the sources, settled by exploring and not by what the catalogue expects.

use selvedge::claims::{CLAIMS, Claim};
use selvedge::explore::Limits;
use selvedge::prove::Case;
use selvedge::{Family, World, weak_memory};

#[test]
fn every_claim_is_answered_by_what_is_reached() {
    for claim in CLAIMS {
        let (pattern, variant) = claim.settled_by().expect("the catalogue has what settles it");
        for (world, family) in [
            (World::EventLoop, Family::Model),
            (World::Threads, Family::Model),
            (World::WeakMemory, Family::Loom),
        ] {
            let is_available = world != World::WeakMemory || weak_memory::IS_AVAILABLE;
            let says_something = claim.holds_in(world).is_some();
            if !is_available || !says_something || !variant.runs_in(world, family) {
                continue;
            }
            let actors = variant.default_actors(world);
            let case = Case { pattern, variant, world, family, actors };
            let proof = case.prove(Limits::default()).expect("the case can be explored");
            assert_eq!(proof.incomplete, None, "{}", claim.says);
            let holds = claim.about.asserts.holds(&proof.reached, &(variant.allowed)(actors));
            assert_eq!(claim.holds_in(world), Some(holds), "{} in the {world} world", claim.says);
        }
    }
}

#[test]
fn a_claim_can_be_proved_refuted_and_true_in_one_world_only() {
    let answers: Vec<_> = CLAIMS.iter().map(Claim::answer).collect();
    for answer in ["proved", "refuted", "proved in weak memory only"] {
        assert!(answers.iter().any(|given| given == answer), "{answers:?}");
    }
}
