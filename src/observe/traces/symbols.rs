//! The names of functions as a debugger has them: whose they are, and how a reader writes them.

use std::path::Path;

/// Whose function it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Of whoever explores.
    Reader,
    /// Of a library that it uses.
    Library,
    /// Of what lies between: the standard library, the explorer, combinators that only pass a poll on.
    Glue,
}

/// Whose function this is, which stands in `file` as far as is known.
pub(super) fn owner(name: &str, file: Option<&str>) -> Owner {
    let Name { segments, of_trait, .. } = Name::of(name);
    if segments.len() < 2 && of_trait.is_none() {
        return file.map_or(Owner::Glue, owner_of_nameless);
    }
    let is_glue = |segments: &[String]| {
        GLUE.iter().any(|glue| glue.iter().zip(segments).all(|(glue, it)| glue == it))
    };
    let root = |segments: &[String]| segments.first().cloned().unwrap_or_default();
    // A type parameter has no path: what can be called on it is its trait's.
    let (owner, of_trait) = match of_trait {
        Some(of_trait) if segments.len() < 2 => (root(&of_trait), None),
        of_trait => (root(&segments), of_trait.map(|it| root(&it))),
    };
    let is_own = owner == "selvedge" && segments.get(1).is_none_or(|it| it != "patterns");
    if is_own || segments.len() > 1 && is_glue(&segments) {
        return Owner::Glue;
    }
    let is_of = |names: &[&str]| {
        let is_one = |root: &str| names.contains(&root);
        is_one(&owner) && of_trait.as_deref().is_none_or(|it| is_one(it) || is_library(it))
    };
    if is_of(STANDARD) {
        return Owner::Glue;
    }
    if is_of(LIBRARIES) || file.is_some_and(|file| is_elsewhere(file, &owner)) {
        return Owner::Library;
    }
    Owner::Reader
}

/// Whose function it is that was inlined, where debug information is so sparse that it leaves out the
/// path of such a name.
fn owner_of_nameless(file: &str) -> Owner {
    let is_ours = || {
        let inside = Path::new(file).strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        inside.is_ok_and(|inside| !inside.starts_with("patterns"))
    };
    match file {
        _ if is_standard(file) || is_ours() => Owner::Glue,
        _ if is_elsewhere(file, "") => Owner::Library,
        _ => Owner::Reader,
    }
}

const STANDARD: &[&str] = &["std", "core", "alloc", "backtrace"];

const LIBRARIES: &[&str] = &[
    "tokio",
    "tokio_util",
    "tokio_stream",
    "futures",
    "futures_util",
    "futures_core",
    "futures_channel",
    "futures_executor",
];

fn is_library(root: &str) -> bool {
    STANDARD.contains(&root) || LIBRARIES.contains(&root)
}

/// What only passes a poll on, by how its path begins.
const GLUE: &[&[&str]] = &[
    &["tokio", "future"],
    &["tokio", "macros"],
    &["tokio", "runtime"],
    &["tokio", "task", "coop"],
    &["futures_util", "future"],
];

/// Whether cargo keeps the source in `file` for `root`, so that nobody works on it there.
fn is_elsewhere(file: &str, root: &str) -> bool {
    let file = file.replace('\\', "/");
    let folders = ["/registry/src/", "/git/checkouts/"];
    let is_vendored = || {
        file.split_once("/vendor/").is_some_and(|(_, of)| of.replace('-', "_").starts_with(root))
    };
    is_standard(&file) || folders.iter().any(|it| file.contains(it)) || is_vendored()
}

fn is_standard(file: &str) -> bool {
    file.starts_with("/rustc/") || file.contains("/rustlib/src/")
}

/// The name without what the compiler added: `tokio::sync::Mutex::lock`. None where its path is missing.
pub(super) fn readable(name: &str) -> Option<String> {
    let Name { mut segments, of_trait, method } = Name::of(name);
    if segments.len() < 2 && of_trait.is_none() {
        return None;
    }
    let is_poll = method.as_deref().is_some_and(|it| it.starts_with("poll"));
    segments.extend(method.filter(|_| !is_poll));
    let last = segments.len().saturating_sub(1);
    let mut kept: Vec<String> = Vec::new();
    for (place, segment) in segments.into_iter().enumerate() {
        let is_library = kept.first().is_some_and(|root| root == "tokio" || root == "futures");
        match (place, segment.as_str()) {
            (0, "futures_util" | "futures_core") => kept.push("futures".to_owned()),
            (0, "futures_channel") => kept.extend(["futures", "channel"].map(str::to_owned)),
            (place, private) if is_library && place < last && PRIVATE.contains(&private) => {}
            (_, again) if is_library && kept.last().is_some_and(|before| before == again) => {}
            _ => kept.push(segment),
        }
    }
    let path = kept.join("::");
    Some(match path.as_str() {
        "tokio::sync::Notified" => "tokio::sync::Notify::notified".to_owned(),
        _ => path,
    })
}

/// Modules of tokio and futures that no path of a reader's contains.
const PRIVATE: &[&str] = &[
    "barrier",
    "bounded",
    "mutex",
    "next",
    "notify",
    "once_cell",
    "rwlock",
    "semaphore",
    "set_once",
    "unbounded",
    "yield_now",
];

/// A function's name, taken apart: `<a::B<C> as d::E>::f::{closure#0}`.
struct Name {
    /// `a`, `B`.
    segments: Vec<String>,
    /// `d`, `E`.
    of_trait: Option<Vec<String>>,
    /// `f`, where it is of a trait.
    method: Option<String>,
}

impl Name {
    fn of(name: &str) -> Self {
        let Some((inner, rest)) = name.strip_prefix('<').and_then(split_closed) else {
            return Self { segments: segments(name), of_trait: None, method: None };
        };
        let mut rest = segments(rest);
        let Some((of, of_trait)) = inner.split_once(" as ").filter(|(of, _)| is_closed(of)) else {
            let segments = segments(inner).into_iter().chain(rest).collect();
            return Self { segments, of_trait: None, method: None };
        };
        let method = (!rest.is_empty()).then(|| rest.remove(0));
        Self { segments: segments(of), of_trait: Some(segments(of_trait)), method }
    }
}

/// The parts of a path, without generics, closures and unnamed blocks.
fn segments(path: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let (mut depth, mut before) = (0_usize, ' ');
    for c in path.chars() {
        match c {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && before == ':' => segments.push(String::new()),
            ':' => {}
            c if depth == 0 => segments.last_mut().expect("there is always one").push(c),
            _ => {}
        }
        before = c;
    }
    let words = ["&", "mut ", "dyn ", "*const ", "*mut "];
    let bare = |segment: String| {
        let mut bare = segment.trim();
        while let Some(rest) = words.iter().find_map(|word| bare.strip_prefix(word)) {
            bare = rest.trim();
        }
        bare.to_owned()
    };
    segments.into_iter().map(bare).filter(|segment| !segment.is_empty()).collect()
}

/// What stands before the bracket that closes, and what after it.
fn split_closed(text: &str) -> Option<(&str, &str)> {
    let ends = text.char_indices().filter(|&(_, c)| c == '>').map(|(place, _)| place);
    ends.map(|end| (&text[..end], &text[end + 1..])).find(|(inner, _)| is_closed(inner))
}

/// Whether every bracket that is opened is closed.
fn is_closed(text: &str) -> bool {
    let count = |c| text.matches(c).count();
    count('<') == count('>') - text.matches("->").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_as_a_reader_writes_it() {
        for (name, expected) in [
            ("tokio::sync::mutex::Mutex<T>::lock::{{closure}}", "tokio::sync::Mutex::lock"),
            ("<tokio::sync::mutex::Mutex<i64>>::lock::{closure#0}", "tokio::sync::Mutex::lock"),
            (
                "tokio::sync::mpsc::bounded::Receiver<T>::recv::{{closure}}",
                "tokio::sync::mpsc::Receiver::recv",
            ),
            (
                "<tokio::sync::notify::Notified as core::future::future::Future>::poll",
                "tokio::sync::Notify::notified",
            ),
            (
                "<tokio::sync::oneshot::Receiver<T> as core::future::future::Future>::poll",
                "tokio::sync::oneshot::Receiver",
            ),
            (
                "<tokio::sync::mutex::MutexGuard<T> as core::ops::drop::Drop>::drop",
                "tokio::sync::MutexGuard::drop",
            ),
            ("tokio::task::yield_now::yield_now::{{closure}}", "tokio::task::yield_now"),
            (
                "<futures_util::lock::mutex::MutexLockFuture<T> as core::future::future::Future>::poll",
                "futures::lock::MutexLockFuture",
            ),
            (
                "<bank::Account<fn(i64) -> i64> as bank::Audited>::check::{{closure}}",
                "bank::Account::check",
            ),
            (
                "<futures_util::stream::stream::next::Next<S> as core::future::future::Future>::poll",
                "futures::stream::Next",
            ),
            ("bank::ledger::{impl#2}::post", "bank::ledger::post"),
        ] {
            assert_eq!(readable(name).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_name_without_its_path_is_judged_by_its_file_and_not_printed() {
        let tokio = "/home/a/.cargo/registry/src/index/tokio-1.54.0/src/sync/mutex.rs";
        let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/src/observe/traces.rs");
        let pattern = concat!(env!("CARGO_MANIFEST_DIR"), "/src/patterns/lost_update.rs");
        for (name, file, expected) in [
            ("{async_fn#0}<i64>", Some(tokio), Owner::Library),
            ("call_once<fn(), ()>", Some("/rustc/1234/library/core/src/ops.rs"), Owner::Glue),
            (
                "{closure#0}<(), selvedge::observe::called::{closure_env#0}>",
                Some(ours),
                Owner::Glue,
            ),
            ("{async_fn#0}", Some(pattern), Owner::Reader),
            ("withdraw", Some("/home/a/bank/src/lib.rs"), Owner::Reader),
            ("withdraw", None, Owner::Glue),
        ] {
            assert_eq!(owner(name, file), expected, "{name}");
            assert_eq!(readable(name), None, "{name}");
        }
    }

    #[test]
    fn a_function_is_its_types_and_its_traits_unless_both_are_a_librarys() {
        let registry = Some("/home/a/.cargo/registry/src/index/event-listener-5.4.0/src/lib.rs");
        let (vendored, near) =
            (Some("/home/a/bank/vendor/async-lock/src/mutex.rs"), Some("/home/a/bank/src/lib.rs"));
        for (name, file, expected) in [
            ("bank::withdraw::{{closure}}", near, Owner::Reader),
            ("bank::withdraw::{{closure}}", None, Owner::Reader),
            ("<bank::Leaf as core::future::future::Future>::poll", near, Owner::Reader),
            ("<alloc::sync::Arc<T> as bank::Store>::get", near, Owner::Reader),
            ("<alloc::sync::Arc<T> as core::ops::drop::Drop>::drop", None, Owner::Glue),
            ("<&mut F as core::future::future::Future>::poll", None, Owner::Glue),
            (
                "<core::pin::Pin<&mut bank::Leaf> as core::future::future::Future>::poll",
                None,
                Owner::Glue,
            ),
            ("core::ptr::drop_in_place<bank::Leaf>", near, Owner::Glue),
            ("tokio::sync::mutex::Mutex<T>::lock::{{closure}}", registry, Owner::Library),
            ("tokio::task::coop::poll_proceed", registry, Owner::Glue),
            ("event_listener::Listener::poll", registry, Owner::Library),
            ("async_lock::Mutex<T>::lock", vendored, Owner::Library),
            ("selvedge::a::B::c", near, Owner::Glue),
            ("<selvedge::a::B<F> as core::future::future::Future>::poll", near, Owner::Glue),
            (concat!("selvedge", "::patterns::a::B<P>::c"), near, Owner::Reader),
            ("selvedge_demo::main", near, Owner::Reader),
        ] {
            assert_eq!(owner(name, file), expected, "{name}");
        }
    }
}
