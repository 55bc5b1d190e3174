# shellcheck shell=sh
# Read by ./pyao-server and ./run_tests.sh after they set `root`, the folder of the project.
#
# bring_uv sets UV to a uv: the one on PATH, else one of our own below .uv/, fetched with pip into a
# virtual environment, so that nothing outside the project is touched (PEP 668).

say() {
  printf '%s\n' "$*" >&2
}

# The newest Python on PATH that can run this project, else any Python 3 that can run pip.
find_python() {
  for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return 0
    fi
  done
  for name in python3 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

# A virtual environment where Python can make one; Debian's python3 without python3-venv cannot, and
# pip --target is allowed there too.
fetch_uv() {
  if "$1" -m venv "$root/.uv" >/dev/null 2>&1; then
    "$root/.uv/bin/python" -m pip install --quiet --disable-pip-version-check uv
  else
    rm -rf "$root/.uv"
    "$1" -m pip install --quiet --disable-pip-version-check --target "$root/.uv" uv
  fi
}

bring_uv() {
  root=${root:?the folder of the project}
  UV=$(command -v uv || true)
  if [ -z "$UV" ] && [ -x "${HOME:-}/.local/bin/uv" ]; then
    UV="${HOME:-}/.local/bin/uv"
  fi
  if [ -z "$UV" ]; then
    UV="$root/.uv/bin/uv"
    if ! "$UV" --version >/dev/null 2>&1; then
      python=$(find_python) || {
        say "Python 3.11 or newer is needed, and none was found on PATH: install it and try again."
        return 1
      }
      say "Fetching uv, which installs the rest (once, into .uv/)..."
      if ! fetch_uv "$python" || ! "$UV" --version >/dev/null 2>&1; then
        say "uv could not be installed with $python: check that pip works and can reach its index,"
        say "or install uv yourself: https://docs.astral.sh/uv/"
        return 1
      fi
    fi
  fi
}
