#!/usr/bin/env bash
# Usage: ci/peers.sh [--quick]
#
# Explores the same programs with selvedge, loom, shuttle, schedwalk and TraceForge and prints one
# table: executions, seconds, and how many actors each can take in one second. Fails if one of them
# misses an outcome. Takes about two minutes; --quick, with a tenth of a second, a part of that.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
"" | --quick) ;;
*)
    sed -n '2s/^# //p' "$0" >&2
    exit 2
    ;;
esac

target="${CARGO_TARGET_DIR:-target}/peers"
cargo build --quiet --release --locked --manifest-path benches/peers/Cargo.toml --target-dir "$target"
exec "$target/release/peers" "$@"
