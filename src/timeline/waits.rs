//! Why a deadlock cannot go on: who waits for what, and who holds it.

use super::steps;
use crate::explore::Witness;
use crate::explore::run::panics::BLOCKS;
use crate::observe::{Event, Seen};

/// A wait that never ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The event in which it began, by its place in the witness.
    pub place: usize,
    /// The event in which another actor, or the same, took what is waited for and kept it.
    pub held_since: Option<usize>,
}

/// The waits that never ended.
pub fn endless_waits(events: &[Event]) -> Vec<Wait> {
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
    let wait = |place| Wait { place, held_since: held_since(&events[..place], &events[place]) };
    (0..events.len()).filter(is_endless).map(wait).collect()
}

/// Where the object that `waiting` waits for was taken by an actor that has not released it since.
fn held_since(before: &[Event], waiting: &Event) -> Option<usize> {
    let excluding = excluding(operation(waiting)?);
    let is_of_object = |event: &Event| event.object.is_some() && event.object == waiting.object;
    before.iter().enumerate().rposition(|(place, event)| {
        let is_taken = event.seen != Seen::Pending
            && operation(event).is_some_and(|operation| excluding.contains(&operation));
        let is_release = |later: &Event| {
            later.actor == event.actor && is_of_object(later) && operation(later) == Some("release")
        };
        is_taken && is_of_object(event) && !before[place + 1..].iter().any(is_release)
    })
}

fn operation(event: &Event) -> Option<&'static str> {
    event.call.map(|call| call.operation)
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

/// The waits in words, with the cycle they form or the lack of anybody who could end them.
pub(super) fn sentence(waits: &[Wait], witness: &Witness) -> String {
    let events = &witness.events;
    let each: Vec<_> = waits.iter().map(|wait| one(wait, witness)).collect();
    let is_held_by_waiters = waits.iter().all(|wait| {
        wait.held_since.is_some_and(|held| {
            waits.iter().any(|other| events[other.place].actor == events[held].actor)
        })
    });
    let is_blocked = events.iter().any(|event| steps::name(event) == BLOCKS);
    let end = match (is_held_by_waiters, waits) {
        _ if is_blocked => "nobody else can run on its thread",
        (true, [_]) => "it waits for itself",
        (true, _) => "they wait for each other",
        (false, _) => "nobody is left to wake them",
    };
    format!("{}; {end}", each.join(", "))
}

fn one(wait: &Wait, witness: &Witness) -> String {
    let event = &witness.events[wait.place];
    let actor = steps::actor(witness, event);
    let what = steps::operation(event, &witness.events);
    let wait_text = format!("{actor} waits in `{what}` (#{})", wait.place + 1);
    let is_release = |later: &Event| {
        later.object == event.object && later.call.is_some_and(|call| call.operation == "release")
    };
    let later = &witness.events[wait.place..];
    match (wait.held_since, later.iter().position(is_release)) {
        (Some(_), Some(ahead)) => {
            format!(
                "{wait_text} and does not look again when it is released (#{})",
                wait.place + ahead + 1
            )
        }
        (Some(held), None) => {
            let holder = steps::actor(witness, &witness.events[held]);
            format!("{wait_text} for what {holder} holds since #{}", held + 1)
        }
        (None, _) => wait_text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::Outcome;
    use crate::observe::{Access, Call};

    #[track_caller]
    fn event(actor: usize, operation: &'static str, object: &'static str, seen: Seen) -> Event {
        let call = Some(Call::new(operation, Access::Synchronise));
        Event { actor, step: 0, object: Some((object, 1)), call, seen }
    }

    fn explain(events: Vec<Event>) -> String {
        let waits = endless_waits(&events);
        let actors = vec!["a".to_owned(), "b".to_owned()];
        let outcome = Outcome::Deadlock;
        let (path, panicked_at) = (Vec::new(), None);
        sentence(&waits, &Witness { outcome, switches: 0, path, actors, events, panicked_at })
    }

    #[test]
    fn a_wait_is_endless_unless_its_actor_comes_back_to_it() {
        let wait = |actor, seen| event(actor, "wait", "event", seen);
        let events = [wait(0, Seen::Pending), wait(1, Seen::Pending), wait(0, Seen::Nothing)];
        assert_eq!(endless_waits(&events), [Wait { place: 1, held_since: None }]);
    }

    #[test]
    fn actors_that_hold_what_the_other_wants_wait_for_each_other() {
        let text = explain(vec![
            event(0, "acquire", "left", Seen::Nothing),
            event(1, "acquire", "right", Seen::Nothing),
            event(0, "acquire", "right", Seen::Pending),
            event(1, "acquire", "left", Seen::Pending),
        ]);
        assert_eq!(
            text,
            "a waits in `acquire right` (#3) for what b holds since #2, \
             b waits in `acquire left` (#4) for what a holds since #1; they wait for each other"
        );
    }

    #[test]
    fn a_writer_waits_for_readers_and_a_reader_for_no_reader() {
        let text = explain(vec![
            event(1, "read", "lock", Seen::Nothing),
            event(0, "read", "lock", Seen::Nothing),
            event(1, "release", "lock", Seen::Nothing),
            event(0, "write", "lock", Seen::Pending),
        ]);
        assert_eq!(
            text,
            "a waits in `write lock` (#4) for what a holds since #2; it waits for itself"
        );
        let text = explain(vec![
            event(0, "read", "lock", Seen::Nothing),
            event(1, "read", "lock", Seen::Pending),
        ]);
        assert_eq!(text, "b waits in `read lock` (#2); nobody is left to wake them");
    }

    #[test]
    fn a_lost_wakeup_reads_differently_from_a_cycle() {
        let text = explain(vec![event(0, "wait", "event", Seen::Pending)]);
        assert_eq!(text, "a waits in `wait event` (#1); nobody is left to wake them");
    }

    #[test]
    fn a_wait_that_is_not_polled_again_says_what_it_missed() {
        let text = explain(vec![
            event(0, "acquire", "lock", Seen::Nothing),
            event(1, "acquire", "lock", Seen::Pending),
            event(0, "release", "lock", Seen::Nothing),
        ]);
        assert_eq!(
            text,
            "b waits in `acquire lock` (#2) and does not look again when it is released (#3); \
             nobody is left to wake them"
        );
    }

    #[test]
    fn a_released_lock_is_held_by_nobody() {
        let text = explain(vec![
            event(0, "acquire", "lock", Seen::Nothing),
            event(0, "release", "lock", Seen::Nothing),
            event(1, "acquire", "lock", Seen::Pending),
        ]);
        assert_eq!(text, "b waits in `acquire lock` (#3); nobody is left to wake them");
    }
}
