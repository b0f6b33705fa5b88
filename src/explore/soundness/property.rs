//! Something that holds of every program of a kind, tried on generated ones.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// What is generated unless told otherwise: a change must not fail, or pass, by the luck of a draw.
const SEED: u64 = 2_009;

/// How many programs were compared, for each way in which they were.
pub(super) type Tally = BTreeMap<&'static str, u64>;

/// What is said of programs that are too large to be compared.
pub(super) const SKIPPED: &str = "skipped";

/// Holds of generated programs.
#[derive(Clone, Copy)]
pub(super) struct Property {
    /// As `ci/attack.sh` takes it.
    pub(super) name: &'static str,
    /// How many programs an ordinary test tries.
    pub(super) cases: u32,
    /// Tries so many programs, generated from a seed.
    pub(super) try_on: fn(u64, u32) -> Result<Tally, String>,
}

impl Property {
    /// Tries the property. `PROPTEST_RNG_SEED` takes another seed, `PROPTEST_CASES` another number of
    /// programs.
    ///
    /// # Panics
    ///
    /// If it does not hold: with the seed, the smallest program that fails, and what differs.
    pub(super) fn hold(self) {
        let told = Config::default();
        let seed = match told.rng_seed {
            RngSeed::Fixed(seed) => seed,
            RngSeed::Random => SEED,
        };
        let is_told = env::var_os("PROPTEST_CASES").is_some();
        let cases = if is_told { told.cases } else { self.cases };
        match (self.try_on)(seed, cases) {
            Ok(tally) => {
                println!("seed {seed}: {tally:?}");
                let skipped = tally.get(SKIPPED).copied().unwrap_or_default();
                assert!(skipped * 10 < u64::from(cases), "too many programs are not compared");
            }
            Err(found) => panic!("PROPTEST_RNG_SEED={seed}: {found}"),
        }
    }
}

/// Compares so many programs. `compare` says in which way it did, or what differs.
pub(super) fn try_on<T: Debug>(
    seed: u64,
    cases: u32,
    programs: &impl Strategy<Value = T>,
    compare: impl Fn(&T) -> Result<&'static str, String>,
) -> Result<Tally, String> {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    };
    let tally = RefCell::new(Tally::new());
    let result = TestRunner::new(config).run(programs, |program| {
        let way = compare(&program).map_err(TestCaseError::fail)?;
        *tally.borrow_mut().entry(way).or_default() += 1;
        Ok(())
    });
    result.map_err(|error| error.to_string())?;
    Ok(tally.into_inner())
}
