//! Numbers, times and sets of outcomes as the reports write them.

use std::time::Duration;

use selvedge::explore::{Outcome, Outcomes, Value};
use selvedge::prove::{Proof, Verdict};

/// A verdict, with the one that matters in capitals.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Safe => "safe",
        Verdict::Unsafe => "UNSAFE",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// A set of outcomes; a run of numbers by its ends, and of many no more than the first.
pub fn set(outcomes: &Outcomes) -> String {
    const MOST: usize = 12;
    if let Some((first, last)) = run(outcomes) {
        return format!("{{{first}..{last}}}");
    }
    let mut each: Vec<_> = outcomes.iter().take(MOST).map(braced_if_several).collect();
    if outcomes.len() > MOST {
        each.push(format!("and {} more", outcomes.len() - MOST));
    }
    format!("{{{}}}", each.join(", "))
}

/// An outcome that is itself written with commas is kept together.
fn braced_if_several(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Value(Value::Fields(_)) => format!("({outcome})"),
        _ => outcome.to_string(),
    }
}

/// The ends of a set of consecutive numbers that is not shorter written out.
fn run(outcomes: &Outcomes) -> Option<(i64, i64)> {
    const SHORTEST: usize = 4;
    let number = |outcome: &Outcome| match outcome {
        Outcome::Value(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let numbers = outcomes.iter().map(number).collect::<Option<Vec<_>>>()?;
    let consecutive = numbers.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
    (consecutive && numbers.len() >= SHORTEST).then(|| (numbers[0], numbers[numbers.len() - 1]))
}

/// `1 state`, `1,204 states`.
pub fn count(number: u64, noun: &str) -> String {
    let plural = match noun {
        _ if number == 1 => "",
        _ if noun.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{} {noun}{plural}", grouped(number))
}

/// A number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A duration to two digits, in the unit that suits it.
pub fn time(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    let (value, unit) = match seconds {
        s if s >= 0.9995 => (s, "s"),
        s if s >= 0.000_999_5 => (s * 1e3, "ms"),
        s => (s * 1e6, "µs"),
    };
    if value < 9.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// How much there was to explore.
pub fn extent(proof: &Proof) -> String {
    match proof.states {
        Some(states) => count(states, "state"),
        None => count(proof.executions, "execution"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use selvedge::explore::outcomes;

    use super::{count, set, time};

    #[test]
    fn a_set_is_written_out_unless_its_numbers_run_on() {
        assert_eq!(set(&outcomes([1, 2, 3])), "{1, 2, 3}");
        assert_eq!(set(&outcomes(1..=10)), "{1..10}");
        assert_eq!(set(&outcomes([1, 2, 3, 5])), "{1, 2, 3, 5}");
        assert_eq!(set(&outcomes([[("sum", 1), ("count", 2)]])), "{(sum 1, count 2)}");
        assert_eq!(set(&outcomes((0..40).step_by(2))).matches(',').count(), 12);
    }

    #[test]
    fn a_count_has_its_noun_and_its_thousands() {
        assert_eq!(count(1, "state"), "1 state");
        assert_eq!(count(86_919, "execution"), "86,919 executions");
        assert_eq!(count(100, "state"), "100 states");
        assert_eq!(count(2, "switch"), "2 switches");
    }

    #[test]
    fn a_time_has_the_unit_that_suits_it() {
        assert_eq!(time(Duration::from_micros(46)), "46 µs");
        assert_eq!(time(Duration::from_micros(1_240)), "1.2 ms");
        assert_eq!(time(Duration::from_millis(999)), "999 ms");
        assert_eq!(time(Duration::from_millis(12_340)), "12 s");
    }
}
