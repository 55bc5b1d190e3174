"""Rain: when it starts and stops, whom it wets, and what is heard in which weather.

Follows ao-libre/ao-server, General.bas (Intemperie) and frmMain's minute timer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyao.rules.kinds import Trigger
from pyao.rules.numbers import Roll

DRY_AT_LEAST = 15
DRY_AT_MOST = 1440
WET_AT_MOST = 5
CHANCE_PERCENT = 2
SHELTERS = (Trigger.UNDER_ROOF, Trigger.HOUSE, Trigger.SAFE)


class AmbientSound(NamedTuple):
    """A sound of a map: a dry one is not played in the rain, another not without."""

    dry: bool
    percent: int
    sound: int


@dataclass(slots=True)
class Sky:
    """Whether it rains, for how many minutes it has done so or not, and whether it is night."""

    raining: bool = False
    night: bool = False  # staff's doing; nothing else depends on it
    minutes: int = 0


def pass_minute(sky: Sky, roll: Roll) -> bool:
    """Let a minute pass; return whether the rain started or stopped."""
    sky.minutes += 1
    if sky.raining:
        changes = sky.minutes >= WET_AT_MOST or roll(1, 100) <= CHANCE_PERCENT
    else:
        may = sky.minutes >= DRY_AT_LEAST and roll(1, 100) <= CHANCE_PERCENT
        changes = may or sky.minutes >= DRY_AT_MOST
    if changes:
        sky.raining = not sky.raining
        sky.minutes = 0
    return changes


def exposed(trigger: int, *, dungeon: bool) -> bool:
    """Return whether rain reaches a tile."""
    return not dungeon and trigger not in SHELTERS and trigger != Trigger.ARENA


def ambient_sound(sounds: Sequence[AmbientSound], roll: Roll, *, raining: bool) -> int:
    """Return the sound a map makes now, or 0."""
    if not sounds:
        return 0
    chosen = sounds[roll(1, len(sounds)) - 1]
    fits = chosen.dry is not raining
    return chosen.sound if fits and roll(1, 100) <= chosen.percent else 0
