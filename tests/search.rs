//! The search finds early what a walk in order finds late.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use selvedge::explore::{Explorer, Incomplete, Limits, Outcome, check, spawn};
use tokio::sync::Mutex;
use tokio::task::yield_now;

/// Asks for a value that is computed once, unless another request comes in between.
async fn request(value: Rc<Mutex<Option<u64>>>, computed: Rc<Cell<usize>>) {
    if value.lock().await.is_none() {
        yield_now().await;
        computed.set(computed.get() + 1);
        *value.lock().await = Some(7);
    }
}

#[test]
fn a_stampede_of_eleven_requests_is_found_within_a_thousand_executions() {
    let (executions, first) = (Cell::new(0), Rc::new(Cell::new(None)));
    let program = || {
        executions.set(executions.get() + 1);
        let (now, first) = (executions.get(), Rc::clone(&first));
        async move {
            let (value, computed) = (Rc::default(), Rc::default());
            let ask = |()| spawn("request", request(Rc::clone(&value), Rc::clone(&computed)));
            for asked in [(); 11].map(ask) {
                asked.await.expect("no request panics");
            }
            if computed.get() > 1 {
                first.set(first.get().or(Some(now)));
                panic!("a stampede");
            }
        }
    };
    let failed = catch_unwind(AssertUnwindSafe(|| check(program)));
    assert!(failed.is_err());
    assert!(first.get().is_some_and(|first| first <= 1_000), "{first:?}");
}

#[test]
fn what_a_walk_that_was_given_up_has_not_seen_luck_may_find() {
    let limits = Limits { executions: 10_000.try_into().expect("not zero"), ..Limits::default() };
    let findings = Explorer::opaque().limits(limits).explore(|actors| {
        let (value, computed) = (Rc::default(), Rc::<Cell<usize>>::default());
        for _ in 0..11 {
            actors.spawn("request", request(Rc::clone(&value), Rc::clone(&computed)));
        }
        move || computed.get()
    });
    let exploration = findings.exploration();
    assert_eq!(exploration.incomplete, Some(Incomplete::Executions(10_000)));
    let is_stampede = |outcome: &Outcome| *outcome > Outcome::of(6);
    assert!(exploration.outcomes().iter().any(is_stampede), "{:?}", exploration.outcomes());
    assert!(findings.witness(is_stampede).is_some());
}
