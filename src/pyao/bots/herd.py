"""The bots of one process: bring them in, let them play, measure."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from random import Random
from typing import Final

from pyao.bots.answers import Answers
from pyao.bots.bot import GONE, Bot, Shared
from pyao.bots.ground import Ground
from pyao.bots.hunter import Hunter
from pyao.bots.meter import Meter
from pyao.bots.options import BotOptions, Mode
from pyao.bots.report import BotReport

FORGET_S: Final = 10.0
LATE_ONES_S: Final = 1.0  # after the measurement, for steps that are still under way
TRIES: Final = 60
PAUSE_S: Final = (0.3, 1.0)
LATE_READS_S: Final = 0.3  # from one read of a late bot to its next
LATE_SHARES: Final = 40  # of the late bots, so that they are not read all at once


class Herd:
    """Bots with consecutive numbers, one clock and one tally."""

    def __init__(self, options: BotOptions) -> None:
        self.options = options
        self.refusals: Counter[str] = Counter()  # why bots are not in the game
        self.bots: list[Bot] = []
        self._shared = Shared(
            options, Answers.of_this_server(), Meter(), Ground(), Random(options.seed)
        )
        self._door = asyncio.Semaphore(options.logins_at_once)
        self._late: list[Bot] = []  # they read late: all but the watchers
        self._reading: asyncio.Task[None] | None = None
        self.join_s = 0.0

    @property
    def playing(self) -> int:
        """How many bots are in the game."""
        return sum(bot.playing for bot in self.bots)

    async def join(self) -> int:
        """Bring all bots in, a few at a time; each plays as soon as it is in. Return how many."""
        started = time.perf_counter()
        options = self.options
        numbers = range(options.first, options.first + options.count)
        kind = Hunter if options.mode is Mode.FIGHT else Bot
        self.bots = [kind(number, self._shared) for number in numbers]
        if options.mode in {Mode.WALK, Mode.STAND}:  # the others must see at once what happens
            # By lot: a fixed step would fall in with the order of places, and put all watchers on
            # one of two maps.
            self._late = self._shared.random.sample(
                self.bots, max(0, len(self.bots) - options.watchers)
            )
        self._reading = asyncio.create_task(self._read_late())
        await asyncio.gather(*(self._bring(bot) for bot in self.bots))
        self.join_s = time.perf_counter() - started
        # The bots stay, and looking at them again and again would cost milliseconds. Now, long
        # before anything is measured: all of them are a step late afterwards.
        gc.collect()
        gc.freeze()
        return self.playing

    async def _bring(self, bot: Bot) -> None:
        """Let a bot in; while the server is busy, try again."""
        refusal = ""
        async with self._door:
            for _ in range(TRIES):
                refusal = await bot.enter()
                if not refusal:
                    if bot in self._late:
                        bot.read_late()
                    bot.start()
                    return
                if refusal != GONE and refusal not in self._shared.answers.busy:
                    break
                await asyncio.sleep(self._shared.random.uniform(*PAUSE_S))
        self.refusals[refusal] += 1

    async def _read_late(self) -> None:
        """Read for all bots but the watchers.

        Every stream is still parsed whole and every fault found; only the times are of a sample.
        """
        shares = [self._late[first::LATE_SHARES] for first in range(LATE_SHARES)]
        while self._late:
            for share in shares:
                for bot in share:
                    if bot.playing:
                        bot.read_late()
                await asyncio.sleep(LATE_READS_S / LATE_SHARES)

    async def measure(self, seconds: float) -> BotReport:
        """Let the bots play for so long, then stand still; return what was seen.

        `halt` afterwards: steps that are still under way belong to the latencies too.
        """
        meter = self._shared.meter
        began, cpu = time.perf_counter(), time.process_time()
        meter.begin()
        while (left := began + seconds - time.perf_counter()) > 0:
            await asyncio.sleep(min(left, FORGET_S))
            meter.forget()
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        tally = meter.end()
        for bot in self.bots:
            bot.stop()
        return BotReport(
            wanted=self.options.count,
            playing=self.playing,
            join_s=self.join_s,
            seconds=took,
            cpu_share=cpu / took,
            watching=sum(bot.playing and not bot.late for bot in self.bots),
            refusals=self.refusals,
            tally=tally,
        )

    async def come_and_go(self, seconds: float, per_s: float) -> int:
        """Let bots log in and out again at a steady pace; return how many log-ins succeeded.

        A bot whose turn comes while it is still at the door misses it.
        """
        options = self.options
        numbers = range(options.first, options.first + options.count)
        self.bots = [Bot(number, self._shared) for number in numbers]
        began = time.perf_counter()
        visits: list[asyncio.Task[bool]] = []
        for turn in range(int(seconds * per_s)):
            await asyncio.sleep(max(0.0, began + turn / per_s - time.perf_counter()))
            visits.append(asyncio.create_task(self._visit(self.bots[turn % options.count])))
        await asyncio.sleep(max(0.0, began + seconds - time.perf_counter()))
        succeeded = sum(visit.done() and visit.result() for visit in visits)
        await asyncio.gather(*visits)
        return succeeded

    async def _visit(self, bot: Bot) -> bool:
        if self._door.locked():
            return False
        async with self._door:
            refusal = await bot.enter()
        bot.leave()
        if refusal:
            self.refusals[refusal] += 1
        return not refusal

    async def halt(self) -> None:
        """Let all bots stand still and wait for what they still have to see."""
        for bot in self.bots:
            bot.stop()
        await asyncio.sleep(LATE_ONES_S)

    async def leave(self) -> None:
        """Close all connections."""
        if self._reading is not None:
            self._reading.cancel()
        for bot in self.bots:
            bot.leave()
        gc.unfreeze()
        await asyncio.sleep(0)
