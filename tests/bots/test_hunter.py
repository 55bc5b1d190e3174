"""Bots that fight, on a whole server in this process."""

from __future__ import annotations

from tests.support.creatures import WOLF
from tests.support.running import Running, running_fixture, start_fixture

from pyao.bots import BotOptions, Herd, Mode
from pyao.tasks.creatures import spawn

__all__ = ["running_fixture", "start_fixture"]


async def test_hunters_find_a_creature_and_strike_it(running: Running) -> None:
    port = running.app.server.addresses[0][1]
    herd = Herd(BotOptions(port=port, count=2, mode=Mode.FIGHT, talk_s=0))
    assert await herd.join() == 2
    game = running.app.game
    player = running.player("Bot Dadada")
    wolf = spawn(game, WOLF, game.world.maps[player.map], player.x + 2, player.y)
    assert wolf is not None
    before = wolf.hp
    report = await herd.measure(3.0)
    await herd.halt()
    await herd.leave()
    assert report.faults == 0
    assert report.tally.blows > 0
    assert wolf.attacked_by or wolf.hp < before or wolf.gone
