"""The fault checks as one table: `python -m benchmarks.faults [--full] [--only NAME ...]`.

Each row is a test anybody can run by itself with the command it names. Without `--full` everything
is tried once, some rows at a time: it takes two minutes on two cores and no figure counts. In full
it takes twenty to thirty, one row after the other, on a machine that does nothing else. What each
row found is kept at once in `benchmarks/history/faults/` and written into docs/faults.md, so that a
run may be split: `--within 900` begins no row that would not be done by then, and `--continue`
passes over those that are kept.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks import page, runs
from benchmarks.machine import describe

ROOT: Final = Path(__file__).resolve().parents[1]
RECORD: Final = runs.FOLDER / "faults" / "full.json"
PAGE: Final = ROOT / "docs" / "faults.md"
BEGIN: Final = "<!-- measured: written by python -m benchmarks.faults -->"
END: Final = "<!-- end of what was measured -->"
Switches = tuple[tuple[str, str], ...]  # of the environment
FULL: Final[Switches] = (("PYAO_TEST_FULL", "1"),)
PATIENCE: Final = 4  # times what a row should take, before it is ended
LEAST_LIMIT_S: Final = 240.0

HOLDS, FAILS, UNTRIED = "holds", "**does not hold**", "not tried"


@dataclass(frozen=True)
class Check:
    """One row: what must hold and the tests that show it, in short and in full."""

    name: str
    what: str
    tests: tuple[str, ...]
    select: str = ""
    full: Switches = ()
    short: Switches = ()
    short_select: str = ""  # for what takes long and is like the rest
    full_s: float = 30.0  # how long the full form takes, about

    def arguments(self, *, full: bool) -> tuple[str, ...]:
        """Return what pytest is told."""
        select = self.select if full else self.short_select or self.select
        return (*self.tests, *(("-k", select) if select else ()))

    def environment(self, *, full: bool) -> Switches:
        """Return the switches of a form."""
        return self.full if full else self.short

    def command(self, *, full: bool) -> str:
        """Return what anybody can type to see it."""
        env = (f"{name}={value}" for name, value in self.environment(full=full))
        return " ".join((*env, "pytest", shlex.join(self.arguments(full=full))))


def _trials(count: int) -> Switches:
    return (("PYAO_TEST_TRIALS", str(count)),)


TRADES: Final = "Killed at random and at named points amid trades, crafts and shops, {}"
FAULTS: Final = {
    "frozen": "Redis frozen",
    "cut_off": "Redis cut off",
    "reset": "Way to Redis reset every 100 ms",
    "killed": "Redis killed and started again",
    "full": "Redis full (noeviction)",
    "disk_full": "Disk full under Redis' append-only file",
    "read_only": "Redis read-only",
    "password": "Redis asks for a password",
    "busy": "Redis busy with a script",
    "loading": "Redis killed, then loading an older state",
    "flushed": "FLUSHALL under the live server",
}


def _store_faults() -> Iterator[Check]:
    tests = "tests/integration/test_store_faults.py"
    for name, what in FAULTS.items():
        select = "full and not disk" if name == "full" else name  # the disk has the word, too
        yield Check(name.replace("_", "-"), what, (tests,), select, FULL, full_s=40)


CHECKS: Final = (
    *(
        Check(
            f"trades-{store}",
            TRADES.format(name),
            ("tests/integration/test_crash_trades.py",),
            store,
            _trials(100),
            _trials(2),
            full_s=330,
        )
        for store, name in (("sqlite", "SQLite"), ("redis", "Redis"))
    ),
    Check(
        "exchange",
        "Killed around the moment at which two players exchange, both stores",
        ("tests/integration/test_crash_exchange.py",),
        full=_trials(100),
        short=_trials(2),
        short_select="sqlite",
        full_s=400,
    ),
    Check(
        "crashes",
        "Killed amid walking and log-ins, both stores: nothing older than a period",
        ("tests/integration/test_crashes.py",),
        full=_trials(10),
        short=_trials(2),
        short_select="sqlite",
        full_s=120,
    ),
    Check(
        "kills",
        "Writer killed, copied and taken over at any instant",
        ("tests/storage/test_kills.py",),
        full=FULL,
        short=_trials(2),
        short_select="not redis",
        full_s=180,
    ),
    *_store_faults(),
    Check(
        "crowd",
        "A crowd of 200 (20 in short) walks and fights while Redis is frozen",
        ("tests/integration/test_outage_crowd.py",),
        full=FULL,
        full_s=55,
    ),
    Check(
        "lost-answers",
        "500 lost answers, late commits, rolled back stores: applied once",
        ("tests/storage/test_redis_faults.py",),
        full=FULL,
        full_s=60,
    ),
    Check(
        "ownership",
        "One server per world: refused, replaced, taken over, woken",
        ("tests/integration/test_ownership.py",),
        short_select="sqlite",
        full_s=40,
    ),
    Check(
        "shutdown",
        "A stop saves everybody: 500 players (30 in short), once and twice",
        ("tests/integration/test_shutdown.py",),
        short_select="sqlite",
        full=FULL,
        full_s=60,
    ),
    Check(
        "many-characters",
        "A start with 10,000 characters (500 in short), with an upgrade on the way",
        ("tests/integration/test_many_characters.py",),
        short_select="sqlite",
        full=FULL,
        full_s=60,
    ),
    Check(
        "records",
        "Damaged records set aside; stores of the first layout upgraded; newer ones refused",
        (
            "tests/integration/test_damaged_records.py",
            "tests/storage/test_records.py",
            "tests/storage/test_upgrade.py",
            "tests/integration/test_old_stores.py",
            "tests/integration/test_refused_starts.py",
        ),
    ),
    Check(
        "backups",
        "Backup, verify, restore and audit beside a running server",
        (
            "tests/integration/test_storage_commands.py",
            "tests/storage/test_backup.py",
            "tests/storage/test_verify.py",
        ),
    ),
    Check(
        "ledger",
        "The ledger agrees after random play and after every packet in every state",
        (
            "tests/storage/test_ledger.py",
            "tests/integration/test_pictures.py",
            "tests/integration/test_packet_states.py",
        ),
        short=(("PYAO_TEST_EXAMPLES", "1"),),
        full_s=90,
    ),
    Check(
        "accounts",
        "500 wrong log-ins a second, lock-outs, one of fifty log-ins",
        (
            "tests/accounts",
            "tests/integration/test_login_storm.py",
            "tests/integration/test_simultaneous_logins.py",
        ),
        full=FULL,
        full_s=80,
    ),
    Check(
        "secrets",
        "No password and no token in logs, packet dumps, figures, terminal or store",
        ("tests/integration/test_secrets.py",),
    ),
)


@dataclass(frozen=True)
class Outcome:
    """How a check ended, and where."""

    result: str
    summary: str
    figures: tuple[str, ...]
    seconds: float
    date: str = ""
    machine: str = ""
    revision: str = field(default="", compare=False)


# --- running ---------------------------------------------------------------------------------


def run(check: Check, *, full: bool) -> Outcome:
    """Run a check in a process of its own; one that hangs is ended with all it started."""
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "--log-cli-level=WARNING"]
    limit_s = max(LEAST_LIMIT_S, PATIENCE * check.full_s)
    began = time.monotonic()
    with subprocess.Popen(
        [*command, *check.arguments(full=full)],
        cwd=ROOT,
        env={**kept_environment(), **dict(check.environment(full=full))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=limit_s)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            output, _ = process.communicate()
            output += f"\n1 failed (not done within {limit_s:.0f} s) in 0s"
    seconds = time.monotonic() - began
    summary, figures = read(output)
    result = HOLDS if process.returncode == 0 else FAILS
    if result == HOLDS and "passed" not in summary:
        result = UNTRIED
    if result == FAILS:
        print(output[-4000:], file=sys.stderr, flush=True)
    today = f"{datetime.now(tz=UTC):%Y-%m-%d}"
    return Outcome(result, summary, figures, seconds, today, describe(), runs.revision())


def kept_environment() -> dict[str, str]:
    """Return ours, but let bytecode be kept: every row starts servers, which would compile anew."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def read(output: str) -> tuple[str, tuple[str, ...]]:
    """Return the last line of pytest's output, and what tests wrote into their logs."""
    found = re.findall(r"^WARNING +tests\.\S+ *\S*:\d+ (.*)$", output, re.MULTILINE)
    summaries = re.findall(r"(\d+ (?:passed|failed|error|skipped).*?) in [\d.]+s", output)
    return (summaries[-1] if summaries else "did not run"), tuple(dict.fromkeys(found))


def run_all(checks: Iterable[Check], *, at_once: int) -> Iterator[tuple[Check, Outcome]]:
    """Run the short form of checks, some at a time, and yield them in order."""
    with ThreadPoolExecutor(at_once) as pool:
        running = [(check, pool.submit(run, check, full=False)) for check in checks]
        for check, outcome in running:
            yield check, outcome.result()


def run_in_turn(checks: Iterable[Check], within_s: float) -> Iterator[tuple[Check, Outcome]]:
    """Run the full form of checks that will be done in time, and keep what they found."""
    began = time.monotonic()
    for check in checks:
        if time.monotonic() - began + check.full_s > within_s:
            continue
        outcome = run(check, full=True)
        keep({check.name: outcome})
        yield check, outcome


# --- keeping ---------------------------------------------------------------------------------


def kept(path: Path = RECORD) -> dict[str, Outcome]:
    """Return what the full forms found the last time they ran, by the name of the check."""
    if not path.is_file():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: Outcome(**{**row, "figures": tuple(row["figures"])}) for name, row in rows.items()
    }


def keep(outcomes: Mapping[str, Outcome], path: Path = RECORD) -> None:
    """Remember what checks found, beside what others did."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {name: asdict(one) for name, one in {**kept(path), **outcomes}.items()}
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


# --- showing ---------------------------------------------------------------------------------

HEAD: Final = "| what must hold | command | result | figures | took |\n" + "| --- " * 5 + "|"


def row(check: Check, outcome: Outcome, *, full: bool) -> str:
    """Return a line of the table."""
    details = "<br>".join([outcome.summary, *outcome.figures]).replace("|", "/")
    command = check.command(full=full)
    took = f"{outcome.seconds:.0f} s"
    return f"| {check.what} | `{command}` | {outcome.result} | {details} | {took} |"


def measured(outcomes: Mapping[str, Outcome]) -> str:
    """Return the text of docs/faults.md about what is kept."""
    days = sorted({outcome.date for outcome in outcomes.values()})
    machines = sorted({outcome.machine for outcome in outcomes.values()})
    when = " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "nothing yet"
    total = sum(outcome.seconds for outcome in outcomes.values()) / 60
    about = (
        f"`python -m benchmarks.faults --full`, {when}, on {'; '.join(machines)}:\n"
        f"{total:.0f} minutes in all. One row again: `--only NAME`; `--help` shows the names."
    )
    shown = [
        row(check, outcomes[check.name], full=True) for check in CHECKS if check.name in outcomes
    ]
    return "\n".join((BEGIN, "", about, "", HEAD, *shown, "", END))


def chosen(only: Iterable[str], skip: Iterable[str] = ()) -> list[Check]:
    """Return the checks of these names, all without any, but for those to skip."""
    names = set(only)
    return [one for one in CHECKS if (not names or one.name in names) and one.name not in skip]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    names = [check.name for check in CHECKS]
    parser.add_argument("--full", action="store_true", help="the full counts and times")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help=", ".join(names))
    parser.add_argument("--within", type=float, default=1e9, metavar="S", help="time for --full")
    parser.add_argument("--continue", dest="go_on", action="store_true", help="not what is kept")
    parser.add_argument("--at-once", type=int, default=0, help="rows at a time in the short form")
    parser.add_argument("--page", action="store_true", help="only write the page of what is kept")
    given = parser.parse_args()
    unknown = sorted(set(given.only) - set(names))
    if unknown:
        parser.error(f"no check {', '.join(unknown)}; there are {', '.join(names)}")
    return given


def main() -> None:
    """Run the checks that are asked for and print the table."""
    given = arguments()
    failed = False
    if not given.page:
        print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {describe()}\n\n{HEAD}", flush=True)
        done = {name for name, one in kept().items() if one.result == HOLDS} if given.go_on else ()
        checks = chosen(given.only, done)
        at_once = given.at_once or len(os.sched_getaffinity(0))
        outcomes = (
            run_in_turn(checks, given.within) if given.full else run_all(checks, at_once=at_once)
        )
        for check, outcome in outcomes:
            failed |= outcome.result == FAILS
            print(row(check, outcome, full=given.full), flush=True)
    if given.full or given.page:
        page.put(measured(kept()), PAGE, (BEGIN, END))
        left = [check.name for check in chosen((), kept())]
        print(
            f"\n{PAGE} shows what is kept" + (f"; still to run: {' '.join(left)}" if left else "")
        )
    sys.exit(failed)


if __name__ == "__main__":
    main()
