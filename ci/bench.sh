#!/usr/bin/env bash
# Usage: ci/bench.sh [--test|--full] [FILTER]
#
# Measures what each guard costs and prints the ratios; criterion's reports are written too. Quick
# measurements, unless --full asks for those that are worth quoting. --test runs each benchmark
# once, with its assertions and without measuring. FILTER is a part of the benchmarks' names.
set -euo pipefail
cd "$(dirname "$0")/.."

quick=(--warm-up-time 0.05 --measurement-time 0.15 --sample-size 10)
case "${1:-}" in
--test)
    shift
    exec cargo bench --bench patterns -- --test "$@"
    ;;
--full)
    shift
    quick=()
    ;;
-*)
    sed -n '2s/^# //p' "$0" >&2
    exit 2
    ;;
esac

cargo bench --bench patterns -- "${quick[@]}" "$@"
ci/ratios.sh
