//! Which actors have been woken since their last step, and in which order.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// A flag per actor, and its waker. Wakers may be called from any thread, so that a future that
/// hands its waker to one is not undefined; such a program is reported as nondeterministic.
#[derive(Default)]
pub(crate) struct Woken {
    flags: Vec<Arc<Flag>>,
    wakers: Vec<Waker>,
}

pub(crate) struct Flag {
    set: AtomicBool,
    /// Where the FIFO schedule queues; the explorer needs no queue.
    queue: Option<(usize, Queue)>,
}

/// Actors in the order they were woken.
pub(crate) type Queue = Arc<Mutex<VecDeque<usize>>>;

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.set.swap(true, Ordering::AcqRel) {
            return;
        }
        if let Some((actor, queue)) = &self.queue {
            queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(*actor);
        }
    }
}

impl Flag {
    #[inline]
    pub(crate) fn is_set(&self) -> bool {
        self.set.load(Ordering::Acquire)
    }

    /// The flag of an actor that is woken: of this index, where there is a queue, which it enters.
    pub(crate) fn of(queued: Option<(usize, &Queue)>) -> Arc<Self> {
        let queue = queued.map(|(actor, queue)| {
            queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(actor);
            (actor, Arc::clone(queue))
        });
        Arc::new(Self { set: AtomicBool::new(true), queue })
    }

    pub(crate) fn set(&self) {
        self.set.store(true, Ordering::Release);
    }

    #[inline]
    pub(crate) fn clear(&self) {
        self.set.store(false, Ordering::Release);
    }
}

thread_local! {
    /// Flags of executions that are over. An exploration makes thousands of executions with the
    /// same number of actors, and an allocation for each actor would be a good part of their cost.
    static SPARE: RefCell<Vec<Woken>> = const { RefCell::new(Vec::new()) };
}

impl Woken {
    /// `count` actors, all woken, as a freshly spawned task is.
    pub(crate) fn take(count: usize) -> Self {
        let spare = SPARE.with_borrow_mut(Vec::pop).filter(|spare| spare.is_reusable(count));
        let Some(spare) = spare else { return Self::all(count, None) };
        for flag in &spare.flags {
            flag.set.store(true, Ordering::Relaxed);
        }
        spare
    }

    /// One more actor.
    pub(crate) fn push(&mut self, flag: Arc<Flag>) {
        self.wakers.push(Waker::from(Arc::clone(&flag)));
        self.flags.push(flag);
    }

    /// Keeps the flags of the first `count` actors for a later execution.
    pub(crate) fn give_back(mut self, count: usize) {
        self.flags.truncate(count);
        self.wakers.truncate(count);
        SPARE.with_borrow_mut(|spares| {
            if spares.is_empty() {
                spares.push(self);
            }
        });
    }

    /// Whether nobody but this holds a waker: one that somebody kept must not wake an actor of
    /// another execution.
    fn is_reusable(&self, count: usize) -> bool {
        const OWN: usize = 2;
        self.flags.len() == count && self.flags.iter().all(|flag| Arc::strong_count(flag) == OWN)
    }

    /// The same with flags of their own, and with the queue that wakes enter, and they first.
    pub(crate) fn all(count: usize, queue: Option<&Queue>) -> Self {
        let flags: Vec<_> =
            (0..count).map(|actor| Flag::of(queue.map(|queue| (actor, queue)))).collect();
        let wakers = flags.iter().map(|flag| Waker::from(Arc::clone(flag))).collect();
        Self { flags, wakers }
    }

    pub(crate) fn flags(&self) -> &[Arc<Flag>] {
        &self.flags
    }

    pub(crate) fn flag(&self, actor: usize) -> &Arc<Flag> {
        &self.flags[actor]
    }

    /// Begins a step of `actor`: a wake that comes from now on leads to another step.
    #[inline]
    pub(crate) fn clear(&self, actor: usize) -> &Waker {
        self.flags[actor].clear();
        &self.wakers[actor]
    }
}
