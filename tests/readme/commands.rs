//! Quoted commands: run where an output is quoted, checked to exist where none is. Paths too.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use selvedge::weak_memory;

/// A console with the output of each command made again.
pub fn console(quoted: &str) -> String {
    let mut lines = quoted.lines().peekable();
    let mut made = String::new();
    while let Some(line) = lines.next() {
        let command = line.strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {line:?}"));
        let mut output = String::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
            let _ = writeln!(output, "{line}");
        }
        let _ = writeln!(made, "{line}");
        made += &answer_again(without_comment(command), output);
    }
    made
}

/// Checks every command in the prose: what stands between backticks and begins like one.
pub fn check_prose(prose: &str) {
    for code in prose.split('`').skip(1).step_by(2) {
        let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_command = ["cargo ", "selvedge ", "ci/", "RUSTFLAGS=", "UPDATE_EXPECT="]
            .iter()
            .any(|start| code.starts_with(start));
        if is_command {
            check(&code);
        }
    }
}

/// Checks that every file and folder that the prose names is there.
pub fn check_paths(prose: &str) {
    const FOLDERS: [&str; 7] =
        ["benches/", "ci/", "docs/", "examples/", "src/", "tests/", ".cargo/"];
    let is_separator = |c: char| !c.is_alphanumeric() && !"/._-".contains(c);
    for word in prose.split(is_separator) {
        let path = word.trim_end_matches('.');
        if FOLDERS.iter().any(|folder| path.starts_with(folder)) {
            assert!(in_checkout(path).exists(), "there is no {path}");
        }
    }
}

/// What `command` prints; as it is `quoted` if that differs by no more than times.
fn answer_again(command: &str, quoted: String) -> String {
    let is_of_another_build = command.starts_with("cargo prove") && !weak_memory::IS_AVAILABLE;
    if quoted.is_empty() || is_of_another_build {
        check(command);
        return quoted;
    }
    let Some(arguments) = arguments(command) else { panic!("not known how to run `{command}`") };
    let output = selvedge(&arguments);
    let printed = String::from_utf8(output.stdout).expect("the program writes UTF-8");
    assert!(output.status.success(), "`{command}` fails:\n{printed}");
    if timeless(&printed) == timeless(&quoted) { quoted } else { printed }
}

/// Checks that `command` is one, without waiting for what it does.
#[track_caller]
fn check(command: &str) {
    const OTHERS: &[&str] = &[
        "cargo add --dev selvedge",
        "cargo bench",
        "cargo doc",
        "cargo test",
        "RUSTFLAGS=\"--cfg loom\" cargo test",
        "UPDATE_EXPECT=1 cargo test --test readme",
    ];
    if OTHERS.contains(&command) {
        return;
    }
    if let Some(arguments) = arguments(command) {
        return check_arguments(command, &arguments);
    }
    let words: Vec<_> = command.split(' ').collect();
    let file = match words.as_slice() {
        ["cargo", "run", "--example", name] => format!("examples/{name}.rs"),
        ["cargo", "bench", "--bench", name] => format!("benches/{name}.rs"),
        [script, ..] if script.starts_with("ci/") => (*script).to_owned(),
        _ => panic!("a command that no test knows: `{command}`"),
    };
    assert!(in_checkout(&file).is_file(), "`{command}`: there is no {file}");
}

fn in_checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The arguments of the program in `command`; `None` if it runs something else.
fn arguments(command: &str) -> Option<Vec<&str>> {
    let words: Vec<_> = command.split(' ').collect();
    match words.as_slice() {
        ["selvedge", arguments @ ..] | ["cargo", "run", "--", arguments @ ..] => {
            Some(arguments.to_vec())
        }
        ["cargo", alias @ ("prove" | "prove-mutants"), arguments @ ..] => {
            let command = alias.strip_prefix("prove-").unwrap_or(alias);
            assert_alias(alias, command);
            Some([&[command], arguments].concat())
        }
        _ => None,
    }
}

/// `cargo ALIAS` runs `selvedge COMMAND` in a build that has loom.
fn assert_alias(alias: &str, command: &str) {
    let aliases = include_str!("../../.cargo/config.toml");
    let is_it = |line: &&str| line.starts_with(&format!("{alias} = "));
    let line = aliases.lines().find(is_it).unwrap_or_else(|| panic!("no alias `cargo {alias}`"));
    assert!(line.ends_with(&format!("\"--\", \"{command}\"]")), "{line}");
    assert!(line.contains("'--cfg', 'loom'"), "{line}");
}

/// Where a command leaves something open, its options must be those of its help; else it must run.
#[track_caller]
fn check_arguments(command: &str, arguments: &[&str]) {
    let is_open = arguments.len() < 2 || command.contains(char::is_uppercase);
    if !is_open {
        let output = selvedge(&[arguments, bound(arguments)].concat());
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_ne!(output.status.code(), Some(2), "`{command}`: {complaint}");
        return;
    }
    let subcommand = arguments.first().into_iter().copied();
    let output = selvedge(&subcommand.chain(["--help"]).collect::<Vec<_>>());
    assert!(output.status.success(), "`{command}`: there is no such command");
    let help = String::from_utf8_lossy(&output.stdout);
    for word in arguments {
        let option = word.trim_matches(['[', ']']);
        assert!(!option.starts_with("--") || help.contains(option), "`{command}`: no {option}");
    }
}

/// What keeps a proof short whose outcome nobody quotes.
fn bound(arguments: &[&str]) -> &'static [&'static str] {
    if arguments[0] == "prove" { &["--max-executions", "1"] } else { &[] }
}

fn selvedge(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selvedge"));
    command.args(arguments).output().expect("the program starts")
}

fn without_comment(command: &str) -> &str {
    command.split_once(" # ").map_or(command, |(command, _)| command).trim_end()
}

/// The words of an output, apart from times and from the space that they take.
fn timeless(output: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in output.split_whitespace().filter(|word| !word.starts_with("---")) {
        match word.trim_end_matches(',') {
            "ns" | "µs" | "ms" | "s" | "min" => drop(words.pop()),
            _ => words.push(word),
        }
    }
    words
}
