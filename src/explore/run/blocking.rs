//! An actor that blocks its thread in the middle of a poll.

use std::panic::{Location, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::coroutine::Pause;
use super::current::{self, Run};
use super::wakers::Flag;
use crate::observe::Access;

/// What a witness says of an actor that stops an event loop.
const BLOCKS: &str = "blocks its thread forever";

/// Waits for `future` in the middle of a poll. Other actors run meanwhile, each on its own thread; on
/// an event loop none can, and the execution is over.
///
/// `None` where an actor that already unwinds waits in a destructor: it can neither be suspended nor
/// unwound a second time.
pub(super) fn block_on<F: Future>(
    location: &'static Location<'static>,
    future: F,
) -> Option<F::Output> {
    let mut future = pin!(future);
    // A flag of its own: what wakes the actor's future meanwhile must wake that.
    let flag = Flag::of(None, None);
    let waker = Waker::from(Arc::clone(&flag));
    loop {
        flag.clear();
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        let run = current::current();
        let stoppable = run.as_ref().filter(|run| run.stops.can_stop());
        if stoppable.is_none()
            && let Some(run) = &run
        {
            run.note_block(location);
        }
        if std::thread::panicking() {
            if let Some(run) = stoppable {
                run.stops.pass_by();
            }
            return None;
        }
        let Some(run) = stoppable else { resume_unwind(Box::new(BLOCKS)) };
        while !flag.is_set() {
            run.stops.suspend(Pause::Blocked(Arc::clone(&flag)));
        }
    }
}

impl Run {
    /// Nothing will ever run on this thread again.
    fn note_block(&self, location: &'static Location<'static>) {
        if let Some(actor) = self.record.current() {
            self.record.log.note(actor, (BLOCKS, Access::Block), location);
        }
        self.block();
    }
}
