//! `prove` and `mutants`: verdicts as a matrix and as JSON.

use selvedge::{Family, World, weak_memory};
use serde_json::Value;

use super::{
    answer, command, has_world, json, refusal, selvedge, string, text, variants_in, verdicts,
};

#[test]
fn an_unsafe_verdict_as_json_has_every_field_of_the_contract() {
    let verdicts = verdicts(&["prove", "lost-update/unlocked", "--world", "event-loop"]);
    let [verdict] = verdicts.as_slice() else { panic!("one verdict: {verdicts:?}") };
    assert_eq!(string(verdict, "pattern"), "lost-update");
    assert_eq!(string(verdict, "variant"), "unlocked");
    assert_eq!(string(verdict, "world"), "event-loop");
    assert_eq!(string(verdict, "primitives"), "model");
    assert_eq!(verdict["actors"], 3);
    assert_eq!(string(verdict, "verdict"), "unsafe");
    assert_eq!(string(verdict, "expected_verdict"), "unsafe");
    assert_eq!(verdict["expected"], serde_json::json!(["1", "2", "3"]));
    assert_eq!(verdict["outcomes"], serde_json::json!(["1", "2", "3"]));
    assert!(verdict["executions"].is_u64() && verdict["states"].is_u64());
    assert!(verdict["seconds"].is_f64());
    assert!(verdict["reason"].is_null());
    let witness = &verdict["witness"];
    assert_ne!(string(witness, "outcome"), "3");
    assert!(witness["switches"].is_u64());
    assert!(string(witness, "replay").starts_with("lost-update/unlocked@event-loop,model,3:"));
    let steps = witness["steps"].as_array().expect("an array of steps");
    assert_eq!(steps.len(), 6);
    for step in steps {
        assert!(string(step, "actor").starts_with("task "));
        assert!(["get", "set"].contains(&string(step, "operation")));
        assert_eq!(string(step, "object"), "value");
        assert!(string(step, "value").parse::<i64>().is_ok());
        assert!(string(step, "location").contains("lost_update.rs:"));
    }
}

#[test]
fn a_safe_verdict_as_json_has_no_witness() {
    let verdicts = verdicts(&["prove", "lost-update/locked", "--world", "event-loop"]);
    assert_eq!(string(&verdicts[0], "verdict"), "safe");
    assert!(verdicts[0]["witness"].is_null() && verdicts[0]["reason"].is_null());
}

#[test]
fn numeric_outcomes_are_in_numeric_order() {
    let arguments = ["prove", "lost-update/unlocked", "--world", "event-loop", "--actors", "11"];
    let ascending: Vec<_> = (1..=11).map(|number| number.to_string()).collect();
    assert_eq!(verdicts(&arguments)[0]["outcomes"], serde_json::json!(ascending));
}

#[test]
fn everything_in_the_catalogue_comes_out_as_expected_on_every_family_of_an_event_loop() {
    for family in [Family::Model, Family::Tokio, Family::Futures] {
        let name = family.name();
        let verdicts = verdicts(&["prove", "--world", "event-loop", "--primitives", name]);
        assert_eq!(verdicts.len(), variants_in(World::EventLoop, family));
        assert!(verdicts.iter().all(|verdict| verdict["primitives"] == name));
        assert!(verdicts.iter().all(|verdict| verdict["outcomes"] == verdict["expected"]));
    }
}

#[test]
fn primitives_alone_select_the_worlds_in_which_they_run() {
    let verdicts = verdicts(&["prove", "lost-update", "--primitives", "tokio"]);
    assert!(verdicts.iter().all(|verdict| verdict["world"] == "event-loop"));
    assert!(!verdicts.is_empty());
}

#[test]
fn a_pattern_stands_for_its_variants_and_is_proved_once() {
    let what = ["prove", "lost-update/atomic", "lost-update", "--world", "event-loop"];
    let pattern = selvedge::patterns::find("lost-update").expect("the catalogue has it");
    let verdicts = verdicts(&what);
    assert_eq!(verdicts.len(), pattern.variants.len());
    assert_eq!(string(&verdicts[0], "variant"), "atomic");
}

#[test]
fn mutants_are_listed_with_what_is_different_and_counted() {
    let text = answer(&["mutants", "lost-update/locked", "result-order/join-all"]);
    assert!(text.contains("mutexes exclude nobody") && text.contains("as `as-completed`"));
    assert!(text.ends_with("\n2 of 2 mutants found\n"), "{text}");
    let mutants = &json(&["mutants", "lost-update/atomic"])["mutants"];
    assert_eq!(string(&mutants[0], "mutation"), "additions are a load and a store");
    assert_eq!(string(&mutants[0], "verdict"), "unsafe");
}

#[test]
fn mutants_that_are_not_in_the_build_are_counted_too() {
    let only_loom = ["mutants", "store-buffering/release-acquire"];
    let mixed = ["mutants", "lost-update/locked", "store-buffering/release-acquire"];
    if weak_memory::IS_AVAILABLE {
        assert!(answer(&mixed).ends_with("\n2 of 2 mutants found\n"));
    } else {
        assert!(refusal(&only_loom).contains("`cargo prove-mutants`"));
        let text = answer(&mixed);
        assert!(text.contains("\n- 1 mutant in the weak-memory world"), "{text}");
        assert!(text.ends_with("\n1 of 1 mutants found\n"), "{text}");
    }
}

#[test]
fn the_matrix_fits_100_columns_and_ends_with_a_count() {
    let matrix = answer(&["prove", "--world", "event-loop"]);
    assert!(matrix.lines().all(|line| line.chars().count() <= 100), "{matrix}");
    let count = variants_in(World::EventLoop, Family::Model);
    let last = matrix.lines().last().unwrap_or_default();
    assert!(last.starts_with(&format!("{count} proofs, all as expected, ")), "{last}");
}

#[test]
fn a_world_in_which_a_variant_means_nothing_is_a_gap_among_others_and_an_error_alone() {
    let place = ["--world", "event-loop"];
    let matrix =
        answer(&[["prove", "lost-update/atomic", "aba/tagged"].as_slice(), &place].concat());
    assert!(matrix.contains("\n- not in the event-loop world: ") && matrix.contains("1 proof,"));
    let refused = refusal(&[["prove", "aba"].as_slice(), &place].concat());
    assert!(refused.contains("not in the event-loop world: "), "{refused}");
}

#[test]
fn the_matrix_has_a_dash_and_a_note_for_a_world_that_is_not_in_the_build() {
    let matrix = answer(&["prove", "lost-update/atomic"]);
    for world in World::ALL {
        assert!(matrix.contains(world.name()), "{matrix}");
    }
    let note = matrix.contains("--cfg loom") && matrix.contains("cargo prove");
    assert_eq!(note, !weak_memory::IS_AVAILABLE, "{matrix}");
    let worlds = World::ALL.into_iter().filter(|&world| has_world(world)).count();
    let plural = if worlds == 1 { "" } else { "s" };
    assert!(matrix.contains(&format!("\n{worlds} proof{plural}, ")), "{matrix}");
}

#[test]
fn an_inconclusive_proof_exits_with_1_and_says_why() {
    let safe = ["prove", "lost-update/locked", "--world", "event-loop", "--max-executions", "1"];
    let output = selvedge(&safe);
    let matrix = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{matrix}");
    for part in [
        "! inconclusive",
        "expected  safe {3}",
        "stopped after 1 exec",
        "1 proof, 1 not as expected",
    ] {
        assert!(matrix.contains(part), "{part}: {matrix}");
    }
    let output = command(&safe).args(["--format", "json"]).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&output.stdout).expect("the answer is JSON");
    assert_eq!(string(&json["verdicts"][0], "verdict"), "inconclusive");
    assert!(string(&json["verdicts"][0], "reason").contains("1 exec"));
}

#[test]
fn every_limit_can_be_set() {
    for (limit, says) in [
        ("--max-executions", "stopped after 1 exec"),
        ("--max-states", "stopped after 1 states"),
        ("--max-outcomes", "stopped after 1 distinct outcomes"),
        ("--max-bytes", "stopped after 1 bytes of memory"),
    ] {
        let arguments = ["prove", "lost-update/unlocked", "--world", "event-loop", limit, "1"];
        let output = command(&arguments).args(["--format", "json"]).output();
        let json: Value = serde_json::from_slice(&output.expect("the program starts").stdout)
            .expect("the answer is JSON");
        let reason = string(&json["verdicts"][0], "reason");
        assert!(reason.contains(says), "{reason}");
        let nonsense = selvedge(&["prove", "lost-update", limit, "0"]);
        assert_eq!(nonsense.status.code(), Some(2));
    }
}

#[test]
fn what_is_not_as_expected_comes_with_the_command_that_shows_its_witness() {
    let arguments =
        ["prove", "lost-update/unlocked", "--world", "event-loop", "--max-executions", "3"];
    let output = selvedge(&arguments);
    let matrix = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{matrix}");
    let command = matrix
        .lines()
        .find_map(|line| line.trim().strip_prefix("witness   selvedge "))
        .unwrap_or_else(|| panic!("a command: {matrix}"));
    let timeline = answer(&command.split(' ').collect::<Vec<_>>());
    assert!(timeline.contains("lost update of value"), "{timeline}");
}
