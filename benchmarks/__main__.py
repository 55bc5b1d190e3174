"""`python -m benchmarks`: measure the server on one core against load from another.

Prints one table with the budgets of the design, and keeps the run in `benchmarks/history/`. Beside
it stands `python -m benchmarks.module_reload`: modules that change under players.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import Any, Final

import uvloop
from rich.console import Console

from benchmarks import runs
from benchmarks.echo import Calibration, calibrate
from benchmarks.machine import Cores, describe
from benchmarks.scenarios import Bench, scenarios
from benchmarks.store import Redis
from benchmarks.table import derive, table

# Takes a machine whose second core can drive two thousand bots.
BY_REQUEST: Final = {"walk-2000"}
CALIBRATION_S: Final = 3.0

out = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = list(scenarios())
    parser.add_argument("scenario", nargs="*", help=f"which to run: {', '.join(names)}")
    parser.add_argument("--all", action="store_true", help="also those only run by request")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of a measurement")
    parser.add_argument("--walkers", type=int, default=1000, help="crowd beside the log-ins")
    parser.add_argument("--no-save", action="store_true", help="keep no record of the run")
    parser.add_argument(
        "--anyway", action="store_true", help="show figures although the machine was busy"
    )
    given = parser.parse_args()
    unknown = sorted(set(given.scenario) - set(names))
    if unknown:
        parser.error(f"no scenario {', '.join(unknown)}; there are {', '.join(names)}")
    return given


async def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Run the chosen scenarios between two calibrations."""
    cores = Cores.of_this_machine()
    os.sched_setaffinity(0, {cores.load})
    bench = Bench(cores, given.seconds, given.walkers)
    chosen = given.scenario or [name for name in scenarios() if given.all or name not in BY_REQUEST]
    echoes = [await calibrate(cores, CALIBRATION_S)]
    results: dict[str, dict[str, Any]] = {}
    for name in chosen:
        if name.startswith("redis") and not Redis.installed():
            out.print(f"{name}: skipped, there is no redis-server here")
            continue
        out.print(f"{name} ...")
        results[name] = await scenarios()[name](bench)
    echoes.append(await calibrate(cores, CALIBRATION_S))
    echo_us = sum(echo.cpu_us for echo in echoes) / len(echoes)
    derive(results, echo_us)
    return {
        "machine": MACHINE,
        "date": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "revision": runs.revision(),
        "seconds": given.seconds,
        "echo_us": round(echo_us, 2),
        "echo": [_plain(echo) for echo in echoes],
        "results": results,
    }


def _plain(echo: Calibration) -> dict[str, float]:
    return {"requests_per_s": round(echo.requests_per_s), "cpu_us": round(echo.cpu_us, 2)}


def main() -> None:
    """Measure, show, keep."""
    given = arguments()
    before = runs.latest(MACHINE)
    run = uvloop.run(measure(given))
    out.print(f"{MACHINE}, {run['date']}, {run['revision']}")
    out.print(table(run["results"], before, run["echo_us"], anyway=given.anyway))
    if not given.no_save:
        out.print(f"kept in {runs.save(run)}")


MACHINE: Final = describe()  # before we pin ourselves to one core

if __name__ == "__main__":
    main()
