//! Acts on a read that somebody else's write has overtaken.

use super::events::{access, is_news, is_read, is_write, last};
use super::{Explanation, calls, does, object};
use crate::explore::Witness;
use crate::observe::{Access, Event, Seen};

/// A reads, B writes, A writes over it what it made of its read.
pub(super) fn lost_update(witness: &Witness) -> Option<Explanation> {
    let is_over_it =
        |read: &Event, act: &Event| access(act) == Some(Access::Write) && act.object == read.object;
    let rows @ [read, write, act] = stale(&witness.events, is_over_it)?;
    let name = object(witness, read);
    let [read, write, act] = [read, write, act].map(|place| does(witness, place));
    let text = format!("lost update of {name}: {read}, {write}, {act} from its stale read");
    Some(Explanation { rows: rows.to_vec(), text })
}

/// A reads, B writes, A acts on its read without reading again.
pub(super) fn stale_read(witness: &Witness) -> Option<Explanation> {
    without_reading_again(witness, is_acted_upon)
}

/// A reads, B writes, A waits or sends something because of its read.
pub(super) fn stale_read_before_waiting(witness: &Witness) -> Option<Explanation> {
    without_reading_again(witness, |_, act| {
        let sends = act.call.is_some_and(|call| call.argument.is_some());
        access(act) == Some(Access::Synchronise) && (act.seen == Seen::Pending || sends)
    })
}

/// A reads, B writes, A reads again and writes, although its decision was made on the first.
pub(super) fn stale_check(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
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
        if !is_acted_upon(&events[read], act) || !is_news(&events[write], &events[read]) {
            return None;
        }
        let name = object(witness, read);
        let [checks, writes, acts] = [read, write, place].map(|place| does(witness, place));
        let text = format!("stale check of {name}: {checks}, {writes}, and still {acts}");
        Some(Explanation { rows: vec![read, write, place], text })
    })
}

/// A reads what B has yet to write for the first time, and never reads it again.
pub(super) fn early_read(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    events.iter().enumerate().find_map(|(place, read)| {
        let mut rest = events[place + 1..].iter();
        let is_same = |event: &Event| event.object == read.object;
        let is_last = !rest.clone().any(|event| is_same(event) && event.actor == read.actor);
        let is_written = events[..place].iter().any(|event| is_same(event) && is_write(event));
        if access(read) != Some(Access::Read) || !is_last || is_written {
            return None;
        }
        let write = place + 1 + rest.position(|event| is_same(event) && is_write(event))?;
        let name = object(witness, place);
        let [reads, writes] = [place, write].map(|place| does(witness, place));
        let text = format!("early read of {name}: {reads}, and only then {writes}");
        Some(Explanation { rows: vec![place, write], text })
    })
}

/// An update reads for itself what it changes, so it does not act on an earlier update of the same.
fn is_acted_upon(read: &Event, act: &Event) -> bool {
    let are_updates = [read, act].map(access) == [Some(Access::Update); 2];
    is_write(act) && !(are_updates && act.object == read.object)
}

fn without_reading_again(
    witness: &Witness,
    is_act: impl Fn(&Event, &Event) -> bool,
) -> Option<Explanation> {
    let rows @ [read, write, act] = stale(&witness.events, is_act)?;
    let name = object(witness, read);
    let (read, write, act) = (does(witness, read), does(witness, write), calls(witness, act));
    let text = format!("stale read of {name}: {read}, {write}, {act} without reading again");
    Some(Explanation { rows: rows.to_vec(), text })
}

/// The first act of an actor on something that it read last before another actor changed it: the
/// read, the change and the act.
fn stale(events: &[Event], is_act: impl Fn(&Event, &Event) -> bool) -> Option<[usize; 3]> {
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
                event.object == learned.object
                    && event.actor != act.actor
                    && is_news(event, learned)
            })?;
            Some([read, write, place])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::explain;
    use super::super::hand_made::{add, event, operation, read, witness, write};
    use super::*;
    use crate::observe::Call;

    #[track_caller]
    fn assert_explains(events: &[Event], rows: &[usize], text: &str) {
        let found = explain(&witness(events)).expect("an explanation");
        assert_eq!((found.rows.as_slice(), found.text.as_str()), (rows, text));
    }

    #[test]
    fn a_write_from_a_stale_read_is_a_lost_update() {
        let events = [read(0, "x", 0), read(1, "x", 0), write(1, "x", 1), write(0, "x", 1)];
        assert_explains(
            &events,
            &[0, 2, 3],
            "lost update of x: a reads 0 (#1), b writes 1 (#3), a writes 1 (#4) from its stale read",
        );
    }

    #[test]
    fn a_lost_update_outranks_the_stale_read_before_it() {
        let events = [read(0, "x", 0), write(1, "x", 1), write(0, "y", 1), write(0, "x", 1)];
        assert_eq!(explain(&witness(&events)).expect("an explanation").rows, [0, 1, 3]);
    }

    #[test]
    fn a_write_that_changes_nothing_makes_no_read_stale() {
        let events = [
            read(0, "length", 1),
            read(0, "slot", 7),
            read(1, "length", 1),
            write(1, "slot", 7),
            write(1, "length", 2),
            write(0, "slot", 7),
            write(0, "length", 2),
        ];
        assert_eq!(explain(&witness(&events)).expect("an explanation").rows, [0, 4, 6]);
    }

    #[test]
    fn a_write_elsewhere_from_a_stale_read_is_a_stale_read() {
        let events = [read(0, "x", 0), write(1, "x", 1), write(0, "y", 1)];
        assert_explains(
            &events,
            &[0, 1, 2],
            "stale read of x: a reads 0 (#1), b writes 1 (#2), a calls `set y 1` (#3) without \
             reading again",
        );
    }

    #[test]
    fn an_update_after_a_stale_read_of_the_same_object_is_a_stale_read() {
        let events = [read(0, "x", 0), add(1, "x", 1, 0), add(0, "x", 1, 1)];
        assert_explains(
            &events,
            &[0, 1, 2],
            "stale read of x: a reads 0 (#1), b calls `fetch_add x 1 -> 0` (#2), a calls \
             `fetch_add x 1 -> 1` (#3) without reading again",
        );
    }

    #[test]
    fn two_updates_of_one_object_by_one_actor_may_have_others_in_between() {
        let events = [add(0, "x", 1, 0), add(1, "x", 1, 1), add(0, "x", 1, 2)];
        assert_eq!(explain(&witness(&events)), None);
    }

    #[test]
    fn waiting_after_a_stale_read_is_a_stale_read() {
        let wait = operation(0, "wait", "event", Seen::Pending);
        let events = [read(0, "x", 0), write(1, "x", 1), wait];
        assert_explains(
            &events,
            &[0, 1, 2],
            "stale read of x: a reads 0 (#1), b writes 1 (#2), a waits in `wait event` (#3) without \
             reading again",
        );
    }

    #[test]
    fn reading_again_to_write_does_not_renew_the_check() {
        let events = [read(0, "x", 1), write(1, "x", 0), read(0, "x", 0), write(0, "x", -1)];
        assert_explains(
            &events,
            &[0, 1, 3],
            "stale check of x: a reads 1 (#1), b writes 0 (#2), and still a writes -1 (#4)",
        );
    }

    #[test]
    fn reading_for_the_last_time_before_the_first_write_is_an_early_read() {
        let events = [read(0, "x", 0), write(1, "x", 1), read(2, "x", 1)];
        assert_explains(
            &events,
            &[0, 1],
            "early read of x: a reads 0 (#1), and only then b writes 1 (#2)",
        );
    }

    #[test]
    fn actors_that_take_turns_do_not_conflict() {
        let events = [read(0, "x", 0), write(0, "x", 1), read(1, "x", 1), write(1, "x", 2)];
        assert_eq!(explain(&witness(&events)), None);
    }

    #[test]
    fn an_actor_does_not_conflict_with_itself() {
        let events = [read(0, "x", 0), write(0, "x", 1), write(0, "y", 1), write(0, "x", 2)];
        assert_eq!(explain(&witness(&events)), None);
    }

    #[test]
    fn a_refused_exchange_overwrites_nothing() {
        let exchange = Call::new("compare_exchange", Access::Update).with(1);
        let refused = event(1, exchange, "x", Seen::Refused(0));
        assert_eq!(explain(&witness(&[read(0, "x", 0), refused, write(0, "x", 1)])), None);
    }
}
