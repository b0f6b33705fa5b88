#!/usr/bin/env bash
# Usage: ci/check.sh
#
# Everything about the source that takes no run: layers, format, lints and documentation. Each build there is
# is linted: with and without weak memory, and the library with tokio's types, with the futures
# crate's, and with neither, which must not depend on either crate.
set -euo pipefail
cd "$(dirname "$0")/.."

ci/layers.sh
cargo fmt --all --check
cargo clippy --all-targets -- -D warnings
for features in "" tokio futures; do
    cargo clippy --no-default-features --features "$features" --lib -- -D warnings
done
tree="$(cargo tree --no-default-features --edges normal --prefix none)"
if grep -E '^(tokio|futures)' <<<"$tree"; then
    echo "the library depends on these without any feature" >&2
    exit 1
fi
RUSTFLAGS="--cfg loom" cargo clippy --all-targets -- -D warnings
RUSTFLAGS="--cfg loom" cargo clippy --no-default-features --lib -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
