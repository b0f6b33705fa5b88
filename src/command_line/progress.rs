//! What is being proved, for as long as it takes, where somebody is looking.

use std::io::{self, IsTerminal, Write};

use selvedge::patterns::Case;

/// One line on standard error that is written over and, in the end, taken away.
pub struct Progress {
    is_watched: bool,
}

/// Back to the start of the line, and clear it.
const CLEAR: &str = "\r\x1b[K";

impl Progress {
    /// Nothing yet; nothing at all unless standard error is a terminal.
    pub fn start() -> Self {
        Self { is_watched: io::stderr().is_terminal() }
    }

    /// `case` is being proved.
    pub fn show(&self, case: &Case) {
        let Case { pattern, variant, world, .. } = case;
        self.write(&format!("{CLEAR}{}/{} in the {world} world", pattern.name, variant.name));
    }

    fn write(&self, text: &str) {
        if self.is_watched {
            // Progress that cannot be shown is no reason to stop.
            let _ = io::stderr().lock().write_all(text.as_bytes());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.write(CLEAR);
    }
}
