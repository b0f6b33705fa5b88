//! What cannot be answered: one line on standard error, and exit code 2.

use selvedge::weak_memory;

use super::{answer, refusal};

#[test]
fn a_name_that_nothing_bears_is_told_the_nearest() {
    for (arguments, nearest) in [
        (vec!["prove", "lost-updat"], "lost-update"),
        (vec!["show", "lost-update/unlock"], "unlocked"),
        (vec!["run", "lots-update/locked"], "lost-update"),
        (vec!["prove", "--world", "event"], "event-loop"),
        (vec!["prove", "--primitives", "tokyo"], "tokio"),
        (vec!["list", "--format", "jsno"], "json"),
        (vec!["show", "lost-update"], "lost-update/unlocked"),
        (vec!["replay", "lost-updat/unlocked@event-loop,model,3:0"], "lost-update"),
    ] {
        let message = refusal(&arguments);
        assert!(message.contains(nearest), "{message}");
    }
}

#[test]
fn an_absurd_number_of_actors_is_refused_with_the_limit() {
    for actors in ["10001", "99999999999999999999999"] {
        let message = refusal(&["prove", "lost-update/locked", "--actors", actors]);
        assert!(message.contains("10000"), "{message}");
        let message = refusal(&["show", "lost-update/locked", "--actors", actors]);
        assert!(message.contains("10000"), "{message}");
    }
    let message = refusal(&["run", "lost-update/locked", "--actors", "1000001"]);
    assert!(message.contains("1000000"), "{message}");
    for actors in ["0", "-1", "many", "1.5", ""] {
        refusal(&["prove", "lost-update/locked", "--actors", actors]);
        refusal(&["run", "lost-update/locked", "--actors", actors]);
    }
    assert!(refusal(&["prove", "--actors", "0"]).contains("at least 1"));
}

#[test]
fn more_actors_than_loom_has_threads_are_refused_where_loom_was_asked_for() {
    if weak_memory::IS_AVAILABLE {
        let arguments = ["prove", "lost-update/atomic", "--actors", "6"];
        let message = refusal(&[arguments.as_slice(), &["--world", "weak-memory"]].concat());
        assert!(message.contains("at most 5"), "{message}");
        let matrix = answer(&arguments);
        assert!(matrix.contains("at most 5") && matrix.contains("all as expected"), "{matrix}");
    }
}

#[test]
fn a_world_that_was_asked_for_and_is_not_in_the_build_is_an_error() {
    if !weak_memory::IS_AVAILABLE {
        let message = refusal(&["prove", "lost-update", "--world", "weak-memory"]);
        assert!(message.contains("--cfg loom"), "{message}");
        refusal(&["prove", "--primitives", "loom"]);
    }
    let message = refusal(&["prove", "--world", "event-loop", "--primitives", "loom"]);
    assert!(message.contains("loom") && message.contains("event-loop"), "{message}");
}

#[test]
fn a_bad_token_is_refused_in_one_line() {
    for token in [
        "nonsense",
        "lost-update/unlocked@event-loop,model,3",
        "lost-update/unlocked@event-loop,model,3:99999999999",
        "lost-update/unlocked@event-loop,model,3:4294967295",
        "lost-update/unlocked@event-loop,model,3:0",
        "lost-update/unlocked@event-loop,model,3:0.1.1.0.2.2.2",
        "lost-update/unlocked@event-loop,model,18446744073709551615:0",
        "lost-update/unlocked@event-loop,loom,3:0",
        "lost-update/unlocked@event-loop,model,3:-1",
    ] {
        refusal(&["replay", token]);
    }
}

#[test]
fn usage_that_makes_no_sense_is_refused_in_one_line_that_says_what_helps() {
    for (arguments, help) in [
        (vec!["weave"], "--help"),
        (vec!["weave\nthis"], "--help"),
        (vec!["prov"], "'prove'"),
        (vec!["list", "lost-update"], "'lost-update'"),
        (vec!["show"], "<PATTERN/VARIANT>"),
        (vec!["prove", "--speed"], "--help"),
        (vec!["prove", "--actor", "3"], "'--actors'"),
        (vec!["mutants", "--world", "threads"], "'--world'"),
        (vec!["replay"], "<TOKEN>"),
        (vec!["run", "--actors"], "--actors <N>"),
    ] {
        let message = refusal(&arguments);
        assert!(message.contains(help) && !message.contains("as a value"), "{message}");
    }
}

#[test]
fn a_variant_that_is_not_made_for_the_place_is_named_and_so_is_where_it_can_be_proved() {
    for (arguments, name) in [
        (vec!["prove", "aba", "--world", "event-loop"], "aba/pointer"),
        (vec!["show", "aba/tagged", "--world", "event-loop"], "aba/tagged"),
        (vec!["run", "aba/tagged"], "aba/tagged"),
        (vec!["replay", "aba/tagged@event-loop,model,3:0"], "aba/tagged"),
        (vec!["show", "over-limit/semaphore", "--primitives", "futures"], "over-limit/semaphore"),
    ] {
        let message = refusal(&arguments);
        assert!(message.starts_with(&format!("error: {name}: not ")), "{message}");
        assert!(message.contains(&format!("`selvedge prove {name}`")), "{message}");
    }
}

#[test]
fn a_variant_that_is_safe_nowhere_has_no_mutants() {
    let message = refusal(&["mutants", "lost-update/unlocked"]);
    assert!(message.contains("nothing to take away"), "{message}");
}
