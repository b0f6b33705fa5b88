//! What the proofs have in common.

use selvedge::World;
use selvedge::catalogue::Entry;
use selvedge::explore::Limits;
use selvedge::patterns::find;
use selvedge::prove::{Case, Proof, Verdict};

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
    let entry = find(pattern).and_then(|pattern| pattern.entry(variant));
    prove_entry(entry.expect("the catalogue has the variant"), safe_in);
}

/// The same for a variant that the catalogue does not have.
#[track_caller]
pub fn prove_entry(entry: Entry, safe_in: SafeIn) {
    for case in Case::all_of(entry) {
        let proof = case.prove(Limits::default()).expect("the case can be explored");
        let expected = if safe_in.includes(case.world) { Verdict::Safe } else { Verdict::Unsafe };
        assert!(proof.verdict == expected && proof.is_as_expected(), "{}", describe(&proof));
    }
}

/// Everything that a failed proof has to say.
pub fn describe(proof: &Proof) -> String {
    let Proof { case, verdict, reached, expected, incomplete, witness, .. } = proof;
    let Case { entry, world, family, actors } = case;
    format!(
        "{entry} with {actors} actors in the {world} world on {family} is {verdict}\n  \
         reached  {reached:?}\n  expected {expected:?}\n  incomplete: {incomplete:?}\n  \
         witness: {witness:#?}"
    )
}
