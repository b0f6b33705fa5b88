#!/usr/bin/env bash
# Usage: ci/attack.sh [--minutes M] [--seed S] [--property NAME] [--debug]
#
# Attacks the explorer with generated programs for M minutes, 10 unless told otherwise, then the
# primitives with generated operations. Seed S tries the same again; without it the seed is a new one.
# Whatever does not hold is made as small as it can be and printed, with what differs and the command
# that repeats it: --property tries one property once, and no minutes are counted. --debug attacks the
# build that ci/test.sh makes, and is slower. Exits with 1 if anything was found.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "ci/attack.sh: $1" >&2
    exit 2
}

minutes=10 seed=$(date +%s%N) property='' profile=(--release)
while (($#)); do
    case "$1" in
    --debug)
        profile=()
        shift
        continue
        ;;
    --minutes | --seed | --property) (($# > 1)) || fail "$1 needs a value" ;;
    *) fail "no such argument: $1 ($(sed -n '2s/^# //p' "$0"))" ;;
    esac
    declare "${1#--}=$2"
    shift 2
done
[[ $minutes =~ ^[0-9]{1,5}(\.[0-9]+)?$ ]] || fail "--minutes takes a number, not '$minutes'"
[[ $seed =~ ^[0-9]{1,19}$ ]] || fail "--seed takes a whole number of up to 19 digits, not '$seed'"
[[ $property =~ ^[a-z-]*$ ]] || fail "--property takes a name like singles-on-threads, not '$property'"

echo "seed $seed"
failed=0
SELVEDGE_ATTACK="$minutes $seed $property" \
    cargo test "${profile[@]}" --quiet --lib attack::attack -- --ignored --nocapture || failed=1
if [ -z "$property" ]; then
    # As much of this for each minute as an ordinary test does.
    PROPTEST_RNG_SEED=$seed PROPTEST_CASES=$((${minutes%.*} * 2000 + 500)) \
        cargo test "${profile[@]}" --quiet --test primitives conformance || failed=1
fi
exit "$failed"
