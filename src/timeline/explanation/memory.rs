//! Accesses that nothing orders, and loads that miss what was stored before.

use super::events::{access, is_read, is_write, last, written};
use super::{Explanation, does, object, row};
use crate::explore::{Outcome, Witness};
use crate::observe::{Access, Event, Seen};

/// Two accesses to the object of the outcome, one of them a write.
pub(super) fn data_race(witness: &Witness) -> Option<Explanation> {
    let Outcome::DataRace(name) = &witness.outcome else { return None };
    let events = &witness.events;
    let touches = |event: &Event| event.object.is_some_and(|(object, _)| object == name);
    let second = last(events, events.len(), touches)?;
    let first = last(events, second, |event| {
        event.object == events[second].object
            && event.actor != events[second].actor
            && (is_write(event) || is_write(&events[second]))
    })?;
    let (one, other) = (does(witness, first), does(witness, second));
    let text = format!("data race on {name}: {one}, {other}, and nothing orders the two");
    Some(Explanation { rows: vec![first, second], text })
}

/// A writes one object and then another, and B reads the second write and, after it, an older value
/// of the first object. Nothing but the order of A's writes is wrong, and B has seen that it is.
pub(super) fn reordering(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    stale_loads(events).find_map(|(write, load)| {
        let (writer, reader) = (events[write].actor, events[load].actor);
        let told_of = |later: usize| {
            let is_next_write = events[later].actor == writer
                && events[later].object != events[write].object
                && is_write(&events[later]);
            let is_told = |event: &Event| {
                event.actor == reader
                    && event.object == events[later].object
                    && is_read(event)
                    && written(&events[later]).map(Seen::Number) == Some(event.seen)
            };
            let told = || (later + 1..load).find(|&place| is_told(&events[place]));
            is_next_write.then(told).flatten().map(|told| (later, told))
        };
        let (later, told) = (write + 1..load).find_map(told_of)?;
        let actor = |place| super::actor(witness, place);
        let wrote = |place| written(&events[place]).unwrap_or_default();
        let text = format!(
            "stale load of {stale}: {writer} writes {new} to it ({}) and then {flag} to {other} \
             ({}), {reader} reads that {flag} ({}) and yet {old} from {stale} ({})",
            row(write),
            row(later),
            row(told),
            row(load),
            stale = object(witness, write),
            other = object(witness, later),
            writer = actor(write),
            reader = actor(load),
            new = wrote(write),
            flag = wrote(later),
            old = events[load].value(),
        );
        Some(Explanation { rows: vec![write, later, told, load], text })
    })
}

/// B writes, and A still reads what was there before. Of several such loads it is the last: had that
/// one seen the write, what it led to would not have happened, whatever those before it saw.
pub(super) fn stale_load(witness: &Witness) -> Option<Explanation> {
    let (write, load) = stale_loads(&witness.events).last()?;
    let name = object(witness, write);
    let (new, old) = (does(witness, write), does(witness, load));
    let text = format!("stale load of {name}: {new}, and yet after it {old}");
    Some(Explanation { rows: vec![write, load], text })
}

/// Every load that did not see the last write before it, with that write.
fn stale_loads(events: &[Event]) -> impl Iterator<Item = (usize, usize)> {
    events.iter().enumerate().filter_map(|(place, load)| {
        let Seen::Number(seen) = load.seen else { return None };
        if access(load) != Some(Access::Read) {
            return None;
        }
        let write = last(events, place, |event| event.object == load.object && is_write(event))?;
        let is_overtaken = events[write].actor != load.actor
            && written(&events[write]).is_some_and(|value| value != seen);
        is_overtaken.then_some((write, place))
    })
}

#[cfg(test)]
mod tests {
    use super::super::hand_made::{add, read, witness, write};
    use super::*;

    #[test]
    fn a_data_race_is_the_last_two_accesses_to_its_object() {
        let mut witness = witness(&[write(0, "x", 1), read(1, "y", 0), read(1, "x", 1)]);
        assert_eq!(data_race(&witness), None);
        witness.outcome = Outcome::DataRace("x".to_owned());
        let found = data_race(&witness).expect("two accesses race");
        assert_eq!(found.rows, [0, 2]);
        assert_eq!(
            found.text,
            "data race on x: a writes 1 (#1), b reads 1 (#3), and nothing orders the two"
        );
    }

    #[test]
    fn a_load_that_misses_the_last_store_is_a_stale_load() {
        let found = stale_load(&witness(&[write(0, "x", 1), read(1, "x", 0)])).expect("stale");
        assert_eq!(found.rows, [0, 1]);
        assert_eq!(found.text, "stale load of x: a writes 1 (#1), and yet after it b reads 0 (#2)");
    }

    #[test]
    fn a_load_that_misses_an_addition_is_a_stale_load() {
        let found = stale_load(&witness(&[add(0, "x", 1, 0), read(1, "x", 0)])).expect("stale");
        assert_eq!(found.rows, [0, 1]);
        assert_eq!(stale_load(&witness(&[add(0, "x", 1, 0), read(1, "x", 1)])), None);
    }

    #[test]
    fn the_last_of_several_stale_loads_is_the_one_that_is_told() {
        let events = [add(0, "x", 1, 0), read(1, "x", 0), add(1, "x", 1, 1), read(2, "x", 0)];
        assert_eq!(stale_load(&witness(&events)).expect("stale").rows, [2, 3]);
    }

    /// One reader comes too early, which is allowed; the other misreads, which is the bug.
    #[test]
    fn a_reader_that_sees_the_flag_and_not_the_message_outranks_one_that_does_not_see_the_flag() {
        let events = [
            write(0, "message", 42),
            write(0, "flag", 1),
            read(1, "flag", 0),
            read(2, "flag", 1),
            read(2, "message", 0),
            read(1, "flag", 0),
        ];
        let found = super::super::explain(&witness(&events)).expect("stale");
        assert_eq!(found.rows, [0, 1, 3, 4]);
        assert_eq!(
            found.text,
            "stale load of message: a writes 42 to it (#1) and then 1 to flag (#2), c reads that 1 \
             (#4) and yet 0 from message (#5)"
        );
    }

    #[test]
    fn a_reader_that_sees_neither_write_sees_no_reordering() {
        let events = [write(0, "x", 1), write(0, "y", 1), read(1, "y", 0), read(1, "x", 0)];
        assert_eq!(reordering(&witness(&events)), None);
    }
}
