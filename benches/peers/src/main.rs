//! The same programs side by side, in one run: what selvedge and its peers take for each.
//!
//! ```text
//! peers [--quick]
//! ```
//!
//! Each run of a peer is a process of its own, so that one that does not finish can be ended. Each
//! peer is a program of its own, because not all of them can be linked into one.

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use peers::child::{self, Ended};
use peers::program::Program;

/// Everyone, in the order of the table: the program and the name.
const PEERS: [(&str, &str); 7] = [
    ("peer-selvedge", "selvedge, model"),
    ("peer-selvedge", "selvedge, tokio traced"),
    OPAQUE,
    SCHEDWALK,
    ("peer-shuttle", "shuttle, depth-first"),
    ("peer-loom", "loom"),
    ("peer-traceforge", "traceforge"),
];

const OPAQUE: (&str, &str) = ("peer-selvedge", "selvedge, opaque");
const SCHEDWALK: (&str, &str) = ("peer-schedwalk", "schedwalk");

/// The number of actors at which everyone is compared.
const ACTORS: usize = 4;

/// How far the search for the largest number of actors goes.
const MOST_ACTORS: usize = 512;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(Duration::from_secs(1), Duration::from_secs(20)),
        ["--quick"] => compare(Duration::from_millis(100), Duration::from_secs(1)),
        _ => {
            eprintln!("usage: peers [--quick]");
            ExitCode::from(2)
        }
    }
}

/// Prints the table. `reach` is how long the largest number of actors may take, `patience` how
/// long anyone may take for [`ACTORS`]. Fails if a peer did not find what there is to find.
fn compare(reach: Duration, patience: Duration) -> ExitCode {
    let mut table = Table::new();
    table.load_preset(ASCII_MARKDOWN).set_header([
        "program",
        "peer",
        "executions",
        "states",
        "seconds",
        "µs each",
        &format!("most in {reach:?}"),
        "outcomes",
    ]);
    for column in table.column_iter_mut().skip(2).take(5) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut is_right = true;
    for program in Program::ALL {
        for (binary, peer) in PEERS {
            eprintln!("{}, {peer}", program.name());
            let run = |actors, patience| child::start(binary, peer, program, actors, patience);
            let ended = run(ACTORS, patience);
            is_right &= !is_failure(&ended);
            let most = match ended {
                Ended::Unsupported(_) => "-".to_owned(),
                _ => format!("n={}", most_within(&|actors| run(actors, reach), reach)),
            };
            let [executions, states, seconds, each, outcomes] = cells(ended, patience);
            table.add_row([
                program.name(),
                peer,
                &executions,
                &states,
                &seconds,
                &each,
                &most,
                &outcomes,
            ]);
        }
    }
    println!("n={ACTORS}\n{table}");
    for program in Program::ALL {
        hold_to_schedwalk(program, patience);
    }
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints whether a schedule of the opaque walk takes no longer than one of schedwalk's, which does the
/// same: the two in turn, so that both meet the same machine.
fn hold_to_schedwalk(program: Program, patience: Duration) {
    const ROUNDS: usize = 9;
    let each = |(binary, peer)| match child::start(binary, peer, program, ACTORS, patience) {
        Ended::Explored(report) => Some(report.time.as_secs_f64() * 1e6 / report.executions as f64),
        Ended::Unsupported(_) | Ended::TooLong | Ended::Failed(_) => None,
    };
    let rounds = (0..ROUNDS).map(|_| Some((each(OPAQUE)?, each(SCHEDWALK)?)));
    let Some(rounds) = rounds.collect::<Option<Vec<_>>>() else { return };
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut all: Vec<_> = rounds.iter().map(of).collect();
        all.sort_unstable_by(f64::total_cmp);
        all[ROUNDS / 2]
    };
    let (opaque, schedwalk) = (median(|it| it.0), median(|it| it.1));
    let judged = if opaque <= schedwalk { "met   " } else { "MISSED" };
    println!(
        "aim {judged}  {}, opaque: µs for each schedule  {opaque:.2} <= {schedwalk:.2} of schedwalk",
        program.name()
    );
}

/// Whether a peer that did end does not bear out what the others found.
fn is_failure(ended: &Ended) -> bool {
    match ended {
        Ended::Explored(report) => !report.is_right,
        Ended::Failed(_) => true,
        Ended::Unsupported(_) | Ended::TooLong => false,
    }
}

fn cells(ended: Ended, patience: Duration) -> [String; 5] {
    let dash = || "-".to_owned();
    match ended {
        Ended::Explored(report) => {
            let each = report.time.as_secs_f64() * 1e6 / report.executions as f64;
            [
                report.executions.to_string(),
                report.states.map_or_else(dash, |states| states.to_string()),
                format!("{:.6}", report.time.as_secs_f64()),
                format!("{each:.2}"),
                report.outcomes + if report.is_right { "" } else { " is WRONG" },
            ]
        }
        Ended::TooLong => [dash(), dash(), format!("> {}", patience.as_secs_f64()), dash(), dash()],
        Ended::Unsupported(words) | Ended::Failed(words) => [dash(), dash(), dash(), dash(), words],
    }
}

/// The largest number of actors that the peer explores in time: doubling, then bisecting.
fn most_within(run: &dyn Fn(usize) -> Ended, reach: Duration) -> usize {
    let is_within = |actors: usize| match run(actors) {
        Ended::Explored(report) => report.time <= reach && report.is_right,
        Ended::Unsupported(_) | Ended::TooLong | Ended::Failed(_) => false,
    };
    let (mut within, mut beyond) = (1, 2);
    while beyond <= MOST_ACTORS && is_within(beyond) {
        (within, beyond) = (beyond, 2 * beyond);
    }
    while beyond - within > 1 {
        let middle = within.midpoint(beyond);
        if is_within(middle) { within = middle } else { beyond = middle }
    }
    within
}
