//! Numbers on the command line, and how large they may be.

use std::num::{IntErrorKind, NonZeroU64};

use selvedge::prove::ProofError;

use super::names::quoted;

/// The most actors of an exploration: more than any finishes with, few enough to set up at once.
const MOST_EXPLORED: usize = 10_000;

/// The most actors of the FIFO schedule.
const MOST_RUN: usize = 1_000_000;

/// How many actors to explore.
///
/// # Errors
///
/// One line: what is wrong with the number.
pub fn explored(text: &str) -> Result<usize, String> {
    let advice = format!("; `selvedge run` takes up to {MOST_RUN}");
    actors(text, "an exploration", MOST_EXPLORED, &advice)
}

/// How many actors to run.
///
/// # Errors
///
/// One line: what is wrong with the number.
pub fn run(text: &str) -> Result<usize, String> {
    actors(text, "`selvedge run`", MOST_RUN, "")
}

/// After how many of `what` to give up: what reads the number, or says in one line what is wrong with it.
pub fn limit(what: &'static str) -> impl Fn(&str) -> Result<NonZeroU64, String> + Clone {
    move |text| {
        let number = text.parse();
        number.map_err(|_| {
            format!("{} {what}: give a whole number from 1 to {}", quoted(text), u64::MAX)
        })
    }
}

fn actors(text: &str, what: &str, most: usize, advice: &str) -> Result<usize, String> {
    let too_many = || Err(format!("{text} actors: {what} takes at most {most}{advice}"));
    match text.parse::<usize>() {
        Ok(0) => Err(ProofError::NoActors.to_string()),
        Ok(number) if number > most => too_many(),
        Ok(number) => Ok(number),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow && text.len() <= 40 => too_many(),
        Err(_) => Err(format!("{} actors: give a whole number from 1 to {most}", quoted(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::{explored, run};

    #[test]
    fn a_number_of_actors_has_a_limit_that_the_message_names() {
        assert_eq!(explored("10000"), Ok(10_000));
        assert!(explored("10001").unwrap_err().contains("at most 10000"));
        assert!(run("1000001").unwrap_err().contains("at most 1000000"));
        assert!(explored("18446744073709551616").unwrap_err().contains("at most 10000"));
    }

    #[test]
    fn what_is_no_positive_number_is_refused() {
        for text in ["0", "-1", "", "three", "1e3", "\n"] {
            assert!(!explored(text).unwrap_err().contains('\n'), "{text:?}");
        }
    }
}
