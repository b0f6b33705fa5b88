//! Notices an actor that blocks its thread, says so while it does, and in the end gives up.
//!
//! A poll should return at once. One that does not, because it sleeps, computes or waits for a
//! lock of the standard library, stops every other actor; and where it waits for one of them, it
//! never returns. Nothing can end a poll from outside, and the program need not be one that could be
//! left behind on a thread of its own. So the process ends, which fails a test instead of hanging it.

use std::io::Write as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, OnceLock, PoisonError, Weak};
use std::time::Duration;
use std::{env, fs, io, process, thread};

use crate::explore::POLL_SECONDS;
use crate::observe::{LastPlace, Places};

/// How often the watchdog checks.
const PERIOD: Duration = Duration::from_millis(500);

/// As of a panic that nobody catches.
const EXIT_CODE: i32 = 101;

/// What one exploration is doing.
struct Post {
    /// Counts the beginnings and ends of steps: odd while one is under way.
    steps: AtomicU64,
    actor: AtomicUsize,
    /// The number of the step in its run.
    step: AtomicUsize,
    place: Arc<LastPlace>,
    names: OnceLock<Vec<String>>,
    /// Beyond which the process ends; `None` if never.
    limit: Option<Duration>,
    /// What the system knows of the exploring thread, where there is such a folder.
    thread: Option<PathBuf>,
}

/// An exploration that the watchdog watches for as long as this lives.
pub(super) struct Watched {
    post: Arc<Post>,
    places: Rc<Places>,
}

static POSTS: Mutex<Vec<Weak<Post>>> = Mutex::new(Vec::new());

fn posts() -> MutexGuard<'static, Vec<Weak<Post>>> {
    POSTS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watched {
    /// Watches this thread, on which a poll may take so long.
    pub(super) fn new(limit: Duration) -> Self {
        static STARTED: Once = Once::new();
        let place = Arc::new(LastPlace::default());
        let post = Arc::new(Post {
            steps: AtomicU64::new(0),
            actor: AtomicUsize::new(0),
            step: AtomicUsize::new(0),
            place: Arc::clone(&place),
            names: OnceLock::new(),
            limit: overridden(limit),
            thread: fs::read_link("/proc/thread-self").ok(),
        });
        posts().push(Arc::downgrade(&post));
        STARTED.call_once(|| {
            // Without a watchdog an exploration is as good, only less talkative.
            let _ = thread::Builder::new().name("selvedge watchdog".to_owned()).spawn(watch);
        });
        Self { post, places: Rc::new(Places::new(place)) }
    }

    /// Where accesses are made.
    pub(super) fn places(&self) -> &Rc<Places> {
        &self.places
    }

    /// Whose step it is, or was last.
    pub(super) fn actor(&self) -> &str {
        self.post.actor()
    }

    /// Takes the actors' names from the first run.
    pub(super) fn introduce(&self, names: impl FnOnce() -> Vec<String>) {
        self.post.names.get_or_init(names);
    }

    /// A step of `actor` begins, this one of its run.
    #[inline]
    pub(super) fn begin(&self, actor: usize, step: usize) {
        self.post.actor.store(actor, Ordering::Relaxed);
        self.post.step.store(step, Ordering::Relaxed);
        self.count();
    }

    /// What no actor does begins: setting up, or reading the outcome.
    pub(super) fn begin_beside(&self) {
        self.begin(usize::MAX, 0);
        self.places.clear();
    }

    /// It has ended.
    #[inline]
    pub(super) fn end(&self) {
        self.count();
    }

    /// Only the exploring thread counts.
    #[inline]
    fn count(&self) {
        let steps = self.post.steps.load(Ordering::Relaxed);
        self.post.steps.store(steps + 1, Ordering::Relaxed);
    }
}

/// The limit, unless the environment has another.
fn overridden(limit: Duration) -> Option<Duration> {
    let seconds = env::var(POLL_SECONDS).ok().and_then(|seconds| seconds.parse().ok());
    let limit = seconds.map_or(limit, Duration::from_secs);
    Some(limit).filter(|limit| !limit.is_zero())
}

fn watch() {
    let mut seen: Vec<(Weak<Post>, u64, u32)> = Vec::new();
    loop {
        thread::sleep(PERIOD);
        posts().retain(|post| post.strong_count() > 0);
        let posts = posts().clone();
        seen = posts.into_iter().filter_map(|post| check(&seen, post)).collect();
    }
}

/// Compares a post with what it was before; complains if the same step is still under way.
fn check(seen: &[(Weak<Post>, u64, u32)], weak: Weak<Post>) -> Option<(Weak<Post>, u64, u32)> {
    let post = weak.upgrade()?;
    let steps = post.steps.load(Ordering::Relaxed);
    let before = seen.iter().find(|(other, ..)| other.ptr_eq(&weak));
    let periods = match before {
        Some(&(_, before, periods)) if before == steps && steps % 2 == 1 => periods + 1,
        _ => 0,
    };
    let so_far = PERIOD * periods;
    if periods > 0 && post.limit.is_some_and(|limit| so_far >= limit) {
        post.give_up(so_far);
    }
    // Once, and again whenever the time has doubled.
    if periods.is_power_of_two() && periods > 1 {
        let seconds = so_far.as_secs_f32();
        say(&format!(
            "{} has been blocking its thread for {seconds:.0} s in one poll: no other actor can run",
            post.actor()
        ));
    }
    Some((weak, steps, periods))
}

impl Post {
    fn actor(&self) -> &str {
        match self.actor.load(Ordering::Relaxed) {
            usize::MAX => "what sets up the program or reads its outcome",
            actor => {
                let name = self.names.get().and_then(|names| names.get(actor));
                name.map_or("a spawned actor", String::as_str)
            }
        }
    }

    fn give_up(&self, so_far: Duration) -> ! {
        let (actor, seconds) = (self.actor(), so_far.as_secs_f32());
        let step = self.step.load(Ordering::Relaxed) + 1;
        let last =
            self.place.get().map_or(String::new(), |at| format!(", since an access at {at}"));
        let doing = self.doing();
        say(&format!(
            "{actor} has not returned for {seconds:.0} s, from one poll or destructor in step {step} \
             of its run{last}{doing}. A lock of the standard library that another actor holds, a blocking \
             call, a loop without an await? A poll cannot be ended from outside, so the process ends, \
             and nothing is proved. To see the stack, run it again with {POLL_SECONDS}=0, which waits \
             forever, and attach a debugger: gdb -p PID -batch -ex 'thread apply all backtrace'"
        ));
        process::exit(EXIT_CODE);
    }

    /// Whether the thread runs, where the system says so.
    fn doing(&self) -> &'static str {
        let stat =
            self.thread.as_ref().map(|thread| PathBuf::from("/proc").join(thread).join("stat"));
        let stat = stat.and_then(|stat| fs::read_to_string(stat).ok()).unwrap_or_default();
        match stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next()) {
            Some('R') => ", and its thread computes",
            Some('S' | 'D') => ", and its thread sleeps or waits for a lock",
            _ => "",
        }
    }
}

/// Past whoever captures what a test prints: it would be lost with the process.
fn say(what: &str) {
    // Nobody is left to tell.
    let _ = writeln!(io::stderr(), "selvedge: {what}");
}
