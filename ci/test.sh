#!/usr/bin/env bash
# Usage: ci/test.sh [ARGUMENT]...
#
# The tests of an everyday build: the proofs on an event loop and on threads, the patterns on real
# runtimes, the documentation's examples. Arguments go to cargo.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo test "$@"
