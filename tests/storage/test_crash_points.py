"""Crash points: only tests may use them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pyao.storage.crash_points import BEFORE_COMMIT, EXIT_CODE, INSIDE_COMMIT, CrashPoint

CODE = (
    "import os\n"
    "from pyao.storage.crash_points import CrashPoint\n"
    "point = CrashPoint.from_environment(os.environ)\n"
    "for name in ['inside_commit', 'before_commit'] * 3:\n"
    "    print(name, flush=True); point.reach(name)\n"
)


def run(**environment: str) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, check=False, timeout=30
    )
    return done.returncode, len(done.stdout.splitlines())


def test_the_process_dies_at_the_given_visit() -> None:
    assert run(PYAO_TESTING="1", PYAO_CRASH_AT=f"{BEFORE_COMMIT}:2") == (EXIT_CODE, 4)


def test_without_the_testing_switch_nothing_happens() -> None:
    assert run(PYAO_CRASH_AT=f"{INSIDE_COMMIT}:1") == (0, 6)


@pytest.mark.parametrize("where", ["", "before_commit", "before_commit:x", "elsewhere:1", ":1"])
def test_anything_else_is_nowhere(where: str) -> None:
    point = CrashPoint.from_environment({"PYAO_TESTING": "1", "PYAO_CRASH_AT": where})
    point.reach(BEFORE_COMMIT)
