//! More in one place at once than ever should be.

use std::collections::HashMap;

use super::events::{access, is_done, next};
use super::{Explanation, actor, object, row, rows};
use crate::explore::Witness;
use crate::observe::{Access, Event};

/// What an event does to the number of things in its object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    In,
    Out,
}

/// The moment at which most things were in one object.
struct Peak {
    /// Where what was in it then came in.
    inside: Vec<usize>,
    /// Where something left it next.
    left: Option<usize>,
}

/// Actors that count themselves in and out of a counter, and several of them in it at once.
pub(super) fn too_many_inside(witness: &Witness) -> Option<Explanation> {
    let Peak { inside, left } = peak(&witness.events, counted)?;
    let left = left?;
    let entries: Vec<_> =
        inside.iter().map(|&place| format!("{} ({})", actor(witness, place), row(place))).collect();
    let (most, name) = (inside.len(), object(witness, inside[0]));
    let text = format!(
        "{most} at once: `{name}` counts {} in before it counts one of them out ({})",
        entries.join(", "),
        row(left),
    );
    let rows = inside.into_iter().chain([left]).collect();
    Some(Explanation { rows, text })
}

/// Messages that are sent to a queue, and several of them in it at once.
pub(super) fn backlog(witness: &Witness) -> Option<Explanation> {
    let Peak { inside, left } = peak(&witness.events, queued)?;
    let (most, name) = (inside.len(), object(witness, inside[0]));
    let received = match left {
        Some(left) => format!("before one is received ({})", row(left)),
        None => "and none is received".to_owned(),
    };
    let text =
        format!("backlog: {most} messages are sent to {name} ({}) {received}", rows(&inside));
    let rows = inside.into_iter().chain(left).collect();
    Some(Explanation { rows, text })
}

fn counted(event: &Event) -> Option<Flow> {
    let argument = event.call?.argument.filter(|_| access(event) == Some(Access::Update))?;
    match argument.signum() {
        1 => Some(Flow::In),
        -1 => Some(Flow::Out),
        _ => None,
    }
}

fn queued(event: &Event) -> Option<Flow> {
    if is_done(event, "send") {
        Some(Flow::In)
    } else {
        is_done(event, "receive").then_some(Flow::Out)
    }
}

/// The object that held most at once, if one ever held several.
fn peak(events: &[Event], flow: fn(&Event) -> Option<Flow>) -> Option<Peak> {
    let mut inside: HashMap<_, Vec<usize>> = HashMap::new();
    let mut most: Vec<usize> = Vec::new();
    for (place, event) in events.iter().enumerate() {
        let inside = inside.entry(event.object).or_default();
        match flow(event) {
            Some(Flow::In) => inside.push(place),
            Some(Flow::Out) if !inside.is_empty() => {
                // Whoever came in leaves again; a message is taken by somebody else, in order.
                let is_own = |&entry: &usize| events[entry].actor == event.actor;
                inside.remove(inside.iter().position(is_own).unwrap_or(0));
            }
            _ => {}
        }
        if inside.len() > most.len() {
            most.clone_from(inside);
        }
    }
    let &[_, .., last] = most.as_slice() else { return None };
    let leaves =
        |event: &Event| event.object == events[last].object && flow(event) == Some(Flow::Out);
    Some(Peak { left: next(events, last, leaves), inside: most })
}

#[cfg(test)]
mod tests {
    use super::super::explain;
    use super::super::hand_made::{add, operation, send, witness};
    use super::*;
    use crate::observe::Seen;

    #[test]
    fn actors_that_are_counted_in_before_one_is_counted_out_are_too_many() {
        let events = [
            add(0, "in flight", 1, 0),
            add(1, "in flight", 1, 1),
            add(0, "in flight", -1, 2),
            add(2, "in flight", 1, 1),
            add(0, "in flight", 1, 2),
            add(1, "in flight", -1, 3),
        ];
        let found = explain(&witness(&events)).expect("an explanation");
        assert_eq!(found.rows, [1, 3, 4, 5]);
        assert_eq!(
            found.text,
            "3 at once: `in flight` counts b (#2), c (#4), a (#5) in before it counts one of them \
             out (#6)"
        );
    }

    #[test]
    fn a_counter_that_only_rises_holds_nobody() {
        let events = [add(0, "served", 1, 0), add(1, "served", 1, 1)];
        assert_eq!(too_many_inside(&witness(&events)), None);
    }

    #[test]
    fn messages_that_are_sent_before_one_is_received_are_a_backlog() {
        let sent = |item| send(0, "queue", item, Seen::Nothing);
        let received = |item| operation(1, "receive", "queue", Seen::Number(item));
        let events = [sent(1), sent(2), received(1), sent(3), sent(4), received(2)];
        let found = explain(&witness(&events)).expect("an explanation");
        assert_eq!(found.rows, [1, 3, 4, 5]);
        assert_eq!(
            found.text,
            "backlog: 3 messages are sent to queue (#2, #4, #5) before one is received (#6)"
        );
        assert_eq!(backlog(&witness(&[sent(1), received(1), sent(2), received(2)])), None);
    }
}
