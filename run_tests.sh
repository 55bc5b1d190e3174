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

check "lint" "$UV" run --no-sync ruff check .
check "format" "$UV" run --no-sync ruff format --check .
check "types" "$UV" run --no-sync mypy
check "imports" "$UV" run --no-sync lint-imports
check "tests" "$UV" run --no-sync pytest -n auto --dist worksteal --cov --cov-report=term --cov-report=xml "$@"

printf '\n=== summary\n'
if ((${#failed[@]})); then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
printf 'all checks passed\n'
