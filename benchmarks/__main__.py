"""`python -m benchmarks`: measure the server on one core against load from another.

Prints one table with the budgets of the design, and keeps the run in `benchmarks/history/`. All of
it takes thirteen minutes, on a machine that does nothing else. `--short` only shows that everything
runs: small crowds, short times, no record.
Beside it stands `python -m benchmarks.module_reload`: modules that change under players.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import uvloop
from rich.console import Console

from benchmarks import page, runs
from benchmarks.echo import Calibration, calibrate
from benchmarks.machine import Cores, describe
from benchmarks.places import Bench
from benchmarks.scenarios import BY_REQUEST, scenarios
from benchmarks.store import Redis
from benchmarks.table import lines, table, unexplained
from pyao.errors import PyaoError

CALIBRATION_S: Final = 3.0
LONGEST_S: Final = 240.0  # for one scenario, beside what it measures
SHORT_S: Final = 1.0
SHORT_SCALE: Final = 0.05
SHORT_ROUNDS: Final = 2

out = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = list(scenarios())
    parser.add_argument("scenario", nargs="*", help=f"which to run: {', '.join(names)}")
    parser.add_argument("--all", action="store_true", help="also those only run by request")
    parser.add_argument("--short", action="store_true", help="only show that everything runs")
    parser.add_argument("--seconds", type=float, default=12.0, help="length of a measurement")
    parser.add_argument("--endurance", type=float, default=600.0, help="length of the long one")
    parser.add_argument("--walkers", type=int, default=1000, help="crowd beside the log-ins")
    parser.add_argument("--classic", type=Path, help="a compiled world to fight on")
    parser.add_argument("--page", action="store_true", help="write docs/capacity.md too")
    parser.add_argument("--no-save", action="store_true", help="keep no record of the run")
    parser.add_argument(
        "--anyway", action="store_true", help="show figures although the machine was busy"
    )
    given = parser.parse_args()
    unknown = sorted(set(given.scenario) - set(names))
    if unknown:
        parser.error(f"no scenario {', '.join(unknown)}; there are {', '.join(names)}")
    return given


def bench_of(given: argparse.Namespace, cores: Cores) -> Bench:
    """Return how to measure."""
    if given.short:
        return Bench(
            cores,
            SHORT_S,
            settle_s=0.2,
            scale=SHORT_SCALE,
            classic=given.classic,
            endurance_s=2 * SHORT_S,
            rounds=SHORT_ROUNDS,
        )
    return Bench(
        cores,
        given.seconds,
        given.walkers,
        classic=given.classic,
        endurance_s=given.endurance,
    )


async def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Run the chosen scenarios between calibrations."""
    cores = Cores.of_this_machine()
    os.sched_setaffinity(0, {cores.load})
    bench = bench_of(given, cores)
    everything = given.all or given.short
    chosen = given.scenario or [
        name for name in scenarios() if everything or name not in BY_REQUEST
    ]
    calibration_s = SHORT_S if given.short else CALIBRATION_S
    echoes = [await calibrate(cores, calibration_s)]
    results: dict[str, dict[str, Any]] = {}
    half = len(chosen) // 2
    for part in (chosen[:half], chosen[half:]):
        results.update(await run_all(bench, part))
        echoes.append(await calibrate(cores, calibration_s))
    echo_us = sum(echo.cpu_us for echo in echoes) / len(echoes)
    return {
        "machine": MACHINE,
        "date": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "revision": runs.revision(),
        "seconds": bench.seconds,
        "echo_us": round(echo_us, 2),
        "echo": [_plain(echo) for echo in echoes],
        "results": results,
    }


async def run_all(bench: Bench, chosen: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Run scenarios one after the other; what becomes of one is no reason to miss the rest."""
    results: dict[str, dict[str, Any]] = {}
    for name in chosen:
        if name.startswith("redis") and not Redis.installed():
            results[name] = {"skipped": "there is no redis-server here"}
            continue
        began = time.perf_counter()
        limit = LONGEST_S + 3 * max(bench.seconds, bench.endurance_s * (name in BY_REQUEST))
        try:
            async with asyncio.timeout(limit):
                results[name] = await scenarios()[name](bench)
        except TimeoutError:
            results[name] = {"failed": f"not done within {limit:.0f} s"}
        except (OSError, RuntimeError, ValueError, ArithmeticError, PyaoError) as error:
            results[name] = {"failed": f"{type(error).__name__}: {error}"[:300]}
        out.print(f"{name}: {time.perf_counter() - began:.0f} s", results[name].get("failed", ""))
    return results


def _plain(echo: Calibration) -> dict[str, float | str]:
    return {
        "requests_per_s": round(echo.requests_per_s),
        "cpu_us": round(echo.cpu_us, 2),
        "tired": echo.tired,
    }


def main() -> None:
    """Measure, show, keep."""
    given = arguments()
    before = runs.latest(MACHINE)
    run = uvloop.run(measure(given))
    results, echo_us = run["results"], run["echo_us"]
    out.print(f"{MACHINE}, {run['date']}, {run['revision']}")
    if given.short:
        out.print(f"Short form: crowds of {SHORT_SCALE:.0%} for {SHORT_S:.0f} s; no figure counts.")
    out.print(table(lines(results, before, echo_us, anyway=given.anyway), echo_us))
    if not (given.no_save or given.short):
        out.print(f"kept in {runs.save(run)}")
    if given.page:
        page.put(page.measured(run, before))
        out.print(f"written into {page.PAGE}")
    failed = [name for name, figures in results.items() if figures.get("failed")]
    missing = unexplained(results)
    for text in (*(f"{name} failed" for name in failed), *missing):
        out.print(f"no figure: {text}")
    sys.exit(1 if failed or missing else 0)


MACHINE: Final = describe()  # before we pin ourselves to one core

if __name__ == "__main__":
    main()
