//! One word, sent once, by tokio's channel.

use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot::{self, Receiver, Sender};

use crate::primitives::Oneshot;

/// `tokio::sync::oneshot`, its receiver kept behind `tokio::sync::Mutex`. That awaiting
/// `&mut Receiver` is cancel safe is tokio's promise.
pub struct TokioOneshot {
    sender: Mutex<Option<Sender<i64>>>,
    receiver: tokio::sync::Mutex<Receiver<i64>>,
}

impl Oneshot for TokioOneshot {
    fn new(_name: &'static str) -> Self {
        let (sender, receiver) = oneshot::channel();
        Self { sender: Mutex::new(Some(sender)), receiver: tokio::sync::Mutex::new(receiver) }
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
