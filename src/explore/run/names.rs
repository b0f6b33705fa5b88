//! The names of actors: those that a program makes up, kept for as long as the process, and those that
//! tell several of one name apart.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use super::actors::Slot;

/// The name, for good. A program gives the same names in each of its executions, so that few are kept,
/// and a name can be copied wherever it is needed.
pub(super) fn kept(name: Cow<'static, str>) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let name = match name {
        Cow::Borrowed(name) => return name,
        Cow::Owned(name) => name,
    };
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(name.as_str()) {
        return known;
    }
    let name: &'static str = name.leak();
    kept.insert(name);
    name
}

/// The actors' names, in order. Several of one name are numbered.
pub(super) fn numbered(actors: &[Slot]) -> Vec<String> {
    let given: Vec<_> = actors.iter().map(|actor| actor.name.to_string()).collect();
    let mut alike: HashMap<&str, (usize, usize)> = HashMap::new();
    for name in &given {
        alike.entry(name).or_default().0 += 1;
    }
    let numbered = |name: &String| match alike.get_mut(name.as_str()) {
        Some((2.., number)) => {
            *number += 1;
            format!("{name} {number}")
        }
        _ => name.clone(),
    };
    given.iter().map(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn a_name_that_was_given_before_is_not_kept_twice() {
        let again = || kept(format!("worker {}", 3).into());
        assert_eq!(again(), "worker 3");
        assert!(std::ptr::eq(again(), again()));
    }
}
