//! One word, sent once, by the futures crate's channel.

use std::sync::{Mutex, PoisonError};

use futures::channel::oneshot::{self, Receiver, Sender};

use crate::primitives::Oneshot;

/// `futures::channel::oneshot`, its receiver kept behind `futures::lock::Mutex`.
pub struct FuturesOneshot {
    sender: Mutex<Option<Sender<i64>>>,
    receiver: futures::lock::Mutex<Receiver<i64>>,
}

impl Oneshot for FuturesOneshot {
    fn new(_name: &'static str) -> Self {
        let (sender, receiver) = oneshot::channel();
        Self { sender: Mutex::new(Some(sender)), receiver: futures::lock::Mutex::new(receiver) }
    }

    fn send(&self, value: i64) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        let sender = sender.expect("a oneshot is sent to once");
        sender.send(value).expect("the receiver lives as long as the oneshot");
    }

    async fn receive(&self) -> i64 {
        let value = (&mut *self.receiver.lock().await).await;
        value.expect("the sender is dropped only after sending")
    }
}
