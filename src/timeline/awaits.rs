//! Why a deadlock on types that the explorer does not see cannot go on: who awaits what and where, and
//! what became of everybody else.

use std::collections::BTreeMap;

use super::explanation::Explanation;
use super::steps;
use crate::explore::{Outcome, Witness};
use crate::observe::{Access, Aside, Event, Seen};

/// An actor that never finishes, by what it did last.
struct Stuck {
    actor: usize,
    /// What it awaits, by place in the witness.
    awaits: Vec<usize>,
    /// Who woke it last.
    woken: Option<usize>,
}

/// Everybody who awaits something that no operation shows, since when, and why nobody ends that.
pub(super) fn explain(witness: &Witness) -> Option<Explanation> {
    let events = &witness.events;
    let is_block = |event: &Event| event.call.is_some_and(|call| call.access == Access::Block);
    if witness.outcome != Outcome::Deadlock || events.iter().any(is_block) {
        return None;
    }
    let stuck: Vec<_> = witness.stuck.iter().filter_map(|&actor| stuck(actor, events)).collect();
    if stuck.is_empty() {
        return None;
    }
    let ends = ends(witness);
    let each: Vec<_> = stuck.iter().map(|it| sentence(it, witness)).collect();
    let text = format!("deadlock: {}; {}", each.join("; "), nobody(&stuck, &ends));
    let waits = stuck.iter().flat_map(|it| it.awaits.iter().chain(&it.woken).copied());
    Some(Explanation { rows: waits.chain(ends.iter().map(|end| end.place)).collect(), text })
}

/// `None` if an operation shows what it waits for.
fn stuck(actor: usize, events: &[Event]) -> Option<Stuck> {
    let own = |event: &Event| event.actor == actor;
    let last = &events[events.iter().rposition(own)?];
    let in_last = |event: &Event| own(event) && event.step == last.step;
    let waits = |&place: &usize| in_last(&events[place]) && events[place].seen == Seen::Pending;
    let awaits: Vec<_> = (0..events.len()).filter(waits).collect();
    if awaits.iter().any(|&place| events[place].object.is_some()) {
        return None;
    }
    let wakes = |event: &Event| event.aside == Some(Aside::Wakes(actor));
    Some(Stuck { actor, awaits, woken: events.iter().rposition(wakes) })
}

/// Where an actor finishes, or the last of several of one name.
struct End {
    place: usize,
    who: String,
    /// How many there are of the name, if the last stands for all.
    crowd: Option<usize>,
}

/// Of more actors of one name that have finished, the last stands for all.
const MOST_OF_A_NAME: usize = 4;

/// Where each actor that finishes does so.
fn ends(witness: &Witness) -> Vec<End> {
    let others = (0..witness.actors.len()).filter(|actor| !witness.stuck.contains(actor));
    let places: Vec<_> = others
        .filter_map(|actor| witness.events.iter().rposition(|event| event.actor == actor))
        .collect();
    let name = |place: usize| steps::actor(witness, &witness.events[place]);
    let mut of_a_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &place in &places {
        of_a_name.entry(role(name(place))).or_default().push(place);
    }
    let end = |&place: &usize| {
        let role = role(name(place));
        let alike = &of_a_name[role];
        let end = |who: &str, crowd| Some(End { place, who: who.to_owned(), crowd });
        match alike.len() {
            0..=MOST_OF_A_NAME => end(name(place), None),
            count if alike.iter().max() == Some(&place) => end(role, Some(count)),
            _ => None,
        }
    };
    places.iter().filter_map(end).collect()
}

/// A name without its number.
fn role(name: &str) -> &str {
    match name.rsplit_once(' ') {
        Some((role, number)) if number.bytes().all(|digit| digit.is_ascii_digit()) => role,
        _ => name,
    }
}

/// `consumer has awaited tokio::sync::Notify::notified (queue.rs:9) since #5`.
fn sentence(Stuck { actor, awaits, woken }: &Stuck, witness: &Witness) -> String {
    let each: Vec<_> = awaits.iter().map(|&place| awaited(place, witness)).collect();
    let actor = witness.actors.get(*actor).map_or("?", String::as_str);
    let woken = woken.map_or_else(String::new, |place| {
        format!(
            ", last woken by {} (#{})",
            steps::actor(witness, &witness.events[place]),
            place + 1
        )
    });
    format!("{actor} {}{woken}", each.join(" and "))
}

fn awaited(place: usize, witness: &Witness) -> String {
    let event = &witness.events[place];
    let line = match steps::line(event) {
        line if line.is_empty() => String::new(),
        line => format!(" at {line}"),
    };
    match &event.aside {
        Some(Aside::Awaits(Some(what))) => {
            format!("has awaited `{what}`{line} since #{}", place + 1)
        }
        Some(_) => format!("has waited{line} since #{}", place + 1),
        None => format!("has waited since #{}, and nothing in it has kept its waker", place + 1),
    }
}

/// Why nobody ends these waits.
fn nobody(stuck: &[Stuck], ends: &[End]) -> String {
    let it = if stuck.len() == 1 { "it" } else { "them" };
    let without = format!("ended without waking {it}");
    let begins = stuck.iter().flat_map(|it| &it.awaits).min();
    let each: Vec<_> = ends
        .iter()
        .map(|End { place, who, crowd }| {
            let is_before = begins.is_some_and(|begins| place < begins);
            let ended = if is_before { "had ended before" } else { without.as_str() };
            match crowd {
                Some(count) => format!("{count} called {who} {ended} (the last in #{})", place + 1),
                None => format!("{who} {ended} (#{})", place + 1),
            }
        })
        .collect();
    match each.is_empty() {
        true if stuck.len() == 1 => "there is nobody else to wake it".to_owned(),
        true => "there is nobody else to wake them".to_owned(),
        false => format!("nobody is left to wake {it}: {}", each.join(", ")),
    }
}
