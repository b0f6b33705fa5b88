//! What a value prints whose type does not promise that it can be printed.
//!
//! An actor may return anything, so nobody can ask for `Debug`; but for some types it is known.

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Debug;

use super::joins::JoinError;
use super::timers::Elapsed;
use crate::explore::Value;

/// The `Debug` text of a value, if it is a number, a `bool`, a `char`, a string or a [`Value`], or an
/// `Option`, a `Vec` or a `Result` of one. `()` says nothing.
pub(super) fn printed(value: &dyn Any) -> Option<String> {
    if value.is::<()>() {
        return None;
    }
    PRINTED.iter().find_map(|print| print(value))
}

const PRINTED: &[fn(&dyn Any) -> Option<String>] = &[
    of::<i64>,
    of::<i32>,
    of::<isize>,
    of::<i16>,
    of::<i8>,
    of::<i128>,
    of::<u64>,
    of::<u32>,
    of::<usize>,
    of::<u16>,
    of::<u8>,
    of::<u128>,
    of::<f64>,
    of::<f32>,
    of::<bool>,
    of::<char>,
    of::<String>,
    of::<&'static str>,
    of::<Cow<'static, str>>,
    of::<()>,
    |value| Some(value.downcast_ref::<Value>()?.to_string()),
];

/// The text of a `T`, or of what holds one.
fn of<T: Debug + 'static>(value: &dyn Any) -> Option<String> {
    let several = || text::<Option<T>>(value).or_else(|| text::<Vec<T>>(value));
    let in_time =
        || text::<Result<T, Elapsed>>(value).or_else(|| text::<Result<T, JoinError>>(value));
    let fallible =
        || text::<Result<T, String>>(value).or_else(|| text::<Result<T, &'static str>>(value));
    text::<T>(value).or_else(several).or_else(in_time).or_else(fallible)
}

fn text<T: Debug + 'static>(value: &dyn Any) -> Option<String> {
    value.downcast_ref::<T>().map(|value| format!("{value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_to_be_printable_is_printed_and_nothing_else() {
        struct Secret;

        assert_eq!(printed(&3_u8).as_deref(), Some("3"));
        assert_eq!(printed(&"a b").as_deref(), Some("\"a b\""));
        assert_eq!(printed(&vec![1.5]).as_deref(), Some("[1.5]"));
        assert_eq!(printed(&Ok::<_, Elapsed>(())).as_deref(), Some("Ok(())"));
        assert_eq!(printed(&Value::from([("sum", 1)])).as_deref(), Some("sum 1"));
        assert_eq!(printed(&Secret), None);
        assert_eq!(printed(&()), None);
    }
}
