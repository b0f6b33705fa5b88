//! The commands and their options, as clap reads them.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use selvedge::catalogue::Entry;
use selvedge::{Family, World};

use super::names::{self, Format, Named};
use super::{Token, sizes};

/// Proves race conditions of async Rust, shows the shortest schedule that leads to them, and
/// what guards against them.
#[derive(Parser)]
#[command(version, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Name every pattern and variant
    List {
        /// How to answer
        #[command(flatten)]
        output: Output,
    },
    /// Explore every schedule and compare the outcomes with the catalogue's
    #[command(after_help = "Exits with 0 if every verdict and every set of outcomes is the \
                            catalogue's, with 1 if one is not, with 2 on bad usage.")]
    Prove {
        /// What to prove; everything if not given
        #[arg(value_name = "PATTERN[/VARIANT]", value_parser = names::pattern_or_variant)]
        what: Vec<Named>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        output: Output,
    },
    /// Take away what makes each variant safe, and see that its proof finds out
    #[command(
        after_help = "Exits with 0 if every mutant is found unsafe, with 1 if one survives, \
                            with 2 on bad usage."
    )]
    Mutants {
        /// Whose; everyone's if not given
        #[arg(value_name = "PATTERN[/VARIANT]", value_parser = names::pattern_or_variant)]
        what: Vec<Named>,
        #[command(flatten)]
        output: Output,
    },
    /// Show the shortest schedule that leads to a forbidden outcome
    Show {
        /// What to show
        #[arg(value_name = "PATTERN/VARIANT", value_parser = names::variant)]
        what: Entry,
        #[command(flatten)]
        place: Place,
        /// Draw it too, into this file
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
        /// Show every row, however many there are
        #[arg(long)]
        whole: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Run one schedule again
    Replay {
        /// The schedule, as `show` and `prove --format json` print it
        #[arg(value_parser = Token::parse)]
        token: Token,
        #[command(flatten)]
        output: Output,
    },
    /// Run the FIFO schedule alone: what asyncio and a tokio runtime of one thread would do
    Run {
        /// What to run
        #[arg(value_name = "PATTERN/VARIANT", value_parser = names::variant)]
        what: Entry,
        /// How many actors
        #[arg(long, value_name = "N", value_parser = sizes::run, allow_negative_numbers = true)]
        actors: Option<usize>,
        #[command(flatten)]
        output: Output,
    },
}

/// How to answer.
#[derive(Args)]
pub struct Output {
    /// text or json
    #[arg(long, default_value = "text", value_parser = names::format)]
    pub format: Format,
}

/// Where to prove, and how much.
#[derive(Args)]
pub struct Place {
    /// event-loop, threads or weak-memory
    #[arg(long, value_parser = names::world)]
    pub world: Option<World>,
    /// model, tokio, futures or loom
    #[arg(long, value_parser = names::family)]
    pub primitives: Option<Family>,
    /// How many actors; a number that suits the variant if not given
    #[arg(long, value_name = "N", value_parser = sizes::explored, allow_negative_numbers = true)]
    pub actors: Option<usize>,
    /// Give up after so many executions; the verdict is then inconclusive unless a witness was found
    #[arg(long, value_name = "N", value_parser = sizes::limit("executions"), allow_negative_numbers = true)]
    pub max_executions: Option<NonZeroU64>,
    /// The same after so many distinct states
    #[arg(long, value_name = "N", value_parser = sizes::limit("states"), allow_negative_numbers = true)]
    pub max_states: Option<NonZeroU64>,
    /// The same after so many distinct outcomes
    #[arg(long, value_name = "N", value_parser = sizes::limit("outcomes"), allow_negative_numbers = true)]
    pub max_outcomes: Option<NonZeroU64>,
    /// The same after so many bytes of memory, estimated
    #[arg(long, value_name = "N", value_parser = sizes::limit("bytes"), allow_negative_numbers = true)]
    pub max_bytes: Option<NonZeroU64>,
}
