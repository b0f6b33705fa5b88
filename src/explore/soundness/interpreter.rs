//! An independent brute force: programs interpreted over plain values, every state entered once.
//!
//! Nothing here is the explorer's or the primitives'. A state is a value that can be compared in
//! full, so there is no key to get wrong. Where a thread stops in the middle of a poll, the poll
//! is run again from its beginning with what it has been told so far: no coroutine is needed.

mod actor;
mod shared;

use std::collections::{BTreeSet, HashSet};

use super::program::{self, Final, Program};
use actor::{Activity, Entry, Mind, Run};
use shared::{Shared, Wake};

/// How one execution ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ending {
    Finished(Final),
    Deadlock,
    /// An actor of this role, which had learned this.
    Panicked(usize, i64),
    Violated,
}

/// Where another actor may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    WhereAPollReturns,
    BeforeEachAccess,
}

/// Every way in which `program` can end; `None` if it has more than `most` states.
pub(super) fn endings(program: &Program, switch: Switch, most: usize) -> Option<BTreeSet<Ending>> {
    let mut endings = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut open = vec![World::new(program)];
    while let Some(world) = open.pop() {
        if program.most_ahead.is_some_and(|most| world.shared.ahead() > most) {
            endings.insert(Ending::Violated);
            continue;
        }
        if seen.contains(&world) {
            continue;
        }
        if seen.len() == most {
            return None;
        }
        let moves = world.moves(program);
        if !moves.iter().any(Next::is_certain) {
            let all_gone = world.actors.iter().all(|actor| actor.phase == Phase::Gone);
            let finished = Ending::Finished(world.shared.last());
            endings.insert(if all_gone { finished } else { Ending::Deadlock });
        }
        for next in moves {
            world.make(program, switch, next, &mut open, &mut endings);
        }
        seen.insert(world);
    }
    Some(endings)
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct World<'p> {
    shared: Shared,
    actors: Vec<Actor<'p>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Actor<'p> {
    role: usize,
    /// Its place among those that were spawned, if it is one.
    child: Option<usize>,
    phase: Phase,
    mind: Mind<'p>,
    /// Where a thread stopped in the middle of what it does; `mind` is as it was at the beginning.
    under_way: Option<UnderWay>,
}

impl Actor<'_> {
    fn is_cancellable(&self, program: &Program) -> bool {
        self.child.is_none() && program.roles[self.role].cancellable
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Phase {
    Fresh,
    Alive,
    Gone,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct UnderWay {
    activity: Activity,
    log: Vec<Entry>,
    /// The timers that run by now.
    timers: Vec<usize>,
}

#[derive(Clone, Copy)]
enum Next {
    Step(usize),
    Cancel(usize),
    Expire(usize, usize),
    /// So much time passes.
    Pass(u64),
    /// The sleep of this actor is over.
    Ring(usize, usize),
}

impl Next {
    /// Whether it happens if nothing else can.
    fn is_certain(&self) -> bool {
        !matches!(self, Self::Cancel(_))
    }
}

/// Why a run of an actor ended early.
enum Halt {
    /// Others may come in before what it does next.
    BeforeStep,
    /// It has to know one of so many.
    Choice(usize),
    Panicked {
        role: usize,
        trace: i64,
    },
}

impl<'p> World<'p> {
    fn new(program: &'p Program) -> Self {
        let roles = program.roles.iter().enumerate();
        let actors = roles.flat_map(|(role, spec)| {
            let mind = Mind::new(&spec.ops);
            let actor = Actor { role, child: None, phase: Phase::Fresh, mind, under_way: None };
            vec![actor; spec.count]
        });
        Self { shared: Shared::default(), actors: actors.collect() }
    }

    fn moves(&self, program: &Program) -> Vec<Next> {
        let asleep = || {
            let actors = self.actors.iter().enumerate();
            actors
                .flat_map(|(index, it)| it.mind.asleep().map(move |(nap, left)| (index, nap, left)))
        };
        let over = asleep().filter(|(.., left)| *left == 0);
        let mut moves: Vec<_> = over.map(|(actor, nap, _)| Next::Ring(actor, nap)).collect();
        if !moves.is_empty() {
            return moves;
        }
        for (index, actor) in self.actors.iter().enumerate() {
            if actor.phase == Phase::Gone {
                continue;
            }
            if actor.under_way.is_some() || actor.mind.is_woken() {
                moves.push(Next::Step(index));
            }
            if actor.under_way.is_none() && actor.is_cancellable(program) {
                moves.push(Next::Cancel(index));
            }
            let timers = match &actor.under_way {
                Some(under_way) => under_way.timers.clone(),
                None => actor.mind.running(),
            };
            moves.extend(timers.into_iter().map(|timer| Next::Expire(index, timer)));
        }
        if !moves.iter().any(|next| matches!(next, Next::Step(_))) {
            moves.extend(asleep().map(|(.., left)| left).min().map(Next::Pass));
        }
        moves
    }

    /// Pushes what `next` leads to: a world for each way to choose.
    fn make(
        &self,
        program: &Program,
        switch: Switch,
        next: Next,
        open: &mut Vec<Self>,
        endings: &mut BTreeSet<Ending>,
    ) {
        let (actor, activity) = match next {
            Next::Step(actor) => (actor, Activity::Poll),
            Next::Cancel(actor) => (actor, Activity::Drop),
            Next::Expire(actor, timer) => {
                let mut world = self.clone();
                world.expire(actor, timer);
                open.push(world);
                return;
            }
            Next::Pass(time) => {
                let mut world = self.clone();
                world.actors.iter_mut().for_each(|actor| actor.mind.age(time));
                open.push(world);
                return;
            }
            Next::Ring(actor, nap) => {
                let mut world = self.clone();
                world.actors[actor].mind.ring(nap);
                open.push(world);
                return;
            }
        };
        let mut scripts = vec![Vec::new()];
        while let Some(script) = scripts.pop() {
            match self.clone().advance(program, switch, actor, activity, &script) {
                Ok(world) => open.push(world),
                Err(Halt::Choice(count)) => {
                    scripts
                        .extend((0..count as i64).map(|chosen| [&script[..], &[chosen]].concat()));
                }
                Err(Halt::Panicked { role, trace }) => {
                    endings.insert(Ending::Panicked(role, trace));
                }
                Err(Halt::BeforeStep) => unreachable!("stopping is no end"),
            }
        }
    }

    fn expire(&mut self, actor: usize, timer: usize) {
        let Actor { mind, under_way, .. } = &mut self.actors[actor];
        match under_way {
            Some(under_way) => {
                under_way.timers.retain(|&other| other != timer);
                under_way.log.push(Entry::Over(timer));
            }
            None => mind.expire(timer),
        }
    }

    fn advance(
        mut self,
        program: &Program,
        switch: Switch,
        index: usize,
        activity: Activity,
        script: &[i64],
    ) -> Result<Self, Halt> {
        let actor = &mut self.actors[index];
        actor.phase = Phase::Alive;
        let (role, child, is_cancellable) =
            (actor.role, actor.child, actor.is_cancellable(program));
        let (activity, log) = match actor.under_way.take() {
            Some(under_way) => (under_way.activity, under_way.log),
            None => (activity, Vec::new()),
        };
        let mut run = Run {
            me: index,
            role,
            child,
            mind: actor.mind.clone(),
            world: &mut self,
            log,
            told: 0,
            accesses: if switch == Switch::BeforeEachAccess { 1 } else { usize::MAX },
            script,
        };
        loop {
            let is_over = match activity {
                Activity::Poll => run.poll(),
                Activity::Drop => run.cancel(),
            };
            match is_over {
                Ok(true) => {
                    let mind = Mind::new(&[]);
                    let phase = Phase::Gone;
                    self.actors[index] = Actor { role, child, phase, mind, under_way: None };
                    return Ok(self);
                }
                Ok(false) => {
                    run.world.actors[index].mind = run.mind.clone();
                    let stops = is_cancellable || !run.mind.running().is_empty();
                    let polls_again = run.mind.is_woken() && !stops;
                    if switch == Switch::WhereAPollReturns || !polls_again {
                        return Ok(self);
                    }
                    run.log.clear();
                    run.told = 0;
                }
                Err(Halt::BeforeStep) => {
                    let (log, timers) = (run.log, run.mind.running());
                    self.actors[index].under_way = Some(UnderWay { activity, log, timers });
                    return Ok(self);
                }
                Err(halt) => return Err(halt),
            }
        }
    }

    /// Adds an actor; gives back its place among those that were spawned.
    fn spawn(&mut self, role: usize, mind: Mind<'p>) -> usize {
        let child = self.shared.expect_child();
        let phase = Phase::Fresh;
        self.actors.push(Actor { role, child: Some(child), phase, mind, under_way: None });
        child
    }

    fn wake(&mut self, Wake { actor, path, .. }: Wake) {
        let Actor { mind, under_way, .. } = &mut self.actors[actor];
        match under_way {
            Some(under_way) => under_way.log.push(Entry::Woken(path)),
            None => mind.wake(&path),
        }
    }
}
