//! `select!` whose first branch is a choice of the explorer.

/// `tokio::select!`, where the explorer chooses with which branch to begin: each in turn.
///
/// Tokio's own begins with a branch at random, unless it is told to be `biased`, and so no schedule
/// repeats; `biased` hides orders that production has. This has the same branches and means the same.
/// Outside of an exploration it begins with the first. It takes no `biased`: that is
/// [`tokio::select!`](https://docs.rs/tokio/latest/tokio/macro.select.html) itself.
///
/// The calling crate needs tokio with its feature `macros`. As many copies of the branches are compiled
/// as there are branches.
///
/// ```
/// use selvedge::explore::{Actors, Explorer, select};
/// use tokio::sync::mpsc;
///
/// let findings = Explorer::opaque().explore(|actors: &mut Actors| {
///     let (one, mut ones) = mpsc::unbounded_channel();
///     let (two, mut twos) = mpsc::unbounded_channel();
///     let (first, mut seen) = mpsc::unbounded_channel();
///     actors.spawn("sender", async move {
///         one.send(1).unwrap();
///         two.send(2).unwrap();
///     });
///     actors.spawn("receiver", async move {
///         select! {
///             Some(item) = ones.recv() => first.send(item).unwrap(),
///             Some(item) = twos.recv() => first.send(item).unwrap(),
///         }
///     });
///     move || seen.try_recv().unwrap()
/// });
/// findings.assert_outcomes([1, 2]);
/// ```
#[macro_export]
macro_rules! select {
    // Each branch in braces of its own, as tokio takes it.
    (@branches [$($branch:tt)*]) => {
        $crate::select!(@count [$($branch)*] [])
    };
    (@branches [$($branch:tt)*] else => $otherwise:expr $(,)?) => {
        $crate::select!(@count [$($branch)*] [else => $otherwise])
    };
    (@branches [$($branch:tt)*] $item:pat = $future:expr, if $condition:expr => $then:block , $($rest:tt)*) => {
        $crate::select!(@branches [$($branch)* { $item = $future, if $condition => $then }] $($rest)*)
    };
    (@branches [$($branch:tt)*] $item:pat = $future:expr => $then:block , $($rest:tt)*) => {
        $crate::select!(@branches [$($branch)* { $item = $future => $then }] $($rest)*)
    };
    (@branches [$($branch:tt)*] $item:pat = $future:expr, if $condition:expr => $then:block $($rest:tt)*) => {
        $crate::select!(@branches [$($branch)* { $item = $future, if $condition => $then }] $($rest)*)
    };
    (@branches [$($branch:tt)*] $item:pat = $future:expr => $then:block $($rest:tt)*) => {
        $crate::select!(@branches [$($branch)* { $item = $future => $then }] $($rest)*)
    };
    (@branches [$($branch:tt)*] $item:pat = $future:expr, if $condition:expr => $then:expr $(, $($rest:tt)*)?) => {
        $crate::select!(@branches [$($branch)* { $item = $future, if $condition => { $then } }] $($($rest)*)?)
    };
    (@branches [$($branch:tt)*] $item:pat = $future:expr => $then:expr $(, $($rest:tt)*)?) => {
        $crate::select!(@branches [$($branch)* { $item = $future => { $then } }] $($($rest)*)?)
    };

    (@count [$($branch:tt)*] $otherwise:tt) => {{
        let start = $crate::explore::choose(const { [$(stringify!($branch)),*].len() });
        $crate::select!(@from start, 0; [] [$($branch)*] $otherwise)
    }};

    // The branches before the first come last.
    (@from $start:ident, $number:expr; [$($before:tt)*] [] $otherwise:tt) => {
        unreachable!("one of the branches was chosen")
    };
    (@from $start:ident, $number:expr; [$({ $($before:tt)* })*] [{ $($first:tt)* } $({ $($after:tt)* })*] [$($otherwise:tt)*]) => {
        if $start == $number {
            ::tokio::select! {
                biased;
                $($first)*,
                $($($after)*,)*
                $($($before)*,)*
                $($otherwise)*
            }
        } else {
            $crate::select!(@from $start, $number + 1; [$({ $($before)* })* { $($first)* }] [$({ $($after)* })*] [$($otherwise)*])
        }
    };

    ($($branches:tt)+) => {
        $crate::select!(@branches [] $($branches)+)
    };
}
