//! Who joins a queue of tasks goes on when all are done, not before, and sees what was done.

use selvedge::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use selvedge::explore::{Outcomes, Value, outcomes};
use selvedge::primitives::{Cell, Plain, Primitives, WorkQueue};

use crate::assert_proved;

#[test]
fn join_waits_for_every_task_and_sees_every_result() {
    assert_proved(&BATCH);
}

struct State<P: Primitives> {
    queue: WorkQueue<P>,
    results: Vec<P::Plain>,
    sum: P::Cell,
}

impl<P: Primitives> State<P> {
    async fn work(&self) {
        let task = self.queue.get().await;
        self.results[task as usize].write(1);
        self.queue.task_done();
    }

    async fn collect(&self) {
        self.queue.join().await;
        self.sum.set(self.results.iter().map(Plain::read).sum());
    }
}

impl<P: Primitives> Shared for State<P> {
    fn new(actors: usize) -> Self {
        Self {
            queue: WorkQueue::new(0..actors as i64),
            results: (0..actors).map(|_| P::Plain::new("result", 0)).collect(),
            sum: P::Cell::new("sum", 0),
        }
    }

    fn outcome(&self) -> Value {
        self.sum.get().into()
    }
}

struct Batch;

impl Program for Batch {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        let workers = Role::replicas("worker", n, State::<P>::work);
        Cast::new(n, [workers, Role::one("collector", State::collect)])
    }
}

fn a_result_each(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

static BATCH: Pattern = Pattern {
    name: "batch",
    summary: "workers write a result each, and the actor that joins the queue adds them up",
    review: "nothing: this is how it should be",
    sources: &[],
    allowed: a_result_each,
    variants: &[Variant::safe("joined", "join, then read", &Batch).with_weak_memory_actors(2)],
};
