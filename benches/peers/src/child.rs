//! One peer on one program, in a process of its own.

use std::collections::BTreeSet;
use std::io::Read;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::peer::{Explored, Peer};
use crate::program::Program;

/// What marks the line of a report: peers print lines of their own.
const EXPLORED: &str = "explored: ";
const UNSUPPORTED: &str = "unsupported: ";

/// What a process reports.
pub struct Report {
    /// How many times the program was run, in full or in part.
    pub executions: u64,
    /// How many states were told apart, if any.
    pub states: Option<u64>,
    /// How long the exploration took.
    pub time: Duration,
    /// The outcomes found.
    pub outcomes: String,
    /// Whether those are the program's.
    pub is_right: bool,
}

/// How a process ended.
pub enum Ended {
    /// With a report: the exploration was exhaustive, as far as the peer sees.
    Explored(Report),
    /// At once: the peer cannot express the program, for this reason.
    Unsupported(String),
    /// Ended by us.
    TooLong,
    /// By a panic or a signal: its last words.
    Failed(String),
}

/// Explores as the arguments say and prints the report: what such a process is there for.
pub fn explore(peers: &[Peer]) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [program, peer, actors] = &arguments[..] else { return ExitCode::from(2) };
    let program = Program::ALL.into_iter().find(|each| each.name() == program);
    let peer = peers.iter().find(|each| each.name == peer);
    let (Some(program), Some(peer), Ok(actors)) = (program, peer, actors.parse()) else {
        return ExitCode::from(2);
    };
    if let Err(reason) = (peer.supports)(program) {
        println!("{UNSUPPORTED}{reason}");
        return ExitCode::SUCCESS;
    }
    let (Explored { outcomes, executions, states }, time) =
        repeat(|| (peer.explore)(program, actors));
    let nanoseconds = time.as_nanos();
    let states = states.unwrap_or_default();
    let is_right = outcomes == program.outcomes(actors);
    let outcomes = set(&outcomes);
    println!("\n{EXPLORED}{executions}|{states}|{nanoseconds}|{is_right}|{outcomes}");
    ExitCode::SUCCESS
}

/// What short explorations are repeated for: the first one finds its memory and its code cold.
const REPEATED: Duration = Duration::from_millis(100);

/// The result, and the median of how long it took to get it.
fn repeat<R>(explore: impl Fn() -> R) -> (R, Duration) {
    let mut times = Vec::new();
    loop {
        let start = Instant::now();
        let result = explore();
        times.push(start.elapsed());
        if times.iter().sum::<Duration>() >= REPEATED {
            times.sort_unstable();
            return (result, times[times.len() / 2]);
        }
    }
}

/// Has a process explore, for at most `patience`. Its program lies beside the one that runs.
pub fn start(
    binary: &str,
    peer: &str,
    program: Program,
    actors: usize,
    patience: Duration,
) -> Ended {
    let command = env::current_exe().and_then(|itself| {
        Command::new(itself.with_file_name(binary))
            .args([program.name(), peer, &actors.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    });
    let mut child = command.unwrap_or_else(|error| panic!("{binary}: {error}"));
    let mut pipe = child.stdout.take().expect("the output is piped");
    // Read all along: a peer that prints much would wait for its reader.
    let printed = thread::spawn(move || {
        let mut printed = String::new();
        pipe.read_to_string(&mut printed).map(|_| printed)
    });
    let is_over = wait(&mut child, patience);
    if !is_over {
        // It may have ended since; either way it is no more.
        let _ = child.kill();
    }
    let status = child.wait().expect("the process was started");
    let printed = printed.join().expect("reading does not panic").unwrap_or_default();
    if !is_over {
        return Ended::TooLong;
    }
    understand(&printed).unwrap_or_else(|| Ended::Failed(status.to_string()))
}

/// Whether the process ends in time.
fn wait(child: &mut Child, patience: Duration) -> bool {
    let start = Instant::now();
    // Starting takes a moment, which is not the peer's to answer for, and neither is repeating.
    let patience = patience + 3 * REPEATED;
    while start.elapsed() < patience {
        if child.try_wait().expect("the process was started").is_some() {
            return true;
        }
        thread::sleep(Duration::from_millis(2));
    }
    false
}

fn understand(printed: &str) -> Option<Ended> {
    let find = |mark| printed.lines().find_map(|line| line.strip_prefix(mark));
    if let Some(reason) = find(UNSUPPORTED) {
        return Some(Ended::Unsupported(reason.to_owned()));
    }
    let line = find(EXPLORED)?;
    let mut fields = line.split('|');
    let mut number = || fields.next()?.parse::<u64>().ok();
    let (executions, states, nanoseconds) = (number()?, number()?, number()?);
    let states = (states > 0).then_some(states);
    let time = Duration::from_nanos(nanoseconds);
    let is_right = fields.next()? == "true";
    let outcomes = fields.next()?.to_owned();
    Some(Ended::Explored(Report { executions, states, time, outcomes, is_right }))
}

/// As a mathematician writes it.
fn set(outcomes: &BTreeSet<i64>) -> String {
    let outcomes: Vec<_> = outcomes.iter().map(ToString::to_string).collect();
    format!("{{{}}}", outcomes.join(", "))
}
