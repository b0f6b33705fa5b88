//! Notices an actor that blocks its thread, and says so while it does.
//!
//! A poll should return at once. One that does not, because it sleeps, computes or waits for a
//! lock of the standard library, stops every other actor; and where it waits for one of them, it
//! never returns, and neither would an exploration that only checked results.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::Duration;

/// How often the watchdog checks.
const PERIOD: Duration = Duration::from_millis(500);

/// What one exploration is doing.
#[derive(Default)]
struct Post {
    /// Counts the beginnings and ends of steps: odd while one is under way.
    steps: AtomicU64,
    actor: AtomicUsize,
    names: OnceLock<Vec<String>>,
}

/// An exploration that the watchdog watches for as long as this lives.
pub(super) struct Watched(Arc<Post>);

static POSTS: Mutex<Vec<Weak<Post>>> = Mutex::new(Vec::new());

fn posts() -> MutexGuard<'static, Vec<Weak<Post>>> {
    POSTS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Watched {
    fn default() -> Self {
        static STARTED: Once = Once::new();
        let post = Arc::new(Post::default());
        posts().push(Arc::downgrade(&post));
        STARTED.call_once(|| {
            // Without a watchdog an exploration is as good, only less talkative.
            let _ = thread::Builder::new().name("selvedge watchdog".to_owned()).spawn(watch);
        });
        Self(post)
    }
}

impl Watched {
    /// Takes the actors' names from the first run.
    pub(super) fn introduce(&self, names: impl FnOnce() -> Vec<String>) {
        self.0.names.get_or_init(names);
    }

    /// A step of `actor` begins.
    #[inline]
    pub(super) fn begin(&self, actor: usize) {
        self.0.actor.store(actor, Ordering::Relaxed);
        self.count();
    }

    /// It has ended.
    #[inline]
    pub(super) fn end(&self) {
        self.count();
    }

    /// Only the exploring thread counts.
    #[inline]
    fn count(&self) {
        let steps = self.0.steps.load(Ordering::Relaxed);
        self.0.steps.store(steps + 1, Ordering::Relaxed);
    }
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
    // Once, and again whenever the time has doubled.
    if periods.is_power_of_two() && periods > 1 {
        let actor = post.actor.load(Ordering::Relaxed);
        let name = post.names.get().and_then(|names| names.get(actor));
        let name = name.map_or("an actor", String::as_str);
        let seconds = (PERIOD * periods).as_secs_f32();
        eprintln!(
            "selvedge: {name} has been blocking its thread for {seconds:.0} s in one poll: no other \
             actor can run"
        );
    }
    Some((weak, steps, periods))
}
