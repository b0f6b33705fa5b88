#!/usr/bin/env bash
# Usage: ci/loom.sh [debug|release]
#
# The tests of a build with weak memory. In debug by the README's own command, which must finish
# in minutes with no other flag; in release in the folder that `cargo prove` builds in. Both,
# unless told otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."

profile="${1:-both}"
case "$profile" in
debug | release | both) ;;
*)
    sed -n '2s/^# //p' "$0" >&2
    exit 2
    ;;
esac

if [[ $profile != release ]]; then
    RUSTFLAGS="--cfg loom" cargo test
fi
if [[ $profile != debug ]]; then
    RUSTFLAGS="--cfg loom" cargo test --release --target-dir target/loom
fi
