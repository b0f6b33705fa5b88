//! What does not come to an end is given up, and said to be.

use selvedge::explore::{Actors, Explorer, Incomplete, choose};

#[test]
fn a_loop_around_a_choice_is_given_up() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        actors.spawn("gambler", async { while choose(2) == 0 {} });
        || 0
    });
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::Choices(100_000)));
}

#[test]
fn an_actor_on_threads_has_the_stack_that_tokios_threads_have() {
    fn deep(depth: usize) -> usize {
        let frame = std::hint::black_box([depth; 16]);
        if depth == 0 { 0 } else { deep(depth - 1) + frame[0] / depth }
    }
    #[expect(clippy::large_stack_arrays, reason = "it is the stack that is tested")]
    fn large() -> usize {
        let bytes = std::hint::black_box([1_u8; 300_000]);
        bytes.iter().map(|&byte| usize::from(byte)).sum()
    }
    let findings = Explorer::threads().explore(|actors: &mut Actors| {
        actors.spawn("reader", async {
            assert_eq!(large(), 300_000);
            assert_eq!(deep(3_000), 3_000);
        });
        || 0
    });
    findings.assert_outcomes([0]);
}
