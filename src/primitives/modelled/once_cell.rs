//! A value computed once: a word, and a semaphore of one that is closed once there is a value, as
//! `tokio::sync::OnceCell` is.

use super::permits::Permits;
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint};
use crate::primitives::{OnceCell, Permit};

/// The once-cell of a [`Modelled`](super::Modelled) family.
pub struct ModelOnceCell<E: Engine> {
    value: E::Monitor<State>,
    /// One permit, to compute the value.
    computing: Permits<E>,
}

/// The value, once there is one.
#[derive(Default)]
pub struct State(Option<i64>);

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(u64::from(self.0.is_some()));
        digest.mix(self.0.unwrap_or_default() as u64);
    }
}

impl<E: Engine> OnceCell for ModelOnceCell<E> {
    fn new(name: &'static str) -> Self {
        Self { value: E::Monitor::new(name, State::default()), computing: Permits::new(name, 1) }
    }

    fn get_or_init(&self, init: impl Future<Output = i64>) -> impl Future<Output = i64> {
        let get = Call::new("get", Access::Read);
        let set = Call::new("set", Access::Write);
        let computing = self.computing.acquire_unless_closed(1, "acquire");
        async move {
            if let Some(value) = self.value.with(get, |state| state.0) {
                return value;
            }
            let Ok(permit) = computing.await else {
                let value = self.value.with(get, |state| state.0);
                return value.expect("permits are closed once there is a value");
            };
            let value = init.await;
            self.value.with(set.with(value), |state| state.0 = Some(value));
            self.computing.close(set.location);
            permit.forget();
            value
        }
    }
}
