//! Names that a program makes up, kept for as long as the process.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

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
