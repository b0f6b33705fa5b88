//! The claims of the sources, settled by exploring and not by what the catalogue expects.

use selvedge::claims::{CLAIMS, Claim};
use selvedge::explore::Limits;
use selvedge::prove::Case;

#[test]
fn every_claim_is_answered_by_what_is_reached() {
    for claim in CLAIMS {
        let entry = claim.settled_by().expect("the catalogue has what settles it");
        let is_answer =
            |case: &Case| case.family.is_modelled() && claim.holds_in(case.world).is_some();
        for case in Case::all_of(entry).filter(is_answer) {
            let proof = case.prove(Limits::default()).expect("the case can be explored");
            assert_eq!(proof.incomplete, None, "{}", claim.says);
            let holds = claim.about.asserts.holds(&proof.reached, &case.allowed());
            let world = case.world;
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
