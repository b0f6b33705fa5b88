//! Frames of two chunks on one stream, with an await between the chunks.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_tears_any_number_of_frames() {
    prove("interleaved-writes", "unlocked", SafeIn::NoWorld);
}

#[test]
fn locked_keeps_frames_whole() {
    prove("interleaved-writes", "locked", SafeIn::EveryWorld);
}

#[test]
fn a_frame_in_one_write_call_cannot_be_torn() {
    prove("interleaved-writes", "single-write", SafeIn::EveryWorld);
}

#[test]
fn one_writer_keeps_the_frames_it_is_sent_whole() {
    prove("interleaved-writes", "writer-actor", SafeIn::EveryWorld);
}
