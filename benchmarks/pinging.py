"""PING in a closed loop: the whole way of a packet through the server, without a crowd."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

from benchmarks.closed_loop import CONNECTIONS, Asked, ClosedLoop, Job, tired
from benchmarks.ground import spread
from benchmarks.in_turn import Round, in_turn, mostly
from benchmarks.places import Bench, prepared
from benchmarks.server import Server, Usage
from pyao.bots import BotOptions
from pyao.bots.role import bot_name, log_in
from pyao.protocol.client_packets import Ping
from pyao.protocol.server_packets import Pong

ROUND_PART: Final = 1 / 6  # of the length of a measurement


async def pinging(bench: Bench) -> dict[str, Any]:
    """Ask PING on a hundred connections, in turn with the echo and by the same generator."""
    found: list[tuple[Asked, Usage]] = []
    with prepared(spread(CONNECTIONS)) as place:
        async with Server(
            place.folder, bench.cores, place.options, {"PYAO_PACKET_RATE": "0"}
        ) as server:
            greetings = [
                log_in(bot_name(number), BotOptions.password).encode().hex()
                for number in range(CONNECTIONS)
            ]
            job = Job(server.port, Ping().encode().hex(), Pong().encode().hex(), greetings)
            async with ClosedLoop(bench.cores, job) as generator:

                async def ask() -> float:
                    seconds = bench.seconds * ROUND_PART
                    asked, usage = await generator.measure(seconds, server.watch())
                    found.append((asked, usage))
                    return usage.cpu_s / asked.asked * 1e6

                rounds = await in_turn(bench, ask)
    return figures(found, rounds)


def figures(found: Sequence[tuple[Asked, Usage]], rounds: Sequence[Round]) -> dict[str, Any]:
    """Put together what the generator saw, what the server used, and how the echo compares."""
    asked = sum(each.asked for each, _ in found)
    return {
        "saturated": mostly([tired(each, usage) for each, usage in found]),
        "generator_cpu_share": round(median(each.cpu_share for each, _ in found), 3),
        "pings_per_s": round(median(each.asked / each.seconds for each, _ in found)),
        "answered_share": round(sum(each.answered for each, _ in found) / asked, 4),
        "cpu_per_ping_us": round(median(each.cpu_us for each in rounds), 2),
        "echo_share": round(median(each.echo_us / each.cpu_us for each in rounds), 3),
        "server_cpu_share": round(median(usage.cpu_s / usage.seconds for _, usage in found), 3),
        "others_share": round(max(usage.others_share for _, usage in found), 3),
        "rounds": list(rounds),
    }
