//! A schedule in one word that no shell takes apart.
//!
//! `lost-update/unlocked@event-loop,model,3:0.1.1.0`: the variant, where it runs, on what, with
//! how many actors, and which of them takes each step. Under loom the numbers after the colon are
//! the bound on preemptions and the number of the execution.

use std::fmt;

use selvedge::prove::Case;

use super::names::{self, quoted};
use super::sizes;

/// A case and one of its schedules.
#[derive(Clone)]
pub struct Token {
    /// What to run.
    pub case: Case,
    /// In which order.
    pub path: Vec<u32>,
}

impl Token {
    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    ///
    /// One line: what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let form = || {
            let form = "PATTERN/VARIANT@WORLD,PRIMITIVES,ACTORS:STEPS";
            format!("{} is not a token; one has the form {form}", quoted(text))
        };
        let (what, rest) = text.split_once('@').ok_or_else(form)?;
        let (place, path) = rest.split_once(':').ok_or_else(form)?;
        let mut place = place.split(',');
        let (Some(world), Some(family), Some(actors), None) =
            (place.next(), place.next(), place.next(), place.next())
        else {
            return Err(form());
        };
        let entry = names::variant(what)?;
        let world = names::world(world)?;
        let family = names::family(family)?;
        let actors = sizes::explored(actors)?;
        let case = Case { entry, world, family, actors };
        Ok(Self { case, path: parse_path(path)? })
    }
}

fn parse_path(text: &str) -> Result<Vec<u32>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let step = |step: &str| {
        step.parse().map_err(|_| format!("{} is not a step of a schedule", quoted(step)))
    };
    text.split('.').map(step).collect()
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Case { entry, world, family, actors } = self.case;
        write!(f, "{entry}@{world},{family},{actors}:")?;
        for (index, step) in self.path.iter().enumerate() {
            let dot = if index > 0 { "." } else { "" };
            write!(f, "{dot}{step}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_reads_back_as_it_was_written() {
        for text in [
            "lost-update/unlocked@event-loop,model,3:0.1.1.0.2.2",
            "lost-update/no-await@weak-memory,loom,2:1.40",
            "lost-update/locked@event-loop,tokio,1:",
        ] {
            assert_eq!(Token::parse(text).expect("it is well formed").to_string(), text);
        }
    }

    #[test]
    fn garbage_is_refused_in_one_line() {
        for text in [
            "",
            "@",
            ":",
            "lost-update",
            "lost-update/unlocked",
            "lost-update/unlocked@event-loop,model,3",
            "lost-update/unlocked@event-loop,model:0",
            "lost-update/unlocked@event-loop,model,3,3:0",
            "lost-update/unlocked@event-loop,model,0:0",
            "lost-update/unlocked@event-loop,model,99999999999999999999:0",
            "lost-update/unlocked@event-loop,model,4000000000:0",
            "lost-update/unlocked@event-loop,model,3:4294967296",
            "lost-update/unlocked@event-loop,model,3:0..1",
            "lost-update/unlocked@event-loop,model,3:-1",
            "lost-update/unlocked@event-loop,model,3:0\n1",
            "lost-update/unlocked@moon,model,3:0",
            "lost-update/unlocked@event-loop,steel,3:0",
        ] {
            let error = Token::parse(text).err().expect(text);
            assert!(!error.is_empty() && !error.contains('\n'), "{text:?}: {error:?}");
        }
    }
}
