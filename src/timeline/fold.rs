//! Which rows of a long witness are left out: those that lead to none of the marked ones.
//!
//! A row leads to a later one of the same actor, of an actor that it wakes or spawns, or of whoever
//! uses an object that it writes; and from row to row. Of types that the explorer does not see only the
//! wakes show.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::explore::Witness;
use crate::observe::{Access, Aside, Event};

/// A witness of no more rows is shown whole.
const MOST_ROWS: usize = 24;

/// What one row of a picture shows: an event, or several that are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Event(usize),
    Folded(Range<usize>),
}

/// What is shown of a witness in which these rows are marked; all of it where none is. Never folded
/// is a marked row, one that conflicts with it, where somebody is stuck, and what the reader or the explorer
/// decided: a panic, an error, a broken invariant, a choice, a note, a cancellation, a timeout.
pub(super) fn shown(witness: &Witness, marked: &BTreeSet<usize>) -> Vec<Shown> {
    let count = witness.events.len();
    if witness.is_whole || count <= MOST_ROWS || marked.is_empty() {
        return (0..count).map(Shown::Event).collect();
    }
    let mut is_kept = leading_to(witness, marked);
    for (kept, event) in is_kept.iter_mut().zip(&witness.events) {
        *kept |= is_telling(event);
    }
    let runs: Vec<usize> = (0..count).collect();
    let runs = runs.chunk_by(|&place, &next| !is_kept[place] && !is_kept[next]);
    runs.map(|run| match *run {
        [only] => Shown::Event(only),
        [first, .., last] => Shown::Folded(first..last + 1),
        [] => unreachable!("a chunk has an item"),
    })
    .collect()
}

/// For each row whether it leads to a marked one, to one that conflicts with it, or to a stuck actor's last.
fn leading_to(witness: &Witness, marked: &BTreeSet<usize>) -> Vec<bool> {
    let events = &witness.events;
    let conflicts = |event: &Event, other: &Event| {
        event.object.is_some() && event.object == other.object && (writes(event) || writes(other))
    };
    let is_stuck = |place: usize| {
        let actor = events[place].actor;
        let goes_on = || events[place + 1..].iter().any(|later| later.actor == actor);
        witness.stuck.contains(&actor) && !goes_on()
    };
    let (mut actors, mut objects) = (BTreeSet::new(), BTreeSet::new());
    let mut is_leading = vec![false; events.len()];
    for (place, event) in events.iter().enumerate().rev() {
        let is_spawn = event.call.is_some_and(|call| call.operation == "spawn");
        let spawns = |&actor: &usize| {
            let name = witness.actors.get(actor).map_or("", String::as_str);
            event.object.is_some_and(|(role, _)| is_named(name, role))
        };
        let leads = match event.aside {
            Some(Aside::Wakes(woken)) => actors.contains(&woken),
            _ => {
                writes(event) && event.object.is_some_and(|object| objects.contains(&object))
                    || is_spawn && actors.iter().any(spawns)
            }
        };
        is_leading[place] = leads
            || actors.contains(&event.actor)
            || is_stuck(place)
            || marked.iter().any(|&mark| mark == place || conflicts(event, &events[mark]));
        if is_leading[place] {
            actors.insert(event.actor);
            objects.extend(event.object);
        }
    }
    is_leading
}

fn writes(event: &Event) -> bool {
    let access = event.call.map(|call| call.access);
    matches!(access, Some(Access::Write | Access::Update | Access::Synchronise))
}

/// Whether an actor of this name plays this role: `reader 3` is a `reader`.
fn is_named(name: &str, role: &str) -> bool {
    name.strip_prefix(role).is_some_and(|rest| {
        rest.strip_prefix(' ').map_or(rest.is_empty(), |number| number.parse::<usize>().is_ok())
    })
}

/// Whether it says what the reader or the explorer decided, or that something went wrong.
fn is_telling(event: &Event) -> bool {
    let is_decided = |access| matches!(access, Access::Cancel | Access::Block);
    let is_usual = |aside: &Aside| {
        matches!(aside, Aside::Awaits(_) | Aside::Yields | Aside::Wakes(_) | Aside::Returns(_))
    };
    event.call.is_some_and(|call| is_decided(call.access))
        || event.aside.as_ref().is_some_and(|aside| !is_usual(aside))
}

#[cfg(test)]
mod tests {
    use super::super::explanation::hand_made::{cancelled, read, witness, write};
    use super::*;
    use crate::observe::Seen;

    /// What is shown where these rows are marked of `before`, as many reads by `c` as make the witness
    /// long, and `after`.
    fn shown_of(before: &[Event], after: &[Event], marked: &[usize]) -> (Vec<Shown>, usize) {
        let reads = (0..=MOST_ROWS).map(|_| read(2, "z", 0));
        let events: Vec<_> =
            before.iter().cloned().chain(reads).chain(after.iter().cloned()).collect();
        let last = before.len() + MOST_ROWS + 1;
        let marked = marked
            .iter()
            .map(|&mark| if mark < before.len() { mark } else { mark - before.len() + last });
        (shown(&witness(&events), &marked.collect()), last)
    }

    #[test]
    fn what_leads_to_no_marked_row_is_folded() {
        let (shown, last) = shown_of(&[write(0, "x", 1)], &[read(1, "x", 1)], &[1]);
        assert_eq!(shown, [Shown::Event(0), Shown::Folded(1..last), Shown::Event(last)]);
    }

    #[test]
    fn who_wrote_what_the_marked_row_follows_from_is_kept_with_all_that_led_there() {
        let before = [read(2, "a", 0), write(2, "y", 1), read(0, "y", 1), write(0, "x", 1)];
        let (shown, last) = shown_of(&before, &[read(1, "x", 1)], &[4]);
        let folded = [Shown::Folded(4..last), Shown::Event(last)];
        assert_eq!(
            shown,
            [0, 1, 2, 3].map(Shown::Event).into_iter().chain(folded).collect::<Vec<_>>()
        );
    }

    #[test]
    fn who_wakes_or_spawns_who_marked_a_row_is_kept() {
        let wakes = Event { aside: Some(Aside::Wakes(1)), ..Event::of(2, 0, Seen::Nothing) };
        let (shown, last) = shown_of(&[], &[wakes.clone(), read(1, "x", 1)], &[1]);
        assert_eq!(shown.len(), last + 2, "the wake, and whatever its actor did before");
        let (shown, last) = shown_of(&[wakes], &[read(1, "x", 1)], &[1]);
        assert_eq!(shown, [Shown::Event(0), Shown::Folded(1..last), Shown::Event(last)]);
    }

    #[test]
    fn what_was_decided_and_what_conflicts_is_never_folded() {
        let after =
            [cancelled(2), read(2, "z", 0), read(2, "z", 0), write(1, "x", 1), write(0, "x", 2)];
        let (shown, last) = shown_of(&[], &after, &[3]);
        let folded =
            [Shown::Folded(0..last), Shown::Event(last), Shown::Folded(last + 1..last + 3)];
        let kept = [Shown::Event(last + 3), Shown::Event(last + 4)];
        assert_eq!(shown, folded.into_iter().chain(kept).collect::<Vec<_>>());
    }

    #[test]
    fn a_witness_that_is_short_or_marks_nothing_is_whole() {
        let (shown, last) = shown_of(&[], &[], &[]);
        assert_eq!(shown, (0..last).map(Shown::Event).collect::<Vec<_>>());
        let events: Vec<_> =
            (0..MOST_ROWS).map(|_| read(2, "z", 0)).chain([read(1, "x", 1)]).collect();
        let whole = Witness { is_whole: true, ..witness(&events) };
        for short in [witness(&events[1..]), whole] {
            let marked = [short.events.len() - 1].into();
            assert_eq!(super::shown(&short, &marked).len(), short.events.len());
        }
    }
}
