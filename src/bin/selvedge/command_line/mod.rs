//! What the user asks for, and what is answered: text and an exit code.

mod arguments;
mod commands;
mod names;
mod progress;
mod selection;
mod sizes;
mod token;

use std::error::Error;
use std::ffi::OsString;

use clap::Parser;
use clap::error::ErrorKind;

use arguments::Arguments;
pub use token::Token;

/// What a command has to say.
pub struct Answer {
    /// Goes to standard output.
    pub text: String,
    /// 0 if all is as it should be, [`NOT_AS_EXPECTED`] if not.
    pub code: u8,
}

impl Answer {
    /// All is as it should be.
    fn fine(text: String) -> Self {
        Self { text, code: 0 }
    }
}

/// The exit code of a proof that did not come out as the catalogue says.
const NOT_AS_EXPECTED: u8 = 1;

/// The exit code of a question that cannot be answered.
pub const BAD_USAGE: u8 = 2;

/// Answers the command line.
///
/// # Errors
///
/// What was wrong with the question, ready to print.
pub fn answer(arguments: impl Iterator<Item = OsString>) -> Result<Answer, String> {
    match Arguments::try_parse_from(arguments) {
        Ok(Arguments { command }) => {
            commands::answer(command).map_err(|message| format!("error: {message}\n"))
        }
        Err(error) => match (error.kind(), error.source()) {
            (
                ErrorKind::DisplayHelp
                | ErrorKind::DisplayVersion
                | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
                _,
            ) => Ok(Answer::fine(error.to_string())),
            // The message of one of our own parsers says it all, in one line.
            (ErrorKind::ValueValidation, Some(source)) => Err(format!("error: {source}\n")),
            _ => Err(on_one_line(&error)),
        },
    }
}

/// What clap has to say of `error`, without the usage, which `--help` has, and without its advice
/// to mark a misspelt option as a value, which no command here takes.
fn on_one_line(error: &clap::Error) -> String {
    let said = error.to_string();
    let lines = said.lines().map(str::trim).filter(|line| {
        !line.is_empty() && !line.starts_with("Usage:") && !line.starts_with("tip: to pass")
    });
    let parts: Vec<_> = lines.map(|line| line.trim_start_matches("tip: ")).collect();
    let line = parts.join("; ").replace(":; ", ": ");
    format!("{}\n", line.trim_end_matches('.').replace("; For more", "; for more"))
}
