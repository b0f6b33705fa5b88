//! Small programs, and how to generate them.

use proptest::collection::vec;
use proptest::prelude::*;

/// How many there are of each numbered object.
pub(super) const EACH: usize = 2;

/// One thing an actor does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// Learns the value of a cell.
    Read(usize),
    /// Writes what was learned last, plus this, to a cell.
    Write(usize, i64),
    /// Adds to the atomic; learns what was there before.
    Add(i64),
    Yield,
    /// Acquires a mutex, held until its scope ends or it is unlocked there.
    Lock(usize),
    /// Gives a mutex back, if this scope holds it.
    Unlock(usize),
    Set,
    Wait,
    /// Sends what was learned last, plus this.
    Send(i64),
    /// Learns an item of the queue.
    Receive,
    /// Learns a number below this.
    Choose(usize),
    /// Panics if this is what was learned last.
    PanicIf(i64),
    /// When the scope ends or is dropped, what was learned last is written to a cell.
    Defer(usize),
    /// Writes to an object of its own while it holds a lock of its own, and yields in between.
    Own,
    /// Both, side by side.
    Join(Vec<Op>, Vec<Op>),
    /// Both, until one has ended; learns which.
    Select(Vec<Op>, Vec<Op>),
    /// Both; learns which ended first.
    Unordered(Vec<Op>, Vec<Op>),
    /// Learns whether the time was over first.
    Timeout(Vec<Op>),
    /// Begins a sleep of so long, does this, and waits for the end of the sleep.
    Sleep(u64, Vec<Op>),
    /// Another actor, which knows what this one does, and perhaps a wait for its end; that learns
    /// what the other learned last.
    Spawn(Vec<Op>, bool),
}

/// Actors that do the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Role {
    pub(super) ops: Vec<Op>,
    pub(super) count: usize,
    /// Only a role of one actor can be.
    pub(super) cancellable: bool,
}

/// A program over two cells, an atomic, two mutexes, an event and a queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Program {
    pub(super) roles: Vec<Role>,
    /// The first cell never exceeds the second by more than this.
    pub(super) most_ahead: Option<i64>,
}

/// What an actor that learned `value` remembers of all it learned.
pub(super) fn remember(trace: i64, value: i64) -> i64 {
    (trace * 31 + value + 7) % (1 << 30)
}

/// The role of an actor that one of `role` spawned.
pub(super) fn child(role: usize) -> usize {
    role + 8
}

/// What an actor adds to the sink when it has ended. Sums of it tell which roles learned what, and
/// not which of several replicas did.
pub(super) fn contribution(role: usize, trace: i64) -> i64 {
    let mixed =
        (trace + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64) ^ (role as i64 + 1) << 40;
    (mixed ^ mixed >> 29) & ((1 << 50) - 1)
}

/// The names of an outcome's numbers, in the order of [`Final`].
pub(super) const NAMES: [&str; 4] = ["first", "second", "atomic", "sink"];

/// What the cells, the atomic and the sink hold at the end.
pub(super) type Final = [i64; NAMES.len()];

/// The name of the invariant.
pub(super) const INVARIANT: &str = "the first cell is not far ahead";

/// The message of [`Op::PanicIf`], for an actor that learned `trace`.
pub(super) fn panic_message(role: usize, trace: i64) -> String {
    format!("role {role} learned what it must not: {trace}")
}

fn leaf() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0..EACH).prop_map(Op::Read),
        3 => (0..EACH, 0..2_i64).prop_map(|(cell, more)| Op::Write(cell, more + 1)),
        1 => (1..3_i64).prop_map(Op::Add),
        2 => Just(Op::Yield),
        5 => (0..EACH).prop_map(Op::Lock),
        2 => (0..EACH).prop_map(Op::Unlock),
        2 => Just(Op::Set),
        2 => Just(Op::Wait),
        2 => (0..2_i64).prop_map(Op::Send),
        2 => Just(Op::Receive),
        1 => (2..3_usize).prop_map(Op::Choose),
        1 => (1..3_i64).prop_map(Op::PanicIf),
        1 => (0..EACH).prop_map(Op::Defer),
        1 => Just(Op::Own),
    ]
}

fn both(
    part: impl Strategy<Value = Op> + Clone + 'static,
) -> impl Strategy<Value = (Vec<Op>, Vec<Op>)> {
    (vec(part.clone(), 1..3), vec(part, 1..3))
}

fn compound(part: impl Strategy<Value = Op> + Clone + 'static) -> impl Strategy<Value = Op> {
    prop_oneof![
        both(part.clone()).prop_map(|(left, right)| Op::Join(left, right)),
        both(part.clone()).prop_map(|(left, right)| Op::Select(left, right)),
        both(part.clone()).prop_map(|(left, right)| Op::Unordered(left, right)),
        vec(part, 1..3).prop_map(Op::Timeout),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let part = prop_oneof![12 => leaf(), 1 => compound(leaf().boxed())].boxed();
    prop_oneof![3 => leaf(), 1 => compound(part)]
}

fn role(count: usize, most: usize) -> impl Strategy<Value = Role> {
    role_of(op().boxed(), count, most)
}

fn role_of(
    op: impl Strategy<Value = Op>,
    count: usize,
    most: usize,
) -> impl Strategy<Value = Role> {
    (vec(op, 1..=most), Just(count), prop::bool::weighted(0.25)).prop_map(
        |(ops, count, cancellable)| Role { ops, count, cancellable: cancellable && count == 1 },
    )
}

fn spawning() -> impl Strategy<Value = Op> {
    let spawn = |part: BoxedStrategy<Op>| {
        (vec(part, 1..3), any::<bool>()).prop_map(|(part, joins)| Op::Spawn(part, joins))
    };
    let part = prop_oneof![8 => leaf(), 1 => spawn(leaf().boxed())].boxed();
    let both = both(prop_oneof![2 => leaf(), 1 => spawn(leaf().boxed())].boxed());
    prop_oneof![
        4 => leaf(),
        4 => spawn(part),
        1 => both.prop_map(|(left, right)| Op::Select(left, right)),
    ]
}

fn with_roles(roles: impl Strategy<Value = Vec<Role>>) -> impl Strategy<Value = Program> {
    (roles, prop::option::weighted(0.3, 0..2_i64))
        .prop_map(|(roles, most_ahead)| Program { roles, most_ahead })
}

/// Two or three actors, each of its own.
pub(super) fn singles() -> impl Strategy<Value = Program> {
    with_roles(prop_oneof![
        2 => vec(role(1, 4), 2),
        1 => vec(role(1, 2), 3),
    ])
}

/// Two or three replicas, and perhaps another actor.
pub(super) fn replicas() -> impl Strategy<Value = Program> {
    with_roles(prop_oneof![
        2 => vec(role(2, 4), 1),
        1 => vec(role(3, 2), 1),
        1 => (role(2, 2), role(1, 2)).prop_map(|(replicas, other)| vec![replicas, other]),
    ])
}

/// One or two actors that spawn others, which may be replicas.
pub(super) fn spawners() -> impl Strategy<Value = Program> {
    let role = |count, most| role_of(spawning().boxed(), count, most);
    with_roles(prop_oneof![
        2 => vec(role(1, 3), 1),
        2 => vec(role(1, 2), 2),
        1 => vec(role(2, 2), 1),
    ])
}

/// What actors do that sleep, perhaps while they do something else.
fn sleeping() -> impl Strategy<Value = Op> {
    let sleep = |part: BoxedStrategy<Op>| {
        (0..4_u64, vec(part, 0..2)).prop_map(|(time, part)| Op::Sleep(time, part))
    };
    let part = prop_oneof![2 => leaf(), 1 => sleep(leaf().boxed())].boxed();
    let spawn = (vec(part.clone(), 1..3), any::<bool>());
    prop_oneof![
        3 => leaf(),
        4 => sleep(part.clone()),
        2 => compound(part),
        1 => spawn.prop_map(|(part, joins)| Op::Spawn(part, joins)),
    ]
}

/// Two actors, one of which begins to sleep when it has waited for the other for long enough. That may be at
/// any time until the other tells it; who sleeps for longer shows in the end.
fn late_sleepers() -> impl Strategy<Value = Vec<Role>> {
    let told = prop_oneof![Just((Op::Set, Op::Wait)), Just((Op::Send(0), Op::Receive))];
    let sleep = |between: Vec<Op>| (0..4_u64).prop_map(move |it| Op::Sleep(it, between.clone()));
    let between = prop_oneof![Just(vec![]), Just(vec![Op::Yield])];
    let late = between.prop_flat_map(sleep);
    (told, [sleep(vec![]), sleep(vec![])], late).prop_map(
        |((tell, wait), [first, second], late)| {
            let tells = vec![first, tell, second, Op::Add(1)];
            let waits = vec![Op::Timeout(vec![wait]), late, Op::Add(2)];
            [waits, tells].map(|ops| Role { ops, count: 1, cancellable: false }).into()
        },
    )
}

/// Two or three actors that sleep, some of which may be replicas.
pub(super) fn sleepers() -> impl Strategy<Value = Program> {
    let role = |count, most| role_of(sleeping().boxed(), count, most);
    with_roles(prop_oneof![
        3 => vec(role(1, 3), 2),
        2 => vec(role(1, 2), 3),
        1 => vec(role(2, 3), 1),
        1 => (role(2, 2), role(1, 2)).prop_map(|(replicas, other)| vec![replicas, other]),
        1 => late_sleepers(),
    ])
}

/// Two or three actors that panic often, right after what others can see.
pub(super) fn panicking() -> impl Strategy<Value = Program> {
    let op = prop_oneof![
        4 => leaf(),
        2 => (0..3_i64).prop_map(Op::PanicIf),
        1 => (1..3_i64).prop_map(Op::Add),
    ];
    let role = move || role_of(op.clone().boxed(), 1, 4);
    with_roles(prop_oneof![2 => vec(role(), 2), 1 => vec(role(), 3)])
}

/// Two replicas, each in several queues at once, and somebody who makes them wait until both have
/// told that they do.
pub(super) fn contended() -> impl Strategy<Value = Program> {
    let after = prop_oneof![
        4 => Just(Op::Add(1)),
        1 => Just(Op::Yield),
        1 => Just(Op::Choose(2)),
        1 => (0..EACH).prop_map(Op::Lock),
    ];
    let part =
        (0..2_usize, 0..EACH, vec(after.boxed(), 1..=2)).prop_map(|(yields, lock, after)| {
            [vec![Op::Yield; yields], vec![Op::Lock(lock)], after].concat()
        });
    let both = (part.clone(), part).prop_map(|(left, right)| Op::Join(left, right));
    let waits = (both, 0..3_usize).prop_map(|(both, yields)| {
        let report = [vec![Op::Yield; yields], vec![Op::Send(0)]].concat();
        let ops = vec![Op::Send(0), Op::Wait, Op::Join(vec![both], report)];
        Role { ops, count: 2, cancellable: false }
    });
    let hold = [Op::Lock(0), Op::Lock(1), Op::Set];
    let both_here = [Op::Receive, Op::Receive];
    let ops = [&both_here[..], &hold, &both_here].concat();
    let holds = Role { ops, count: 1, cancellable: false };
    with_roles(waits.prop_map(move |waits| vec![holds.clone(), waits]))
}
