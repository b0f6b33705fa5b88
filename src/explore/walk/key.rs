//! When two prefixes of a schedule lead to the same future.
//!
//! They do if every actor has observed the same, is equally ready and sleeps for as long from now on,
//! and every object is in the same state. Replicas are interchangeable, so their parts are compared as a multiset; this is
//! exact because no object's part names an actor: who waits where is in the actor's part.
//!
//! An actor that another has spawned has an index that depends on the schedule. It is known by its
//! name instead, which follows from what its parent had observed.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use crate::explore::run::execution::Execution;
use crate::explore::run::sleep::Whose;
use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::{ActorView, Digest, Fingerprint};

/// The parts of a state key, reused from state to state.
#[derive(Default)]
pub(crate) struct Parts {
    actors: Vec<Digest>,
    sorted: Vec<Digest>,
    /// What setting up has left behind.
    setup: Digest,
}

impl Parts {
    /// Reads the state that `execution` is in.
    pub(crate) fn read(&mut self, execution: &Execution) {
        let view = &*execution.run().record.view();
        self.setup = view.setup;
        self.actors.clear();
        for actor in 0..execution.slots().len() {
            let ActorView { name, digest, .. } = view.actors[actor];
            let mut part = Digest::EMPTY;
            if actor >= execution.first_spawned() {
                part.mix_digest(name);
            }
            if execution.is_finished(actor) {
                part.mix(1);
                // What it has returned follows from what it had observed.
                if execution.slots()[actor].reader.is_there() {
                    part.mix_digest(digest);
                }
            } else {
                part.mix(if execution.is_ready(actor) { 2 } else { 3 });
                part.mix_digest(digest);
            }
            self.actors.push(part);
        }
        execution.run().sleeps.left(|whose, left| {
            let (kind, actor, number) = match whose {
                Whose::Wait(wait) => (1, Some(wait.actor), wait.number),
                Whose::MadeBy(maker) => (2, Some(maker.actor), maker.number),
                Whose::SetUp(number) => (3, None, number as u64),
            };
            let mut reference = Digest::EMPTY;
            reference.mix(kind << 60);
            reference.mix(number);
            if !is_on(Mistake::TimeLeftIgnored) {
                reference.mix(left as u64);
                reference.mix((left >> 64) as u64);
            }
            let part = actor.and_then(|actor| self.actors.get_mut(actor));
            part.unwrap_or(&mut self.setup).add(reference);
        });
        for (index, object) in view.objects.iter().enumerate() {
            let Some(state) = &object.state else { continue };
            if refers_to_waiters() {
                continue;
            }
            let mut position = 0;
            state.waiters(&mut |waiting| {
                let mut reference = Digest::EMPTY;
                match object.owner {
                    None => reference.mix(index as u64),
                    // Private to the actor that waits: its number says which it is.
                    Some(_) => reference.mix(1 << 32 | object.number),
                }
                if !is_on(Mistake::PlacesIgnored) {
                    reference.mix(position);
                }
                reference.mix(waiting.registration.number);
                reference.mix(u64::from(waiting.granted) | u64::from(waiting.is_owed) << 1);
                let part = self.actors.get_mut(waiting.registration.actor);
                part.unwrap_or(&mut self.setup).add(reference);
                position += 1;
            });
            if let Some(owner) = object.owner {
                let mut own = Digest::EMPTY;
                own.mix(object.number);
                own.mix(position);
                state.fingerprint(&mut own);
                self.actors[owner].add(own);
            }
        }
    }

    /// What decides the future of `actor`.
    pub(crate) fn of(&self, actor: usize) -> Digest {
        self.actors[actor]
    }

    /// The key of the state. With `last`, the state and who moved last.
    pub(crate) fn key(
        &mut self,
        execution: &Execution,
        replicas: bool,
        last: Option<usize>,
    ) -> u128 {
        let view = &*execution.run().record.view();
        let mut key = self.setup;
        self.sorted.clear();
        self.sorted.extend_from_slice(&self.actors);
        if let Some(last) = last {
            self.sorted[last].mix(4);
        }
        let (first, spawned) = self.sorted.split_at_mut(execution.first_spawned());
        // In which order they were spawned is no part of the state: each part tells its actor.
        spawned.sort_unstable();
        let groups = execution.slots()[..first.len()].chunk_by(|a, b| a.group == b.group);
        let mut rest = first;
        for group in groups {
            let (parts, tail) = rest.split_at_mut(group.len());
            if replicas && parts.len() > 1 {
                parts.sort_unstable();
            }
            for &part in parts.iter() {
                key.mix_digest(part);
            }
            rest = tail;
        }
        for &part in spawned.iter() {
            key.mix_digest(part);
        }
        for object in view.objects.iter().filter(|object| object.owner.is_none()) {
            match &object.state {
                Some(state) => {
                    let mut waiters = 0;
                    state.waiters(&mut |_| waiters += 1);
                    key.mix(waiters);
                    if !is_on(Mistake::ObjectsIgnored) {
                        state.fingerprint(&mut key);
                    }
                    if refers_to_waiters() {
                        self.mix_waiters(state.as_ref(), &mut key);
                    }
                }
                None => key.mix(u64::MAX),
            }
        }
        key.value()
    }

    /// What must not be done: an object that names its waiters is another one when two replicas
    /// change places.
    fn mix_waiters(&self, state: &dyn Fingerprint, key: &mut Digest) {
        state.waiters(&mut |waiting| {
            let actor = waiting.registration.actor;
            if is_on(Mistake::WaitersByDigest) {
                key.mix_digest(self.actors[actor]);
            } else {
                key.mix(actor as u64);
            }
            key.mix(waiting.registration.number);
            key.mix(u64::from(waiting.granted));
        });
    }
}

fn refers_to_waiters() -> bool {
    is_on(Mistake::WaitersByDigest) || is_on(Mistake::WaitersByIndex)
}

/// The keys of visited states.
pub(crate) type KeySet = HashSet<u128, BuildHasherDefault<KeyHasher>>;

/// Something for each state.
pub(crate) type KeyMap<V> = HashMap<u128, V, BuildHasherDefault<KeyHasher>>;

/// Bytes of a table with so many entries, of so many bytes each: an eighth of it stays empty, and
/// there is one more byte for each. When it is full the next entry needs a table twice as large, while
/// this one is still there.
pub(super) fn table_bytes(entries: usize, capacity: usize, of_one: usize) -> u64 {
    let bytes = capacity as u64 * 8 / 7 * (of_one as u64 + 1);
    if entries < capacity { bytes } else { 3 * bytes }
}

/// Keys are hashes already.
#[derive(Default)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("keys are hashed as one u128");
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = key as u64;
    }
}
