//! What is being proved, for as long as it takes, where somebody is looking.

use std::fmt::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use selvedge::explore;
use selvedge::prove::Case;

/// One line on standard error that is written over and, in the end, taken away; nothing at all
/// unless standard error is a terminal.
pub struct Progress {
    line: ProgressBar,
}

impl Progress {
    /// Nothing yet. From here on Ctrl-C ends the explorations, whose reports are then inconclusive;
    /// a second Ctrl-C ends the process.
    pub fn start() -> Self {
        /// What a shell reports of a process that SIGINT ended.
        const INTERRUPTED: i32 = 130;
        let mut is_second = false;
        // Where no handler can be installed, Ctrl-C ends the process as it always did.
        let _ = ctrlc::set_handler(move || {
            if std::mem::replace(&mut is_second, true) {
                std::process::exit(INTERRUPTED);
            }
            explore::stop();
        });
        let line = ProgressBar::new_spinner();
        line.set_style(style());
        line.enable_steady_tick(Duration::from_millis(200));
        Self { line }
    }

    /// `case` is being proved.
    pub fn show(&self, case: &Case) {
        let Case { entry, world, .. } = case;
        self.say(format!("{entry} in the {world} world"));
    }

    /// This is being explored.
    pub fn say(&self, what: String) {
        self.line.reset_elapsed();
        self.line.set_message(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {msg}: {extent}")
        .expect("the template is well-formed")
        .with_key("extent", |state: &ProgressState, line: &mut dyn Write| {
            let explore::Progress { executions, states, depth, open, behind } = explore::progress();
            let (count, noun) = match states {
                0 => (executions, "executions"),
                _ => (states, "states"),
            };
            let rate = count as f64 / state.elapsed().as_secs_f64().max(0.001);
            let _ = write!(line, "{count} {noun}, {rate:.0} per second, depth {depth}");
            // Where states are merged most of what is open leads to what is known.
            if states == 0 && open > 0 {
                let _ = write!(line, ", {open} open, about {:.1} % done", 100.0 * behind);
            }
        })
}
