"""A herd on a whole server in this process."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.running import Running, Start, running_fixture, start_fixture

from pyao.bots import BotOptions, Herd, Mode

__all__ = ["running_fixture", "start_fixture"]


def options(running: Running) -> BotOptions:
    port = running.app.server.addresses[0][1]
    return BotOptions(port=port, count=6, talk_s=0.5, roam_tiles=6)


async def test_bots_enter_walk_talk_and_see_each_other(running: Running) -> None:
    herd = Herd(options(running))
    assert await herd.join() == 6
    report = await herd.measure(1.5)
    await herd.halt()
    assert report.faults == 0
    assert report.steps > 20
    assert report.observers == pytest.approx(5, abs=1.5)
    assert len(report.tally.latency) > 0
    assert report.tally.talks > 0
    await herd.leave()


async def test_of_many_bots_some_take_the_times_and_the_others_count(running: Running) -> None:
    herd = Herd(replace(options(running), watchers=2, talk_s=0))
    assert await herd.join() == 6
    report = await herd.measure(1.5)
    await herd.halt()
    assert sum(bot.late for bot in herd.bots) == 4
    assert report.faults == 0
    assert report.observers == pytest.approx(5, abs=1.5)
    assert (report.playing, report.watching) == (6, 2)
    assert len(report.tally.latency) > 0
    await herd.leave()


async def test_bots_that_exist_come_back_as_themselves(running: Running) -> None:
    first = Herd(replace(options(running), count=2, mode=Mode.STAND))
    await first.join()
    await first.leave()
    again = Herd(replace(options(running), count=2, mode=Mode.STAND))
    assert await again.join() == 2
    assert running.app.game.world.find("Bot Dadada") is not None
    assert running.app.game.world.find("bot dadade") is not None
    await again.leave()


async def test_bots_that_are_refused_say_why(start: Start) -> None:
    running = await start(creation_enabled=False)
    herd = Herd(replace(options(running), count=2))
    assert await herd.join() == 0
    ((reason, count),) = herd.refusals.items()
    assert count == 2
    assert "cerrada" in reason


async def test_bots_come_and_go_at_a_steady_pace(running: Running) -> None:
    herd = Herd(replace(options(running), count=4, mode=Mode.STAND))
    assert await herd.come_and_go(1.0, per_s=5) >= 3
    assert herd.refusals == {}
