#!/usr/bin/env bash
# Usage: ci/check.sh
#
# Everything about the source that takes no run: format, lints and documentation. Lints are looked
# for in each build there is: with and without weak memory, and the library alone.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo fmt --all --check
cargo clippy --all-targets -- -D warnings
cargo clippy --no-default-features --lib -- -D warnings
RUSTFLAGS="--cfg loom" cargo clippy --all-targets -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
