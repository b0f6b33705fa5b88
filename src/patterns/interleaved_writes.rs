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
//! between, where others hold the same stream. `write_all` or a formatted write may be several.
//!
//! **The fix** is one lock, held over the whole frame; or one write call with the whole frame; or
//! one actor that owns the stream and is sent whole frames.
//!
//! That two short appends to a file may be garbled, as a source below warns, is refuted where each
//! is one write call: `single-write`. The stream is assumed to take a call whole, as a file opened
//! for appending usually does, and a pipe up to `PIPE_BUF` bytes; a socket may take only a part.

use std::sync::atomic::Ordering;

use futures::FutureExt;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Role, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Lock, Primitives, Queue};

/// The chunks of a frame.
const HEAD: i64 = 0;
const TAIL: i64 = 1;
const CHUNKS: i64 = 2;

/// Marks a write call with both chunks.
const WHOLE: i64 = 2;

/// A stream that several actors write frames to.
struct Stream<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    numbers: P::Atomic,
    calls: P::Queue,
    inbox: P::Queue,
    frames: usize,
}

impl<P: Primitives, G: Policy> Stream<P, G> {
    /// Writes a frame chunk by chunk, yielding in between.
    async fn write_chunks(&self, frame: i64) {
        let _guard = self.lock.acquire().await;
        self.write(frame, HEAD);
        P::yield_now().await; // <- the bug, without the lock: others may write here
        self.write(frame, TAIL);
    }

    /// Writes a frame in one call.
    async fn write_whole(&self, frame: i64) {
        P::yield_now().await;
        self.write(frame, WHOLE);
    }

    /// Sends a frame to the actor that runs [`own`](Self::own), which writes it.
    async fn send(&self, frame: i64) {
        P::yield_now().await;
        self.inbox.send(frame);
    }

    /// Writes every frame that is sent, one from each task.
    async fn own(&self) {
        for _ in 0..self.frames {
            let frame = self.inbox.receive().await;
            self.write_chunks(frame).await;
        }
    }

    /// A number that no other frame has: drawn at run time, so that actors are interchangeable.
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

enum By {
    Chunks,
    ChunksUnderLock,
    OneCall,
    OneWriter,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::Chunks => Cast::new(n, [tasks(n, Stream::<P, Unlocked>::write_chunks)]),
            Self::ChunksUnderLock => Cast::new(n, [tasks(n, Stream::<P, Locked>::write_chunks)]),
            Self::OneCall => Cast::new(n, [tasks(n, Stream::<P, Unlocked>::write_whole)]),
            Self::OneWriter => {
                let writer = Role::one("writer", Stream::own);
                Cast::new(n, [tasks(n, Stream::<P, Unlocked>::send), writer])
            }
        }
    }
}

/// Actors that write a frame each.
fn tasks<P: Primitives, G: Policy>(
    count: usize,
    write: impl AsyncFn(&Stream<P, G>, i64) + Copy + 'static,
) -> Role<Stream<P, G>> {
    Role::replicas("task", count, async move |stream: &Stream<P, G>| {
        write(stream, stream.number()).await;
    })
}

fn none_torn(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// A frame that encloses another is torn, and the other stays whole, so any number can be torn. The
/// frame of a single actor stays whole.
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
    allowed: none_torn,
    variants: &[
        Variant::racy("unlocked", "write a chunk, await, write the next", &By::Chunks, any_torn),
        Variant::safe("locked", "one mutex, held over a whole frame", &By::ChunksUnderLock)
            .guarded_by(&[Guard::Mutex])
            .with_weak_memory_actors(2),
        Variant::safe("single-write", "one write call for a whole frame", &By::OneCall)
            .unlike("unlocked"),
        Variant::safe(
            "writer-actor",
            "send whole frames to one more actor, which writes them alone",
            &By::OneWriter,
        )
        .unlike("unlocked")
        .with_weak_memory_actors(2),
    ],
};
