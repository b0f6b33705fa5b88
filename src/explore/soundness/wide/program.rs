//! Small programs over every primitive, and how to generate them.

use proptest::collection::vec;
use proptest::prelude::*;

/// One thing an actor does. What it learns in a part of its own it learns when the part ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// Learns the value of the cell.
    Read,
    /// Writes what was learned last, plus this, to the cell.
    Write(i64),
    /// Adds to the atomic; learns what was there before.
    Add(i64),
    Yield,
    Call(Call),
    /// Learns what it waited for, and holds it if it can be held.
    Wait(Wait),
    /// Gives back what it has held for longest.
    Release,
    Choose,
    /// Learns one of two, by chance.
    Draw(Source),
    /// Panics if this is what was learned last.
    PanicIf(i64),
    Join(Vec<Op>, Vec<Op>),
    Select(Vec<Op>, Vec<Op>),
    /// All of them, in a `FuturesUnordered`.
    Unordered(Vec<Vec<Op>>),
    Timeout(Vec<Op>),
    /// Learns whether it panicked.
    Catch(Vec<Op>),
    /// Can be aborted.
    Abortable(Vec<Op>),
    /// Another actor, and perhaps a wait for its end.
    Spawn(Vec<Op>, bool),
    /// Begins it, perhaps polls it once, and keeps it.
    Keep(Vec<Op>, bool),
    /// Waits for what it has kept for longest.
    Finish,
    /// Drops what it has kept for longest.
    GiveUp,
    /// Another actor, which waits for what this one has kept for longest.
    HandOver,
}

/// What does not wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Set,
    Send,
    NotifyOne,
    NotifyWaiters,
    Watch,
    Broadcast,
    /// To the watch and the broadcast channel.
    Subscribe,
    AddPermit,
    Oneshot,
    Abort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    Mutex,
    Read,
    Write,
    Permit,
    Event,
    Receive,
    /// Sends to the bounded queue.
    Send,
    /// Takes a slot of the bounded queue, yields, and fills it.
    Reserve,
    ReceiveBounded,
    Notified,
    Changed,
    /// For a value of the watch that is not below this.
    AtLeast(i64),
    Broadcast,
    Barrier,
    /// With an initialiser that yields, or not.
    Once(bool),
    Oneshot,
}

/// Where chance comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Select,
    HashSet,
    Static,
    ThreadLocal,
    Address,
    Clock,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) ops: Vec<Op>,
    pub(super) count: usize,
    /// Only a role of one actor can be.
    pub(super) cancellable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Program {
    pub(super) roles: Vec<Role>,
    /// Begun and polled once while the program is set up, and kept by the first actor.
    pub(super) set_up: Option<Vec<Op>>,
}

impl Program {
    /// Whether it does anything that `is_it`, in a part too.
    pub(super) fn has(&self, is_it: &dyn Fn(&Op) -> bool) -> bool {
        let parts = self.roles.iter().map(|role| &role.ops).chain(&self.set_up);
        parts.into_iter().any(|ops| contains(ops, is_it))
    }
}

fn contains(ops: &[Op], is_it: &dyn Fn(&Op) -> bool) -> bool {
    ops.iter().any(|op| {
        is_it(op)
            || match op {
                Op::Join(left, right) | Op::Select(left, right) => {
                    contains(left, is_it) || contains(right, is_it)
                }
                Op::Unordered(parts) => parts.iter().any(|part| contains(part, is_it)),
                Op::Timeout(part)
                | Op::Catch(part)
                | Op::Abortable(part)
                | Op::Spawn(part, _)
                | Op::Keep(part, _) => contains(part, is_it),
                _ => false,
            }
    })
}

/// What can be done with one primitive. A program is about one or two of them, so that what its actors
/// do meets.
fn themes() -> Vec<Vec<Op>> {
    let theme = |calls: &[Call], waits: &[Wait]| -> Vec<Op> {
        // Most waits need somebody who ends them.
        let calls = calls.iter().chain(calls).copied().map(Op::Call);
        calls.chain(waits.iter().copied().map(Op::Wait)).collect()
    };
    let abortable = |part| Op::Abortable(vec![part, Op::Read]);
    vec![
        theme(&[], &[Wait::Mutex]),
        theme(&[], &[Wait::Read, Wait::Write]),
        theme(&[Call::AddPermit], &[Wait::Permit, Wait::Permit]),
        theme(&[Call::Set], &[Wait::Event]),
        theme(&[Call::Send], &[Wait::Receive]),
        theme(&[], &[Wait::Send, Wait::Reserve, Wait::ReceiveBounded, Wait::ReceiveBounded]),
        theme(&[Call::NotifyOne, Call::NotifyWaiters], &[Wait::Notified, Wait::Notified]),
        theme(&[Call::Watch, Call::Watch, Call::Subscribe], &[Wait::Changed, Wait::AtLeast(2)]),
        theme(&[Call::Broadcast, Call::Subscribe], &[Wait::Broadcast]),
        theme(&[], &[Wait::Barrier]),
        theme(&[], &[Wait::Once(true), Wait::Once(false)]),
        theme(&[Call::Oneshot], &[Wait::Oneshot]),
        vec![Op::Call(Call::Abort), abortable(Op::Yield), abortable(Op::Wait(Wait::Event))],
    ]
}

type Ops = BoxedStrategy<Op>;

fn leaf(theme: Vec<Op>) -> Ops {
    prop_oneof![
        2 => Just(Op::Read),
        2 => (1..3_i64).prop_map(Op::Write),
        1 => (1..3_i64).prop_map(Op::Add),
        1 => Just(Op::Yield),
        12 => prop::sample::select(theme),
        1 => Just(Op::Release),
        1 => Just(Op::Choose),
        1 => (0..3_i64).prop_map(Op::PanicIf),
    ]
    .boxed()
}

fn compound(part: &Ops) -> Ops {
    let part = || vec(part.clone(), 1..3);
    let both = || (part(), part());
    prop_oneof![
        both().prop_map(|(left, right)| Op::Join(left, right)),
        both().prop_map(|(left, right)| Op::Select(left, right)),
        vec(part(), 2..4).prop_map(Op::Unordered),
        part().prop_map(Op::Timeout),
        (part(), 0..3_i64)
            .prop_map(|(part, value)| { Op::Catch([part, vec![Op::PanicIf(value)]].concat()) }),
        (part(), any::<bool>()).prop_map(|(part, joins)| Op::Spawn(part, joins)),
        (part(), prop::bool::weighted(0.8)).prop_map(|(part, polls)| Op::Keep(part, polls)),
    ]
    .boxed()
}

fn op(leaf: &Ops) -> Ops {
    let kept = prop_oneof![Just(Op::Finish), Just(Op::GiveUp), Just(Op::HandOver)];
    let part = prop_oneof![8 => leaf.clone(), 1 => compound(leaf), 1 => kept.clone()].boxed();
    prop_oneof![4 => leaf.clone(), 3 => compound(&part), 1 => kept].boxed()
}

fn role(op: &Ops, count: usize, most: usize) -> BoxedStrategy<Role> {
    let ops = (vec(op.clone(), 1..=most), prop::bool::weighted(0.15));
    let role =
        move |(ops, cancellable)| Role { ops, count, cancellable: cancellable && count == 1 };
    ops.prop_map(role).boxed()
}

/// Two or three actors, some of them replicas.
pub(super) fn programs() -> impl Strategy<Value = Program> {
    prop::sample::subsequence(themes(), 1..=2).prop_flat_map(|themes| {
        let leaf = leaf(themes.concat());
        let op = op(&leaf);
        let roles = prop_oneof![
            4 => vec(role(&op, 1, 4), 2),
            1 => vec(role(&op, 1, 3), 3),
            1 => vec(role(&op, 2, 3), 1),
            1 => (role(&op, 2, 2), role(&op, 1, 2)).prop_map(|(two, one)| vec![two, one]),
        ];
        // A panic in there would be the program's, and no outcome.
        let begun = leaf.prop_filter("does not panic", |op| !matches!(op, Op::PanicIf(_)));
        let set_up = prop::option::weighted(0.1, vec(begun, 1..3));
        (roles, set_up).prop_map(|(roles, set_up)| Program { roles, set_up })
    })
}

/// The same, and chance planted in one in ten.
pub(super) fn planted() -> impl Strategy<Value = Program> {
    use Source::*;
    let source = prop::sample::select(vec![Select, HashSet, Static, ThreadLocal, Address, Clock]);
    let place = prop::option::weighted(0.1, (source, any::<prop::sample::Index>()));
    (programs(), place).prop_map(|(mut program, place)| {
        if let Some((source, place)) = place {
            let role = place.index(program.roles.len());
            let ops = &mut program.roles[role].ops;
            ops.insert(place.index(ops.len() + 1), Op::Draw(source));
        }
        program
    })
}
