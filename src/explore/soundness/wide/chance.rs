//! What a program cannot know to come out the same again.

use std::cell::Cell;
use std::collections::HashSet;
use std::future::ready;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::SystemTime;

use super::program::Source;
use crate::explore::choose;

/// What decides where a program leaves it to chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chance {
    /// The explorer: each way in turn.
    Explored,
    /// The explorer too, but what is kept between executions is as it is in the first.
    First,
    /// Chance.
    Real,
}

static STATIC: AtomicI64 = AtomicI64::new(0);

thread_local! {
    static LOCAL: Cell<i64> = const { Cell::new(0) };
}

/// Makes what is kept between executions what it is at the beginning of a process.
pub(super) fn forget() {
    STATIC.store(0, SeqCst);
    LOCAL.set(0);
}

/// 0 or 1; `before` draws were made in this execution.
pub(super) async fn draw(chance: Chance, source: Source, before: i64) -> i64 {
    match (chance, source) {
        (Chance::Real, _) => real(source).await,
        (Chance::First, Source::Static | Source::ThreadLocal) => before % 2,
        (Chance::First | Chance::Explored, _) => choose(2) as i64,
    }
}

async fn real(source: Source) -> i64 {
    match source {
        Source::Select => tokio::select! {
            () = ready(()) => 0,
            () = ready(()) => 1,
        },
        Source::HashSet => {
            let set = HashSet::from([0, 1]);
            set.into_iter().next().expect("it is not empty")
        }
        Source::Static => STATIC.fetch_add(1, SeqCst) % 2,
        Source::ThreadLocal => LOCAL.replace(LOCAL.get() + 1) % 2,
        Source::Address => {
            let boxed = Box::new(0_u64);
            coin(&raw const *boxed as u64)
        }
        Source::Clock => {
            let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            coin(u64::from(time.expect("it is after 1970").subsec_nanos()))
        }
    }
}

/// A bit on which every other bit has a say: the lowest may be the same each time, or change with each
/// look, as that of the microseconds does for looks that are a microsecond apart.
fn coin(number: u64) -> i64 {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 63) as i64
}
