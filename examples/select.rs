//! A `select!` loop that drops a future which has already taken a message.
//!
//! ```text
//! cargo run --example select
//! ```

use std::cell::Cell;
use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Outcome};
use tokio::sync::{mpsc, oneshot};

const MESSAGES: i64 = 2;

type Inbox = mpsc::UnboundedReceiver<i64>;
type Tick = oneshot::Receiver<()>;

/// What happens to a message, across an await.
async fn process(processed: &Cell<i64>) {
    tokio::task::yield_now().await;
    processed.set(processed.get() + 1);
}

/// Receives and processes in one future, which a tick drops.
async fn select_the_whole(mut inbox: Inbox, mut tick: Tick, processed: Rc<Cell<i64>>) {
    let mut ticked = false;
    let mut is_open = true;
    while is_open {
        let next = async {
            match inbox.recv().await {
                Some(_) => process(&processed).await, // <- the bug: dropped here, it is lost
                None => is_open = false,
            }
        };
        // Without `biased`, tokio picks a branch at random, and no schedule repeats.
        tokio::select! {
            biased;
            _ = &mut tick, if !ticked => ticked = true,
            () = next => {}
        }
    }
}

/// Receives in a future that a tick may drop, and processes outside of the `select!`.
async fn select_the_receive(mut inbox: Inbox, mut tick: Tick, processed: Rc<Cell<i64>>) {
    let mut ticked = false;
    loop {
        tokio::select! {
            biased;
            _ = &mut tick, if !ticked => ticked = true,
            message = inbox.recv() => match message {
                Some(_) => process(&processed).await,
                None => return,
            }
        }
    }
}

fn worker_and_clock<F: Future<Output = ()> + 'static>(
    work: impl Fn(Inbox, Tick, Rc<Cell<i64>>) -> F,
) -> impl Fn(&mut Actors) -> Box<dyn FnOnce() -> i64> {
    move |actors| {
        let (sender, inbox) = mpsc::unbounded_channel();
        let (tick, ticked) = oneshot::channel();
        let processed = Rc::new(Cell::new(0));
        actors.spawn("worker", work(inbox, ticked, Rc::clone(&processed)));
        actors.spawn("clock", async move { tick.send(()).unwrap_or(()) });
        actors.spawn("sender", async move {
            for message in 0..MESSAGES {
                sender.send(message).expect("the worker listens until the channel is closed");
                tokio::task::yield_now().await;
            }
        });
        Box::new(move || processed.get())
    }
}

fn main() {
    let findings = Explorer::opaque().explore(worker_and_clock(select_the_receive));
    findings.assert_outcomes([MESSAGES]);
    println!("selecting the receive: proved over {} schedules", findings.exploration().executions);

    let findings = Explorer::opaque().explore(worker_and_clock(select_the_whole));
    findings.assert_outcomes([MESSAGES - 1, MESSAGES]);
    let witness = findings.witness(|outcome| *outcome == Outcome::from(MESSAGES - 1));
    println!("selecting the whole: a message can be lost\n\n{}", witness.expect("it was reached"));
}
