//! Which steps of a witness conflict: where its reader should look.

use crate::explore::Outcome;
use crate::observe::{Access, Event, Seen};

/// How accesses of two actors got in each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Two accesses, one of them a write, that nothing orders.
    DataRace,
    /// B writes, and A still reads what was there before.
    StaleLoad,
    /// A reads, B writes, A writes over it what it made of its read.
    LostUpdate,
    /// A reads, B writes, A acts on its read without reading again.
    StaleRead,
    /// B writes two objects, and A reads one of them from before and the other from after.
    TornRead,
    /// A reads, B writes, A reads again and writes, although its decision was made on the first.
    StaleCheck,
    /// A reads what B has yet to write for the first time, and never looks again.
    EarlyRead,
}

/// The steps of one conflict, by their place in the witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What happened.
    pub kind: Kind,
    /// To these.
    pub steps: Vec<usize>,
}

/// The conflict that led to `outcome`, the one that explains most if there are several.
pub fn conflict(events: &[Event], outcome: &Outcome) -> Option<Conflict> {
    let data_race = match outcome {
        Outcome::DataRace(object) => data_race(events, object),
        _ => None,
    };
    data_race
        .or_else(|| stale_load(events))
        .or_else(|| stale(events, Kind::LostUpdate, is_same_object_written))
        .or_else(|| stale(events, Kind::StaleRead, is_acted_upon))
        .or_else(|| stale(events, Kind::StaleRead, |_, act| is_send_or_wait(act)))
        .or_else(|| torn_read(events))
        .or_else(|| stale_check(events))
        .or_else(|| early_read(events))
}

fn access(event: &Event) -> Option<Access> {
    event.call.map(|call| call.access)
}

fn is_read(event: &Event) -> bool {
    matches!(access(event), Some(Access::Read | Access::Update))
}

fn is_write(event: &Event) -> bool {
    matches!(access(event), Some(Access::Write | Access::Update))
        && !matches!(event.seen, Seen::Refused(_))
}

fn is_same_object_written(read: &Event, act: &Event) -> bool {
    access(act) == Some(Access::Write) && act.object == read.object
}

/// An update reads for itself what it changes, so it does not act on an earlier update of the same.
fn is_acted_upon(read: &Event, act: &Event) -> bool {
    let are_updates = [read, act].map(access) == [Some(Access::Update); 2];
    is_write(act) && !(are_updates && act.object == read.object)
}

fn is_send_or_wait(event: &Event) -> bool {
    access(event) == Some(Access::Synchronise)
        && (event.seen == Seen::Pending || event.call.is_some_and(|call| call.argument.is_some()))
}

/// The last of `events` before `end` for which this holds.
fn last(events: &[Event], end: usize, holds: impl Fn(&Event) -> bool) -> Option<usize> {
    events[..end].iter().rposition(holds)
}

fn data_race(events: &[Event], object: &str) -> Option<Conflict> {
    let touches = |event: &Event| event.object.is_some_and(|(name, _)| name == object);
    let second = last(events, events.len(), touches)?;
    let first = last(events, second, |event| {
        event.object == events[second].object
            && event.actor != events[second].actor
            && (is_write(event) || is_write(&events[second]))
    })?;
    Some(Conflict { kind: Kind::DataRace, steps: vec![first, second] })
}

fn stale_load(events: &[Event]) -> Option<Conflict> {
    events.iter().enumerate().find_map(|(place, read)| {
        let Seen::Number(seen) = read.seen else { return None };
        if access(read) != Some(Access::Read) {
            return None;
        }
        let of_object = |event: &Event| event.object == read.object && is_write(event);
        let write = last(events, place, of_object)?;
        let written = events[write].call?.argument?;
        let is_overtaken = access(&events[write]) == Some(Access::Write)
            && events[write].actor != read.actor
            && written != seen;
        is_overtaken.then(|| Conflict { kind: Kind::StaleLoad, steps: vec![write, place] })
    })
}

/// The first act of an actor on something it read last before another actor wrote it.
fn stale(
    events: &[Event],
    kind: Kind,
    is_act: impl Fn(&Event, &Event) -> bool,
) -> Option<Conflict> {
    events.iter().enumerate().find_map(|(place, act)| {
        // Of everything that the actor knows, what it learned last is what it acts on.
        let mut known = Vec::new();
        (0..place).rev().find_map(|read| {
            let learned = &events[read];
            if learned.actor != act.actor || !is_read(learned) || known.contains(&learned.object) {
                return None;
            }
            known.push(learned.object);
            if !is_act(learned, act) {
                return None;
            }
            let write = (read + 1..place).find(|&write| {
                let event = &events[write];
                event.object == learned.object && event.actor != act.actor && is_write(event)
            })?;
            Some(Conflict { kind, steps: vec![read, write, place] })
        })
    })
}

/// Two accesses of one kind by one actor, with both objects accessed the other way in between.
fn torn_read(events: &[Event]) -> Option<Conflict> {
    let is_plain_write = |event: &Event| is_write(event);
    let between = |outer: &dyn Fn(&Event) -> bool, inner: &dyn Fn(&Event) -> bool| {
        (0..events.len()).find_map(|end| {
            let closing = &events[end];
            if !outer(closing) {
                return None;
            }
            let begin = last(events, end, |event| event.actor == closing.actor && outer(event))?;
            let opening = &events[begin];
            if opening.object == closing.object {
                return None;
            }
            let inside = |object, by: Option<usize>| {
                (begin + 1..end).find(|&place| {
                    let event = &events[place];
                    event.object == object
                        && event.actor != closing.actor
                        && by.is_none_or(|actor| actor == event.actor)
                        && inner(event)
                })
            };
            let first = inside(opening.object, None)?;
            let second = inside(closing.object, Some(events[first].actor))?;
            let mut steps = vec![begin, first, second, end];
            steps.sort_unstable();
            Some(Conflict { kind: Kind::TornRead, steps })
        })
    };
    between(&is_plain_write, &is_read).or_else(|| between(&is_read, &is_plain_write))
}

fn stale_check(events: &[Event]) -> Option<Conflict> {
    events.iter().enumerate().find_map(|(place, act)| {
        if !is_write(act) {
            return None;
        }
        let of_object = |event: &Event| event.object == act.object;
        let write = last(events, place, |event| {
            of_object(event) && event.actor != act.actor && is_write(event)
        })?;
        let read = last(events, write, |event| {
            of_object(event) && event.actor == act.actor && is_read(event)
        })?;
        if !is_acted_upon(&events[read], act) {
            return None;
        }
        Some(Conflict { kind: Kind::StaleCheck, steps: vec![read, write, place] })
    })
}

fn early_read(events: &[Event]) -> Option<Conflict> {
    events.iter().enumerate().find_map(|(place, read)| {
        let mut rest = events[place + 1..].iter();
        let is_same = |event: &Event| event.object == read.object;
        let is_last = !rest.clone().any(|event| is_same(event) && event.actor == read.actor);
        let is_written = events[..place].iter().any(|event| is_same(event) && is_write(event));
        if access(read) != Some(Access::Read) || !is_last || is_written {
            return None;
        }
        let write = place + 1 + rest.position(|event| is_same(event) && is_write(event))?;
        Some(Conflict { kind: Kind::EarlyRead, steps: vec![place, write] })
    })
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use crate::explore::Outcome;
    use crate::observe::{Access, Call, Event, Seen};

    use super::{Conflict, Kind, conflict};

    #[track_caller]
    fn event(actor: usize, object: &'static str, access: Access, seen: Seen) -> Event {
        let location = Location::caller();
        let call = Call { operation: "operation", access, argument: None, location };
        Event { actor, step: 0, object: Some((object, 1)), call: Some(call), seen }
    }

    #[track_caller]
    fn read(actor: usize, object: &'static str, value: i64) -> Event {
        event(actor, object, Access::Read, Seen::Number(value))
    }

    #[track_caller]
    fn write(actor: usize, object: &'static str, value: i64) -> Event {
        let event = event(actor, object, Access::Write, Seen::Nothing);
        Event { call: event.call.map(|call| call.with(value)), ..event }
    }

    #[track_caller]
    fn update(actor: usize, object: &'static str, seen: Seen) -> Event {
        event(actor, object, Access::Update, seen)
    }

    #[track_caller]
    fn synchronise(actor: usize, object: &'static str, seen: Seen) -> Event {
        event(actor, object, Access::Synchronise, seen)
    }

    #[track_caller]
    fn assert_finds(events: &[Event], kind: Kind, steps: &[usize]) {
        let found = conflict(events, &Outcome::from(0));
        assert_eq!(found, Some(Conflict { kind, steps: steps.to_vec() }));
    }

    #[test]
    fn a_write_from_a_stale_read_is_a_lost_update() {
        let events = [read(0, "x", 0), read(1, "x", 0), write(1, "x", 1), write(0, "x", 1)];
        assert_finds(&events, Kind::LostUpdate, &[0, 2, 3]);
    }

    #[test]
    fn a_lost_update_outranks_the_stale_read_before_it() {
        let events = [read(0, "x", 0), write(1, "x", 1), write(0, "y", 1), write(0, "x", 1)];
        assert_finds(&events, Kind::LostUpdate, &[0, 1, 3]);
    }

    #[test]
    fn a_write_elsewhere_from_a_stale_read_is_a_stale_read() {
        let events = [read(0, "x", 0), write(1, "x", 1), write(0, "y", 1)];
        assert_finds(&events, Kind::StaleRead, &[0, 1, 2]);
    }

    #[test]
    fn an_update_after_a_stale_read_of_the_same_object_is_a_stale_read() {
        let (zero, one) = (Seen::Number(0), Seen::Number(1));
        let events = [read(0, "x", 0), update(1, "x", zero), update(0, "x", one)];
        assert_finds(&events, Kind::StaleRead, &[0, 1, 2]);
    }

    #[test]
    fn two_updates_of_one_object_by_one_actor_may_have_others_in_between() {
        let by = |actor, value| update(actor, "x", Seen::Number(value));
        assert_eq!(conflict(&[by(0, 0), by(1, 1), by(0, 2)], &Outcome::from(0)), None);
    }

    #[test]
    fn waiting_after_a_stale_read_is_a_stale_read() {
        let events = [read(0, "x", 0), write(1, "x", 1), synchronise(0, "event", Seen::Pending)];
        assert_finds(&events, Kind::StaleRead, &[0, 1, 2]);
    }

    #[test]
    fn reading_one_object_before_and_one_after_a_pair_of_writes_is_a_torn_read() {
        let inside = [write(1, "x", 1), read(0, "x", 1), read(0, "y", 0), write(1, "y", 1)];
        assert_finds(&inside, Kind::TornRead, &[0, 1, 2, 3]);
        let outside = [read(0, "x", 0), write(1, "x", 1), write(1, "y", 1), read(0, "y", 1)];
        assert_finds(&outside, Kind::TornRead, &[0, 1, 2, 3]);
    }

    #[test]
    fn a_load_that_misses_the_last_store_is_a_stale_load() {
        let events = [write(0, "x", 1), write(0, "flag", 1), read(1, "flag", 1), read(1, "x", 0)];
        assert_finds(&events, Kind::StaleLoad, &[0, 3]);
    }

    #[test]
    fn reading_again_to_write_does_not_renew_the_check() {
        let events = [read(0, "x", 1), write(1, "x", 0), read(0, "x", 0), write(0, "x", -1)];
        assert_finds(&events, Kind::StaleCheck, &[0, 1, 3]);
    }

    #[test]
    fn reading_for_the_last_time_before_the_first_write_is_an_early_read() {
        let events = [read(0, "x", 0), write(1, "x", 1), read(2, "x", 1)];
        assert_finds(&events, Kind::EarlyRead, &[0, 1]);
    }

    #[test]
    fn a_data_race_is_the_last_two_accesses_to_its_object() {
        let events = [write(0, "x", 1), read(1, "y", 0), read(1, "x", 1)];
        let found = conflict(&events, &Outcome::DataRace("x".to_owned()));
        assert_eq!(found, Some(Conflict { kind: Kind::DataRace, steps: vec![0, 2] }));
    }

    #[test]
    fn actors_that_take_turns_do_not_conflict() {
        let events = [read(0, "x", 0), write(0, "x", 1), read(1, "x", 1), write(1, "x", 2)];
        assert_eq!(conflict(&events, &Outcome::from(2)), None);
    }

    #[test]
    fn an_actor_does_not_conflict_with_itself() {
        let events = [read(0, "x", 0), write(0, "x", 1), write(0, "y", 1), write(0, "x", 2)];
        assert_eq!(conflict(&events, &Outcome::from(2)), None);
    }

    #[test]
    fn a_refused_exchange_overwrites_nothing() {
        let events = [read(0, "x", 0), update(1, "x", Seen::Refused(0)), write(0, "x", 1)];
        assert_eq!(conflict(&events, &Outcome::from(1)), None);
    }
}
