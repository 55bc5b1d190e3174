from __future__ import annotations

from tests.support.creatures import CHAOS_GUARD, DRAGON, ROYAL_GUARD, VILLAGER, WOLF, creature

from pyao.rules.kinds import Movement


def test_a_creature_begins_unhurt_with_all_its_experience() -> None:
    beast = creature()
    assert (beast.hp, beast.pool, beast.experience) == (100, 500, 500)
    assert (beast.movement, beast.hostile, beast.can_attack) == (Movement.HOSTILE, True, False)


def test_guards_and_dragons_are_known_by_their_role() -> None:
    assert creature(ROYAL_GUARD).guard
    assert creature(CHAOS_GUARD).guard
    assert not creature(VILLAGER).guard
    assert creature(DRAGON).dragon
    assert not creature(WOLF).dragon


def test_a_held_creature_is_paralysed_or_immobilised() -> None:
    assert creature(paralysed=1).held
    assert creature(immobilised=1).held
    assert not creature().held


def test_a_creature_goes_back_to_its_old_ways_unless_it_has_a_master() -> None:
    for master, movement, hostile, attacked_by in ((0, 2, False, 0), (7, 4, True, 9)):
        beast = creature(VILLAGER, movement=4, hostile=1, attacked_by=9, master=master)
        beast.restore()
        assert (beast.movement, bool(beast.hostile), beast.attacked_by) == (
            movement,
            hostile,
            attacked_by,
        )
