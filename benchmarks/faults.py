"""The fault checks as one table: `python -m benchmarks.faults [--full] [--only NAME ...]`.

Each row is a test anybody can run by itself with the command it names. Without `--full` everything
is tried once, some rows at a time: it takes two minutes on two cores and no figure counts. In full
it takes half an hour on a machine that does nothing else: first the rows that only count, some at a
time, then one by one those whose figures are times. What each row found is kept at once in
`benchmarks/history/faults/` and written into docs/faults.md, so that a run may be split:
`--full --within 900` begins anew and starts no row that would not be done by then; with
`--continue` as well it goes on with those that are not kept yet, or did not hold.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
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
LOOK_S: Final = 0.2

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
    timed: bool = False  # its figures are times: in full it has the machine for itself

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


TRADES: Final = "Killed at random and at named points amid trades, crafts, orders and gifts, {}"
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
    "dies": "Redis killed 50 times (twice in short), each time gone for 1 to 5 s",
}


def _store_faults() -> Iterator[Check]:
    tests = "tests/integration/test_store_faults.py"
    for name, what in FAULTS.items():
        select = "full and not disk" if name == "full" else name  # the disk has the word, too
        about_s = 240 if name == "dies" else 40
        yield Check(
            name.replace("_", "-"), what, (tests,), select, FULL, full_s=about_s, timed=True
        )


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
        "handover",
        "Killed when a thing went from a vault through two or three hands and the last one left",
        ("tests/integration/test_crash_handover.py",),
        full=_trials(100),
        short=_trials(1),
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
        full_s=240,
    ),
    Check(
        "both",
        "Killed together with Redis amid trades, crafts, orders and gifts",
        ("tests/integration/test_crash_both.py",),
        full=_trials(50),
        short=_trials(1),
        full_s=200,
    ),
    *_store_faults(),
    Check(
        "crowd",
        "A crowd of 200 (20 in short) walks and fights while Redis is frozen",
        ("tests/integration/test_outage_crowd.py",),
        full=FULL,
        full_s=55,
        timed=True,
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
        full=FULL,
        full_s=40,
        timed=True,
    ),
    Check(
        "shutdown",
        "A stop saves everybody: 500 players (30 in short), once and twice",
        ("tests/integration/test_shutdown.py",),
        short_select="sqlite",
        full=FULL,
        full_s=60,
        timed=True,
    ),
    Check(
        "many-characters",
        "A start with 10,000 characters (500 in short), with an upgrade on the way",
        ("tests/integration/test_many_characters.py",),
        short_select="sqlite",
        full=FULL,
        full_s=60,
        timed=True,
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
        timed=True,
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


class Run:
    """A check that is being run, in a process of its own; what it starts ends with it."""

    def __init__(self, check: Check, *, full: bool) -> None:
        self.check = check
        self._limit_s = max(LEAST_LIMIT_S, PATIENCE * check.full_s)
        self._began = time.monotonic()
        self._output = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - until `end`
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "--log-cli-level=WARNING"]
        self._process = subprocess.Popen(
            [*command, *check.arguments(full=full)],
            cwd=ROOT,
            env={**kept_environment(), **dict(check.environment(full=full))},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def is_over(self) -> bool:
        """Whether it is done, or has had all its time."""
        return self._process.poll() is not None or self._took_s > self._limit_s

    @property
    def _took_s(self) -> float:
        return time.monotonic() - self._began

    def wait(self, seconds: float) -> None:
        """Wait so long, or until it is done."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def end(self) -> Outcome:
        """End whatever of it still runs; return what came of it."""
        took_s, hangs = self._took_s, self._process.poll() is None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with self._output as file:
            file.seek(0)
            output = file.read()
        if hangs:
            output += f"\n1 failed (not done within {took_s:.0f} s) in 0s"
        summary, figures = read(output)
        result = HOLDS if self._process.returncode == 0 else FAILS
        if result == HOLDS and "passed" not in summary:
            result = UNTRIED
        if result == FAILS:
            print(output[-4000:], file=sys.stderr, flush=True)
        today = f"{datetime.now(tz=UTC):%Y-%m-%d}"
        return Outcome(result, summary, figures, took_s, today, describe(), runs.revision())


def kept_environment() -> dict[str, str]:
    """Return ours, but let bytecode be kept: every row starts servers, which would compile anew."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def read(output: str) -> tuple[str, tuple[str, ...]]:
    """Return the last line of pytest's output, and what tests wrote into their logs."""
    found = re.findall(r"^WARNING +tests\.\S+ *\S*:\d+ (.*)$", output, re.MULTILINE)
    summaries = re.findall(r"(\d+ (?:passed|failed|error|skipped).*?) in [\d.]+s", output)
    return (summaries[-1] if summaries else "did not run"), tuple(dict.fromkeys(found))


def run_some(
    checks: Iterable[Check], *, full: bool, at_once: int, until: float = math.inf
) -> Iterator[tuple[Check, Outcome]]:
    """Run checks, some at a time, and yield each when it is over.

    In full, none is begun that would not be done at a moment of the monotonic clock. Whatever ends
    this ends what it runs.
    """
    waiting, running = deque(checks), list[Run]()
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                check = waiting.popleft()
                if time.monotonic() + check.full_s <= until:
                    running.append(Run(check, full=full))
            for one in [run for run in running if run.is_over]:
                running.remove(one)
                yield one.check, one.end()
            if running:
                running[0].wait(LOOK_S)
    finally:
        for one in running:
            one.end()


def run_full(
    checks: Sequence[Check], *, at_once: int, within_s: float
) -> Iterator[tuple[Check, Outcome]]:
    """Run the full form of checks that will be done in time, and keep what they found."""
    until = time.monotonic() + within_s
    counted = [check for check in checks if not check.timed]
    timed = [check for check in checks if check.timed]
    for some, number in ((counted, at_once), (timed, 1)):
        for check, outcome in run_some(some, full=True, at_once=number, until=until):
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


def held(path: Path = RECORD) -> set[str]:
    """Return the names of the checks that held the last time their full forms ran."""
    return {name for name, one in kept(path).items() if one.result == HOLDS}


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
    parser.add_argument("--within", type=float, default=1e9, metavar="S", help="seconds for --full")
    parser.add_argument("--continue", dest="go_on", action="store_true", help="not what is kept")
    parser.add_argument("--at-once", type=int, default=0, help="rows at a time")
    parser.add_argument("--page", action="store_true", help="only write the page of what is kept")
    given = parser.parse_args()
    unknown = sorted(set(given.only) - set(names))
    if unknown:
        parser.error(f"no check {', '.join(unknown)}; there are {', '.join(names)}")
    return given


def main() -> None:
    """Run the checks that are asked for and print the table."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left running
    given = arguments()
    failed = False
    if not given.page:
        print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {describe()}\n\n{HEAD}", flush=True)
        if given.full and not (given.go_on or given.only):
            RECORD.unlink(missing_ok=True)
        checks = chosen(given.only, held() if given.go_on else ())
        at_once = given.at_once or len(os.sched_getaffinity(0))
        outcomes = (
            run_full(checks, at_once=at_once, within_s=given.within)
            if given.full
            else run_some(checks, full=False, at_once=at_once)
        )
        for check, outcome in outcomes:
            failed |= outcome.result == FAILS
            print(row(check, outcome, full=given.full), flush=True)
    if given.full or given.page:
        page.put(measured(kept()), PAGE, (BEGIN, END))
        left = [check.name for check in chosen((), held())]
        print(
            f"\n{PAGE} shows what is kept" + (f"; still to run: {' '.join(left)}" if left else "")
        )
    sys.exit(failed)


if __name__ == "__main__":
    main()
