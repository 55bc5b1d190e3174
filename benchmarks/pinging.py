"""PING in a closed loop: the whole way of a packet through the server, without a crowd."""

from __future__ import annotations

from typing import Any

from benchmarks.closed_loop import CONNECTIONS, ClosedLoop, Job, tired
from benchmarks.ground import spread
from benchmarks.places import Bench, prepared
from benchmarks.server import Server
from pyao.bots import BotOptions
from pyao.bots.role import bot_name, log_in
from pyao.protocol.client_packets import Ping
from pyao.protocol.server_packets import Pong


async def pinging(bench: Bench) -> dict[str, Any]:
    """Ask PING on a hundred connections, as the echo is asked, by the same generator."""
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
                asked, usage = await generator.measure(bench.seconds, server.watch())
    return {
        "saturated": tired(asked, usage),
        "generator_cpu_share": round(asked.cpu_share, 3),
        "pings_per_s": round(asked.asked / asked.seconds),
        "answered_share": round(asked.answered / asked.asked, 4),
        "cpu_per_ping_us": round(usage.cpu_s / asked.asked * 1e6, 2),
        "server_cpu_share": round(usage.cpu_s / usage.seconds, 3),
        "others_share": round(usage.others_share, 3),
    }
