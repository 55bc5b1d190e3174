"""The verdict of an endurance run, on figures made by hand."""

from __future__ import annotations

import asyncio

from benchmarks.endurance import LATENESS, MEMORY, NEVER, SAME, Record, lateness, look, verdict


def empty_server(**changes: float) -> dict[str, float]:
    """Return the figures of a server nobody plays on."""
    buckets = {f'{LATENESS}_bucket{{le="{bound}"}}': 1000.0 for bound in ("0.005", "0.1", "+Inf")}
    return {
        **dict.fromkeys(SAME.values(), 7.0),
        **dict.fromkeys(NEVER.values(), 0.0),
        **buckets,
        MEMORY: 80e6,
        "pyao_logins_total": 100.0,
    } | changes


def later(**changes: float) -> dict[str, float]:
    ticks = {
        f'{LATENESS}_bucket{{le="0.005"}}': 1995.0,
        f'{LATENESS}_bucket{{le="0.1"}}': 2000.0,
        f'{LATENESS}_bucket{{le="+Inf"}}': 2000.0,
    }
    return empty_server(**ticks) | changes


def missed(after: dict[str, float]) -> list[str]:
    record = Record(empty_server(), after, hours=1.0)
    return [line.what for line in verdict(record) if not line.good]


def test_a_server_that_is_as_before_passes() -> None:
    assert missed(later(**{MEMORY: 86e6})) == []


def test_what_is_left_over_is_named() -> None:
    assert missed(later(pyao_tasks=8.0)) == ["tasks"]
    assert missed(later(pyao_character_indices=6.0)) == ["character indices"]


def test_memory_may_grow_a_little() -> None:
    assert missed(later(**{MEMORY: 86.1e6})) == ["memory, MB"]


def test_a_failure_is_one_too_many() -> None:
    assert missed(later(pyao_packet_failures_total=1.0)) == ["packets that failed"]


def test_lateness_counts_from_the_base_line() -> None:
    assert lateness(later(), empty_server(), 0.99) == 0.005
    slow = later(**{f'{LATENESS}_bucket{{le="0.005"}}': 1900.0})
    assert lateness(slow, empty_server(), 0.99) == 0.1
    assert missed(slow) == ["tick lateness, p99"]


def test_lateness_on_a_busy_machine_proves_nothing() -> None:
    slow = later(**{f'{LATENESS}_bucket{{le="0.005"}}': 1900.0})
    record = Record(empty_server(), slow, hours=1.0, others_share=0.5)
    assert all(line.good for line in verdict(record))


async def answer_once(page: bytes) -> tuple[asyncio.Server, tuple[str, int]]:
    """Listen on loopback and answer whatever is asked with a page."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(page)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[:2]


async def test_a_server_without_time_to_answer_ends_no_run() -> None:
    busy = b"HTTP/1.0 503 Service Unavailable\r\n\r\nthe loop does not answer\n"
    server, address = await answer_once(busy)
    async with server:
        assert await look(address) is None
    assert await look(address) is None  # nobody listens at all
    server, address = await answer_once(b"HTTP/1.0 200 OK\r\n\r\n# a comment\npyao_tasks 5.0\n")
    async with server:
        assert await look(address) == {"pyao_tasks": 5.0}
