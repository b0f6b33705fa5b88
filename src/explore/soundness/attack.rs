//! The standing attack: every property is tried on fresh programs, for as long as it is told.
//!
//! `ci/attack.sh` runs it and tells it by `SELVEDGE_ATTACK`: the minutes, the seed, and perhaps the
//! name of the one property to try once, which is how a find is repeated.

use std::collections::BTreeMap;
use std::env;
use std::time::{Duration, Instant};

use super::property::{Property, Tally};
use super::{parallel, properties, real_threads, wide};

const PROPERTIES: [Property; 16] = [
    properties::SINGLES,
    properties::SINGLES_ON_THREADS,
    properties::CONTENDED,
    properties::REPLICAS,
    properties::REPLICAS_ON_THREADS,
    properties::SPAWNERS,
    properties::SPAWNERS_ON_THREADS,
    properties::PANICKING_ON_THREADS,
    properties::SLEEPERS,
    properties::SLEEPERS_ON_THREADS,
    parallel::PARALLEL,
    parallel::PARALLEL_ON_THREADS,
    real_threads::SINGLES,
    real_threads::SPAWNERS,
    wide::EVERY_PRIMITIVE,
    wide::PLANTED,
];

/// A turn of a property tries this part of what an ordinary test does, so that each gets its turn soon.
const PART: u32 = 10;

#[test]
#[ignore = "takes as long as it is told: ci/attack.sh"]
fn attack() {
    let told = env::var("SELVEDGE_ATTACK").unwrap_or("0.1 1".to_owned());
    let words: Vec<_> = told.split_whitespace().collect();
    let [minutes, seed, only @ ..] = &words[..] else { panic!("SELVEDGE_ATTACK: {told}") };
    let minutes: f64 = minutes.parse().expect("minutes are a number");
    let seed = seed.parse().expect("a seed is a number");
    let finds = match only {
        [name] => {
            let is_it = |property: &&Property| property.name == *name;
            let property = PROPERTIES.iter().find(is_it);
            let property = property.unwrap_or_else(|| panic!("{name} is none of {}", names()));
            turn(property, seed, &mut BTreeMap::new())
        }
        _ => rounds(Duration::from_secs_f64(60.0 * minutes), seed),
    };
    assert_eq!(finds, 0, "finds");
}

/// Tries the properties until the time is over, each for as long as the others; gives back how many did
/// not hold.
fn rounds(time: Duration, seed: u64) -> usize {
    let start = Instant::now();
    let (mut tallies, mut finds) = (BTreeMap::new(), 0);
    let mut spent: Vec<_> = PROPERTIES
        .iter()
        .zip(seed..)
        .map(|(property, state)| (Duration::ZERO, property, state))
        .collect();
    while start.elapsed() < time
        && let Some(least) = spent.iter_mut().min_by_key(|(spent, ..)| *spent)
    {
        let (spent, property, state) = least;
        let began = Instant::now();
        let found = turn(property, next(state), &mut tallies);
        finds += found;
        // What does not hold once is left alone for the rest of the time.
        *spent += if found > 0 { time } else { began.elapsed() };
    }
    for (name, tally) in &tallies {
        let total: u64 = tally.values().sum();
        println!("{name}: {total} programs, {tally:?}");
    }
    finds
}

fn turn(property: &Property, seed: u64, tallies: &mut BTreeMap<&str, Tally>) -> usize {
    let Property { name, cases, try_on } = *property;
    match try_on(seed, cases.div_ceil(PART)) {
        Ok(tally) => {
            let known = tallies.entry(name).or_default();
            for (way, count) in tally {
                *known.entry(way).or_default() += count;
            }
            0
        }
        Err(found) => {
            println!("{name} does not hold: {found}");
            println!("repeat it with: ci/attack.sh --property {name} --seed {seed}\n");
            1
        }
    }
}

fn names() -> String {
    PROPERTIES.map(|property| property.name).join(", ")
}

/// A seed after another, of at most the 19 digits that `ci/attack.sh` takes: `SplitMix64`.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ *state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ mixed >> 31) >> 1
}
