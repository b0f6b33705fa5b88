//! What a future that was dropped half-way took with it, or left behind.

use super::events::{access, is_done, is_same_wait, is_write, last, next};
use super::{Explanation, actor, calls, code, object, row};
use crate::explore::Witness;
use crate::observe::{Access, Event, Seen};
use crate::timeline::steps;

/// A waits to send a message, and gives up: the message is dropped with the future that had it.
pub(super) fn lost_message(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    events.iter().enumerate().find_map(|(place, dropped)| {
        let message = dropped.call?.argument?;
        let wait = given_up(events, place)?;
        let is_sent_again = |event: &Event| {
            event.actor == dropped.actor
                && event.object == dropped.object
                && event.call.and_then(|call| call.argument) == Some(message)
        };
        if next(events, place, is_sent_again).is_some() {
            return None;
        }
        let taken = last(events, wait, |event| {
            event.actor == dropped.actor
                && is_done(event, "receive")
                && event.seen == Seen::Number(message)
        });
        let rows: Vec<_> = taken.into_iter().chain([wait, place]).collect();
        let actor = actor(witness, place);
        let waiting = steps::operation(&events[wait], events);
        let waits = format!("waits in `{waiting}` ({})", row(wait));
        let text = match taken {
            Some(taken) => format!(
                "lost message: {actor} takes {message} from {} ({}), {waits}, and drops it there \
                 ({})",
                object(witness, taken),
                row(taken),
                row(place),
            ),
            None => format!(
                "lost message: {actor} {waits} and gives up ({}), which drops its message",
                row(place)
            ),
        };
        Some(Explanation { rows, text })
    })
}

/// A writes, and is cancelled before it does what should follow.
pub(super) fn cut_off(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    (0..events.len()).find_map(|end| {
        let (stop, from) = stop(witness, end)?;
        let by_the_same = |event: &Event| event.actor == events[end].actor && is_write(event);
        let write = last(events, from, by_the_same)?;
        let is_undone = |event: &Event| by_the_same(event) && event.object == events[write].object;
        if next(events, end, is_undone).is_some() {
            return None;
        }
        let beginning = format!("cut off half-way: {} and then {stop}", calls(witness, write));
        let Some([before, after]) = completed_elsewhere(events, write) else {
            let text = format!("{beginning}, which leaves undone what should follow");
            return Some(Explanation { rows: vec![write, end], text });
        };
        let text = format!(
            "{beginning}; nothing follows as {} ({}) follows {} ({})",
            code(witness, after),
            row(after),
            code(witness, before),
            row(before),
        );
        Some(Explanation { rows: vec![write, end, before, after], text })
    })
}

/// A acquires, and is cancelled without anybody giving back what it holds.
pub(super) fn never_released(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    (0..events.len()).find_map(|end| {
        let (stop, from) = stop(witness, end)?;
        let taken = last(events, from, |event| {
            event.actor == events[end].actor && is_done(event, "acquire")
        })?;
        let is_given_back = |event: &Event| {
            event.object == events[taken].object
                && (is_done(event, "release") || is_done(event, "add_permits"))
        };
        if next(events, taken, is_given_back).is_some() {
            return None;
        }
        let acquires = calls(witness, taken);
        let text = format!("never released: {acquires} and then {stop}, which gives nothing back");
        Some(Explanation { rows: vec![taken, end], text })
    })
}

/// How the event at `end` stopped its actor in words, and since when the actor had done nothing.
fn stop(witness: &Witness, end: usize) -> Option<(String, usize)> {
    let events = &witness.events;
    let event = &events[end];
    if let Some(wait) = given_up(events, end) {
        let waiting = steps::operation(&events[wait], events);
        return Some((format!("gives up `{waiting}` ({})", row(end)), wait));
    }
    let is_aborted = is_done(event, "is aborted") && event.seen == Seen::Flag(true);
    let name = match event.call {
        _ if is_aborted => "is aborted",
        Some(call) if access(event) == Some(Access::Cancel) => call.operation,
        _ => return None,
    };
    Some((format!("{name} ({})", row(end)), end))
}

/// Where the wait began that was dropped at `end`.
fn given_up(events: &[Event], end: usize) -> Option<usize> {
    let dropped = &events[end];
    let is_wait = |event: &Event| event.seen == Seen::Pending && is_same_wait(event, dropped);
    if !is_done(dropped, "give up") {
        return None;
    }
    last(events, end, is_wait)
}

/// A write from the same line as `write` that was followed by another, which `write` was not.
fn completed_elsewhere(events: &[Event], write: usize) -> Option<[usize; 2]> {
    let location = |event: &Event| event.call.map(|call| call.location);
    let begun = &events[write];
    (0..events.len()).find_map(|before| {
        let sample = &events[before];
        let is_another = (sample.actor, sample.object) != (begun.actor, begun.object);
        if !is_another || !is_write(sample) || location(sample) != location(begun) {
            return None;
        }
        let after = next(events, before, |event| {
            event.actor == sample.actor && is_write(event) && location(event) != location(begun)
        })?;
        let is_followed = next(events, write, |event| {
            event.actor == begun.actor && location(event) == location(&events[after])
        });
        is_followed.is_none().then_some([before, after])
    })
}

#[cfg(test)]
mod tests {
    use super::super::explain;
    use super::super::hand_made::{cancelled, event, operation, send, witness, write};
    use super::*;
    use crate::observe::Call;

    /// A send that waits, and the same future dropped.
    fn dropped_send(actor: usize, item: i64) -> [Event; 2] {
        let waiting = send(actor, "outbox", item, Seen::Pending);
        let call = waiting.call.map(|call| Call { operation: "give up", ..call });
        [waiting.clone(), Event { call, seen: Seen::Nothing, ..waiting }]
    }

    #[test]
    fn a_message_is_lost_with_the_future_that_waits_to_send_it() {
        let [waits, gives_up] = dropped_send(0, 3);
        let found = explain(&witness(&[waits, gives_up])).expect("an explanation");
        assert_eq!(found.rows, [0, 1]);
        assert_eq!(
            found.text,
            "lost message: a waits in `send outbox` (#1) and gives up (#2), which drops its message"
        );
    }

    #[test]
    fn a_message_that_was_taken_and_is_then_dropped_is_lost() {
        let [waits, gives_up] = dropped_send(0, 3);
        let taken = operation(0, "receive", "inbox", Seen::Number(3));
        let found = explain(&witness(&[taken, waits, gives_up])).expect("an explanation");
        assert_eq!(found.rows, [0, 1, 2]);
        assert_eq!(
            found.text,
            "lost message: a takes 3 from inbox (#1), waits in `send outbox` (#2), and drops it \
             there (#3)"
        );
    }

    #[test]
    fn a_message_that_is_sent_again_is_not_lost() {
        let [waits, gives_up] = dropped_send(0, 3);
        let again = send(0, "outbox", 3, Seen::Nothing);
        assert_eq!(lost_message(&witness(&[waits, gives_up, again])), None);
    }

    /// The two writes of a transfer, each from a line of its own.
    fn debit(actor: usize) -> Event {
        write(actor, "checking", 90)
    }

    fn credit(actor: usize) -> Event {
        write(actor, "savings", 110)
    }

    #[test]
    fn a_write_that_a_cancelled_actor_leaves_undone_is_named_by_where_it_is_done() {
        let events = [debit(0), cancelled(0), debit(1), credit(1)];
        let found = explain(&witness(&events)).expect("an explanation");
        assert_eq!(found.rows, [0, 1, 2, 3]);
        assert_eq!(
            found.text,
            "cut off half-way: a calls `set checking 90` (#1) and then is cancelled (#2); nothing \
             follows as `set savings 110` (#4) follows `set checking 90` (#3)"
        );
    }

    #[test]
    fn an_aborted_actor_and_one_that_gives_up_a_wait_are_cut_off_too() {
        let aborted = operation(0, "is aborted", "handle", Seen::Flag(true));
        let found = explain(&witness(&[debit(0), aborted])).expect("an explanation");
        assert_eq!(
            found.text,
            "cut off half-way: a calls `set checking 90` (#1) and then is aborted (#2), which \
             leaves undone what should follow"
        );
        let call = Call::new("wait", Access::Synchronise);
        let waits = event(0, call, "answer", Seen::Pending);
        let gives_up = event(0, Call { operation: "give up", ..call }, "answer", Seen::Nothing);
        let found = explain(&witness(&[debit(0), waits, gives_up])).expect("an explanation");
        assert_eq!(found.rows, [0, 2]);
        assert!(found.text.contains("and then gives up `wait answer` (#3)"), "{}", found.text);
    }

    #[test]
    fn what_a_cancelled_actor_holds_and_nobody_gives_back_is_never_released() {
        let acquires = operation(0, "acquire", "permits", Seen::Nothing);
        let found = explain(&witness(&[acquires.clone(), cancelled(0)])).expect("an explanation");
        assert_eq!(found.rows, [0, 1]);
        assert_eq!(
            found.text,
            "never released: a calls `acquire permits` (#1) and then is cancelled (#2), which gives \
             nothing back"
        );
        let releases = operation(0, "release", "permits", Seen::Nothing);
        assert_eq!(explain(&witness(&[acquires, cancelled(0), releases])), None);
    }

    #[test]
    fn a_write_that_is_taken_back_was_not_cut_off() {
        let undo = write(0, "checking", 100);
        assert_eq!(explain(&witness(&[debit(0), cancelled(0), undo])), None);
    }

    #[test]
    fn an_actor_that_was_not_aborted_was_not_cut_off() {
        let runs = operation(0, "is aborted", "handle", Seen::Flag(false));
        assert_eq!(explain(&witness(&[debit(0), runs])), None);
    }
}
