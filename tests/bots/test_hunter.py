"""Bots that fight, on a whole server in this process."""

from __future__ import annotations

from msgspec.structs import replace
from tests.support.creatures import WOLF
from tests.support.running import Running, running_fixture, start_fixture
from tests.support.waiting import until

from pyao.bots import BotOptions, Herd, Mode
from pyao.rules.kinds import Movement
from pyao.tasks.creatures import spawn

__all__ = ["running_fixture", "start_fixture"]


async def test_hunters_find_a_creature_and_strike_it(running: Running) -> None:
    port = running.app.server.addresses[0][1]
    herd = Herd(BotOptions(port=port, count=2, mode=Mode.FIGHT, talk_s=0))
    assert await herd.join() == 2
    game = running.app.game
    player = running.player("Bot Dadada")
    prey = replace(WOLF, max_hp=30_000, max_hit=0, min_hit=0, movement=Movement.STILL)  # survives
    wolf = spawn(game, prey, game.world.maps[player.map], player.x + 2, player.y)
    assert wolf is not None
    await until(lambda: wolf.attacked_by)
    tally = herd._shared.meter.end()
    await herd.halt()
    await herd.leave()
    assert tally.blows > 0
    assert not tally.errors
    assert not tally.disconnects
