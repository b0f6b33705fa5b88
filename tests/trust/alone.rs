//! Tests that run themselves in a process of their own, with an environment of their own.

use std::env;
use std::process::{Command, Output};

/// Set where a test runs itself.
const INNER: &str = "SELVEDGE_TEST_INNER";

/// Whether this is the process that a test has begun.
pub fn is_inner() -> bool {
    env::var_os(INNER).is_some()
}

/// Runs one test of this binary, by its whole name.
pub fn run<const N: usize>(test: &str, environment: [(&str, &str); N]) -> Output {
    let this = env::current_exe().expect("a test knows where it is");
    let mut command = Command::new(this);
    command.args(["--exact", test, "--nocapture"]).env(INNER, "1").envs(environment);
    command.output().expect("a test can run itself")
}
