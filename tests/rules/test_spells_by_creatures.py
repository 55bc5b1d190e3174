from __future__ import annotations

import pytest
from tests.support import magic
from tests.support.creatures import creature
from tests.support.people import person, with_figures
from tests.support.vectors import Dice, never

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.spells import Spell
from pyao.rules.casting import Outcome
from pyao.rules.kinds import Privilege
from pyao.rules.numbers import Roll
from pyao.rules.options import Options
from pyao.rules.person import Gear, Person
from pyao.rules.spells_by_creatures import creature_casts_on_creature, creature_casts_on_user

NOW = 1_000
CLASSIC = Options()
REVEAL = Spell(number=38, reveals=True)


def victim(**figures: int) -> Person:
    return with_figures(person(hp=100, max_hp=100, level=40), figures)


def cast(spell: Spell, target: Person, roll: Roll = never) -> Outcome:
    beast = creature(can_attack=1)
    out = creature_casts_on_user(beast, spell, target, NOW, roll, CLASSIC)
    assert (out.done, beast.can_attack) == (True, False)
    return out


def test_a_creature_hurts_without_regard_to_levels() -> None:
    target = victim()
    hat = Item(number=1, kind=17, min_magic_defense=1, max_magic_defense=9)
    target.gear = Gear(helmet=hat)
    out = cast(magic.DISCHARGE, target, Dice(85, 5))
    assert (out.damage, target.hp, out.killed) == (80, 20, False)


def test_a_creature_kills_with_a_spell_and_not_below_nothing() -> None:
    target = victim(hp=30)
    spell = Spell(number=1, hp=magic.lowers(50, 50), paralyses=True, stuns=True, reveals=True)
    out = cast(spell, target, Dice(50))
    assert (out.damage, target.hp, out.killed) == (30, 0, True)
    assert (out.changed, target.paralysed) == ((), False)


def test_staff_are_not_hurt() -> None:
    target = victim(privileges=Privilege.GOD)
    out = cast(magic.DART, target, Dice(3))
    assert (out.damage, out.killed, target.hp) == (0, False, 100)


def test_a_creature_heals() -> None:
    target = victim(hp=90)
    assert cast(magic.CURE, target, Dice(12)).healing == 10
    assert target.hp == 100


@pytest.mark.parametrize(
    ("spell", "name", "ring"),
    [
        (magic.PARALYSE, "paralyses", Item(number=1, kind=18, blocks_paralysis=True)),
        (magic.IMMOBILISE, "immobilises", Item(number=1, kind=18, blocks_immobilise=True)),
        (magic.STUN, "stuns", Item(number=1, kind=18, blocks_stun=True)),
        (magic.BLIND, "blinds", Item(number=1, kind=18, blocks_blindness=True)),
    ],
)
def test_rings_help_against_creatures_too(spell: Spell, name: str, ring: Item) -> None:
    target = victim()
    assert cast(spell, target).changed == (name,)
    protected = victim()
    protected.gear = Gear(ring=ring)
    out = cast(spell, protected)
    assert (out.changed, out.shielded) == ((), True)
    wrong = victim()
    wrong.gear = Gear(ring=Item(number=2, kind=18))
    assert cast(spell, wrong).changed == (name,)


def test_states_by_creatures_last_twenty_seconds() -> None:
    target = victim()
    cast(magic.PARALYSE, target)
    assert (target.paralysed, target.immobilised, target.paralysed_by) == (True, False, 0)
    assert target.effects.paralysis_until == NOW + 20_040
    assert cast(magic.IMMOBILISE, target).changed == ()
    assert not target.immobilised
    for spell in (magic.STUN, magic.BLIND):
        target = victim()
        cast(spell, target)
        assert target.effects.dazed_until == NOW + 20_040
    rooted = victim()
    cast(magic.IMMOBILISE, rooted)
    assert (rooted.paralysed, rooted.immobilised) == (True, True)


def test_the_hidden_are_revealed_and_the_invisible_soon() -> None:
    target = victim(hidden=1)
    assert cast(REVEAL, target).changed == ("reveals",)
    assert not target.hidden
    target = victim(invisible=1)
    target.effects.invisible_until = 99_999
    assert cast(REVEAL, target).changed == ()
    assert (target.invisible, target.effects.invisible_until) == (True, NOW + 40)
    target.effects.invisible_until = 7
    cast(REVEAL, target)
    assert target.effects.invisible_until == 7


def test_creatures_cast_on_each_other() -> None:
    beast, foe = creature(can_attack=1), creature(hp=60)
    out = creature_casts_on_creature(beast, magic.DISCHARGE, foe, Dice(55), CLASSIC)
    assert (out.damage, foe.hp, out.killed, beast.can_attack) == (55, 5, False, False)
    out = creature_casts_on_creature(beast, magic.DISCHARGE, foe, Dice(85), CLASSIC)
    assert (out.damage, foe.hp, out.killed) == (5, 0, True)
    nearly = creature(hp=56)
    out = creature_casts_on_creature(beast, magic.DISCHARGE, nearly, Dice(55), CLASSIC)
    assert (nearly.hp, out.killed) == (1, False)
    foe.hp = 95
    out = creature_casts_on_creature(beast, magic.CURE, foe, Dice(12), CLASSIC)
    assert (out.healing, foe.hp) == (5, 100)


def test_creatures_paralyse_each_other_unless_immune() -> None:
    foe = creature(immobilised=1)
    out = creature_casts_on_creature(creature(), magic.PARALYSE, foe, never, CLASSIC)
    assert out.changed == ("paralyses",)
    assert (foe.paralysed, foe.immobilised, foe.paralysis_steps) == (True, False, 500)
    immune = creature(NpcKind(number=1, paralysis_immune=True))
    out = creature_casts_on_creature(creature(), magic.PARALYSE, immune, never, CLASSIC)
    assert (out.changed, immune.held) == ((), False)
