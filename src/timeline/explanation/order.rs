//! Waits that end in another order than they began, and a signal that ends too many of them.

use super::events::{is_done, is_same_call, is_same_wait, last, next};
use super::{Explanation, actor, calls, row, rows};
use crate::explore::Witness;
use crate::observe::{Event, Seen};
use crate::timeline::steps;

/// Of two waits that begin at one place in the source, the one that begins later ends first.
pub(super) fn overtaken(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    let (begins, first, second) = (0..events.len()).find_map(|begins| {
        let begun = &events[begins];
        if begun.seen != Seen::Pending || begun.object.is_none() {
            return None;
        }
        let is_end = |event: &Event| event.seen != Seen::Pending && is_same_call(event, begun);
        let ends = next(events, begins, |event| is_end(event) && event.object == begun.object)?;
        let overtakes = (begins + 1..ends).find(|&place| {
            let event = &events[place];
            let began_earlier = |earlier: &Event| is_same_wait(earlier, event);
            is_end(event)
                && event.object != begun.object
                && !events[..begins].iter().any(began_earlier)
        })?;
        Some((begins, overtakes, ends))
    })?;
    let waiting = |place: usize| steps::operation(&events[place], events);
    let text = format!(
        "out of order: {} begins `{}` ({}), and `{}`, begun after it, ends before it ({})",
        actor(witness, begins),
        waiting(begins),
        row(begins),
        waiting(first),
        rows(&[first, second]),
    );
    Some(Explanation { rows: vec![begins, first, second], text })
}

/// An event that was set once lets one actor pass twice: in its second round it waits for nobody.
pub(super) fn signal_for_two_rounds(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    let [set, first, second] = (0..events.len()).find_map(|second| {
        let passed = &events[second];
        if !is_done(passed, "wait") {
            return None;
        }
        let first = last(events, second, |event| is_same_wait(event, passed))?;
        let is_set = |event: &Event| is_done(event, "set") && event.object == passed.object;
        let set = last(events, second, is_set)?;
        (set < first && is_done(&events[first], "wait")).then_some([set, first, second])
    })?;
    let text = format!(
        "one signal for two rounds: {}, which lets {} through `{}` twice ({})",
        calls(witness, set),
        actor(witness, second),
        steps::operation(&events[second], events),
        rows(&[first, second]),
    );
    Some(Explanation { rows: vec![set, first, second], text })
}

#[cfg(test)]
mod tests {
    use super::super::explain;
    use super::super::hand_made::{operation, witness};
    use crate::observe::Seen;

    #[test]
    fn the_later_of_two_waits_ending_first_is_out_of_order() {
        let answer = |name, seen| operation(0, "wait", name, seen);
        let events = [
            answer("first", Seen::Pending),
            answer("second", Seen::Pending),
            answer("second", Seen::Nothing),
            answer("first", Seen::Nothing),
        ];
        let found = explain(&witness(&events)).expect("an explanation");
        assert_eq!(found.rows, [0, 2, 3]);
        assert_eq!(
            found.text,
            "out of order: a begins `wait first` (#1), and `wait second`, begun after it, ends \
             before it (#3, #4)"
        );
        let in_order = [0, 1, 3, 2].map(|place: usize| events[place].clone());
        assert_eq!(explain(&witness(&in_order)), None);
    }

    #[test]
    fn waits_that_are_made_in_different_places_have_no_order() {
        let events = [
            operation(0, "wait", "answer", Seen::Pending),
            operation(0, "wait", "timeout", Seen::Nothing),
            operation(0, "wait", "answer", Seen::Nothing),
        ];
        assert_eq!(explain(&witness(&events)), None);
    }

    #[test]
    fn an_event_that_stays_set_ends_two_waits() {
        let wait = |actor, seen| operation(actor, "wait", "all here", seen);
        let set = |actor| operation(actor, "set", "all here", Seen::Nothing);
        let (through, waits) = (Seen::Nothing, Seen::Pending);
        let events = [wait(0, waits), set(1), wait(1, through), wait(1, through)];
        let found = explain(&witness(&events)).expect("an explanation");
        assert_eq!(found.rows, [1, 2, 3]);
        assert_eq!(
            found.text,
            "one signal for two rounds: b calls `set all here` (#2), which lets b through `wait all \
             here` twice (#3, #4)"
        );
        let set_again = [set(1), wait(1, through), set(0), wait(1, through)];
        assert_eq!(explain(&witness(&set_again)), None);
        let waited_again = [set(1), wait(1, through), wait(1, waits), wait(1, through)];
        assert_eq!(explain(&witness(&waited_again)), None);
    }
}
