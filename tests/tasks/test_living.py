"""What happens by itself, and death, as the clients of player and onlookers get it."""

from __future__ import annotations

import pytest
from tests.support.duel import MULTI, SOUND, TAG, BeginDuel, Duel, coded, ids, lines, values
from tests.support.things import SWORD

from pyao.rules.character import Slot
from pyao.rules.effects import expose
from pyao.rules.kinds import Gender
from pyao.tasks import living
from pyao.world import Player
from pyao.world.clock import TICK_MS

SAFE_ON, LOCK_ON = 6, 9
DIALOG, LIFE, CHANGE, FIGURES, SLOT = 2, 17, 34, 45, 47
REST, PARALYSIS, STRENGTH = 54, 82, 100


def live(duel: Duel, milliseconds: int, player: Player | None = None) -> None:
    """Let time act on Ana, or on somebody else."""
    who = player or duel.a
    game = duel.running.app.game
    living.live(game, who, duel.clock.now())
    duel.clock.advance(milliseconds)
    living.live(game, who, duel.clock.now())


async def test_the_safe_lock_that_goes_on_with_fair_game_is_told(duel: Duel) -> None:
    game = duel.running.app.game
    expose(duel.a, duel.b.user_id, duel.clock.now(), game.options)
    live(duel, 60_000)
    await duel.hear()
    assert duel.a.safe
    assert coded(duel.ana, SAFE_ON)
    assert values(duel.bob, TAG) == [(duel.a.index, 2, "Ana")]


async def test_poison_kills_with_its_line_before_the_end(duel: Duel) -> None:
    duel.a.poisoned, duel.a.hp = True, 1
    live(duel, 20_040)
    await duel.hear()
    told = lines(duel.ana)
    assert 0 <= told.index("envenenado") < told.index("Has muerto")
    assert duel.a.dead
    assert (0,) in values(duel.ana, LIFE)
    assert not duel.a.poisoned


async def test_snow_kills_the_naked_and_tells_them_so(duel: Duel) -> None:
    room = duel.running.app.game.world.maps[2]
    object.__setattr__(room.data, "terrain", "nieve")
    duel.a.hp = 5
    live(duel, 640)
    await duel.hear()
    assert duel.a.dead
    assert "congelando" in lines(duel.ana)


async def test_death_is_shown_in_the_order_the_client_takes_it(duel: Duel) -> None:
    game = duel.running.app.game
    duel.give(duel.a, Slot(SWORD.number, 1, equipped=True))
    expose(duel.a, duel.b.user_id, duel.clock.now(), game.options)
    duel.a.paralysed = duel.a.resting = True
    duel.a.gender = Gender.FEMALE
    duel.a.level = 20
    await duel.settle()
    duel.a.hp = 0
    living.kill(game, duel.a)
    await duel.hear()
    kinds = (SOUND, DIALOG, MULTI, TAG, PARALYSIS, REST, SLOT, CHANGE, FIGURES, STRENGTH)
    assert list(dict.fromkeys(one for one in ids(duel.ana) if one in kinds)) == list(kinds)
    assert values(duel.ana, SOUND)[0][0] == 74
    assert coded(duel.ana, LOCK_ON)
    assert values(duel.bob, TAG) == [(duel.a.index, 2, "Ana")]
    assert [packet for packet in ids(duel.bob) if packet in (SOUND, DIALOG, TAG, CHANGE)] == [
        *(SOUND, DIALOG, TAG, CHANGE)
    ]


@pytest.mark.parametrize("woman", [False, True])
async def test_men_and_women_die_with_another_cry(begin_duel: BeginDuel, woman: bool) -> None:
    duel = await begin_duel()
    duel.a.gender = Gender.FEMALE if woman else Gender.MALE
    duel.a.hp = 0
    living.kill(duel.running.app.game, duel.a)
    await duel.hear()
    assert values(duel.bob, SOUND)[0][0] == (74 if woman else 11)


async def test_those_who_are_well_are_looked_at_less_often_and_in_the_rain_as_often_as_all(
    duel: Duel,
) -> None:
    game, effects = duel.running.app.game, duel.a.effects
    duel.a.stamina, duel.a.gear.armour = (
        duel.a.max_stamina,
        next(iter(game.world.data.items.values())),
    )
    time = living.PassingTime(game)

    def looks() -> int:
        """Count the looks within two seconds, each of which takes the time into account."""
        seen = 0
        for _ in range(2_000 // TICK_MS):
            duel.clock.advance(TICK_MS)
            before = effects.at
            time.tick()
            seen += effects.at != before
        return seen

    looks()
    assert looks() in {2, 3}
    game.world.sky.raining = True
    looks()
    assert looks() == 10
    game.world.sky.raining = False
    duel.a.stamina = duel.a.max_stamina  # the rain has tired it
    looks()
    assert looks() in {2, 3}
    duel.a.poisoned = True
    looks()
    assert looks() == 10


async def test_time_stands_still_for_those_who_are_gone(duel: Duel) -> None:
    time, player = living.PassingTime(duel.running.app.game), duel.a
    player.poisoned = True
    for _ in range(living.WELL_TICKS + 1):
        time.tick()
    duel.running.app.game.leave(player)
    before = player.effects.at
    for _ in range(2 * living.WELL_TICKS):
        duel.clock.advance(TICK_MS)
        time.tick()
    assert player.effects.at == before
