//! What the record of one execution holds: its actors, its objects, and who waits where.

use std::rc::Rc;

use super::Digest;
use super::sabotage::{Mistake, is_on};

/// An actor's index, in the order of spawning.
pub type ActorId = usize;

/// A shared object of one execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectId {
    /// Which execution it belongs to: an object that outlives its execution is ignored.
    pub(super) epoch: u64,
    pub(super) index: usize,
}

impl ObjectId {
    /// Made where nothing is explored.
    pub(super) const UNRECORDED: Self = Self { epoch: 0, index: 0 };
}

/// One wait of one actor: the actor and how many waits it had begun before this one. An actor can
/// wait twice at once (`join`, `select`), so the actor would not be enough to name the waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration {
    pub(crate) actor: ActorId,
    pub(crate) number: u64,
}

/// One entry of an object's queue of waiters.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// Which wait of which actor.
    pub registration: Registration,
    /// Whether what it waits for is already set aside for it.
    pub granted: bool,
    /// Whether it is about to be told that its wait is over.
    pub is_owed: bool,
}

/// The part of an object's state that decides its future.
pub trait Fingerprint: 'static {
    /// Mixes in everything but the waiters' names: those belong to the actors' side of the key.
    fn fingerprint(&self, digest: &mut Digest);
    /// The waiters in the order of their queue.
    fn waiters(&self, _visit: &mut dyn FnMut(Waiting)) {}
}

/// An actor as the explorer knows it, which cannot see into its future.
#[derive(Clone, Copy)]
pub(crate) struct ActorView {
    /// Tells it from every other actor, whatever their indices: its place among those that stood
    /// before the first step, or else who spawned it, having observed what, and as which child.
    pub(crate) name: Digest,
    /// Everything it has observed, in order.
    pub(crate) digest: Digest,
    /// Whether it may be polled although nothing wakes it from now on.
    pub(super) is_awake: bool,
    /// What its own waker points to.
    pub(super) waker: *const (),
    pub(super) registrations: u64,
    /// Those of its waits that have not ended.
    pub(super) waits: u64,
    pub(super) created: u64,
    pub(super) spawned: u64,
}

impl ActorView {
    /// An actor that stands before the first step, at this place.
    pub(super) fn at(place: usize, waker: *const ()) -> Self {
        let mut name = Digest::EMPTY;
        name.mix(place as u64);
        Self { waker, ..Self::new(name, Digest::EMPTY) }
    }

    fn new(name: Digest, digest: Digest) -> Self {
        let waker = std::ptr::null();
        let [registrations, waits, created, spawned] = [0; 4];
        Self { name, digest, is_awake: true, waker, registrations, waits, created, spawned }
    }

    /// How many of its waits have not ended.
    pub(crate) fn waits(&self) -> u64 {
        self.waits
    }

    /// The next child of this actor. What it is to do follows from what its parent has observed.
    pub(super) fn spawn(&mut self) -> Self {
        self.spawned += 1;
        let mut name = Digest::EMPTY;
        name.mix(self.spawned);
        if !is_on(Mistake::ParentsIgnored) {
            name.mix_digest(self.name);
        }
        if !is_on(Mistake::ParentsHistoryIgnored) {
            name.mix_digest(self.digest);
        }
        Self::new(name, name)
    }
}

/// A shared object as the explorer knows it.
pub(crate) struct ObjectView {
    pub(super) name: &'static str,
    /// The actor that created it during the execution; `None` if it stood before the first step.
    pub(crate) owner: Option<ActorId>,
    /// Its number among its creator's objects: its name in digests.
    pub(crate) number: u64,
    /// `None` once dropped.
    pub(crate) state: Option<Rc<dyn Fingerprint>>,
}

/// What a state key is made of.
pub(crate) struct View {
    pub(crate) actors: Vec<ActorView>,
    pub(crate) objects: Vec<ObjectView>,
    /// What was chosen by no actor, while the program was set up.
    pub(crate) setup: Digest,
}

impl View {
    /// An object's name, and its number from 1 among all that bear the name.
    pub(super) fn display_name(&self, index: usize) -> (&'static str, usize) {
        let name = self.objects[index].name;
        let earlier = self.objects[..index].iter().filter(|object| object.name == name).count();
        (name, earlier + 1)
    }
}
