//! Where in the reader's code something happened that made no operation of its own: who left a waker,
//! or called one, on which line, and inside of what.
//!
//! A trace is taken where a run is logged, and nowhere else: it costs microseconds, and to read it a
//! hundred times as much. It is read when the run is over, if it has a row at all.

mod symbols;

use std::collections::HashMap;
use std::env;
use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::event::Place;
use symbols::Owner;

/// The calls that were under way, innermost first, as addresses.
pub(super) struct Trace(Vec<*mut c_void>);

/// Calls that are kept of one trace: the line of the reader's own is among the innermost.
const MOST_FRAMES: usize = 256;

impl Trace {
    pub(super) fn take() -> Self {
        let mut frames = Vec::with_capacity(64);
        backtrace::trace(|frame| {
            frames.push(frame.ip());
            frames.len() < MOST_FRAMES
        });
        Self(frames)
    }
}

/// The function below which no call is the actor's.
const BELOW_THE_ACTOR: &str = "poll_with_traces";

/// Polls an actor of a logged run. What its traces show ends here.
#[inline(never)]
pub(crate) fn poll_with_traces<R>(poll: impl FnOnce() -> R) -> R {
    // Something is left to do after the call, so that it keeps a frame of its own.
    let result = std::hint::black_box(poll());
    std::hint::black_box(());
    result
}

/// What a trace says.
#[derive(Default)]
pub(super) struct Site {
    /// What the reader's code called: `tokio::sync::Mutex::lock`.
    pub(super) callee: Option<Arc<str>>,
    /// Where it called that.
    pub(super) place: Option<Place>,
    /// Whether there is a line or a name to know, but no debug information that has it.
    pub(super) lacks_lines: bool,
}

/// Reads traces. Most frames of two traces are the same.
pub(super) struct Reader {
    known: HashMap<*mut c_void, Rc<[Function]>>,
    /// Where the process works.
    folder: Option<PathBuf>,
}

impl Default for Reader {
    fn default() -> Self {
        Self { known: HashMap::new(), folder: env::current_dir().ok() }
    }
}

/// A function that was under way, perhaps inlined into the one around it.
struct Function {
    name: String,
    file: Option<String>,
    line: u32,
}

impl Reader {
    /// What `trace` says: its innermost function that is the reader's own, and what that called.
    pub(super) fn read(&mut self, Trace(frames): &Trace) -> Site {
        let mut site = Site::default();
        let (mut is_named, mut lacks_name) = (false, false);
        'frames: for &frame in frames {
            for Function { name, file, line } in &*self.functions(frame) {
                is_named = true;
                if name.contains(BELOW_THE_ACTOR) {
                    break 'frames;
                }
                let owner = symbols::owner(name, file.as_deref());
                if owner == Owner::Glue {
                    continue;
                }
                let readable = symbols::readable(name).map(Arc::from);
                lacks_name |= readable.is_none();
                match (owner, file) {
                    (Owner::Reader, Some(file)) => {
                        let (file, line) = (self.shortened(file), *line);
                        site.place = Some(Place { file, line });
                        site.lacks_lines = lacks_name;
                        site.callee = site.callee.or(readable);
                        break 'frames;
                    }
                    (Owner::Reader, None) => {
                        site.lacks_lines = true;
                        site.callee = site.callee.or(readable);
                    }
                    _ if !site.lacks_lines => site.callee = readable,
                    _ => {}
                }
            }
        }
        // Not even the names of functions are there, nor the lines.
        site.lacks_lines |= !is_named;
        site
    }

    fn functions(&mut self, frame: *mut c_void) -> Rc<[Function]> {
        let read = || {
            let mut functions = Vec::new();
            backtrace::resolve(frame, |symbol| {
                let Some(name) = symbol.name() else { return };
                functions.push(Function {
                    name: format!("{name:#}"),
                    file: symbol.filename().map(|file| file.to_string_lossy().into_owned()),
                    line: symbol.lineno().unwrap_or_default(),
                });
            });
            functions.into()
        };
        Rc::clone(self.known.entry(frame).or_insert_with(read))
    }

    /// The file as the compiler names it elsewhere: from the folder in which it was called.
    fn shortened(&self, file: &str) -> Arc<str> {
        let inside =
            self.folder.as_ref().and_then(|folder| Path::new(file).strip_prefix(folder).ok());
        inside.map_or_else(|| file.into(), |inside| inside.to_string_lossy().into())
    }
}
