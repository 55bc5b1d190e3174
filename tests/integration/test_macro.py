"""Ten minutes of a macro over the wire: all of it counts at legal speed, no more at double."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.support.byte_client import CONSOLE_MSG, ERROR_MSG, POS_UPDATE
from tests.support.duel import (
    ATTACK,
    CAST,
    CLICK,
    SOUND,
    USE,
    WORK,
    BeginDuel,
    Duel,
    begin_duel_fixture,
)
from tests.support.running import start_fixture
from tests.support.things import APPLE, ARROWS, BOW

from pyao.rules.character import Slot
from pyao.rules.kinds import Privilege, Skill
from pyao.tasks.belongings import show_figures

__all__ = ["begin_duel_fixture", "start_fixture"]

pytestmark = pytest.mark.untraced

MINUTES_10 = 600_000
JITTER_MS = 150
BAG_SLOT, FIGURES = 47, 45
HEAL = 3  # the spell
FULL = 30_000


@dataclass(frozen=True)
class Macro:
    """What is sent each time, how soon again, and what shows that it counted."""

    packet: tuple[int, ...]
    every_ms: int
    shown: int


MACROS = {
    "hit": Macro((ATTACK,), 1500, SOUND),
    "cast": Macro((CAST, 1, WORK, Skill.MAGIC, CLICK, 50, 50, Skill.MAGIC), 1400, FIGURES),
    "shoot": Macro((CLICK, 50, 44, Skill.PROJECTILES), 1400, BAG_SLOT),
    "work": Macro((WORK, Skill.HIDE), 700, CONSOLE_MSG),
    "use": Macro((USE, 3), 450, BAG_SLOT),
}


def arrivals(every_ms: int, dice: random.Random) -> Iterator[int]:
    """Yield how long after the last each packet arrives: sent in time, travelling unevenly."""
    before = 0
    for sent in range(0, MINUTES_10, every_ms):
        arrived = max(before, sent + dice.randint(0, JITTER_MS))
        yield arrived - before
        before = arrived


async def count(duel: Duel, macro: Macro, every_ms: int) -> tuple[int, int]:
    """Run a macro for ten minutes; return how often it was sent, and how often it counted."""
    await duel.away()
    duel.dice.high = True
    bow, arrows = Slot(BOW.number, 1, equipped=True), Slot(ARROWS.number, 9_999, equipped=True)
    duel.give(duel.a, bow, arrows, Slot(APPLE.number, 9_999))
    if macro.packet == (ATTACK,):
        duel.give(duel.a)
    duel.a.spells[0] = HEAL
    duel.a.skills[:] = [100] * len(duel.a.skills)
    duel.a.max_stamina = duel.a.max_mana = FULL
    show_figures(duel.running.app.game, duel.a)
    await duel.settle()
    sent = counted = 0
    for pause in arrivals(every_ms, random.Random(every_ms)):
        duel.clock.advance(pause)
        duel.a.stamina = duel.a.mana = FULL
        duel.ana.send(bytes(macro.packet))
        counted += any(packet.id == macro.shown for packet in await duel.ana.settle())
        sent += 1
    return sent, counted


@pytest.mark.parametrize("name", MACROS)
async def test_a_macro_at_legal_speed_is_never_refused(begin_duel: BeginDuel, name: str) -> None:
    duel = await begin_duel(APPLE, packet_rate=0)
    macro = MACROS[name]
    sent, counted = await count(duel, macro, macro.every_ms)
    assert counted == sent >= MINUTES_10 // macro.every_ms


@pytest.mark.parametrize("name", MACROS)
async def test_a_macro_at_double_speed_gains_nothing(begin_duel: BeginDuel, name: str) -> None:
    duel = await begin_duel(APPLE, packet_rate=0)
    macro = MACROS[name]
    sent, counted = await count(duel, macro, macro.every_ms // 2)
    assert sent >= 2 * (MINUTES_10 // macro.every_ms)
    assert 0 < counted <= MINUTES_10 // macro.every_ms * 1.05


async def test_a_walk_of_ten_minutes_is_never_taken_back(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(packet_rate=0)
    await duel.away()
    came: set[int] = set()
    for number, pause in enumerate(arrivals(261, random.Random(1))):
        duel.clock.advance(pause)
        duel.ana.walk((2, 4)[number // 8 % 2])
        came |= {packet.id for packet in await duel.ana.settle()}
    assert POS_UPDATE not in came
    assert (duel.ana.x, duel.ana.y) == (duel.a.x, duel.a.y)


async def test_a_walk_a_third_too_fast_is_taken_back_to_the_pace_of_others(
    begin_duel: BeginDuel,
) -> None:
    duel = await begin_duel(packet_rate=0)
    await duel.away()
    walked = 0
    for number, pause in enumerate(arrivals(200, random.Random(1))):
        duel.clock.advance(pause)
        x = duel.a.x
        duel.ana.walk((2, 4)[number // 8 % 2])
        await duel.ana.settle()
        walked += x != duel.a.x
    assert 0 < walked <= MINUTES_10 // 267 * 1.05


async def test_a_walk_at_double_speed_ends_outside(begin_duel: BeginDuel) -> None:
    duel = await begin_duel(packet_rate=0)
    await duel.away()
    duel.b.privileges = Privilege.GOD
    for number in range(240):
        if duel.ana.closed or duel.a.user_id not in duel.running.app.game.clients:
            break
        duel.clock.advance(130)
        duel.ana.send(bytes((6, (2, 4)[number // 8 % 2])))
    await duel.ana.get(ERROR_MSG)
    assert "Ana camina" in str((await duel.bob.get(CONSOLE_MSG)).values), "staff are told"
