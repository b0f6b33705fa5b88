//! Real threads, each of which runs one future, and which end together.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};
use std::thread::{self, JoinHandle};

/// How a run ended before every thread had.
#[derive(Clone, Debug)]
pub(super) enum Cut {
    /// Every thread that is left waits, and nobody is there to wake one.
    Deadlock,
    Panicked(String),
}

/// The threads of one run.
#[derive(Default)]
pub(super) struct Crew {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    threads: Vec<Activity>,
    handles: Vec<JoinHandle<()>>,
    cut: Option<Cut>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Activity {
    Runs,
    /// Was woken, and has not been polled since.
    Woken,
    Waits,
    Ended,
}

impl State {
    /// Cuts the run short if nobody is left who could wake those that wait.
    fn look_for_deadlock(&mut self) {
        let all = |only: &[Activity]| self.threads.iter().all(|thread| only.contains(thread));
        if all(&[Activity::Waits, Activity::Ended]) && !all(&[Activity::Ended]) {
            self.cut.get_or_insert(Cut::Deadlock);
        }
    }
}

impl Crew {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a thread that does `work`, which gets to know its number.
    pub(super) fn add(self: &Arc<Self>, work: impl FnOnce(usize) + Send + 'static) {
        let mut state = self.state();
        let number = state.threads.len();
        state.threads.push(Activity::Runs);
        let crew = Arc::clone(self);
        state.handles.push(thread::spawn(move || {
            work(number);
            let mut state = crew.state();
            state.threads[number] = Activity::Ended;
            state.look_for_deadlock();
            drop(state);
            crew.changed.notify_all();
        }));
    }

    /// Polls `future` on the thread of this number until it is ready or the run is cut short.
    pub(super) fn block_on(self: &Arc<Self>, number: usize, future: impl Future<Output = ()>) {
        let mut future = std::pin::pin!(future);
        let waker = Waker::from(Arc::new(Bell { crew: Arc::clone(self), number }));
        while future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            if !self.wait(number) {
                return;
            }
        }
    }

    /// Waits until the thread is woken; `false` if the run is cut short.
    fn wait(&self, number: usize) -> bool {
        let mut state = self.state();
        if state.threads[number] == Activity::Runs {
            state.threads[number] = Activity::Waits;
            state.look_for_deadlock();
        }
        while state.cut.is_none() && state.threads[number] == Activity::Waits {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let goes_on = state.cut.is_none();
        state.threads[number] = Activity::Runs;
        drop(state);
        if !goes_on {
            self.changed.notify_all();
        }
        goes_on
    }

    /// Ends the run as a panic would.
    pub(super) async fn panic(&self, message: String) {
        self.state().cut.get_or_insert(Cut::Panicked(message));
        self.changed.notify_all();
        std::future::pending::<()>().await;
    }

    /// Waits for all threads to end; how the run ended if it was cut short.
    pub(super) fn join(&self) -> Option<Cut> {
        loop {
            let Some(handle) = self.state().handles.pop() else { break };
            handle.join().expect("no thread panics");
        }
        self.state().cut.clone()
    }
}

struct Bell {
    crew: Arc<Crew>,
    number: usize,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let mut state = self.crew.state();
        let thread = &mut state.threads[self.number];
        let waited = *thread == Activity::Waits;
        if *thread != Activity::Ended {
            *thread = Activity::Woken;
        }
        drop(state);
        if waited {
            self.crew.changed.notify_all();
        }
    }
}
