//! A value computed once, made of a mutex and a word, as `tokio::sync::OnceCell` is of a
//! semaphore and a word.

use super::{Engine, ModelMutex, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint};
use crate::primitives::{Lock, OnceCell};

/// The once-cell of a [`Modelled`](super::Modelled) family.
pub struct ModelOnceCell<E: Engine> {
    value: E::Monitor<State>,
    computing: ModelMutex<E>,
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
        Self { value: E::Monitor::new(name, State::default()), computing: ModelMutex::new(name) }
    }

    fn get_or_init(&self, init: impl Future<Output = i64>) -> impl Future<Output = i64> {
        let get = Call::new("get", Access::Read);
        let set = Call::new("set", Access::Write);
        let computing = self.computing.acquire();
        async move {
            if let Some(value) = self.value.with(get, |state| state.0) {
                return value;
            }
            let _computing = computing.await;
            if let Some(value) = self.value.with(get, |state| state.0) {
                return value;
            }
            let value = init.await;
            self.value.with(set.with(value), |state| state.0 = Some(value));
            value
        }
    }
}
