//! A long witness folds what leads to none of its marked rows, and can be printed whole.

use std::num::NonZeroU64;
use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Limits, Model, Outcome, Witness, note};
use selvedge::primitives::{Cell, Primitives};
use tokio::sync::{Mutex, Notify};
use tokio::task::yield_now;

/// Counts on a mutex that is held across an await.
async fn count(counter: Rc<Mutex<u32>>, times: u32) {
    for _ in 0..times {
        let mut count = counter.lock().await;
        yield_now().await;
        *count += 1;
    }
}

/// A lost wakeup beside so many others, which have nothing to do with it.
fn lost_wakeup(counters: usize, times: u32) -> Witness {
    // Far too many schedules: one of the first is such a deadlock.
    let limits = Limits { executions: NonZeroU64::new(100).expect("not 0"), ..Limits::default() };
    let findings = Explorer::opaque().limits(limits).explore(|actors: &mut Actors| {
        let (notify, counter) = (Rc::new(Notify::new()), Rc::new(Mutex::new(0)));
        let waiter = Rc::clone(&notify);
        actors.spawn("notifier", async move { notify.notify_waiters() });
        actors.spawn("waiter", async move { waiter.notified().await });
        for number in 1..=counters {
            let counter = Rc::clone(&counter);
            actors.spawn(format!("counter {number}"), async move {
                if number == 2 {
                    note("counts");
                }
                count(counter, times).await;
            });
        }
        || 0
    });
    findings.witness(|outcome| *outcome == Outcome::Deadlock).expect("a lost wakeup")
}

/// The rows of a witness.
fn rows(text: &str) -> Vec<&str> {
    let rows = text.lines().skip_while(|line| !line.starts_with("---")).skip(1);
    rows.take_while(|line| !line.is_empty()).collect()
}

#[test]
fn actors_that_have_nothing_to_do_with_a_lost_wakeup_are_folded_and_named() {
    let witness = lost_wakeup(8, 3);
    let (text, markdown) = (witness.to_string(), witness.markdown());
    assert_eq!(witness.events.len(), 35);
    assert!(rows(&text).len() < 15, "{text}");
    for part in ["3-6 ", "… 4 rows of counter 1", "8-31 ", "… 24 rows of counter 2, counter 3"]
    {
        assert!(text.contains(part) && markdown.contains(part), "{part}: {text}{markdown}");
    }
    for part in [
        "notes: counts",
        "8 called counter ended without waking it",
        "… stands for rows that lead to none of the marked ones",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(markdown.matches("| **counter 8** |").count(), 1, "{markdown}");
}

#[test]
fn a_long_witness_can_be_printed_whole() {
    let witness = lost_wakeup(8, 3).whole();
    let text = witness.to_string();
    assert!(!text.contains('…') && !witness.svg().contains('…'), "{text}");
    assert_eq!(rows(&text).len(), witness.events.len(), "{text}");
    assert!(witness.markdown().contains("| 34 |"));
}

#[test]
fn a_short_witness_is_not_folded() {
    let witness = lost_wakeup(5, 3);
    assert_eq!(rows(&witness.to_string()).len(), witness.events.len());
    assert_eq!(witness.to_string(), witness.whole().to_string());
}

/// Two writers that lose an update, beside others that share another cell.
fn lost_update(others: usize, times: u32) -> Witness {
    let findings = Explorer::merging().explore(|actors: &mut Actors| {
        let cell = |name| Rc::new(<Model as Primitives>::Cell::new(name, 0));
        let (value, own) = (cell("value"), cell("own"));
        for _ in 0..2 {
            let value = Rc::clone(&value);
            actors.spawn("writer", async move {
                let seen = value.get();
                Model::yield_now().await;
                value.set(seen + 1);
            });
        }
        for _ in 0..others {
            let own = Rc::clone(&own);
            actors.spawn("other", async move { (0..times).for_each(|_| own.set(own.get() + 1)) });
        }
        move || value.get()
    });
    findings.witness(|outcome| *outcome == Outcome::from(1)).expect("a lost update")
}

#[test]
fn what_is_folded_stands_in_the_column_and_the_lane_of_its_actor() {
    let witness = lost_update(2, 6);
    let (text, svg) = (witness.to_string(), witness.svg());
    assert_eq!(text.matches("… 12 rows").count(), 2, "{text}");
    assert_eq!(svg.matches(">… 12 rows<").count(), 2, "{svg}");
    assert!(text.contains("* lost update of value") && !text.contains("get own"), "{text}");
    assert!(witness.whole().to_string().contains("get own"));
}
