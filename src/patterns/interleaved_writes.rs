//! # interleaved-writes
//!
//! Two actors write frames of two chunks to one stream, and the chunks of one end up among those
//! of the other.
//!
//! ```text
//!   actor 1             stream             actor 2
//!   write head 1        h1
//!                       h1 h2              write head 2
//!                       h1 h2 t2           write tail 2
//!   write tail 1        h1 h2 t2 t1                           frame 1 is torn
//! ```
//!
//! **In review, look for** two writes to one socket, file or standard output with an `.await` in
//! between, where others hold the same stream. A write-all or a formatted write may be several.
//!
//! **The fix** is one lock, held over the whole frame; or one write call with the whole frame; or
//! one actor that owns the stream and is sent whole frames.
//!
//! That two short appends to a file may be garbled, as a source below warns, is refuted where each
//! is one write call: `single-write`. The stream is assumed to take one call whole, as a file that
//! was opened for appending usually does, and a pipe up to `PIPE_BUF` bytes; a socket may take a
//! part.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use futures::FutureExt;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Lock, Primitives, Queue};

/// The chunks of a frame.
const HEAD: i64 = 0;
const TAIL: i64 = 1;
const CHUNKS: i64 = 2;

/// Marks one write call that holds both chunks.
const WHOLE: i64 = 2;

/// A stream that several actors write frames to.
pub struct Stream<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    numbers: P::Atomic,
    calls: P::Queue,
    inbox: P::Queue,
    frames: usize,
}

impl<P: Primitives, G: Policy> Stream<P, G> {
    /// Writes a frame chunk by chunk, giving way in between.
    pub async fn write_chunks(&self, frame: i64) {
        let _guard = self.lock.acquire().await;
        self.write(frame, HEAD);
        P::yield_now().await; // <- the race: without the lock, anybody may write now
        self.write(frame, TAIL);
    }

    /// Writes a frame in one call.
    pub async fn write_whole(&self, frame: i64) {
        P::yield_now().await;
        self.write(frame, WHOLE);
    }

    /// Has a frame written by whoever runs [`own`](Self::own).
    pub async fn send(&self, frame: i64) {
        P::yield_now().await;
        self.inbox.send(frame);
    }

    /// Writes every frame that is sent, until there are no more to come.
    pub async fn own(&self) {
        for _ in 0..self.frames {
            let frame = self.inbox.receive().await;
            self.write_chunks(frame).await;
        }
    }

    /// A number that no other frame has: drawn, so that the actors are interchangeable.
    fn number(&self) -> i64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// One write call.
    fn write(&self, frame: i64, part: i64) {
        self.calls.send(frame * (CHUNKS + 1) + part);
    }

    /// The chunks as they arrived, each with the number of its frame.
    fn arrived(&self) -> Vec<(i64, i64)> {
        let calls = std::iter::from_fn(|| self.calls.receive().now_or_never());
        let chunks = calls.flat_map(|call| match (call / (CHUNKS + 1), call % (CHUNKS + 1)) {
            (frame, WHOLE) => vec![(frame, HEAD), (frame, TAIL)],
            chunk => vec![chunk],
        });
        chunks.collect()
    }
}

impl<P: Primitives, G: Policy> Shared for Stream<P, G> {
    fn new(actors: usize) -> Self {
        Self {
            lock: G::Lock::<P>::new("lock"),
            numbers: P::Atomic::new("numbers", 0),
            calls: P::Queue::new("stream"),
            inbox: P::Queue::new("inbox"),
            frames: actors,
        }
    }

    /// How many frames were torn: those whose tail does not follow their head at once.
    fn outcome(&self) -> Value {
        let chunks = self.arrived();
        let is_whole = |pair: &&[(i64, i64)]| pair[0].0 == pair[1].0;
        let whole = chunks.windows(CHUNKS as usize).filter(is_whole).count();
        ((self.frames - whole) as i64).into()
    }
}

struct Chunks<G>(PhantomData<G>);
struct SingleWrite;
struct WriterActor;

impl<P: Primitives, G: Policy> Scenario<P> for Chunks<G> {
    type State = Stream<P, G>;
    fn roles(actors: usize) -> Vec<Role<Stream<P, G>>> {
        vec![Role::replicas("task", actors, async |stream: &Stream<P, G>| {
            stream.write_chunks(stream.number()).await;
        })]
    }
}

impl<P: Primitives> Scenario<P> for SingleWrite {
    type State = Stream<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Stream<P, Unlocked>>> {
        vec![Role::replicas("task", actors, async |stream: &Stream<P, Unlocked>| {
            stream.write_whole(stream.number()).await;
        })]
    }
}

impl<P: Primitives> Scenario<P> for WriterActor {
    type State = Stream<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Stream<P, Unlocked>>> {
        let task = async |stream: &Stream<P, Unlocked>| stream.send(stream.number()).await;
        vec![Role::replicas("task", actors, task), Role::one("writer", Stream::own)]
    }
}

fn none_torn(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// A frame that encloses another is torn, and the other stays whole, so any number can be torn. A
/// single actor has nobody who would tear its frame.
fn any_torn(actors: usize) -> Outcomes {
    let most = if actors > 1 { actors } else { 0 };
    outcomes(0..=most as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "interleaved-writes",
    summary: "two actors write to one stream, and the chunks of their frames mix",
    review: "two writes to one stream with an `.await` in between, where others write to it too",
    sources: &[
        "Python asyncio race condition fix, Namit Jain, 2025",
        "Asyncio Race Conditions, Jason Brownlee",
    ],
    variants: &[
        Variant::new::<Chunks<Unlocked>>(
            "unlocked",
            "write a chunk, await, write the next",
            none_torn,
            Reaches::everywhere(any_torn),
        ),
        Variant::new::<Chunks<Locked>>(
            "locked",
            "one mutex, held over a whole frame",
            none_torn,
            Reaches::everywhere(none_torn),
        )
        .guarded_by(&[Guard::Mutex])
        .with_weak_memory_actors(2),
        Variant::new::<SingleWrite>(
            "single-write",
            "one write call for a whole frame",
            none_torn,
            Reaches::everywhere(none_torn),
        )
        .unlike("unlocked"),
        Variant::new::<WriterActor>(
            "writer-actor",
            "send whole frames to one more actor, which writes them alone",
            none_torn,
            Reaches::everywhere(none_torn),
        )
        .unlike("unlocked")
        .with_weak_memory_actors(2),
    ],
};
