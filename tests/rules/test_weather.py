from __future__ import annotations

import pytest
from tests.support.vectors import Dice, never

from pyao.rules.kinds import Trigger
from pyao.rules.weather import AmbientSound, Sky, ambient_sound, exposed, pass_minute


def test_it_stays_dry_for_a_quarter_of_an_hour() -> None:
    sky = Sky()
    assert not any(pass_minute(sky, never) for _ in range(14))
    dice = Dice(2)
    assert pass_minute(sky, dice)
    assert dice.asked == [(1, 100)]
    assert (sky.raining, sky.minutes) == (True, 0)


def test_one_dry_minute_in_fifty_brings_rain() -> None:
    sky = Sky(minutes=20)
    assert not pass_minute(sky, Dice(3))
    assert pass_minute(sky, Dice(2))


def test_after_a_day_it_rains() -> None:
    sky = Sky(minutes=1_438)
    assert not pass_minute(sky, Dice(100))
    assert pass_minute(sky, Dice(100))


def test_rain_stops_after_five_minutes_or_by_chance() -> None:
    sky = Sky(raining=True)
    assert not any(pass_minute(sky, Dice(3)) for _ in range(4))
    assert pass_minute(sky, never)
    assert (sky.raining, sky.minutes) == (False, 0)
    assert pass_minute(Sky(raining=True), Dice(2))


@pytest.mark.parametrize(
    ("trigger", "wet"),
    [
        (Trigger.NONE, True),
        (Trigger.UNDER_ROOF, False),
        (Trigger.HOUSE, False),
        (Trigger.NO_NPC, True),
        (Trigger.SAFE, False),
        (Trigger.ANTI_BLOCKADE, True),
        (Trigger.ARENA, False),
    ],
)
def test_roofs_keep_the_rain_off(trigger: int, wet: bool) -> None:
    assert exposed(trigger, dungeon=False) is wet
    assert not exposed(trigger, dungeon=True)


def test_a_map_sounds_by_chance_and_by_weather() -> None:
    birds = AmbientSound(dry=True, percent=30, sound=21)
    drips = AmbientSound(dry=False, percent=50, sound=40)
    dice = Dice(1, 30)
    assert ambient_sound([birds, drips], dice, raining=False) == 21
    assert dice.asked == [(1, 2), (1, 100)]
    assert ambient_sound([birds, drips], Dice(1, 31), raining=False) == 0
    assert ambient_sound([birds, drips], Dice(1), raining=True) == 0
    assert ambient_sound([birds, drips], Dice(2, 50), raining=True) == 40
    assert ambient_sound([birds, drips], Dice(2), raining=False) == 0
    assert ambient_sound([], never, raining=False) == 0
