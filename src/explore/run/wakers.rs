//! Which actors have been woken since their last step, and in which order.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

use crate::observe;

/// A flag for each actor, and its waker. Wakers may be called from any thread, so that a future that
/// hands its waker to one is not undefined; such a program is reported as nondeterministic.
#[derive(Default)]
pub(crate) struct Wakers {
    flags: Vec<Arc<Flag>>,
    own: Vec<Waker>,
    /// The flags of those that stood before the first step, packed, because all are read at every step.
    words: Vec<Arc<AtomicU64>>,
    /// Which of them have not finished.
    unfinished: Vec<u64>,
}

/// Flags to a word.
pub(super) const BITS: usize = u64::BITS as usize;

pub(crate) struct Flag {
    word: Arc<AtomicU64>,
    bit: u64,
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
        self.word.load(Ordering::Acquire) & self.bit != 0
    }

    /// The flag of an actor of this index that is woken, and enters the queue if there is one.
    pub(crate) fn of(actor: Option<usize>, queue: Option<&Queue>) -> Arc<Self> {
        Self::within(&Arc::default(), actor, queue)
    }

    /// The same, beside others.
    fn within(word: &Arc<AtomicU64>, actor: Option<usize>, queue: Option<&Queue>) -> Arc<Self> {
        if let (Some(actor), Some(queue)) = (actor, queue) {
            queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(actor);
        }
        let bit = 1 << (actor.unwrap_or(0) % BITS);
        let flag = Self { word: Arc::clone(word), bit, actor, queue: queue.cloned() };
        flag.set();
        Arc::new(flag)
    }

    /// Sets the flag. Gives back whether it was set.
    pub(crate) fn set(&self) -> bool {
        self.word.fetch_or(self.bit, Ordering::AcqRel) & self.bit != 0
    }

    /// Wakes the actor, without its being a wake that a future could count.
    pub(crate) fn wake_unseen(&self) {
        if let (false, Some(actor), Some(queue)) = (self.set(), self.actor, &self.queue) {
            queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(actor);
        }
    }

    #[inline]
    pub(crate) fn clear(&self) {
        self.word.fetch_and(!self.bit, Ordering::AcqRel);
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
        let Some(mut spare) = spare else { return Wakers::all(count, None) };
        spare.unfinished.clear();
        spare.unfinished.extend(full(count));
        for (word, &all) in spare.words.iter().zip(&spare.unfinished) {
            word.store(all, Ordering::Relaxed);
        }
        spare
    }

    /// Keeps the flags of the first `count` actors for a later run.
    pub(super) fn give_back(&self, mut wakers: Wakers, count: usize) {
        wakers.flags.truncate(count);
        wakers.own.truncate(count);
        self.0.replace(Some(wakers));
    }
}

/// A bit for each of so many.
fn full(count: usize) -> impl Iterator<Item = u64> {
    let word = move |first: usize| u64::MAX >> (BITS - (count - first).min(BITS));
    (0..count).step_by(BITS).map(word)
}

impl Wakers {
    /// One more actor.
    pub(crate) fn push(&mut self, flag: Arc<Flag>) {
        self.own.push(Waker::from(Arc::clone(&flag)));
        self.flags.push(flag);
    }

    /// Whether nothing else holds a waker: one that was kept must not wake an actor of another run.
    fn is_reusable(&self, count: usize) -> bool {
        self.flags.len() == count && self.flags.iter().all(|flag| Arc::strong_count(flag) == OWN)
    }

    /// `count` actors, all woken and in the queue that wakes enter, if there is one.
    pub(crate) fn all(count: usize, queue: Option<&Queue>) -> Self {
        let words: Vec<Arc<AtomicU64>> = full(count).map(|_| Arc::default()).collect();
        let flag = |actor| Flag::within(&words[actor / BITS], Some(actor), queue);
        let flags: Vec<_> = (0..count).map(flag).collect();
        let own = flags.iter().map(|flag| Waker::from(Arc::clone(flag))).collect();
        Self { flags, own, words, unfinished: full(count).collect() }
    }

    /// Of those that stood before the first step, one has finished.
    pub(crate) fn finish(&mut self, actor: usize) {
        if let Some(word) = self.unfinished.get_mut(actor / BITS) {
            *word &= !(1 << (actor % BITS));
        }
    }

    /// Of those that stood before the first step, the ones that have been woken and have not finished:
    /// a bit each, so many to a word.
    #[inline]
    pub(crate) fn woken(&self) -> impl Iterator<Item = u64> {
        let words = self.words.iter().zip(&self.unfinished);
        words.map(|(word, unfinished)| word.load(Ordering::Acquire) & unfinished)
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
        self.own.iter().map(Waker::data)
    }

    pub(crate) fn flag(&self, actor: usize) -> &Arc<Flag> {
        &self.flags[actor]
    }

    /// Begins a step of `actor`: a wake that comes from now on leads to another step.
    #[inline]
    pub(crate) fn clear(&self, actor: usize) -> &Waker {
        self.flags[actor].clear();
        &self.own[actor]
    }
}
