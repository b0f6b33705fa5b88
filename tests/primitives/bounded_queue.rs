//! The bounded queue means the same in every family: how much fits, who comes first, and what
//! becomes of what was set aside for a future that is dropped.

use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use selvedge::explore::{Actors, Explorer, Model, Traced};
use selvedge::primitives::{BoundedQueue, Cell, Futures, Primitives, Slot, Tokio};

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// What is left in `queue`, oldest first.
fn drain(queue: &impl BoundedQueue) -> Vec<i64> {
    let next = || match poll(pin!(queue.receive())) {
        Poll::Ready(item) => Some(item),
        Poll::Pending => None,
    };
    std::iter::from_fn(next).collect()
}

fn sends_as_many_as_fit<P: Primitives>() {
    for capacity in [1, 2, 3] {
        let queue = P::BoundedQueue::new("queue", capacity);
        let items: Vec<_> = (0..capacity as i64).collect();
        for &item in &items {
            assert_eq!(poll(pin!(queue.send(item))), Poll::Ready(()), "capacity {capacity}");
        }
        let mut late = pin!(queue.send(9));
        assert_eq!(poll(late.as_mut()), Poll::Pending, "capacity {capacity}");
        assert_eq!(drain(&queue), items);
        assert_eq!(poll(late.as_mut()), Poll::Ready(()));
        assert_eq!(drain(&queue), [9]);
    }
}

#[test]
fn the_capacity_is_how_many_sends_do_not_wait() {
    sends_as_many_as_fit::<Model>();
    sends_as_many_as_fit::<Tokio>();
    sends_as_many_as_fit::<Futures>();
}

fn loses_what_a_dropped_send_had<P: Primitives>() {
    let queue = P::BoundedQueue::new("queue", 1);
    assert_eq!(poll(pin!(queue.send(1))), Poll::Ready(()));
    assert_eq!(poll(pin!(queue.send(2))), Poll::Pending);
    assert_eq!(drain(&queue), [1]);
}

#[test]
fn a_send_that_is_dropped_has_sent_nothing() {
    loses_what_a_dropped_send_had::<Model>();
    loses_what_a_dropped_send_had::<Tokio>();
    loses_what_a_dropped_send_had::<Futures>();
}

fn fills_a_slot_without_waiting<P: Primitives>() {
    let queue = P::BoundedQueue::new("queue", 1);
    let Poll::Ready(unused) = poll(pin!(queue.reserve())) else { panic!("there is room") };
    assert_eq!(poll(pin!(queue.send(1))), Poll::Pending);
    drop(unused);
    let Poll::Ready(slot) = poll(pin!(queue.reserve())) else { panic!("the room is free") };
    slot.send(2);
    assert_eq!(poll(pin!(queue.send(3))), Poll::Pending);
    assert_eq!(drain(&queue), [2]);
}

#[test]
fn a_slot_is_room_until_it_is_filled_or_dropped() {
    fills_a_slot_without_waiting::<Model>();
    fills_a_slot_without_waiting::<Tokio>();
    fills_a_slot_without_waiting::<Futures>();
}

fn serves_in_order<P: Primitives>() {
    let queue = P::BoundedQueue::new("queue", 1);
    assert_eq!(poll(pin!(queue.send(1))), Poll::Ready(()));
    let mut second = pin!(queue.send(2));
    let mut third = pin!(queue.send(3));
    assert_eq!(poll(second.as_mut()), Poll::Pending);
    assert_eq!(poll(third.as_mut()), Poll::Pending);
    assert_eq!(poll(pin!(queue.receive())), Poll::Ready(1));
    // The room is the second's, although it has not looked.
    assert_eq!(poll(third.as_mut()), Poll::Pending);
    assert_eq!(poll(pin!(queue.send(4))), Poll::Pending);
    assert_eq!(poll(second.as_mut()), Poll::Ready(()));
    assert_eq!(drain(&queue), [2]);
    assert_eq!(poll(third.as_mut()), Poll::Ready(()));
    assert_eq!(drain(&queue), [3]);
}

#[test]
fn room_goes_to_whoever_asked_first() {
    serves_in_order::<Model>();
    serves_in_order::<Tokio>();
}

fn holds_two_slots_at_once<P: Primitives>() {
    let queue = P::BoundedQueue::new("queue", 2);
    let Poll::Ready(first) = poll(pin!(queue.reserve())) else { panic!("there is room") };
    let Poll::Ready(second) = poll(pin!(queue.reserve())) else { panic!("there is more") };
    second.send(2);
    first.send(1);
    assert_eq!(drain(&queue), [2, 1]);
}

#[test]
fn there_are_as_many_slots_as_room() {
    holds_two_slots_at_once::<Model>();
    holds_two_slots_at_once::<Tokio>();
}

struct Shared<P: Primitives> {
    queue: P::BoundedQueue,
    result: P::Cell,
}

/// A queue of capacity 1, and a receiver that adds up the first `items` items.
fn receiver_of<P: Primitives>(items: usize, actors: &mut Actors) -> Rc<Shared<P>> {
    let queue = P::BoundedQueue::new("queue", 1);
    let shared = Rc::new(Shared::<P> { queue, result: P::Cell::new("result", 0) });
    let this = Rc::clone(&shared);
    actors.spawn("receiver", async move {
        let mut sum = 0;
        for _ in 0..items {
            sum += this.queue.receive().await;
        }
        this.result.set(sum);
    });
    shared
}

/// Actors beside the receiver.
trait Program: 'static {
    fn spawn<P: Primitives>(actors: &mut Actors) -> Rc<Shared<P>>;
}

struct FickleSender;
struct FickleReceiver;
struct FickleSlot;

impl Program for FickleSender {
    fn spawn<P: Primitives>(actors: &mut Actors) -> Rc<Shared<P>> {
        let shared = receiver_of::<P>(2, actors);
        let [first, fickle, patient] = [(); 3].map(|()| Rc::clone(&shared));
        actors.spawn("first", async move { first.queue.send(1).await });
        actors.spawn_cancellable("fickle", async move { fickle.queue.send(10).await });
        actors.spawn("patient", async move { patient.queue.send(100).await });
        shared
    }
}

impl Program for FickleReceiver {
    fn spawn<P: Primitives>(actors: &mut Actors) -> Rc<Shared<P>> {
        let shared = receiver_of::<P>(1, actors);
        let [fickle, sender] = [(); 2].map(|()| Rc::clone(&shared));
        actors.spawn_cancellable("fickle", async move {
            fickle.queue.receive().await;
        });
        actors.spawn("sender", async move {
            sender.queue.send(1).await;
            sender.queue.send(2).await;
        });
        shared
    }
}

impl Program for FickleSlot {
    fn spawn<P: Primitives>(actors: &mut Actors) -> Rc<Shared<P>> {
        let shared = receiver_of::<P>(1, actors);
        let [fickle, patient] = [(); 2].map(|()| Rc::clone(&shared));
        actors.spawn_cancellable("fickle", async move {
            let slot = fickle.queue.reserve().await;
            P::yield_now().await;
            slot.send(1);
        });
        actors.spawn("patient", async move { patient.queue.send(10).await });
        shared
    }
}

/// Explores the program on every family, and on threads.
fn assert_outcomes<T: Program, const N: usize>(expected: [i64; N]) {
    fn of<T: Program, P: Primitives>(actors: &mut Actors) -> impl FnOnce() -> i64 + use<T, P> {
        let shared = T::spawn::<P>(actors);
        move || shared.result.get()
    }
    Explorer::merging().explore(of::<T, Model>).assert_outcomes(expected);
    Explorer::threads().explore(of::<T, Model>).assert_outcomes(expected);
    Explorer::merging().explore(of::<T, Traced<Tokio>>).assert_outcomes(expected);
    Explorer::merging().explore(of::<T, Traced<Futures>>).assert_outcomes(expected);
    Explorer::opaque().explore(of::<T, Tokio>).assert_outcomes(expected);
    Explorer::opaque().explore(of::<T, Futures>).assert_outcomes(expected);
}

#[test]
fn room_set_aside_for_a_sender_that_is_dropped_goes_to_the_next() {
    assert_outcomes::<FickleSender, _>([11, 101, 110]);
}

#[test]
fn an_item_set_aside_for_a_receiver_that_is_dropped_goes_to_the_next() {
    assert_outcomes::<FickleReceiver, _>([1, 2]);
}

#[test]
fn the_room_of_a_slot_that_is_dropped_goes_to_the_next() {
    assert_outcomes::<FickleSlot, _>([1, 10]);
}
