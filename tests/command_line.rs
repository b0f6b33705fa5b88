//! The command line as its users meet it: the built program, its output and its exit codes.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use selvedge::patterns::CATALOGUE;
use selvedge::{Family, World, weak_memory};
use serde_json::Value;

fn selvedge(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selvedge"));
    command.args(arguments);
    command
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the program writes UTF-8")
}

/// Standard output of a command that answers and exits with 0.
#[track_caller]
fn answer(arguments: &[&str]) -> String {
    let output = selvedge(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    assert!(output.stderr.is_empty(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

#[track_caller]
fn json(arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&answer(&arguments)).expect("the answer is JSON")
}

#[track_caller]
fn verdicts(arguments: &[&str]) -> Vec<Value> {
    json(arguments)["verdicts"].as_array().expect("an array of verdicts").clone()
}

/// Standard error of a command that is refused: one line, and exit code 2.
#[track_caller]
fn refusal(arguments: &[&str]) -> String {
    let output = selvedge(arguments);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    assert!(message.starts_with("error: ") && message.lines().count() == 1, "{message}");
    message.to_owned()
}

fn every_variant() -> Vec<String> {
    let names = CATALOGUE.iter().flat_map(|pattern| {
        pattern.variants.iter().map(move |variant| format!("{}/{}", pattern.name, variant.name))
    });
    names.collect()
}

fn variants_in(world: World, family: Family) -> usize {
    let variants = CATALOGUE.iter().flat_map(|pattern| pattern.variants);
    variants.filter(|variant| variant.runs_in(world, family)).count()
}

fn has_world(world: World) -> bool {
    let has_engine = world != World::WeakMemory || weak_memory::IS_AVAILABLE;
    has_engine && Family::ALL.into_iter().any(|family| family.runs_in(world))
}

#[test]
fn alone_it_prints_help() {
    let help = answer(&[]);
    for command in ["list", "prove", "mutants", "show", "replay", "run"] {
        assert!(help.contains(command), "{help}");
    }
}

#[test]
fn list_names_every_variant_on_a_line_of_its_own() {
    let list = answer(&["list"]);
    let names: Vec<_> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, every_variant());
}

#[test]
fn list_as_json_is_an_array_of_pattern_variant_and_summary() {
    let list = json(&["list"]);
    let list = list.as_array().expect("an array");
    let names: Vec<_> = list
        .iter()
        .map(|each| format!("{}/{}", string(each, "pattern"), string(each, "variant")))
        .collect();
    assert_eq!(names, every_variant());
    assert!(list.iter().all(|each| !string(each, "summary").is_empty()));
}

fn string<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is a string in {value}"))
}

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
        "task 3",
        "get value -> 0",
        "set value 1",
        "lost_update.rs:",
        "* lost update of value: task ",
        "(forbidden; allowed is {3})",
        "selvedge replay lost-update/unlocked@event-loop,model,3:",
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
fn show_looks_where_the_variant_is_unsafe() {
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
fn show_as_json_is_the_verdict() {
    let what = ["lost-update/unlocked", "--world", "event-loop"];
    let mut shown = json(&[&["show"], what.as_slice()].concat());
    let mut proved = verdicts(&[&["prove"], what.as_slice()].concat())[0].clone();
    for verdict in [&mut shown, &mut proved] {
        verdict["seconds"] = Value::Null;
    }
    assert_eq!(shown, proved);
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
fn usage_that_makes_no_sense_exits_with_2() {
    for arguments in [
        vec!["weave"],
        vec!["show"],
        vec!["prove", "--speed"],
        vec!["replay"],
        vec!["run", "--actors"],
    ] {
        let output = selvedge(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && text(&output.stderr).starts_with("error: "));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let child = command(&["list"]).stdout(writer).stderr(Stdio::piped()).spawn();
    let output = child.and_then(std::process::Child::wait_with_output).expect("the program runs");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn the_environment_does_not_change_a_verdict() {
    let verdicts = |environment: &[(&str, &str)]| {
        let mut command = command(&["prove", "lost-update/unlocked", "--format", "json"]);
        let output = command.envs(environment.iter().copied()).output().expect("it starts");
        let mut json: Value = serde_json::from_slice(&output.stdout).expect("the answer is JSON");
        let verdicts = json["verdicts"].as_array_mut().expect("an array of verdicts");
        for verdict in verdicts.iter_mut() {
            verdict["seconds"] = Value::Null;
        }
        let worlds = World::ALL.into_iter().filter(|&world| has_world(world)).count();
        assert_eq!(verdicts.len(), worlds);
        (output.status.code(), json)
    };
    let bounded = [
        ("LOOM_MAX_PERMUTATIONS", "1"),
        ("LOOM_MAX_DURATION", "0"),
        ("LOOM_MAX_PREEMPTIONS", "0"),
        ("LOOM_MAX_BRANCHES", "1"),
        ("LOOM_LOG", "trace"),
    ];
    assert_eq!(verdicts(&bounded), verdicts(&[]));
}
