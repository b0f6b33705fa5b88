//! Why a deadlock cannot go on: who waits for what, and who holds it.

use super::explanation::Explanation;
use super::steps;
use crate::explore::{Outcome, Witness};
use crate::observe::{Access, Event, Seen};

/// A wait that never ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wait {
    /// Where it began.
    place: usize,
    reason: Reason,
}

/// What keeps a wait from ending, by its place in the witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// What is waited for was taken here, and has not been released.
    Held(usize),
    /// It was released here, and whoever waits has not been polled since.
    NotPolled(usize),
    /// Somebody else began to wait for the same here, and is served first.
    Behind(usize),
    Unknown,
}

/// Every wait that never ended and what it waits for, with the cycle that they form or the lack of
/// anybody who could end them.
pub(super) fn explain(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    let waits = endless_waits(events);
    if witness.outcome != Outcome::Deadlock || waits.is_empty() {
        return None;
    }
    let each: Vec<_> = waits.iter().map(|wait| sentence(wait, witness)).collect();
    let text = format!("deadlock: {}; {}", each.join(", "), end(&waits, witness));
    let reasons = waits.iter().filter_map(|wait| match wait.reason {
        Reason::Held(place) | Reason::NotPolled(place) | Reason::Behind(place) => Some(place),
        Reason::Unknown => None,
    });
    Some(Explanation { rows: waits.iter().map(|wait| wait.place).chain(reasons).collect(), text })
}

fn endless_waits(events: &[Event]) -> Vec<Wait> {
    let goes_on = |place: usize| {
        let event = &events[place];
        events[place + 1..].iter().any(|later| {
            later.actor == event.actor
                && later.object == event.object
                && later.call.map(|call| call.location) == event.call.map(|call| call.location)
        })
    };
    let is_endless = |&place: &usize| {
        let event = &events[place];
        event.seen == Seen::Pending && event.object.is_some() && !goes_on(place)
    };
    let places: Vec<_> = (0..events.len()).filter(is_endless).collect();
    places.iter().map(|&place| Wait { place, reason: reason(events, &places, place) }).collect()
}

fn reason(events: &[Event], waits: &[usize], place: usize) -> Reason {
    let waiting = &events[place];
    let excluding = operation(waiting).map_or(&[][..], excluding);
    let excludes = |other: usize| {
        events[other].object == waiting.object
            && operation(&events[other]).is_some_and(|operation| excluding.contains(&operation))
    };
    let is_held = |taken: usize| {
        let is_release = |event: &Event| {
            event.actor == events[taken].actor && is_release_of(event, &events[taken])
        };
        events[taken].seen != Seen::Pending && !events[taken + 1..].iter().any(is_release)
    };
    let held = (0..events.len()).rev().find(|&taken| excludes(taken) && is_held(taken));
    let ahead = || waits.iter().copied().rfind(|&ahead| ahead < place && excludes(ahead));
    let released = || (place..events.len()).find(|&later| is_release_of(&events[later], waiting));
    held.map(Reason::Held)
        .or_else(|| ahead().map(Reason::Behind))
        .or_else(|| released().map(Reason::NotPolled))
        .unwrap_or(Reason::Unknown)
}

fn operation(event: &Event) -> Option<&'static str> {
    event.call.map(|call| call.operation)
}

fn is_release_of(event: &Event, taken: &Event) -> bool {
    event.object == taken.object && operation(event) == Some("release")
}

/// What the others must not have done for this operation not to wait for them.
fn excluding(operation: &str) -> &'static [&'static str] {
    match operation {
        "acquire" => &["acquire"],
        "read" => &["write"],
        "write" => &["read", "write"],
        _ => &[],
    }
}

fn sentence(wait: &Wait, witness: &Witness) -> String {
    let event = &witness.events[wait.place];
    let actor = |place: usize| steps::actor(witness, &witness.events[place]);
    let is_own = |place: usize| witness.events[place].actor == event.actor;
    let row = |place: usize| format!("#{}", place + 1);
    let reason = match wait.reason {
        Reason::Held(taken) if is_own(taken) => {
            format!(" for what it has held itself since {}", row(taken))
        }
        Reason::Held(taken) => format!(" for what {} has held since {}", actor(taken), row(taken)),
        Reason::NotPolled(release) => {
            format!(" and is not polled again once that is released ({})", row(release))
        }
        Reason::Behind(ahead) if is_own(ahead) => format!(" behind its own wait in {}", row(ahead)),
        Reason::Behind(ahead) => format!(" behind {}, which waits in {}", actor(ahead), row(ahead)),
        Reason::Unknown => String::new(),
    };
    let operation = steps::operation(event, &witness.events);
    format!("{} waits in `{operation}` ({}){reason}", actor(wait.place), row(wait.place))
}

/// Why nobody ends these waits.
fn end(waits: &[Wait], witness: &Witness) -> String {
    let events = &witness.events;
    let is_block = |event: &Event| event.call.is_some_and(|call| call.access == Access::Block);
    if events.iter().any(is_block) {
        return "nobody else can run on its thread".to_owned();
    }
    let actor = |place: usize| events[place].actor;
    let waits_for: Vec<_> = waits
        .iter()
        .filter_map(|wait| match wait.reason {
            Reason::Held(place) | Reason::Behind(place) => Some((actor(wait.place), actor(place))),
            Reason::NotPolled(_) | Reason::Unknown => None,
        })
        .collect();
    let cycle = waits_for.iter().find_map(|&(first, _)| {
        let mut cycle = vec![first];
        leads_back(&waits_for, &mut cycle).then_some(cycle)
    });
    let name = |&actor: &usize| witness.actors.get(actor).map_or("?", String::as_str);
    match (cycle.as_deref(), waits.len()) {
        (None, 1) => "nobody is left to wake it".to_owned(),
        (None, _) => "nobody is left to wake them".to_owned(),
        (Some([_]), 1) => "it waits for itself".to_owned(),
        (Some([only]), _) => format!("{} waits for itself", name(only)),
        (Some(all), most) if all.len() == most => "they wait for each other".to_owned(),
        (Some(some), _) => {
            let names: Vec<_> = some.iter().map(name).collect();
            format!("{} wait for each other", names.join(" and "))
        }
    }
}

/// Extends `way` until its last actor waits for its first. `false`, and `way` as it was, if there is
/// no such way.
fn leads_back(waits_for: &[(usize, usize)], way: &mut Vec<usize>) -> bool {
    let (first, last) = (way[0], way[way.len() - 1]);
    let next = waits_for.iter().filter(|(waiter, _)| *waiter == last).map(|&(_, other)| other);
    next.into_iter().any(|other| {
        if other == first || way.contains(&other) {
            return other == first;
        }
        way.push(other);
        leads_back(waits_for, way) || {
            way.pop();
            false
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::explanation::hand_made::{operation, witness};
    use super::*;

    /// An operation that was done, and one that waits.
    #[track_caller]
    fn does(actor: usize, name: &'static str, object: &'static str) -> Event {
        operation(actor, name, object, Seen::Nothing)
    }

    #[track_caller]
    fn waits(actor: usize, name: &'static str, object: &'static str) -> Event {
        operation(actor, name, object, Seen::Pending)
    }

    #[track_caller]
    fn assert_explains(events: &[Event], rows: &[usize], text: &str) {
        let witness = Witness { outcome: Outcome::Deadlock, ..witness(events) };
        let Explanation { rows: mut found, text: said } = explain(&witness).expect("a deadlock");
        found.sort_unstable();
        found.dedup();
        assert_eq!((found.as_slice(), said.as_str()), (rows, text));
    }

    #[test]
    fn a_wait_is_endless_unless_its_actor_comes_back_to_it() {
        let wait = |actor, seen| operation(actor, "wait", "event", seen);
        let events = [wait(0, Seen::Pending), wait(1, Seen::Pending), wait(0, Seen::Nothing)];
        assert_explains(
            &events,
            &[1],
            "deadlock: b waits in `wait event` (#2); nobody is left to wake it",
        );
    }

    #[test]
    fn nobody_waits_forever_where_the_execution_ends() {
        assert_eq!(explain(&witness(&[waits(0, "wait", "event")])), None);
    }

    #[test]
    fn actors_that_hold_what_the_other_wants_wait_for_each_other() {
        assert_explains(
            &[
                does(0, "acquire", "left"),
                does(1, "acquire", "right"),
                waits(0, "acquire", "right"),
                waits(1, "acquire", "left"),
            ],
            &[0, 1, 2, 3],
            "deadlock: a waits in `acquire right` (#3) for what b has held since #2, b waits in \
             `acquire left` (#4) for what a has held since #1; they wait for each other",
        );
    }

    #[test]
    fn who_waits_for_a_cycle_is_not_part_of_it() {
        assert_explains(
            &[
                does(0, "acquire", "left"),
                does(1, "acquire", "right"),
                waits(2, "acquire", "left"),
                waits(0, "acquire", "right"),
                waits(1, "acquire", "left"),
            ],
            &[0, 1, 2, 3, 4],
            "deadlock: c waits in `acquire left` (#3) for what a has held since #1, a waits in \
             `acquire right` (#4) for what b has held since #2, b waits in `acquire left` (#5) for \
             what a has held since #1; a and b wait for each other",
        );
    }

    #[test]
    fn one_that_waits_for_itself_keeps_the_others_waiting() {
        assert_explains(
            &[does(0, "acquire", "lock"), waits(0, "acquire", "lock"), waits(1, "acquire", "lock")],
            &[0, 1, 2],
            "deadlock: a waits in `acquire lock` (#2) for what it has held itself since #1, b waits \
             in `acquire lock` (#3) for what a has held since #1; a waits for itself",
        );
    }

    #[test]
    fn a_writer_waits_for_readers_and_a_reader_only_for_a_writer() {
        assert_explains(
            &[
                does(1, "read", "lock"),
                does(0, "read", "lock"),
                does(1, "release", "lock"),
                waits(0, "write", "lock"),
            ],
            &[1, 3],
            "deadlock: a waits in `write lock` (#4) for what it has held itself since #2; it waits \
             for itself",
        );
        assert_explains(
            &[does(0, "read", "lock"), waits(1, "read", "lock")],
            &[1],
            "deadlock: b waits in `read lock` (#2); nobody is left to wake it",
        );
        assert_explains(
            &[does(0, "read", "lock"), waits(0, "write", "lock"), waits(1, "read", "lock")],
            &[0, 1, 2],
            "deadlock: a waits in `write lock` (#2) for what it has held itself since #1, b waits \
             in `read lock` (#3) behind a, which waits in #2; a waits for itself",
        );
    }

    #[test]
    fn a_lost_wakeup_reads_differently_from_a_cycle() {
        assert_explains(
            &[waits(0, "wait", "event"), waits(1, "wait", "event")],
            &[0, 1],
            "deadlock: a waits in `wait event` (#1), b waits in `wait event` (#2); nobody is left to \
             wake them",
        );
    }

    #[test]
    fn a_wait_that_is_not_polled_again_says_what_it_missed() {
        assert_explains(
            &[
                does(0, "acquire", "lock"),
                waits(1, "acquire", "lock"),
                does(0, "release", "lock"),
                waits(1, "acquire", "lock"),
            ],
            &[1, 2, 3],
            "deadlock: b waits in `acquire lock` (#2) and is not polled again once that is released \
             (#3), b waits in `acquire lock` (#4) behind its own wait in #2; b waits for itself",
        );
    }

    #[test]
    fn who_is_served_in_between_is_the_one_that_holds_the_lock() {
        assert_explains(
            &[
                does(0, "acquire", "lock"),
                waits(1, "acquire", "lock"),
                does(0, "release", "lock"),
                does(2, "acquire", "lock"),
            ],
            &[1, 3],
            "deadlock: b waits in `acquire lock` (#2) for what c has held since #4; nobody is left \
             to wake it",
        );
    }

    #[test]
    fn a_released_lock_is_held_by_nobody() {
        assert_explains(
            &[does(0, "acquire", "lock"), does(0, "release", "lock"), waits(1, "acquire", "lock")],
            &[2],
            "deadlock: b waits in `acquire lock` (#3); nobody is left to wake it",
        );
    }
}
