"""A whole run: all bots in, one measurement, all out; in one process or in several."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import Any, Final

from pyao.bots.herd import Herd
from pyao.bots.options import BotOptions
from pyao.bots.report import BotReport
from pyao.errors import ConfigError, PyaoError

TOGETHER_S: Final = 600.0  # how long the first process waits for the last to have all bots in


async def play(options: BotOptions) -> BotReport:
    """Let bots enter a server, play, and leave; return what they measured."""
    if options.processes > 1:
        return await _play_in_processes(options)
    return await _play(options, None)


async def _play(options: BotOptions, barrier: Barrier | None) -> BotReport:
    herd = Herd(options)
    try:
        if not await herd.join():
            raise ConfigError(_nobody(herd))
        if barrier is not None:
            await asyncio.to_thread(barrier.wait, TOGETHER_S)
        await asyncio.sleep(options.settle_s)
        report = await herd.measure(options.minutes * 60)
        await herd.halt()
        return report
    finally:
        await herd.leave()


def _nobody(herd: Herd) -> str:
    ((why, _),) = herd.refusals.most_common(1)
    options = herd.options
    return f"no bot got into {options.host}:{options.port}: {why}; see --host and --port"


async def _play_in_processes(options: BotOptions) -> BotReport:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(options.processes)
    children = [_start(context, share, barrier) for share in shares(options)]
    try:
        reports = [await _result(pipe) for _, pipe in children]
    finally:
        for process, _ in children:
            process.terminate()
            await asyncio.to_thread(process.join)
    return BotReport.together(reports)


async def _result(pipe: Connection) -> BotReport:
    try:
        result: BotReport | str = await asyncio.to_thread(pipe.recv)
    except EOFError:
        result = "a process of bots ended before its time"
    if isinstance(result, str):
        raise ConfigError(result)
    return result


def shares(options: BotOptions) -> list[BotOptions]:
    """Return what each process has to do."""
    parts: list[BotOptions] = []
    first = options.first
    for number in range(options.processes):
        count = (options.count + number) // options.processes
        parts.append(
            replace(
                options,
                first=first,
                count=count,
                processes=1,
                seed=options.seed + number,
                logins_at_once=max(1, options.logins_at_once // options.processes),
            )
        )
        first += count
    return parts


def _start(
    context: SpawnContext, options: BotOptions, barrier: Barrier
) -> tuple[SpawnProcess, Connection]:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(options, barrier, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _child(options: BotOptions, barrier: Barrier, pipe: Connection) -> None:
    runner: Callable[[Coroutine[Any, Any, BotReport]], BotReport] = asyncio.run
    if find_spec("uvloop") is not None:
        runner = import_module("uvloop").run
    try:
        pipe.send(runner(_play(options, barrier)))
    except (PyaoError, BrokenBarrierError) as error:
        barrier.abort()  # nobody need wait for this one
        pipe.send(str(error))
