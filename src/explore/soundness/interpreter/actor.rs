//! What an actor does, as a tree of scopes that are polled and dropped by hand.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{Hash, Hasher};

use super::super::program::{EACH, Op, contribution, remember};
use super::shared::{Effect, Path, Shared, Thing, Waiter, Wake};
use super::{Halt, World};

/// What a thread may be in the middle of.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Activity {
    Poll,
    Drop,
}

/// What an actor was told while it was polled or dropped.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Entry {
    /// What an access gave back, whether it woke the actor itself, and the parts of actors it has yet
    /// to wake.
    Result(Option<i64>, bool, Vec<Wake>),
    /// The one at this place was woken next, unless it had left.
    Paid(usize, bool),
    Chosen(i64),
    /// The actor spawned this one, by its place among those that were.
    Spawned(usize),
    /// Before the next access, somebody woke this.
    Woken(Path),
    /// Before the next access, this timer was over.
    Over(usize),
}

/// A list of operations, told apart by where it stands in the program.
#[derive(Clone, Copy)]
struct Ops<'p>(&'p [Op]);

impl PartialEq for Ops<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Ops<'_> {}

impl Hash for Ops<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ptr().hash(state);
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Scope<'p> {
    ops: Ops<'p>,
    at: usize,
    wait: Wait<'p>,
    holds: [bool; EACH],
    deferred: Vec<usize>,
}

type Child<'p> = Option<Box<Scope<'p>>>;

/// What the current operation of a scope has come to.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
enum Wait<'p> {
    #[default]
    New,
    Yielded,
    /// Yielded while its own cell held this.
    Owning(i64),
    Queued(usize),
    /// Has spawned an actor, and queues for its end.
    Joining(usize, Option<usize>),
    Both([Child<'p>; 2]),
    Pair(usize, [Child<'p>; 2]),
    Timed(Option<usize>, Child<'p>),
    /// Has begun this sleep, and does something else.
    Asleep(usize, Child<'p>),
}

/// The book-keeping of a `FuturesUnordered` of two.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Pair {
    ready: VecDeque<usize>,
    queued: [bool; 2],
    woken: [bool; 2],
    /// Unfinished ones, the one polled last at the end.
    linked: Vec<usize>,
    /// Whether its own waker has not been used up.
    registered: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Timer {
    Running(Path),
    Over,
    Gone,
}

/// A sleep, with the time that is left.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Nap {
    /// Nobody has asked yet whether it is over.
    Begun(u64),
    Asleep(u64, Path),
    Over,
}

/// What belongs to one actor.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Mind<'p> {
    woken: bool,
    last: i64,
    trace: i64,
    tickets: usize,
    pairs: BTreeMap<usize, Pair>,
    made_pairs: usize,
    timers: Vec<Timer>,
    naps: Vec<Nap>,
    root: Child<'p>,
}

impl<'p> Scope<'p> {
    fn new(ops: &'p [Op]) -> Self {
        let (holds, deferred) = ([false; EACH], Vec::new());
        Self { ops: Ops(ops), at: 0, wait: Wait::New, holds, deferred }
    }
}

impl<'p> Mind<'p> {
    pub(super) fn new(ops: &'p [Op]) -> Self {
        Self {
            woken: true,
            last: 0,
            trace: 0,
            tickets: 0,
            pairs: BTreeMap::new(),
            made_pairs: 0,
            timers: Vec::new(),
            naps: Vec::new(),
            root: Some(Box::new(Scope::new(ops))),
        }
    }

    /// What an actor begins with that this one spawns.
    fn child(&self, ops: &'p [Op]) -> Self {
        Self { last: self.last, trace: self.trace, ..Self::new(ops) }
    }

    pub(super) fn is_woken(&self) -> bool {
        self.woken
    }

    pub(super) fn running(&self) -> Vec<usize> {
        let is_running = |timer: &usize| matches!(self.timers[*timer], Timer::Running(_));
        (0..self.timers.len()).filter(is_running).collect()
    }

    pub(super) fn expire(&mut self, timer: usize) {
        if let Timer::Running(path) = std::mem::replace(&mut self.timers[timer], Timer::Over) {
            self.wake(&path);
        }
    }

    /// Those that somebody waits for, and how much time is left.
    pub(super) fn asleep(&self) -> impl Iterator<Item = (usize, u64)> {
        self.naps.iter().enumerate().filter_map(|(nap, state)| match state {
            Nap::Asleep(left, _) => Some((nap, *left)),
            Nap::Begun(_) | Nap::Over => None,
        })
    }

    /// So much time passes.
    pub(super) fn age(&mut self, time: u64) {
        for nap in &mut self.naps {
            if let Nap::Begun(left) | Nap::Asleep(left, _) = nap {
                *left = left.saturating_sub(time);
            }
        }
    }

    pub(super) fn ring(&mut self, nap: usize) {
        if let Nap::Asleep(_, path) = std::mem::replace(&mut self.naps[nap], Nap::Over) {
            self.wake(&path);
        }
    }

    pub(super) fn wake(&mut self, path: &[(usize, usize)]) {
        for &(pair, child) in path.iter().rev() {
            let Some(pair) = self.pairs.get_mut(&pair) else { return };
            pair.woken[child] = true;
            if std::mem::replace(&mut pair.queued[child], true) {
                return;
            }
            pair.ready.push_back(child);
            if !std::mem::take(&mut pair.registered) {
                return;
            }
        }
        self.woken = true;
    }

    fn learn(&mut self, value: i64) {
        self.last = value;
        self.trace = remember(self.trace, value);
    }

    fn make_pair(&mut self) -> usize {
        let id = self.made_pairs;
        self.made_pairs += 1;
        let fresh = Pair {
            ready: [0, 1].into(),
            queued: [true; 2],
            woken: [false; 2],
            linked: vec![0, 1],
            registered: false,
        };
        self.pairs.insert(id, fresh);
        id
    }

    fn pair(&mut self, id: usize) -> &mut Pair {
        self.pairs.get_mut(&id).expect("a pair lives as long as its scope waits for it")
    }
}

/// A poll or a drop of one actor.
pub(super) struct Run<'r, 'p> {
    pub(super) me: usize,
    pub(super) role: usize,
    /// Its place among those that were spawned, if it is one.
    pub(super) child: Option<usize>,
    pub(super) mind: Mind<'p>,
    pub(super) world: &'r mut World<'p>,
    pub(super) log: Vec<Entry>,
    /// How many entries of the log have been used.
    pub(super) told: usize,
    /// How many accesses this step may make.
    pub(super) accesses: usize,
    pub(super) script: &'r [i64],
}

type Step<T> = Result<T, Halt>;

impl<'p> Run<'_, 'p> {
    pub(super) fn poll(&mut self) -> Step<bool> {
        self.mind.woken = false;
        let mut root = self.mind.root.take();
        let is_over = self.poll_child(&mut root, &[])?;
        self.mind.root = root;
        if is_over {
            let share = contribution(self.role, self.mind.trace);
            self.access(|shared| {
                shared.sink += share;
                (None, Vec::new())
            })?;
            if let Some(child) = self.child {
                let last = self.mind.last;
                self.access(|shared| shared.end_child(child, last))?;
            }
        }
        Ok(is_over)
    }

    pub(super) fn cancel(&mut self) -> Step<bool> {
        let root = self.mind.root.take();
        self.drop_child(root)?;
        Ok(true)
    }

    /// What came of the next access when the run got there before; `None` if it did not, and may
    /// now make it.
    fn told(&mut self) -> Step<Option<&Entry>> {
        loop {
            match self.log.get(self.told) {
                Some(Entry::Woken(path)) => self.mind.wake(path),
                Some(&Entry::Over(timer)) => self.mind.expire(timer),
                Some(_) => {
                    self.told += 1;
                    return Ok(self.log.get(self.told - 1));
                }
                None => break,
            }
            self.told += 1;
        }
        if self.accesses == 0 {
            return Err(Halt::BeforeStep);
        }
        self.accesses -= 1;
        Ok(None)
    }

    /// Others may come in before and after, although they cannot see it.
    fn spawn(&mut self, ops: &'p [Op]) -> Step<usize> {
        if let Some(entry) = self.told()? {
            let Entry::Spawned(child) = entry else { unreachable!("a repeated run does the same") };
            return Ok(*child);
        }
        let child = self.world.spawn(super::program::child(self.role), self.mind.child(ops));
        self.log.push(Entry::Spawned(child));
        self.told += 1;
        Ok(child)
    }

    fn access(&mut self, act: impl FnOnce(&mut Shared) -> Effect) -> Step<Option<i64>> {
        if let Some(entry) = self.told()? {
            let Entry::Result(value, wakes_itself, owed) = entry.clone() else {
                unreachable!("a repeated run does the same")
            };
            if wakes_itself {
                self.mind.wake(&[]);
            }
            self.pay(owed)?;
            return Ok(value);
        }
        let (value, wakes) = act(&mut self.world.shared);
        let is_at_once = |wake: &Wake| wake.path.is_empty() && wake.ticket.is_none();
        let (at_once, owed): (Vec<_>, Vec<_>) = wakes.into_iter().partition(is_at_once);
        let wakes_itself = at_once.iter().any(|wake| wake.actor == self.me);
        for wake in at_once {
            self.wake(wake);
        }
        self.log.push(Entry::Result(value, wakes_itself, owed.clone()));
        self.told += 1;
        self.pay(owed)?;
        Ok(value)
    }

    /// Wakes one after the other, those that wait for the event in any order. Others may come in before
    /// each.
    fn pay(&mut self, mut owed: Vec<Wake>) -> Step<()> {
        while let Some(first) = owed.first() {
            let places = if first.ticket.is_some() { owed.len() } else { 1 };
            if let Some(entry) = self.told()? {
                let &Entry::Paid(place, is_woken) = entry else {
                    unreachable!("a repeated run does the same")
                };
                let wake = owed.remove(place);
                if is_woken && wake.actor == self.me {
                    self.mind.wake(&wake.path);
                }
                continue;
            }
            let place = if places > 1 { self.decide(places)? as usize } else { 0 };
            let wake = owed.remove(place);
            let shared = &mut self.world.shared;
            let is_woken = wake.ticket.is_none_or(|ticket| shared.tell(wake.actor, ticket));
            if is_woken {
                self.wake(wake);
            }
            self.log.push(Entry::Paid(place, is_woken));
            self.told += 1;
        }
        Ok(())
    }

    fn wake(&mut self, wake: Wake) {
        if wake.actor == self.me {
            self.mind.wake(&wake.path);
        } else {
            self.world.wake(wake);
        }
    }

    fn choose(&mut self, count: usize) -> Step<i64> {
        let chosen = if let Some(entry) = self.log.get(self.told) {
            let Entry::Chosen(chosen) = entry else { unreachable!("a repeated run does the same") };
            *chosen
        } else {
            let chosen = self.decide(count)?;
            self.log.push(Entry::Chosen(chosen));
            chosen
        };
        self.told += 1;
        Ok(chosen)
    }

    /// One of so many, of which the actor is told nothing.
    fn decide(&mut self, count: usize) -> Step<i64> {
        let (&decided, rest) = self.script.split_first().ok_or(Halt::Choice(count))?;
        self.script = rest;
        Ok(decided)
    }

    /// Polls what is there; `true` if there is nothing left to poll.
    fn poll_child(&mut self, child: &mut Child<'p>, path: &[(usize, usize)]) -> Step<bool> {
        let Some(scope) = child else { return Ok(true) };
        while let Some(op) = scope.ops.0.get(scope.at) {
            if !self.poll_op(scope, op, path)? {
                return Ok(false);
            }
            scope.at += 1;
            scope.wait = Wait::New;
        }
        let scope = child.take().expect("it was there");
        self.leave(&scope)?;
        Ok(true)
    }

    fn poll_op(
        &mut self,
        scope: &mut Scope<'p>,
        op: &'p Op,
        path: &[(usize, usize)],
    ) -> Step<bool> {
        match *op {
            Op::Read(cell) => {
                let seen = self.access(|shared| (Some(shared.cells[cell]), Vec::new()))?;
                self.mind.learn(seen.unwrap_or_default());
            }
            Op::Write(cell, more) => self.write(cell, self.mind.last + more)?,
            Op::Add(value) => {
                let before = self.access(|shared| {
                    let before = shared.atomic;
                    shared.atomic += value;
                    (Some(before), Vec::new())
                })?;
                self.mind.learn(before.unwrap_or_default());
            }
            Op::Yield => {
                if scope.wait == Wait::New {
                    scope.wait = Wait::Yielded;
                    self.wake_itself(path)?;
                    return Ok(false);
                }
            }
            Op::Own => {
                let Wait::Owning(value) = scope.wait else {
                    scope.wait = Wait::Owning(1 + self.mind.last);
                    self.wake_itself(path)?;
                    return Ok(false);
                };
                self.mind.learn(value);
            }
            Op::Lock(lock) => {
                if self.wait_for(scope, Thing::Lock(lock), path)?.is_none() {
                    return Ok(false);
                }
                scope.holds[lock] = true;
            }
            Op::Wait => return Ok(self.wait_for(scope, Thing::Event, path)?.is_some()),
            Op::Receive => {
                let Some(item) = self.wait_for(scope, Thing::Item, path)? else {
                    return Ok(false);
                };
                self.access(Shared::release_end)?;
                self.mind.learn(item);
            }
            Op::Unlock(lock) => {
                if std::mem::take(&mut scope.holds[lock]) {
                    self.access(|shared| shared.release(lock))?;
                }
            }
            Op::Set => {
                self.access(Shared::set)?;
            }
            Op::Send(more) => {
                let item = self.mind.last + more;
                self.access(|shared| shared.send(item))?;
            }
            Op::Choose(count) => {
                let chosen = self.choose(count)?;
                self.mind.learn(chosen);
            }
            Op::PanicIf(value) if value == self.mind.last => {
                // After an access the panic is a step of its own.
                if self.accesses == 0 {
                    return Err(Halt::BeforeStep);
                }
                return Err(Halt::Panicked { role: self.role, trace: self.mind.trace });
            }
            Op::PanicIf(_) => {}
            Op::Defer(cell) => scope.deferred.push(cell),
            Op::Join(ref left, ref right) => {
                let [mut left, mut right] = children(scope, left, right);
                let is_over =
                    self.poll_child(&mut left, path)? & self.poll_child(&mut right, path)?;
                scope.wait = Wait::Both([left, right]);
                return Ok(is_over);
            }
            Op::Select(ref left, ref right) => {
                let [mut left, mut right] = children(scope, left, right);
                let winner = if self.poll_child(&mut left, path)? {
                    self.drop_child(right)?;
                    0
                } else if self.poll_child(&mut right, path)? {
                    self.drop_child(left)?;
                    1
                } else {
                    scope.wait = Wait::Both([left, right]);
                    return Ok(false);
                };
                self.mind.learn(winner);
            }
            Op::Unordered(ref left, ref right) => {
                return self.poll_pair(scope, left, right, path);
            }
            Op::Timeout(ref part) => return self.poll_timed(scope, part, path),
            Op::Sleep(time, ref part) => return self.poll_nap(scope, time, part, path),
            Op::Spawn(ref part, joins) => return self.poll_spawn(scope, part, joins, path),
        }
        Ok(true)
    }

    /// A list of what was woken can be written to by others as well.
    fn wake_itself(&mut self, path: &[(usize, usize)]) -> Step<()> {
        if !path.is_empty() {
            self.access(|_| (None, Vec::new()))?;
        }
        self.mind.wake(path);
        Ok(())
    }

    fn write(&mut self, cell: usize, value: i64) -> Step<()> {
        self.access(|shared| {
            shared.cells[cell] = value;
            (None, Vec::new())
        })?;
        Ok(())
    }

    fn wait_for(
        &mut self,
        scope: &mut Scope<'p>,
        thing: Thing,
        path: &[(usize, usize)],
    ) -> Step<Option<i64>> {
        let ticket = match scope.wait {
            Wait::Queued(ticket) => Some(ticket),
            _ => None,
        };
        let (taken, ticket) = self.ask(thing, ticket, path)?;
        scope.wait = Wait::Queued(ticket);
        Ok(taken)
    }

    /// Asks for `thing`, once more if there is a ticket; gives back the ticket to ask with again.
    fn ask(
        &mut self,
        thing: Thing,
        ticket: Option<usize>,
        path: &[(usize, usize)],
    ) -> Step<(Option<i64>, usize)> {
        let actor = self.me;
        if let Some(ticket) = ticket {
            let taken = self.access(|shared| shared.ask_again(thing, actor, ticket))?;
            return Ok((taken, ticket));
        }
        let ticket = self.mind.tickets;
        let waiter = Waiter { actor, ticket, path: path.to_vec(), granted: false };
        let taken = self.access(|shared| shared.ask(thing, waiter))?;
        self.mind.tickets += usize::from(taken.is_none());
        Ok((taken, ticket))
    }

    fn poll_spawn(
        &mut self,
        scope: &mut Scope<'p>,
        part: &'p [Op],
        joins: bool,
        path: &[(usize, usize)],
    ) -> Step<bool> {
        let (child, ticket) = match scope.wait {
            Wait::Joining(child, ticket) => (child, ticket),
            _ => (self.spawn(part)?, None),
        };
        if !joins {
            return Ok(true);
        }
        let (taken, ticket) = self.ask(Thing::Child(child), ticket, path)?;
        scope.wait = Wait::Joining(child, Some(ticket));
        if let Some(value) = taken {
            self.mind.learn(value);
        }
        Ok(taken.is_some())
    }

    fn poll_pair(
        &mut self,
        scope: &mut Scope<'p>,
        left: &'p [Op],
        right: &'p [Op],
        path: &[(usize, usize)],
    ) -> Step<bool> {
        let (id, mut both) = if let Wait::Pair(id, both) = std::mem::take(&mut scope.wait) {
            (id, both)
        } else {
            (
                self.mind.make_pair(),
                [Some(Box::new(Scope::new(left))), Some(Box::new(Scope::new(right)))],
            )
        };
        // One round for each time that `next` is called.
        loop {
            let length = self.mind.pair(id).linked.len();
            let (mut polled, mut yielded) = (0, 0);
            self.mind.pair(id).registered = true;
            let finished = loop {
                // Others write to the list of what was woken until it is checked.
                self.access(|_| (None, Vec::new()))?;
                let pair = self.mind.pair(id);
                let Some(child) = pair.ready.pop_front() else {
                    if pair.linked.is_empty() {
                        self.mind.pairs.remove(&id);
                        return Ok(true);
                    }
                    scope.wait = Wait::Pair(id, both);
                    return Ok(false);
                };
                if both[child].is_none() {
                    continue;
                }
                pair.linked.retain(|&other| other != child);
                pair.queued[child] = false;
                pair.woken[child] = false;
                let path_of_child = [path, &[(id, child)]].concat();
                if self.poll_child(&mut both[child], &path_of_child)? {
                    self.mind.pair(id).queued[child] = true;
                    break child;
                }
                polled += 1;
                let pair = self.mind.pair(id);
                yielded += usize::from(pair.woken[child]);
                pair.linked.push(child);
                if yielded >= 2 || polled == length {
                    self.mind.wake(path);
                    scope.wait = Wait::Pair(id, both);
                    return Ok(false);
                }
            };
            self.mind.learn(finished as i64);
        }
    }

    fn poll_timed(
        &mut self,
        scope: &mut Scope<'p>,
        part: &'p [Op],
        path: &[(usize, usize)],
    ) -> Step<bool> {
        let (timer, mut child) = match std::mem::take(&mut scope.wait) {
            Wait::Timed(timer, child) => (timer, child),
            _ => (None, Some(Box::new(Scope::new(part)))),
        };
        let is_ready = self.poll_child(&mut child, path)?;
        let is_over = match timer {
            Some(timer) => self.mind.timers[timer] == Timer::Over,
            None => !is_ready && self.choose(2)? == 1,
        };
        if !is_ready && !is_over {
            let timer = timer.unwrap_or_else(|| {
                self.mind.timers.push(Timer::Running(path.to_vec()));
                self.mind.timers.len() - 1
            });
            scope.wait = Wait::Timed(Some(timer), child);
            return Ok(false);
        }
        if let Some(timer) = timer {
            self.mind.timers[timer] = Timer::Gone;
        }
        self.drop_child(child)?;
        self.mind.learn(i64::from(!is_ready));
        Ok(true)
    }

    fn poll_nap(
        &mut self,
        scope: &mut Scope<'p>,
        time: u64,
        part: &'p [Op],
        path: &[(usize, usize)],
    ) -> Step<bool> {
        let (nap, mut child) = if let Wait::Asleep(nap, child) = std::mem::take(&mut scope.wait) {
            (nap, child)
        } else {
            self.mind.naps.push(Nap::Begun(time));
            (self.mind.naps.len() - 1, Some(Box::new(Scope::new(part))))
        };
        let is_awake = self.poll_child(&mut child, path)?;
        let nap_state = &mut self.mind.naps[nap];
        let left = match nap_state {
            Nap::Begun(left) | Nap::Asleep(left, _) => *left,
            Nap::Over => 0,
        };
        if !is_awake || left > 0 {
            if is_awake {
                *nap_state = Nap::Asleep(left, path.to_vec());
            }
            scope.wait = Wait::Asleep(nap, child);
            return Ok(false);
        }
        *nap_state = Nap::Over;
        Ok(true)
    }

    fn drop_child(&mut self, child: Child<'p>) -> Step<()> {
        let Some(mut scope) = child else { return Ok(()) };
        match std::mem::take(&mut scope.wait) {
            Wait::New | Wait::Yielded | Wait::Owning(_) | Wait::Joining(_, None) => {}
            Wait::Joining(child, Some(ticket)) => {
                let actor = self.me;
                self.access(|shared| shared.give_up(Thing::Child(child), actor, ticket))?;
            }
            Wait::Queued(ticket) => {
                let thing = match scope.ops.0[scope.at] {
                    Op::Lock(lock) => Thing::Lock(lock),
                    Op::Wait => Thing::Event,
                    Op::Receive => Thing::Item,
                    _ => unreachable!("nothing else queues"),
                };
                let actor = self.me;
                self.access(|shared| shared.give_up(thing, actor, ticket))?;
            }
            Wait::Both([left, right]) => {
                self.drop_child(left)?;
                self.drop_child(right)?;
            }
            Wait::Pair(id, mut both) => {
                while let Some(child) = self.mind.pair(id).linked.pop() {
                    self.mind.pair(id).queued[child] = true;
                    self.drop_child(both[child].take())?;
                }
                self.mind.pairs.remove(&id);
            }
            Wait::Asleep(nap, child) => {
                self.mind.naps[nap] = Nap::Over;
                self.drop_child(child)?;
            }
            Wait::Timed(timer, child) => {
                if let Some(timer) = timer {
                    self.mind.timers[timer] = Timer::Gone;
                }
                self.drop_child(child)?;
            }
        }
        self.leave(&scope)
    }

    /// What a scope still owes when it ends.
    fn leave(&mut self, scope: &Scope<'p>) -> Step<()> {
        for &cell in &scope.deferred {
            self.write(cell, self.mind.last)?;
        }
        for lock in (0..EACH).filter(|&lock| scope.holds[lock]) {
            self.access(|shared| shared.release(lock))?;
        }
        Ok(())
    }
}

fn children<'p>(scope: &mut Scope<'p>, left: &'p [Op], right: &'p [Op]) -> [Child<'p>; 2] {
    match std::mem::take(&mut scope.wait) {
        Wait::Both(both) => both,
        _ => [Some(Box::new(Scope::new(left))), Some(Box::new(Scope::new(right)))],
    }
}
