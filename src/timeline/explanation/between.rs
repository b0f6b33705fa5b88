//! Two steps that belong together, with somebody else's in between.

use super::events::{is_done, is_read, is_write, last};
use super::{Explanation, calls, object};
use crate::explore::Witness;
use crate::observe::Event;

/// B writes two objects, and A reads one of them from before and the other from after.
pub(super) fn torn_read(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    let rows = torn(events, is_write, is_read).or_else(|| torn(events, is_read, is_write))?;
    let all = rows.map(|place| calls(witness, place)).join(", ");
    let text = format!("torn read, one value from before and one from after: {all}");
    Some(Explanation { rows: rows.to_vec(), text })
}

/// Two accesses of one kind by one actor, with both objects accessed the other way in between.
fn torn(
    events: &[Event],
    outer: fn(&Event) -> bool,
    inner: fn(&Event) -> bool,
) -> Option<[usize; 4]> {
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
        Some([begin, first.min(second), first.max(second), end])
    })
}

/// A sends to a queue twice, and B sends to it in between.
pub(super) fn interleaved_sends(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    let rows @ [first, between, second] = (0..events.len()).find_map(|second| {
        let sent = &events[second];
        let is_sent_there = |event: &Event| is_done(event, "send") && event.object == sent.object;
        if !is_sent_there(sent) {
            return None;
        }
        let between = last(events, second, is_sent_there)?;
        let is_by_the_same = |event: &Event| is_sent_there(event) && event.actor == sent.actor;
        let first = last(events, between, is_by_the_same)?;
        (events[between].actor != sent.actor).then_some([first, between, second])
    })?;
    let name = object(witness, first);
    let [first, between, second] = [first, between, second].map(|place| calls(witness, place));
    let text = format!("interleaved in {name}: {first}, {between}, and only then {second}");
    Some(Explanation { rows: rows.to_vec(), text })
}

#[cfg(test)]
mod tests {
    use super::super::explain;
    use super::super::hand_made::{read, send, witness, write};
    use super::*;
    use crate::observe::Seen;

    #[test]
    fn reading_one_object_before_and_one_after_a_pair_of_writes_is_a_torn_read() {
        let inside = [write(1, "x", 1), read(0, "x", 1), read(0, "y", 0), write(1, "y", 1)];
        let found = explain(&witness(&inside)).expect("an explanation");
        assert_eq!(found.rows, [0, 1, 2, 3]);
        assert_eq!(
            found.text,
            "torn read, one value from before and one from after: b calls `set x 1` (#1), a calls \
             `get x -> 1` (#2), a calls `get y -> 0` (#3), b calls `set y 1` (#4)"
        );
        let outside = [read(0, "x", 0), write(1, "x", 1), write(1, "y", 1), read(0, "y", 1)];
        assert_eq!(torn_read(&witness(&outside)).expect("an explanation").rows, [0, 1, 2, 3]);
    }

    #[test]
    fn sends_of_one_actor_with_one_of_another_in_between_are_interleaved() {
        let by = |actor, item| send(actor, "stream", item, Seen::Nothing);
        let found = explain(&witness(&[by(0, 1), by(1, 5), by(1, 6), by(0, 2)]));
        let found = found.expect("an explanation");
        assert_eq!(found.rows, [0, 2, 3]);
        assert_eq!(
            found.text,
            "interleaved in stream: a calls `send stream 1` (#1), b calls `send stream 6` (#3), and \
             only then a calls `send stream 2` (#4)"
        );
        assert_eq!(interleaved_sends(&witness(&[by(0, 1), by(0, 2), by(1, 5), by(1, 6)])), None);
    }
}
