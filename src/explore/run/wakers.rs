//! Which actors have been woken since their last step, and in which order.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

use crate::observe;

/// A flag per actor, and its waker. Wakers may be called from any thread, so that a future that
/// hands its waker to one is not undefined; such a program is reported as nondeterministic.
#[derive(Default)]
pub(crate) struct Wakers {
    flags: Vec<Arc<Flag>>,
    wakers: Vec<Waker>,
}

pub(crate) struct Flag {
    set: AtomicBool,
    /// Whose it is; none where an actor blocks its thread.
    actor: Option<usize>,
    /// Where the FIFO schedule queues; the explorer needs no queue.
    queue: Option<Queue>,
}

/// Actors in the order they were woken.
pub(crate) type Queue = Arc<Mutex<VecDeque<usize>>>;

/// References to a flag that are here: itself, and its waker.
const OWN: usize = 2;

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if let Some(actor) = self.actor {
            observe::called(actor, self.is_set());
        }
        self.wake_unseen();
    }
}

impl Flag {
    /// Whose it is.
    pub(super) fn actor(&self) -> Option<usize> {
        self.actor
    }

    #[inline]
    pub(crate) fn is_set(&self) -> bool {
        self.set.load(Ordering::Acquire)
    }

    /// The flag of an actor of this index that is woken, and enters the queue if there is one.
    pub(crate) fn of(actor: Option<usize>, queue: Option<&Queue>) -> Arc<Self> {
        if let (Some(actor), Some(queue)) = (actor, queue) {
            queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(actor);
        }
        Arc::new(Self { set: AtomicBool::new(true), actor, queue: queue.cloned() })
    }

    pub(crate) fn set(&self) {
        self.set.store(true, Ordering::Release);
    }

    /// Wakes the actor, without its being a wake that a future could count.
    pub(crate) fn wake_unseen(&self) {
        let was_set = self.set.swap(true, Ordering::AcqRel);
        if let (false, Some(actor), Some(queue)) = (was_set, self.actor, &self.queue) {
            queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(actor);
        }
    }

    #[inline]
    pub(crate) fn clear(&self) {
        self.set.store(false, Ordering::Release);
    }
}

/// Flags of a run that is over. An exploration makes thousands of runs with the same number of
/// actors, and an allocation for each actor would be a good part of their cost.
#[derive(Default)]
pub(super) struct Spare(RefCell<Option<Wakers>>);

impl Spare {
    /// `count` actors, all woken, as a newly spawned task is.
    pub(super) fn take(&self, count: usize) -> Wakers {
        let spare = self.0.take().filter(|spare| spare.is_reusable(count));
        let Some(spare) = spare else { return Wakers::all(count, None) };
        for flag in &spare.flags {
            flag.set.store(true, Ordering::Relaxed);
        }
        spare
    }

    /// Keeps the flags of the first `count` actors for a later run.
    pub(super) fn give_back(&self, mut wakers: Wakers, count: usize) {
        wakers.flags.truncate(count);
        wakers.wakers.truncate(count);
        self.0.replace(Some(wakers));
    }
}

impl Wakers {
    /// One more actor.
    pub(crate) fn push(&mut self, flag: Arc<Flag>) {
        self.wakers.push(Waker::from(Arc::clone(&flag)));
        self.flags.push(flag);
    }

    /// Whether nothing else holds a waker: one that was kept must not wake an actor of another run.
    fn is_reusable(&self, count: usize) -> bool {
        self.flags.len() == count && self.flags.iter().all(|flag| Arc::strong_count(flag) == OWN)
    }

    /// `count` actors, all woken and in the queue that wakes enter, if there is one.
    pub(crate) fn all(count: usize, queue: Option<&Queue>) -> Self {
        let flags: Vec<_> = (0..count).map(|actor| Flag::of(Some(actor), queue)).collect();
        let wakers = flags.iter().map(|flag| Waker::from(Arc::clone(flag))).collect();
        Self { flags, wakers }
    }

    /// How many wakers of `actor` are kept.
    pub(crate) fn kept(&self, actor: usize) -> usize {
        Arc::strong_count(&self.flags[actor]).saturating_sub(OWN)
    }

    /// Whether somebody keeps a waker of `actor`, beside so many references that its thread has.
    pub(crate) fn is_kept(&self, actor: usize, of_thread: usize) -> bool {
        Arc::strong_count(&self.flags[actor]) > OWN + of_thread
    }

    /// What each waker points to.
    pub(crate) fn pointers(&self) -> impl Iterator<Item = *const ()> {
        self.wakers.iter().map(Waker::data)
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
