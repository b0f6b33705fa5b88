//! The command line of selvedge.

mod command_line;
mod report;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use command_line::{Answer, BAD_USAGE};

fn main() -> ExitCode {
    match command_line::answer(std::env::args_os()) {
        Ok(Answer { text, code }) => match print(&text) {
            Ok(()) => ExitCode::from(code),
            // Whoever reads the output has seen enough of it, as in `selvedge list | head -1`.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(code),
            Err(error) => complain(&format!("error: cannot write the answer: {error}\n")),
        },
        Err(message) => complain(&message),
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn complain(message: &str) -> ExitCode {
    // Where standard error is closed, the exit code still says it.
    let _ = io::stderr().lock().write_all(message.as_bytes());
    ExitCode::from(BAD_USAGE)
}
