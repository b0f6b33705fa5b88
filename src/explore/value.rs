//! What a program computed.

use std::any::Any;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// What a program computed, ordered as a reader expects: numbers numerically, and in a text the
/// digits that stand together as one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One number.
    Number(i64),
    /// Several numbers, each with the name of what it counts.
    Fields(Vec<(&'static str, i64)>),
    /// Anything else.
    Text(String),
}

impl Value {
    /// The value of anything that can be printed.
    ///
    /// An integer is a [`Number`](Self::Number), of whichever type; one that no `i64` holds is the
    /// text of its digits. A string is its text, `()` is the text `done`, and a `Value` is itself.
    /// All else is its [`Debug`](fmt::Debug) text, so two values that are printed alike are one: what an
    /// outcome must tell apart belongs into that text, and what differs from run to run, as the order
    /// of a hash map does, does not.
    ///
    /// ```
    /// use selvedge::explore::Value;
    ///
    /// assert_eq!(Value::of(3_u8), Value::of(3_i64));
    /// assert_eq!(Value::of(Some([1, 2])).to_string(), "Some([1, 2])");
    /// ```
    pub fn of<T: fmt::Debug + 'static>(value: T) -> Self {
        cast(value).unwrap_or_else(Self::print)
    }

    fn print<T: fmt::Debug + 'static>(value: T) -> Self {
        if let Some(number) = number(&value) {
            return Self::Number(number);
        }
        Self::Text(text(&value).map_or_else(|| format!("{value:?}"), ToOwned::to_owned))
    }
}

/// The value, as what it is.
///
/// # Errors
///
/// The value, if it is something else.
pub(super) fn cast<T: 'static, As: 'static>(value: T) -> Result<As, T> {
    let mut value = Some(value);
    let found = (&mut value as &mut dyn Any).downcast_mut::<Option<As>>().and_then(Option::take);
    found.ok_or_else(|| value.expect("what is something else was not taken"))
}

/// The value, if it is an integer and an `i64` holds it.
fn number(value: &dyn Any) -> Option<i64> {
    fn read<I: TryInto<i64> + Copy + 'static>(value: &dyn Any) -> Option<i64> {
        (*value.downcast_ref::<I>()?).try_into().ok()
    }
    let signed = [read::<i64>, read::<i32>, read::<isize>, read::<i16>, read::<i8>, read::<i128>];
    let unsigned = [read::<u64>, read::<u32>, read::<usize>, read::<u16>, read::<u8>, read::<u128>];
    signed.iter().chain(&unsigned).find_map(|read| read(value))
}

/// What to print for a string, or for nothing.
fn text(value: &dyn Any) -> Option<&str> {
    let owned = value.downcast_ref::<String>().map(String::as_str);
    let literal = || value.downcast_ref::<&'static str>().copied();
    let either = || value.downcast_ref::<Cow<'static, str>>().map(Cow::as_ref);
    let nothing = || value.is::<()>().then_some("done");
    owned.or_else(literal).or_else(either).or_else(nothing)
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<const N: usize> From<[(&'static str, i64); N]> for Value {
    fn from(fields: [(&'static str, i64); N]) -> Self {
        Self::Fields(fields.into())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Fields(fields) => {
                for (index, (name, number)) in fields.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{name} {number}")?;
                }
                Ok(())
            }
        }
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.cmp(right),
            (Self::Fields(left), Self::Fields(right)) => left.cmp(right),
            // Texts that differ in leading zeros only are two.
            (Self::Text(left), Self::Text(right)) => {
                compare_naturally(left, right).then_with(|| left.cmp(right))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Value {
    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Fields(_) => 1,
            Self::Text(_) => 2,
        }
    }
}

fn compare_naturally(mut left: &str, mut right: &str) -> Ordering {
    loop {
        let (first, second);
        (first, left) = split_run(left);
        (second, right) = split_run(right);
        let is_number = |run: &str| run.starts_with(is_digit);
        let order = if is_number(first) && is_number(second) {
            let [first, second] = [first, second].map(|run| run.trim_start_matches('0'));
            first.len().cmp(&second.len()).then_with(|| first.cmp(second))
        } else {
            first.cmp(second)
        };
        if order.is_ne() || first.is_empty() {
            return order;
        }
    }
}

/// The digits that a text begins with, or what stands before the first of them; and the rest.
fn split_run(text: &str) -> (&str, &str) {
    let is_number = text.starts_with(is_digit);
    text.split_at(text.find(|it| is_digit(it) != is_number).unwrap_or(text.len()))
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    #[expect(dead_code, reason = "it is printed")]
    struct Account {
        balance: i64,
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn equal_integers_are_one_value_of_whichever_type() {
        assert_eq!(Value::of(7_u8), Value::Number(7));
        assert_eq!(Value::of(7_usize), Value::of(7_i128));
        assert_eq!(Value::of(u64::MAX), Value::of(u128::from(u64::MAX)));
        assert_eq!(Value::of(-1_i8), Value::of(-1_isize));
    }

    #[test]
    fn a_string_is_its_text_and_a_value_is_itself() {
        assert_eq!(Value::of("a"), Value::of("a".to_owned()));
        assert_eq!(Value::of(Cow::Borrowed("a")), text("a"));
        let fields = Value::from([("sum", 1)]);
        assert_eq!(Value::of(fields.clone()), fields);
    }

    #[test]
    fn anything_else_is_what_it_prints() {
        assert_eq!(Value::of(Account { balance: 3 }), text("Account { balance: 3 }"));
        assert_eq!(Value::of(Some("a")), text("Some(\"a\")"));
        assert_eq!(Value::of(()), text("done"));
    }

    #[test]
    fn digits_in_a_text_are_ordered_as_numbers() {
        let mut texts = ["[10]", "[9, 1]", "[9]", "[09]", "", "a2b", "a2", "a10"].map(text);
        texts.sort();
        let sorted = ["", "[9, 1]", "[09]", "[9]", "[10]", "a2", "a2b", "a10"].map(text);
        assert_eq!(texts, sorted);
        assert!(Value::Number(i64::MAX) < Value::from([("a", 0)]) && Value::from([]) < text(""));
    }
}
