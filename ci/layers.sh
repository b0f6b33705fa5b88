#!/usr/bin/env bash
# Usage: ci/layers.sh
#
# The layers of the library, from the ground up: each uses only those before it. A folder of src/ that
# is no layer, or a path into a later layer, is an error, also in documentation.
set -euo pipefail
cd "$(dirname "$0")/.."

layers=(world observe primitives explore weak_memory timeline catalogue patterns prove claims)
failed=0

for found in src/*; do
    name=$(basename "$found" .rs)
    case " ${layers[*]} lib bin " in
        *" $name "*) ;;
        *) echo "$found is no layer: say where it stands in ci/layers.sh" && failed=1 ;;
    esac
done

# Uses of the modules $2 in the sources $1.
uses() {
    grep -rnE --include='*.rs' "(crate|selvedge|super)::(\{[^}]*\b)?($2)\b" $1 || true
}

for index in "${!layers[@]}"; do
    later=$(IFS='|' && echo "${layers[*]:index+1}")
    [ -n "$later" ] || continue
    found=$(uses "$(ls -d src/"${layers[index]}" src/"${layers[index]}".rs 2>/dev/null)" "$later")
    if [ -n "$found" ]; then
        printf '%s uses a later layer:\n%s\n' "${layers[index]}" "$found"
        failed=1
    fi
done

# Within the explorer, one run knows nothing of the walk through all of them.
found=$(uses src/explore/run 'explore::walk')
if [ -n "$found" ]; then
    printf 'a run uses the walk:\n%s\n' "$found"
    failed=1
fi
exit "$failed"
