from __future__ import annotations

from typing import Any

import pytest
from tests.support import things
from tests.support.creatures import creature
from tests.support.people import carrying, person, with_current, with_figures
from tests.support.things import ITEMS, catalogue
from tests.support.vectors import vectors

from pyao.content.items import Item
from pyao.rules.appearance import GHOST, Look
from pyao.rules.character import Attributes, Slot
from pyao.rules.death import (
    Blessing,
    Death,
    PriestProblem,
    ask_priest,
    die,
    falls,
    gold_lost,
    revive,
)
from pyao.rules.deeds import claim
from pyao.rules.equipment import dress, visible_look
from pyao.rules.inventory import Pile
from pyao.rules.kinds import CharClass, NpcRole, Trigger
from pyao.rules.options import Options
from pyao.rules.person import Person, Spot

CLASSIC = Options()
FIELD = Spot()
ARENA = Spot(trigger=Trigger.ARENA)


class Ground:
    """Takes piles until it is full."""

    def __init__(self, room: int = 1_000) -> None:
        self.piles: list[Pile] = []
        self.room = room

    def lay(self, pile: Pile) -> bool:
        if len(self.piles) >= self.room:
            return False
        self.piles.append(pile)
        return True


def perish(who: Person, ground: Ground, here: Spot = FIELD, options: Options = CLASSIC) -> Death:
    return die(who, ITEMS, ground.lay, here, options)


def test_death_ends_everything_that_ends_with_a_life() -> None:
    who = with_figures(
        with_current(person(level=20), strength=30),
        {
            "hp": 5,
            "stamina": 9,
            "poisoned": 1,
            "paralysed": 1,
            "immobilised": 1,
            "stunned": 1,
            "blinded": 1,
            "resting": 1,
            "meditating": 1,
            "hidden": 1,
            "invisible": 1,
            "attackable_by": 3,
            "selected_spell": 7,
            "ignored": 1,
        },
    )
    who.disguise = Look(1, 1)
    claim(who, beast := creature(), 0, CLASSIC)
    death = perish(who, Ground())
    assert death == Death(
        paralysed=True,
        stunned=True,
        blinded=True,
        resting=True,
        meditating=True,
        appeared=True,
        slots=(),
        gold=0,
    )
    assert (who.hp, who.stamina, who.dead, who.deaths) == (0, 0, True, 1)
    states = (who.poisoned, who.paralysed, who.immobilised, who.stunned, who.blinded)
    assert not any(states)
    assert not any((who.resting, who.meditating, who.hidden, who.invisible, who.ignored))
    assert (who.attackable_by, who.selected_spell) == (0, 0)
    assert who.current == who.attributes
    assert visible_look(who) == GHOST
    assert (beast.owner, who.owned, who.resurrection_safe) == (0, None, True)


def test_a_plain_death_ends_nothing_else() -> None:
    death = perish(person(), Ground(), ARENA)
    assert death == Death(
        paralysed=False,
        stunned=False,
        blinded=False,
        resting=False,
        meditating=False,
        appeared=False,
        slots=(),
        gold=0,
    )


def test_who_dies_in_the_arena_may_be_revived_and_loses_nothing() -> None:
    who = carrying(Slot(1, 5), Slot(2, 1, equipped=True), level=30, gold=900_000)
    who.resurrection_safe = True
    dress(who, ITEMS)
    ground = Ground()
    death = perish(who, ground, ARENA)
    assert (ground.piles, who.gold, who.resurrection_safe) == ([], 900_000, False)
    assert (death.slots, death.gold) == ((2,), 0)
    assert who.inventory[:2] == [Slot(1, 5), Slot(2, 1)]


def test_what_falls_lies_on_the_ground_and_the_rest_is_taken_off() -> None:
    who = carrying(
        Slot(1, 5),
        Slot(2, 1, equipped=True),
        Slot(13, 1),
        Slot(14, 1, equipped=True),
        Slot(16, 3),
        Slot(474, 1),
        Slot(10, 1),
        Slot(999, 1),
        level=13,
    )
    dress(who, ITEMS)
    ground = Ground()
    death = perish(who, ground)
    assert ground.piles == [Pile(1, 5), Pile(2, 1), Pile(10, 1)]
    assert death.slots == (1, 2, 7, 4)
    left = [slot.item if slot else 0 for slot in who.inventory[:8]]
    assert left == [0, 0, 13, 14, 16, 474, 0, 999]
    assert who.gear.weapon is None
    assert who.gear.ring is None
    assert not any(slot.equipped for slot in who.inventory if slot)


def test_what_finds_no_room_stays() -> None:
    who = carrying(Slot(1, 5), Slot(2, 1), level=13, gold=500_000)
    ground = Ground(room=1)
    death = perish(who, ground)
    assert (ground.piles, death.slots, death.gold) == ([Pile(1, 5)], (1,), 0)
    assert (who.inventory[1], who.gold) == (Slot(2, 1), 500_000)


def test_newbies_keep_their_first_things_and_their_gold() -> None:
    who = carrying(Slot(10, 1), Slot(1, 5), level=12, gold=1_000_000)
    ground = Ground()
    perish(who, ground)
    assert ground.piles == [Pile(1, 5)]
    assert who.gold == 1_000_000


@pytest.mark.parametrize("row", vectors("items", "deaths"), ids=str)
def test_gold_above_ten_thousand_a_level_falls(row: dict[str, Any]) -> None:
    who, ground = carrying(level=row["level"], gold=row["gold"]), Ground()
    death = perish(who, ground)
    assert death.gold == row["falls"]
    assert who.gold == row["gold"] - row["falls"]
    assert [pile.item for pile in ground.piles] == [12] * row["piles"]
    assert sum(pile.amount for pile in ground.piles) == row["falls"]
    if row["piles"]:
        assert ground.piles[-1].amount == row["last"]


def test_of_very_much_gold_half_a_million_is_laid_and_the_rest_is_gone() -> None:
    who, ground = carrying(level=13, gold=1_000_000), Ground()
    assert perish(who, ground).gold == 870_000
    assert sum(pile.amount for pile in ground.piles) == 500_000
    assert who.gold == 130_000
    poor, full = carrying(level=13, gold=1_000_000), Ground(room=0)
    assert perish(poor, full).gold == 0
    assert poor.gold == 1_000_000


def test_only_laid_gold_leaves_the_wallet() -> None:
    who, ground = carrying(level=13, gold=160_000), Ground(room=2)
    assert perish(who, ground).gold == 20_000
    assert who.gold == 140_000
    assert gold_lost(129_999, 13) == gold_lost(130_000, 13) == 0
    assert gold_lost(130_001, 13) == 1


GALLEON = Item(number=476, kind=31, body=86)


def sailor(char_class: int = CharClass.PIRATE, level: int = 20, boat: int = 476) -> Person:
    who = carrying(Slot(1, 5), Slot(boat, 1, equipped=True), level=level, gold=500_000, sailing=1)
    who.char_class = char_class
    dress(who, catalogue(GALLEON))
    return who


@pytest.mark.parametrize(
    ("who", "water", "items", "gold"),
    [
        (sailor(), True, False, False),
        (sailor(level=21), True, True, False),
        (sailor(), False, True, True),
        (sailor(CharClass.WARRIOR), True, True, True),
        (sailor(boat=474), True, True, True),
    ],
)
def test_a_pirate_on_a_galleon_drops_no_gold_at_sea(
    who: Person, water: bool, items: bool, gold: bool
) -> None:
    ground = Ground()
    die(who, catalogue(GALLEON), ground.lay, Spot(water=water), CLASSIC)
    assert any(pile.item == 1 for pile in ground.piles) is items
    assert any(pile.item == 12 for pile in ground.piles) is gold
    assert who.gear.boat is not None


def test_a_pirate_on_foot_drops_as_others_do() -> None:
    who = carrying(Slot(1, 5), level=20)
    who.char_class = CharClass.PIRATE
    ground = Ground()
    perish(who, ground, Spot(water=True))
    assert ground.piles == [Pile(1, 5)]


def test_a_world_may_let_the_dead_keep_all() -> None:
    who, ground = carrying(Slot(1, 5), level=30, gold=900_000), Ground()
    perish(who, ground, FIELD, Options(drop_on_death=False))
    assert ground.piles == []


def test_what_falls() -> None:
    assert falls(things.APPLE)
    assert falls(Item(number=1, royal=True))
    for kept in (things.KEY, things.BARGE, things.HEIRLOOM, things.SAFE_GEM):
        assert not falls(kept)


def test_who_rises_has_as_much_life_as_constitution() -> None:
    who = person(hp=0, max_hp=100, attributes=Attributes(constitution=17))
    revive(who)
    assert who.hp == 17
    who = person(hp=0, max_hp=10)
    revive(who)
    assert who.hp == 10
    sick = person(hp=0, max_hp=0)
    revive(sick)
    assert sick.hp == 1


@pytest.mark.parametrize(
    ("hp", "role", "away", "level", "answer", "then"),
    [
        (0, NpcRole.PRIEST, 10, 40, Blessing.REVIVED, 18),
        (0, NpcRole.PRIEST, 11, 40, PriestProblem.TOO_FAR, 0),
        (5, NpcRole.PRIEST, 10, 40, Blessing.HEALED, 100),
        (0, NpcRole.NEWBIE_PRIEST, 1, 12, Blessing.REVIVED, 18),
        (0, NpcRole.NEWBIE_PRIEST, 1, 13, PriestProblem.NEWBIES_ONLY, 0),
        (5, NpcRole.NEWBIE_PRIEST, 1, 13, PriestProblem.NEWBIES_ONLY, 5),
        (0, NpcRole.BANKER, 1, 1, PriestProblem.SILENT, 0),
    ],
)
def test_priests_revive_and_heal(
    hp: int, role: int, away: int, level: int, answer: object, then: int
) -> None:
    who = person(hp=hp, max_hp=100, level=level)
    assert ask_priest(who, role, away) is answer
    assert who.hp == then


def test_a_priest_who_is_touched_does_both() -> None:
    who = person(hp=0, max_hp=100)
    assert ask_priest(who, NpcRole.PRIEST, 1, healing=True) is Blessing.REVIVED
    assert who.hp == 100
