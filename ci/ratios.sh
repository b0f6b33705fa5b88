#!/usr/bin/env bash
# Usage: ci/ratios.sh [FOLDER]
#
# Prints the last measurements as tables: nanoseconds for one operation, how many times the
# unguarded body that is, and how many times the same operation written by hand. FOLDER is where
# criterion wrote to, if that is not the usual place.
set -euo pipefail
cd "$(dirname "$0")/.."

# The profile of `cargo bench`, whose dependencies are built already.
exec cargo run --quiet --profile bench --example ratios -- "$@"
