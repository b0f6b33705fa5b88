//! What the proofs have in common.

use selvedge::catalogue::Pattern;
use selvedge::explore::Limits;
use selvedge::patterns::find;
use selvedge::prove::{Case, Judgement, Proof};
use selvedge::{Family, World, weak_memory};

/// The worlds in which a variant is expected to be safe.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SafeIn {
    /// Everywhere.
    EveryWorld,
    /// On an event loop, and nowhere else.
    EventLoopOnly,
    /// On threads, whatever the memory, and not on an event loop.
    ThreadsOnly,
    /// Wherever memory is sequentially consistent.
    StrongMemoryOnly,
    /// Nowhere.
    NoWorld,
}

impl SafeIn {
    fn includes(self, world: World) -> bool {
        match self {
            Self::EveryWorld => true,
            Self::EventLoopOnly => world == World::EventLoop,
            Self::ThreadsOnly => world != World::EventLoop,
            Self::StrongMemoryOnly => world != World::WeakMemory,
            Self::NoWorld => false,
        }
    }
}

/// Proves `variant` of `pattern` in every world of this build, on every family that runs there.
#[track_caller]
pub fn prove(pattern: &str, variant: &str, safe_in: SafeIn) {
    let pattern = find(pattern).expect("the catalogue has the pattern");
    prove_in(pattern, variant, safe_in);
}

/// The same for a pattern that the catalogue does not have.
#[track_caller]
pub fn prove_in(pattern: &'static Pattern, variant: &str, safe_in: SafeIn) {
    let variant = pattern.variant(variant).expect("the pattern has the variant");
    for world in World::ALL {
        if world == World::WeakMemory && !weak_memory::IS_AVAILABLE {
            continue;
        }
        for family in Family::ALL.into_iter().filter(|&family| variant.runs_in(world, family)) {
            let actors = variant.default_actors(world);
            let case = Case { pattern, variant, world, family, actors };
            let proof = case.prove(Limits::default()).expect("the case can be explored");
            let safe = if safe_in.includes(world) { Judgement::Safe } else { Judgement::Unsafe };
            assert!(proof.judgement == safe && proof.is_as_expected(), "{}", describe(&proof));
        }
    }
}

/// Everything that a failed proof has to say.
pub fn describe(proof: &Proof) -> String {
    let Proof { case, judgement, reached, expected, incomplete, witness, .. } = proof;
    format!(
        "{}/{} with {} actors in the {} world on {} is {judgement}\n  reached  {reached:?}\n  \
         expected {expected:?}\n  incomplete: {incomplete:?}\n  witness: {witness:#?}",
        case.pattern.name, case.variant.name, case.actors, case.world, case.family
    )
}
