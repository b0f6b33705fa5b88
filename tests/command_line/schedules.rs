//! `show`, `replay` and `run`: single schedules.

use std::fs;
use std::time::{Duration, Instant};

use selvedge::World;
use serde_json::Value;

use super::{answer, has_world, json, refusal, string, verdicts};

#[test]
fn every_witness_replays_to_the_outcome_it_shows() {
    let mut replayed = 0;
    for world in World::ALL.into_iter().filter(|&world| has_world(world)) {
        // Loom takes seconds for most patterns, and every pattern's replay goes the same way.
        let what = if world == World::WeakMemory { "lost-update/unlocked" } else { "" };
        let what: Vec<_> = Some(what).filter(|what| !what.is_empty()).into_iter().collect();
        let arguments = [&["prove"], what.as_slice(), &["--world", world.name()]].concat();
        for verdict in verdicts(&arguments) {
            let witness = &verdict["witness"];
            assert_eq!(witness.is_null(), verdict["verdict"] != "unsafe");
            if !witness.is_null() {
                assert_eq!(&json(&["replay", string(witness, "replay")])["witness"], witness);
                replayed += 1;
            }
        }
    }
    assert!(replayed > 1);
}

#[test]
fn show_prints_a_column_for_each_actor_and_names_the_conflict() {
    let timeline = answer(&["show", "lost-update/unlocked", "--world", "event-loop"]);
    for part in [
        "task 1",
        "task 2",
        "get value -> 0",
        "set value 1",
        "lost_update.rs:",
        "* lost update of value: task ",
        "(forbidden; allowed is {2})",
        "selvedge replay lost-update/unlocked@event-loop,model,2:",
    ] {
        assert!(timeline.contains(part), "{part}: {timeline}");
    }
    assert_eq!(timeline.lines().filter(|line| line.contains("  *  ")).count(), 3, "{timeline}");
    let token = timeline.rsplit("selvedge replay ").next().expect("a token").trim();
    let replayed = answer(&["replay", token]);
    let grid = |text: &str| text.split("\n\n").nth(1).map(str::to_owned);
    assert_eq!(grid(&replayed), grid(&timeline));
}

#[test]
fn show_takes_the_fewest_actors_that_break_unless_told_otherwise() {
    for (variant, fewest) in [("lost-update/unlocked", 2), ("read-write-upgrade/upgrade", 1)] {
        assert_eq!(json(&["show", variant])["actors"], fewest, "{variant}");
        assert_eq!(json(&["show", variant, "--actors", "3"])["actors"], 3, "{variant}");
    }
    assert_eq!(json(&["show", "lost-update/locked"])["actors"], 3);
}

#[test]
fn show_finds_where_the_variant_is_unsafe() {
    if has_world(World::Threads) {
        let timeline = answer(&["show", "lost-update/no-await"]);
        assert!(timeline.contains("threads world"), "{timeline}");
    }
    let timeline = answer(&["show", "lost-update/unlocked"]);
    assert!(timeline.contains("event-loop world"), "{timeline}");
}

#[test]
fn show_of_a_safe_variant_says_that_there_is_no_witness() {
    let answer = answer(&["show", "lost-update/locked"]);
    assert!(answer.contains("no witness") && answer.contains("safe"), "{answer}");
}

#[test]
fn show_looks_past_a_world_in_which_the_variant_means_nothing() {
    let tagged = answer(&["show", "aba/tagged"]);
    assert!(tagged.contains("threads world") && tagged.contains("no witness"), "{tagged}");
    let relaxed = answer(&["show", "message-publication/relaxed"]);
    let part = if has_world(World::WeakMemory) { "replay" } else { "UNSAFE in the weak-memory" };
    assert!(relaxed.contains(part), "{relaxed}");
}

#[test]
fn show_of_what_is_unsafe_only_in_a_world_that_is_not_in_the_build_says_so() {
    let answer = answer(&["show", "double-checked-init/relaxed"]);
    let part = if has_world(World::WeakMemory) { "data race" } else { "UNSAFE in the weak-memory" };
    assert!(answer.contains(part), "{answer}");
}

#[test]
fn show_as_json_is_the_verdict() {
    let what = ["lost-update/unlocked", "--world", "event-loop", "--actors", "3"];
    let mut shown = json(&[&["show"], what.as_slice()].concat());
    let mut proved = verdicts(&[&["prove"], what.as_slice()].concat())[0].clone();
    for verdict in [&mut shown, &mut proved] {
        verdict["seconds"] = Value::Null;
    }
    assert_eq!(shown, proved);
}

#[test]
fn show_draws_a_witness_into_a_file() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let file = format!("{folder}/a witness.svg");
    let told = answer(&["show", "lost-update/unlocked", "--svg", &file]);
    assert!(told.contains("* lost update of value"), "{told}");
    let picture = fs::read_to_string(&file).expect("the picture is written");
    assert!(picture.starts_with("<svg ") && picture.contains("get value -&gt; 0"), "{picture}");
}

#[test]
fn show_folds_a_long_witness_unless_it_is_wanted_whole() {
    let long =
        ["show", "barrier-reuse/counter-and-event", "--world", "event-loop", "--actors", "4"];
    let folded = answer(&long);
    let whole = answer(&[&long[..], &["--whole"]].concat());
    assert!(folded.contains("… 2 rows") && !whole.contains('…'), "{folded}\n{whole}");
    assert!(folded.lines().count() < whole.lines().count());
    let token = folded.rsplit("selvedge replay ").next().expect("a token").trim();
    assert!(!answer(&["replay", token]).contains('…'), "a replay is whole");
}

#[test]
fn show_says_why_it_cannot_draw() {
    let file = format!("{}/nothing.svg", env!("CARGO_TARGET_TMPDIR"));
    let message = refusal(&["show", "lost-update/locked", "--svg", &file]);
    assert!(message.contains("there is no schedule to draw"), "{message}");
    assert!(!fs::exists(&file).expect("the folder can be read"));
    let message = refusal(&["show", "lost-update/unlocked", "--svg", "no/such/folder/a.svg"]);
    assert!(message.contains("cannot write the picture to no/such/folder/a.svg"), "{message}");
}

#[test]
fn the_fifo_schedule_loses_all_updates_but_one_and_under_a_lock_none() {
    let start = Instant::now();
    for actors in ["10", "10000"] {
        assert_eq!(answer(&["run", "lost-update/unlocked", "--actors", actors]), "1\n");
        let locked = answer(&["run", "lost-update/locked", "--actors", actors]);
        assert_eq!(locked, format!("{actors}\n"));
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn run_as_json_has_every_field_of_the_contract() {
    let run = json(&["run", "lost-update/unlocked", "--actors", "4"]);
    assert_eq!(string(&run, "pattern"), "lost-update");
    assert_eq!(string(&run, "variant"), "unlocked");
    assert_eq!(run["actors"], 4);
    assert_eq!(string(&run, "outcome"), "1");
    assert_eq!(run["steps"], 8);
    assert!(run["seconds"].is_f64());
}
