//! What the actors share.

use std::collections::VecDeque;

use super::super::program::{EACH, Final};

/// Which future of an actor is woken: from the outside in, the pairs that contain it, and which of
/// the two it is.
pub(super) type Path = Vec<(usize, usize)>;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Waiter {
    pub(super) actor: usize,
    pub(super) ticket: usize,
    pub(super) path: Path,
    pub(super) granted: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Wake {
    pub(super) actor: usize,
    pub(super) path: Path,
    /// The wait for the event that it ends, if it does.
    pub(super) ticket: Option<usize>,
}

/// Waiters, first come first served.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Line(Vec<Waiter>);

impl Line {
    fn grant(&mut self) -> Option<Wake> {
        let waiter = self.0.iter_mut().find(|waiter| !waiter.granted)?;
        waiter.granted = true;
        Some(Wake { actor: waiter.actor, path: waiter.path.clone(), ticket: None })
    }

    /// Takes a waiter out if it is granted, or whether or not; tells whether it was granted.
    fn remove(&mut self, actor: usize, ticket: usize, anyway: bool) -> bool {
        let is_it = |waiter: &Waiter| waiter.actor == actor && waiter.ticket == ticket;
        let place = self.0.iter().position(is_it).expect("it waits here");
        let granted = self.0[place].granted;
        if granted || anyway {
            self.0.remove(place);
        }
        granted
    }
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Shared {
    pub(super) cells: [i64; EACH],
    pub(super) atomic: i64,
    pub(super) sink: i64,
    held: [bool; EACH],
    for_lock: [Line; EACH],
    is_set: bool,
    for_event: Line,
    items: VecDeque<i64>,
    /// Whether somebody has the receiving end, who waits for it, and whom the next item wakes.
    end_is_held: bool,
    for_end: Line,
    for_item: Option<Waiter>,
    /// What each actor that was spawned learned last, once it has ended, and who waits for that.
    children: Vec<(Option<i64>, Line)>,
}

/// What an actor waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Thing {
    Lock(usize),
    Event,
    Item,
    /// The end of an actor, by its place among those that were spawned.
    Child(usize),
}

/// What an operation gives back, and whom it wakes.
pub(super) type Effect = (Option<i64>, Vec<Wake>);

impl Shared {
    pub(super) fn ahead(&self) -> i64 {
        self.cells[0] - self.cells[1]
    }

    pub(super) fn last(&self) -> Final {
        [self.cells[0], self.cells[1], self.atomic, self.sink]
    }

    /// Asks for `thing` for the first time: takes it, or queues.
    pub(super) fn ask(&mut self, thing: Thing, waiter: Waiter) -> Effect {
        let taken = match thing {
            Thing::Lock(lock) => (!std::mem::replace(&mut self.held[lock], true)).then_some(0),
            Thing::Event => self.is_set.then_some(0),
            Thing::Item if self.end_is_held => None,
            Thing::Item => {
                self.end_is_held = true;
                return (self.look_for_item(waiter), Vec::new());
            }
            Thing::Child(child) => self.children[child].0,
        };
        if taken.is_none() {
            self.line(thing).0.push(waiter);
        }
        (taken, Vec::new())
    }

    /// Asks again.
    pub(super) fn ask_again(&mut self, thing: Thing, actor: usize, ticket: usize) -> Effect {
        if thing == Thing::Item {
            return (self.ask_for_item_again(actor, ticket), Vec::new());
        }
        let granted = self.line(thing).remove(actor, ticket, false);
        let taken = granted.then(|| match thing {
            Thing::Child(child) => self.children[child].0.expect("it has ended"),
            Thing::Lock(_) | Thing::Event | Thing::Item => 0,
        });
        (taken, Vec::new())
    }

    fn ask_for_item_again(&mut self, actor: usize, ticket: usize) -> Option<i64> {
        let is_it = |waiter: &&Waiter| waiter.actor == actor && waiter.ticket == ticket;
        if let Some(waiter) = self.for_end.0.iter().find(is_it).cloned() {
            let granted = self.for_end.remove(actor, ticket, false);
            return if granted { self.look_for_item(waiter) } else { None };
        }
        let waits_on = self.for_item.as_ref().is_some_and(|waiter| is_it(&waiter));
        if waits_on { None } else { Some(self.items.pop_front().expect("it was woken")) }
    }

    /// Done by who has the receiving end.
    fn look_for_item(&mut self, waiter: Waiter) -> Option<i64> {
        let item = self.items.pop_front();
        if item.is_none() {
            self.for_item = Some(waiter);
        }
        item
    }

    pub(super) fn release_end(&mut self) -> Effect {
        let next = self.for_end.grant();
        self.end_is_held = next.is_some();
        (None, next.into_iter().collect())
    }

    /// Stops waiting.
    pub(super) fn give_up(&mut self, thing: Thing, actor: usize, ticket: usize) -> Effect {
        let is_it = |waiter: &Waiter| waiter.actor == actor && waiter.ticket == ticket;
        // Who has the receiving end leaves behind whom to wake.
        if thing == Thing::Item && !self.for_end.0.iter().any(is_it) {
            return self.release_end();
        }
        let granted = self.line(thing).remove(actor, ticket, true);
        match thing {
            Thing::Lock(lock) if granted => self.release(lock),
            Thing::Item if granted => self.release_end(),
            _ => (None, Vec::new()),
        }
    }

    pub(super) fn release(&mut self, lock: usize) -> Effect {
        let next = self.for_lock[lock].grant();
        self.held[lock] = next.is_some();
        (None, next.into_iter().collect())
    }

    pub(super) fn set(&mut self) -> Effect {
        self.is_set = true;
        let wake = |Waiter { actor, path, ticket, .. }: &Waiter| Wake {
            actor: *actor,
            path: path.clone(),
            ticket: Some(*ticket),
        };
        (None, self.for_event.0.iter().filter(|waiter| !waiter.granted).map(wake).collect())
    }

    /// Ends a wait for the event; `false` if it has been given up.
    pub(super) fn tell(&mut self, actor: usize, ticket: usize) -> bool {
        let is_it = |waiter: &&mut Waiter| waiter.actor == actor && waiter.ticket == ticket;
        let waiter = self.for_event.0.iter_mut().find(is_it);
        waiter.map(|waiter| waiter.granted = true).is_some()
    }

    /// A place for one more actor that is spawned.
    pub(super) fn expect_child(&mut self) -> usize {
        self.children.push(Default::default());
        self.children.len() - 1
    }

    pub(super) fn end_child(&mut self, child: usize, value: i64) -> Effect {
        let (ended, line) = &mut self.children[child];
        *ended = Some(value);
        let mut wakes = Vec::new();
        while let Some(wake) = line.grant() {
            wakes.push(wake);
        }
        (None, wakes)
    }

    pub(super) fn send(&mut self, item: i64) -> Effect {
        self.items.push_back(item);
        let wake = self.for_item.take().map(|Waiter { actor, path, .. }| Wake {
            actor,
            path,
            ticket: None,
        });
        (None, wake.into_iter().collect())
    }

    fn line(&mut self, thing: Thing) -> &mut Line {
        match thing {
            Thing::Lock(lock) => &mut self.for_lock[lock],
            Thing::Event => &mut self.for_event,
            Thing::Item => &mut self.for_end,
            Thing::Child(child) => &mut self.children[child].1,
        }
    }
}
