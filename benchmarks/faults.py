"""The fault checks, one after another, as one table: `python -m benchmarks.faults [--full]`.

Each row is a test anybody can run by itself with the command it names. Short forms take minutes,
full ones an hour; the figures are what the tests write into their log.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.machine import describe

ROOT: Final = Path(__file__).resolve().parents[1]
LIMIT_S: Final = 7200


@dataclass(frozen=True)
class Check:
    """One row: what must hold, the tests that show it, and what their full form needs."""

    name: str
    tests: tuple[str, ...]
    full: tuple[tuple[str, str], ...] = ()

    def command(self, *, full: bool) -> str:
        """Return what anybody can type to see it."""
        env = " ".join(f"{name}={value}" for name, value in (self.full if full else ()))
        return f"{env} pytest {' '.join(self.tests)}".strip()


FULL: Final = (("PYAO_TEST_FULL", "1"),)
TRIALS: Final = (("PYAO_TEST_TRIALS", "100"),)
CHECKS: Final = (
    Check(
        "Killed at random and at named points amid trades: every coin and item once",
        ("tests/integration/test_crash_trades.py",),
        TRIALS,
    ),
    Check(
        "Killed amid walking and log-ins: nothing older than a period",
        ("tests/integration/test_crashes.py",),
        (("PYAO_TEST_TRIALS", "20"),),
    ),
    Check(
        "Writer killed, copied and taken over at any instant",
        ("tests/storage/test_kills.py",),
        FULL,
    ),
    Check(
        "Redis frozen, cut off, reset, killed, full, read-only, locked, busy, loading, flushed",
        ("tests/integration/test_store_faults.py",),
        FULL,
    ),
    Check(
        "Lost answers, late commits, rolled back stores: applied once",
        ("tests/storage/test_redis_faults.py",),
        FULL,
    ),
    Check(
        "One server per world: refused, replaced, taken over, woken",
        ("tests/integration/test_ownership.py",),
    ),
    Check("A stop saves everybody", ("tests/integration/test_shutdown.py",), FULL),
    Check(
        "A start with many characters",
        ("tests/integration/test_many_characters.py",),
        FULL,
    ),
    Check(
        "Damaged records are set aside, older stores brought up to date, newer ones refused",
        (
            "tests/integration/test_damaged_records.py",
            "tests/storage/test_records.py",
            "tests/storage/test_upgrade.py",
            "tests/integration/test_refused_starts.py",
        ),
    ),
    Check(
        "Backup, verify, restore and audit beside a running server",
        (
            "tests/integration/test_storage_commands.py",
            "tests/storage/test_backup.py",
            "tests/storage/test_verify.py",
        ),
    ),
    Check(
        "The ledger agrees after random play and after every packet in every state",
        (
            "tests/storage/test_ledger.py",
            "tests/integration/test_pictures.py",
            "tests/integration/test_packet_states.py",
        ),
    ),
    Check(
        "Accounts: hashing under a storm, lock-outs, one of fifty log-ins, no secret in a log",
        (
            "tests/accounts",
            "tests/integration/test_login_storm.py",
            "tests/integration/test_simultaneous_logins.py",
            "tests/integration/test_secrets.py",
        ),
        FULL,
    ),
)


@dataclass(frozen=True)
class Outcome:
    """How a check ended."""

    passed: bool
    summary: str
    figures: tuple[str, ...]
    seconds: float


def run(check: Check, *, full: bool) -> Outcome:
    """Run a check in a process of its own."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "--log-cli-level=WARNING", *check.tests]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **dict(check.full if full else ())},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    seconds = time.monotonic() - began
    return Outcome(ended.returncode == 0, *read(ended.stdout), seconds)


def read(output: str) -> tuple[str, tuple[str, ...]]:
    """Return the last line of pytest's output, and what tests wrote into their logs."""
    found = re.findall(r"^WARNING +tests\.\S+ *\S*:\d+ (.*)$", output, re.MULTILINE)
    summaries = re.findall(r"(\d+ (?:passed|failed|error).*?) in [\d.]+s", output)
    return (summaries[-1] if summaries else "did not run"), tuple(dict.fromkeys(found))


def row(check: Check, outcome: Outcome, *, full: bool) -> str:
    """Return a line of the table."""
    result = "holds" if outcome.passed else "**does not hold**"
    details = "<br>".join([outcome.summary, *outcome.figures]).replace("|", "/")
    command = check.command(full=full)
    return f"| {check.name} | `{command}` | {result} | {details} | {outcome.seconds:.0f} s |"


def main() -> None:
    """Run the checks that are asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the full counts and times")
    parser.add_argument("--only", default="", help="checks whose name or tests hold this text")
    options = parser.parse_args()
    print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {describe()}\n", flush=True)
    print("| what must hold | command | result | figures | took |\n| --- | --- | --- | --- | --- |")
    failed = False
    for check in CHECKS:
        if options.only.lower() in f"{check.name} {check.tests}".lower():
            outcome = run(check, full=options.full)
            failed |= not outcome.passed
            print(row(check, outcome, full=options.full), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
