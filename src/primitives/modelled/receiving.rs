//! The receiving end of a channel, which several share: as `tokio::sync::Mutex` around a receiver of
//! `tokio::sync::mpsc` or `oneshot`.

use std::marker::PhantomData;
use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::Waiters;
use super::wakes::{Wake, Wakes};
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Waiting};

/// Who waits for the receiving end, and who has it and waits for an item.
pub(super) struct ReceivingEnd {
    is_held: bool,
    queue: Waiters,
    holder: Waiters,
}

impl Default for ReceivingEnd {
    fn default() -> Self {
        Self { is_held: false, queue: Waiters::default(), holder: Waiters::of_the_last() }
    }
}

impl ReceivingEnd {
    /// Wakes who waits for an item, now that there is one.
    pub(super) fn tell_holder(&mut self) -> Wakes {
        self.holder.dismiss()
    }

    /// Gives the end to the first who waits for it, if nobody has it.
    pub(super) fn grant(&mut self) -> Option<Wake> {
        let wake = if self.is_held { None } else { self.queue.grant_first() };
        self.is_held |= wake.is_some();
        wake
    }

    pub(super) fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(u64::from(self.is_held));
        digest.mix(self.queue.wants().count() as u64);
    }

    pub(super) fn visit(&self, visit: &mut dyn FnMut(Waiting)) {
        self.queue.visit(visit);
        self.holder.visit(visit);
    }
}

/// What has a receiving end.
pub(super) trait Channel: Resource {
    fn receiving_end(&mut self) -> &mut ReceivingEnd;
    /// Takes the oldest item; ready with none if there will never be one.
    fn take_item(&mut self) -> Poll<Option<i64>>;
}

/// Waits for the receiving end, and with it for an item; none if there will never be one.
///
/// To acquire the end and to look for an item is one access: whatever comes in between could as well
/// come before. To release it is another: meanwhile other receivers find it held.
pub(super) async fn receive<E: Engine, S: Channel>(
    channel: &E::Monitor<S>,
    call: Call,
) -> Option<i64> {
    let item = Wait::<E, _>::new(channel, call, Receive::default()).await;
    channel.wake(Call { operation: "release", ..call }, |state| {
        state.receiving_end().is_held = false;
        state.grant()
    });
    item
}

/// The receiving end, and then the oldest item.
struct Receive<S> {
    holds_end: bool,
    channel: PhantomData<fn(&S)>,
}

impl<S> Default for Receive<S> {
    fn default() -> Self {
        Self { holds_end: false, channel: PhantomData }
    }
}

impl<S: Channel> Request for Receive<S> {
    type State = S;
    type Output = Option<i64>;

    fn queue<'a>(&self, state: &'a mut S) -> &'a mut Waiters {
        let end = state.receiving_end();
        if self.holds_end { &mut end.holder } else { &mut end.queue }
    }

    fn holds(&self) -> bool {
        self.holds_end
    }

    fn take(&mut self, state: &mut S, granted: bool) -> Poll<Option<i64>> {
        let end = state.receiving_end();
        if !self.holds_end && !granted && end.is_held {
            return Poll::Pending;
        }
        end.is_held = true;
        self.holds_end = true;
        state.take_item()
    }

    fn give_back(&mut self, state: &mut S) {
        state.receiving_end().is_held = false;
    }
}
