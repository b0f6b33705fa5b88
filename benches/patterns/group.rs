//! A criterion group: every variant of one pattern, in every setting.

use std::sync::Arc;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use selvedge::catalogue::Shared;
use selvedge::explore::Value;

use crate::setting::{Setting, Turns};

/// The benchmarks of one pattern.
pub struct Group<'a> {
    benchmarks: BenchmarkGroup<'a, WallTime>,
    settings: [Setting; 3],
    operations: usize,
    intact: Value,
}

impl<'a> Group<'a> {
    /// A group that measures so many operations at a time. If none of them races, they come to
    /// `intact`.
    pub fn new(
        criterion: &'a mut Criterion,
        pattern: &str,
        operations: usize,
        intact: impl Into<Value>,
    ) -> Self {
        let mut benchmarks = criterion.benchmark_group(pattern);
        benchmarks.throughput(Throughput::Elements(operations as u64));
        Self { benchmarks, settings: Setting::all(), operations, intact: intact.into() }
    }

    /// Measures a variant whose outcome is intact in every setting, and asserts that it was.
    pub fn safe<S: Shared, F>(&mut self, name: &str, actor: impl Fn(Arc<S>, Turns) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.measure(name, |_| true, actor);
    }

    /// Measures a variant whose outcome is intact for sure only where an actor is alone.
    pub fn racy<S: Shared, F>(&mut self, name: &str, actor: impl Fn(Arc<S>, Turns) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.measure(name, |setting| setting.actors == 1, actor);
    }

    fn measure<S: Shared, F>(
        &mut self,
        name: &str,
        is_intact_in: fn(&Setting) -> bool,
        actor: impl Fn(Arc<S>, Turns) -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let Self { benchmarks, settings, operations, intact } = self;
        for setting in settings {
            let once = || {
                let state = Arc::new(S::new(*operations));
                let elapsed = setting.time(&state, *operations, &actor);
                if is_intact_in(setting) {
                    assert_eq!(state.outcome(), *intact, "{}/{name}", setting.name);
                }
                elapsed
            };
            let id = BenchmarkId::new(format!("{}/{name}", setting.name), setting.actors);
            benchmarks.bench_function(id, |bencher| {
                bencher.iter_custom(|times| (0..times).map(|_| once()).sum::<Duration>());
            });
        }
    }
}

/// An actor that performs `operation` at every turn.
///
/// A variant calls this with concrete types, which is how the compiler sees that it is `Send`.
pub async fn repeat<S, R>(state: Arc<S>, turns: Turns, operation: impl AsyncFn(&S) -> R) {
    for _ in turns {
        operation(&state).await;
    }
}
