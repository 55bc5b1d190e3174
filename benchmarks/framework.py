"""What the bus and the modules cost a walking crowd: one server, with modules and without in turn.

A machine's pace changes within minutes, so the states take turns several times over in one server
under one crowd. The examples listen to log-ins, chat, deaths and experience, as most modules do;
the listener hears each step and each packet, which costs the most there is to hear.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.ground import spread
from benchmarks.places import Bench, prepared
from benchmarks.server import Server
from pyao.bots import Herd
from pyao.console.remote import RemoteConsole

ROUNDS: Final = 4
SETTLE_S: Final = 0.5  # after modules were started or stopped
BOTS: Final = 500

EXAMPLES: Final = Path(__file__).parent.parent / "examples" / "modules"
LISTENER: Final = '''"""Hears each step and each packet."""
from pyao import BaseModule, EventTypes


class Listener(BaseModule):
    def enable(self):
        self.heard = 0
        self.on(EventTypes.PLAYER_MOVED, self.hear)
        self.on(EventTypes.CLIENT_MESSAGE, self.hear)

    def hear(self, event):
        self.heard += 1
'''


async def framework(bench: Bench) -> dict[str, Any]:
    """Let a crowd walk without modules, with the examples, and with a listener beside them."""
    crowd = spread(bench.size(BOTS))
    costs: dict[str, list[float]] = {"none": [], "examples": [], "listener": []}
    faults = 0
    others = 0.0
    with prepared(crowd) as place:
        modules = place.folder / "modules"
        shutil.copytree(EXAMPLES, modules, ignore=shutil.ignore_patterns("__pycache__"))
        names = sorted(path.stem for path in modules.glob("*.py"))
        begins = {"none": [], "examples": names, "listener": ["listener"]}
        (modules / "listener.py").write_text(LISTENER)
        async with Server(place.folder, bench.cores, place.options) as server:
            console = await RemoteConsole.connect(place.folder)
            herd = Herd(place.bots(server.port))
            await herd.join()
            await switch(console, "stop", ["listener", *names])
            await asyncio.sleep(bench.settle_s)
            for _ in range(ROUNDS):
                for state, each in costs.items():
                    await switch(console, "start", begins[state])
                    await asyncio.sleep(SETTLE_S)
                    watch = server.watch()
                    report = await herd.measure(bench.seconds / 3)
                    usage = watch.used()
                    each.append(usage.cpu_s / max(report.steps, 1) * 1e6)
                    faults += report.faults
                    others = max(others, usage.others_share)
                    for bot in herd.bots:
                        bot.start()
                await switch(console, "stop", ["listener", *names])
            await console.close()
            await herd.leave()
    return {"faults": faults, "others_share": round(others, 3), **figures(costs)}


async def switch(console: RemoteConsole, verb: str, names: list[str]) -> None:
    """Start or stop modules; RuntimeError when one does not do as it is told."""
    for name in names:
        answer = await console.run(f"{verb} {name}")
        if not answer.ok:
            raise RuntimeError(f"{verb} {name}: {answer.error}")


def figures(costs: dict[str, list[float]]) -> dict[str, Any]:
    """Return what a walk costs in each state, and how much more than without, round by round.

    Differences are taken within a round, where the machine had one pace.
    """
    bare = costs["none"]
    slower = {
        state: [(own / without - 1) * 100 for own, without in zip(each, bare, strict=True)]
        for state, each in costs.items()
    }
    return {
        "cpu_per_walk_us": {state: round(median(each), 1) for state, each in costs.items()},
        "slower_percent": {state: round(median(each), 1) for state, each in slower.items()},
        "rounds_us": {state: [round(one, 1) for one in each] for state, each in costs.items()},
    }
