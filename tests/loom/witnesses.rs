//! What a witness says: every one points at its bug.

use selvedge::explore::Limits;
use selvedge::patterns::{entries, find};
use selvedge::prove::{Case, Verdict};
use selvedge::{Family, World, weak_memory};

/// The timeline of a case's witness, if it has one.
fn timeline(case: Case) -> Option<String> {
    let proof = case.prove(Limits::default()).expect("the case can be explored");
    assert_eq!(proof.verdict == Verdict::Unsafe, proof.witness.is_some());
    proof.witness.map(|witness| witness.to_string())
}

/// Loom takes minutes for the same, and finds what the explorer finds on threads.
#[test]
fn every_witness_marks_the_rows_of_its_bug_and_says_what_happened_in_them() {
    let (mut told, mut mute) = (0, Vec::new());
    let on_the_model = |case: &Case| case.family == Family::Model;
    for usual in entries().flat_map(Case::all_of).filter(on_the_model) {
        for case in (1..=usual.actors).map(|actors| Case { actors, ..usual }) {
            let Some(text) = timeline(case) else { continue };
            told += 1;
            let is_marked = text.lines().any(|row| row.split_whitespace().nth(1) == Some("*"));
            if !is_marked || !text.contains("\n\n* ") {
                let Case { entry, world, actors, .. } = case;
                mute.push(format!("{entry} with {actors} actors in the {world} world\n{text}"));
            }
        }
    }
    assert!(told > 0 && mute.is_empty(), "of {told}, these say nothing:\n{}", mute.join("\n"));
}

#[test]
fn a_misread_message_is_blamed_on_the_reader_that_misreads_it() {
    if !weak_memory::IS_AVAILABLE {
        return;
    }
    let pattern = find("message-publication").expect("the catalogue has it");
    let entry = pattern.entry("relaxed").expect("the pattern has it");
    for actors in [2, 3] {
        let (world, family) = (World::WeakMemory, Family::Loom);
        let text = timeline(Case { entry, world, family, actors });
        let text = text.expect("loom reorders the two stores");
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("* stale load of message: writer writes 42 to it"), "{text}");
        assert!(words.contains("and yet 0 from message"), "{text}");
    }
}
