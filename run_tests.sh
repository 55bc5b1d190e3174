#!/usr/bin/env bash
# Run every check of the project; arguments go to pytest: ./run_tests.sh -k decoder
# All checks run even when one fails; the summary names those that did, and the exit code is 1 then.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "$root" || exit 1
. "$root/scripts/uv.sh"

failed=()

check() {
  local title=$1
  shift
  printf '\n=== %s: %s\n' "$title" "$*"
  "$@" || failed+=("$title")
}

# Many tests start a server or a command: without bytecode on disk each of them compiles everything.
unset PYTHONDONTWRITEBYTECODE

bring_uv || exit 1
printf '=== environment: uv sync --locked --dev\n'
"$UV" sync --locked --dev || exit 1
"$UV" run --no-sync python --version

# Every test process would compile all tests for itself; the other core does it once meanwhile. What
# is amiss with them is said below.
"$UV" run --no-sync pytest --collect-only -qq "$@" >/dev/null 2>&1 &
compiling=$!

check "lint" "$UV" run --no-sync ruff check .
check "format" "$UV" run --no-sync ruff format --check .
check "types" "$UV" run --no-sync mypy
check "imports" "$UV" run --no-sync lint-imports
wait "$compiling"

# One process more than there are cores: tests wait for servers, stores and ticks a quarter of the time.
cores='import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())'
workers=$(($("$UV" run --no-sync python -c "$cores") + 1))
check "tests" "$UV" run --no-sync pytest -n "$workers" --dist worksteal --cov --cov-report=term --cov-report=xml "$@"

printf '\n=== summary\n'
if ((${#failed[@]})); then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
printf 'all checks passed\n'
