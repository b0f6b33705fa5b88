//! The command line as its users meet it: the built program, its output and its exit codes.

mod proofs;
mod refusals;
mod schedules;

use std::process::{Command, Output, Stdio};

use selvedge::patterns::entries;
use selvedge::prove::Case;
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
    entries().map(|entry| entry.to_string()).collect()
}

fn variants_in(world: World, family: Family) -> usize {
    let cases = entries().flat_map(Case::all_of);
    cases.filter(|case| (case.world, case.family) == (world, family)).count()
}

fn has_world(world: World) -> bool {
    let has_engine = world != World::WeakMemory || weak_memory::IS_AVAILABLE;
    has_engine && Family::ALL.into_iter().any(|family| family.runs_in(world))
}

fn string<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is a string in {value}"))
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
