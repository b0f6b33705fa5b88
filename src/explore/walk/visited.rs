//! The states that were entered, by one thread or by several at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::key::{KeySet, table_bytes};

/// Whether a state is to be entered.
pub(super) enum Entered {
    First,
    Again,
    /// There may be no more of them.
    Full,
}

/// The states that were entered.
pub(super) enum Visited<'a> {
    Alone(KeySet),
    Together(&'a Shared),
}

impl Visited<'_> {
    pub(super) fn alone() -> Self {
        Self::Alone(KeySet::default())
    }

    /// Remembers `key`, of at most so many.
    #[inline]
    pub(super) fn enter(&mut self, key: u128, most: u64) -> Entered {
        match self {
            Self::Alone(keys) => {
                let is_full = keys.len() as u64 >= most;
                enter(keys, key, is_full)
            }
            Self::Together(shared) => shared.enter(key, most),
        }
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Alone(keys) => keys.len() as u64,
            Self::Together(shared) => shared.len.0.load(Ordering::Relaxed),
        }
    }

    /// How many bytes of memory they take.
    #[inline]
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Alone(keys) => bytes(keys),
            Self::Together(shared) => shared.bytes.0.load(Ordering::Relaxed),
        }
    }
}

#[inline]
fn enter(keys: &mut KeySet, key: u128, is_full: bool) -> Entered {
    match is_full {
        true if !keys.contains(&key) => Entered::Full,
        _ if keys.insert(key) => Entered::First,
        _ => Entered::Again,
    }
}

#[inline]
fn bytes(keys: &KeySet) -> u64 {
    table_bytes(keys.len(), keys.capacity(), size_of::<u128>())
}

/// The states that several threads entered, in shards of which each has a lock: two threads seldom want
/// one shard at once.
pub(super) struct Shared {
    shards: Vec<Mutex<KeySet>>,
    len: Apart<AtomicU64>,
    bytes: Apart<AtomicU64>,
}

/// What several threads write at all times, apart from what they only read: two cache lines for itself,
/// since processors fetch them in pairs.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Apart<T>(pub(super) T);

/// Many more than threads.
const SHARDS: usize = 256;

/// Keys are hashes: the lower half places them in a table, and the audit takes its sample by the lowest
/// bits of the upper half.
const SHARD_BITS: u32 = 112;

impl Default for Shared {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { shards, len: Apart::default(), bytes: Apart::default() }
    }
}

impl Shared {
    fn enter(&self, key: u128, most: u64) -> Entered {
        let shard = &self.shards[(key >> SHARD_BITS) as usize % SHARDS];
        let mut keys = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = self.len.0.load(Ordering::Relaxed) >= most;
        let before = bytes(&keys);
        let entered = enter(&mut keys, key, is_full);
        if let Entered::First = entered {
            self.len.0.fetch_add(1, Ordering::Relaxed);
            let after = bytes(&keys);
            if after > before {
                self.bytes.0.fetch_add(after - before, Ordering::Relaxed);
            } else if after < before {
                self.bytes.0.fetch_sub(before - after, Ordering::Relaxed);
            }
        }
        entered
    }
}
