//! The model primitives have every outcome that tokio's have, and no other.

use std::future::{pending, ready};
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use futures::StreamExt;
use futures::future::{FutureExt, LocalBoxFuture};
use futures::stream::FuturesUnordered;
use selvedge::explore::{
    Actors, Explorer, Incomplete, Model, Outcome, Outcomes, Reduction, Traced, Word, outcomes,
};
use selvedge::primitives::{
    Atomic, Barrier, Cell, Event, Extended, OnceCell, Primitives, Queue, Tokio, Watch,
    WatchReceiver,
};

type Read = Box<dyn FnOnce() -> i64>;
type Program = fn(&mut Actors) -> Read;

#[track_caller]
fn found(explorer: &Explorer, program: Program) -> Outcomes {
    let findings = explorer.explore(program);
    assert_eq!(findings.exploration().incomplete, None);
    findings.exploration().outcomes()
}

/// What the event loop finds of a program, which must not depend on the family, nor on the reduction.
#[track_caller]
fn found_alike([model, traced]: [Program; 2]) -> Outcomes {
    let expected = found(&Explorer::merging(), model);
    assert_eq!(found(&Explorer::opaque(), model), expected);
    assert_eq!(found(&Explorer::merging().reduction(Reduction::Opaque), traced), expected);
    assert_eq!(found(&Explorer::opaque().reduction(Reduction::Merging), traced), expected);
    expected
}

/// The same where tokio's own type leaves nothing to chance.
#[track_caller]
fn found_alike_by_all([model, traced, tokio]: [Program; 3]) -> Outcomes {
    let expected = found_alike([model, traced]);
    assert_eq!(found(&Explorer::opaque(), tokio), expected);
    expected
}

fn deadlock_and(others: Outcomes) -> Outcomes {
    others.into_iter().chain([Outcome::Deadlock]).collect()
}

fn word<P: Primitives>(name: &'static str) -> Rc<P::Cell> {
    Rc::new(P::Cell::new(name, 0))
}

/// Writes one more digit at the end of `digits`.
fn append<C: Cell>(digits: &C, digit: i64) {
    digits.set(10 * digits.get() + digit);
}

/// One actor computes the value, two wait for it: in which order they begin to wait, and in which they
/// get it.
fn waiters_of_a_value<P: Extended>(actors: &mut Actors) -> Read {
    let cell = Rc::new(P::OnceCell::new("cell"));
    let (begun, ended) = (word::<P>("begun"), word::<P>("ended"));
    let computed = Rc::clone(&cell);
    actors.spawn("computer", async move {
        computed.get_or_init(P::yield_now().map(|()| 1)).await;
    });
    for number in [1, 2] {
        let (cell, begun, ended) = (Rc::clone(&cell), Rc::clone(&begun), Rc::clone(&ended));
        actors.spawn("waiter", async move {
            let mut get = pin!(cell.get_or_init(ready(1)));
            if futures::poll!(&mut get).is_pending() {
                append(&*begun, number);
                get.await;
                append(&*ended, number);
            }
        });
    }
    Box::new(move || 100 * begun.get() + ended.get())
}

#[test]
fn a_value_that_is_computed_wakes_all_that_wait_for_it() {
    let both = found_alike_by_all([
        waiters_of_a_value::<Model>,
        waiters_of_a_value::<Traced<Tokio>>,
        waiters_of_a_value::<Tokio>,
    ]);
    assert!(both.is_superset(&outcomes([1212, 1221, 2112, 2121])));
}

/// An actor waits for a value twice at once, and only for the second wait to end.
fn kept_wait_for_a_value<P: Extended>(actors: &mut Actors) -> Read {
    let cell = Rc::new(P::OnceCell::new("cell"));
    let computed = Rc::clone(&cell);
    actors.spawn("computer", async move {
        computed.get_or_init(P::yield_now().map(|()| 1)).await;
    });
    actors.spawn("waiter", async move {
        let mut kept = pin!(cell.get_or_init(ready(1)));
        if futures::poll!(&mut kept).is_pending() {
            cell.get_or_init(ready(1)).await;
        }
    });
    Box::new(|| 0)
}

#[test]
fn a_wait_for_a_value_that_is_not_polled_keeps_no_other_waiting() {
    let all = found_alike_by_all([
        kept_wait_for_a_value::<Model>,
        kept_wait_for_a_value::<Traced<Tokio>>,
        kept_wait_for_a_value::<Tokio>,
    ]);
    assert_eq!(all, outcomes([0]));
}

/// A receiver waits; a sender sends twice and receives itself.
fn two_receivers<P: Extended>(actors: &mut Actors) -> Read {
    let queue = Rc::new(P::Queue::new("queue"));
    let (first, second) = (word::<P>("first"), word::<P>("second"));
    let (receiving, out) = (Rc::clone(&queue), Rc::clone(&first));
    actors.spawn("receiver", async move { out.set(receiving.receive().await) });
    let out = Rc::clone(&second);
    actors.spawn("sender", async move {
        queue.send(3);
        queue.send(2);
        out.set(queue.receive().await);
    });
    Box::new(move || 10 * first.get() + second.get())
}

#[test]
fn a_receiver_that_comes_late_waits_for_the_one_that_waits_for_an_item() {
    let all = found_alike_by_all([
        two_receivers::<Model>,
        two_receivers::<Traced<Tokio>>,
        two_receivers::<Tokio>,
    ]);
    assert_eq!(all, outcomes([23, 32]));
}

/// An actor begins to receive twice, and waits for the second to end.
fn kept_receive<P: Extended>(actors: &mut Actors) -> Read {
    let queue = Rc::new(P::Queue::new("queue"));
    let received = word::<P>("received");
    let (receiving, out) = (Rc::clone(&queue), Rc::clone(&received));
    actors.spawn("receiver", async move {
        let mut kept = pin!(receiving.receive());
        if futures::poll!(&mut kept).is_pending() {
            out.set(receiving.receive().await);
        }
    });
    actors.spawn("sender", async move {
        queue.send(1);
        queue.send(2);
    });
    Box::new(move || received.get())
}

#[test]
fn a_receive_that_is_not_polled_keeps_the_receiving_end() {
    let all = found_alike_by_all([
        kept_receive::<Model>,
        kept_receive::<Traced<Tokio>>,
        kept_receive::<Tokio>,
    ]);
    assert_eq!(all, deadlock_and(outcomes([0])));
}

/// Two actors meet. If neither has to wait for the other, the last to find out hangs.
fn meeting(actors: &mut Actors) -> Read {
    let barrier = Rc::new(<Model as Extended>::Barrier::new("barrier", 2));
    let need_not_wait = Rc::new(<Word as Atomic>::new("need not wait", 0));
    for name in ["left", "right"] {
        let (barrier, need_not_wait) = (Rc::clone(&barrier), Rc::clone(&need_not_wait));
        actors.spawn(name, async move {
            let is_ready = futures::poll!(pin!(barrier.wait())).is_ready();
            if is_ready && need_not_wait.fetch_add(1, Ordering::SeqCst) == 1 {
                pending::<()>().await;
            }
        });
    }
    Box::new(|| 0)
}

#[test]
fn on_threads_the_last_may_arrive_at_a_barrier_before_another_has_looked() {
    assert_eq!(found(&Explorer::merging(), meeting), outcomes([0]));
    for reduction in [Reduction::Opaque, Reduction::Merging, Reduction::Replicas] {
        let threads = Explorer::threads().reduction(reduction);
        assert_eq!(found(&threads, meeting), deadlock_and(outcomes([0])));
    }
}

type Waits = FuturesUnordered<LocalBoxFuture<'static, i64>>;

/// Waits for all parts; the order in which they were found to be over.
async fn order(mut waits: Waits) -> i64 {
    let mut order = 0;
    while let Some(number) = waits.next().await {
        order = 10 * order + number;
    }
    order
}

/// One actor waits twice at once for what another does; the order in which its waits end.
fn two_waits<P: Extended>(
    actors: &mut Actors,
    [one, two]: [LocalBoxFuture<'static, ()>; 2],
    wake: impl Future<Output = ()> + 'static,
) -> Read {
    let result = word::<P>("result");
    let (waits, out) = (Waits::new(), Rc::clone(&result));
    waits.push(Box::pin(one.map(|()| 1)));
    waits.push(Box::pin(two.map(|()| 2)));
    actors.spawn("waiter", async move { out.set(order(waits).await) });
    actors.spawn("waker", wake);
    Box::new(move || result.get())
}

fn two_waits_for_an_event<P: Extended>(actors: &mut Actors) -> Read {
    let event = Rc::new(P::Event::new("event"));
    let wait = || {
        let event = Rc::clone(&event);
        async move { event.wait().await }.boxed_local()
    };
    let waits = [wait(), wait()];
    two_waits::<P>(actors, waits, async move { event.set() })
}

fn two_waits_for_a_value<P: Extended>(actors: &mut Actors) -> Read {
    let watch = Rc::new(P::Watch::new("watch", 0));
    let wait = || {
        let watch = Rc::clone(&watch);
        async move { _ = watch.subscribe().wait_for(|value| value == 1).await }.boxed_local()
    };
    let waits = [wait(), wait()];
    two_waits::<P>(actors, waits, async move { watch.send(1) })
}

fn two_waits_at_a_barrier<P: Extended>(actors: &mut Actors) -> Read {
    let barrier = Rc::new(P::Barrier::new("barrier", 3));
    let wait = || {
        let barrier = Rc::clone(&barrier);
        async move { barrier.wait().await }.boxed_local()
    };
    let waits = [wait(), wait()];
    two_waits::<P>(actors, waits, async move { barrier.wait().await })
}

const TWICE: [[Program; 3]; 3] = [
    [
        two_waits_for_an_event::<Model>,
        two_waits_for_an_event::<Traced<Tokio>>,
        two_waits_for_an_event::<Tokio>,
    ],
    [
        two_waits_for_a_value::<Model>,
        two_waits_for_a_value::<Traced<Tokio>>,
        two_waits_for_a_value::<Tokio>,
    ],
    [
        two_waits_at_a_barrier::<Model>,
        two_waits_at_a_barrier::<Traced<Tokio>>,
        two_waits_at_a_barrier::<Tokio>,
    ],
];

#[test]
fn where_tokio_wakes_in_any_order_so_do_the_model_and_the_traced_family() {
    for [model, traced, _] in TWICE {
        for _ in 0..20 {
            let all = found_alike([model, traced]);
            assert!(all.is_superset(&outcomes([12, 21])), "{all:?}");
        }
    }
}

/// Tokio's own types wake in an order that nobody sees but the combinator. (Built with `--cfg loom`,
/// tokio leaves nothing to chance, and there is less to find.)
#[test]
fn an_order_of_waking_that_tokio_leaves_to_chance_is_never_proved() {
    for [_, _, tokio] in TWICE {
        let explored: Vec<_> = (0..200).map(|_| Explorer::opaque().explore(tokio)).collect();
        let found = explored.iter().flat_map(|findings| findings.exploration().outcomes());
        let all: Outcomes = found.collect();
        for findings in explored {
            let exploration = findings.exploration();
            let is_noticed =
                matches!(exploration.incomplete, Some(Incomplete::Unrepeatable { .. }));
            let has_all = exploration.outcomes() == all;
            assert!(is_noticed || has_all, "{all:?} {exploration:?}");
        }
    }
}
