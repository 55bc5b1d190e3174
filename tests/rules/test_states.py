from __future__ import annotations

from tests.support.people import person, with_current

from pyao.rules import states
from pyao.rules.appearance import Look
from pyao.rules.character import Attributes
from pyao.rules.equipment import true_look, visible_look
from pyao.rules.intervals import LONG_AGO


def test_paralysis_begins_and_ends() -> None:
    who = person()
    states.paralyse(who, 500, by=7)
    assert (who.paralysed, who.immobilised, who.paralysed_by) == (True, False, 7)
    assert who.effects.paralysis_until == 500
    assert states.free(who)
    assert (who.paralysed, who.paralysed_by, who.effects.paralysis_until) == (False, 0, 0)
    assert not states.free(who)


def test_immobility_is_a_kind_of_paralysis() -> None:
    who = person()
    states.paralyse(who, 500, immobilise=True)
    assert (who.paralysed, who.immobilised) == (True, True)
    states.paralyse(who, 600)
    assert (who.paralysed, who.immobilised) == (True, False)
    states.paralyse(who, 600, immobilise=True)
    states.free(who)
    assert not who.immobilised


def test_stun_and_blindness_end_together() -> None:
    who = person(stunned=1, blinded=1)
    who.effects.dazed_until = 9
    assert states.undaze(who) == (True, True)
    assert states.undaze(who) == (False, False)
    assert who.effects.dazed_until == 0


def test_the_hidden_come_into_sight_unless_invisible_too() -> None:
    who = person(hidden=1)
    who.effects.hidden_until = 9
    assert states.unhide(who)
    assert (who.hidden, who.effects.hidden_until) == (False, 0)
    assert not states.unhide(who)
    assert not states.unhide(person(hidden=1, invisible=1))


def test_the_invisible_come_into_sight_unless_hidden_too() -> None:
    who = person(invisible=1)
    who.effects.invisible_until = 9
    assert states.end_invisibility(who)
    assert (who.invisible, who.effects.invisible_until) == (False, 0)
    assert not states.end_invisibility(who)
    assert not states.end_invisibility(person(hidden=1, invisible=1))


def test_a_trance_begins_and_ends() -> None:
    who = person()
    who.effects.meditation_ms = 39
    states.start_meditating(who, 1_000)
    assert (who.meditating, who.effects.meditation_from) == (True, 1_000)
    assert who.effects.meditation_ms == 0
    assert states.stop_meditating(who)
    assert who.effects.meditation_from == LONG_AGO
    assert not states.stop_meditating(who)


def test_rest_ends() -> None:
    who = person(resting=1)
    assert states.stop_resting(who)
    assert not states.stop_resting(who)


def test_attributes_rise_to_twice_their_base_and_to_forty() -> None:
    who = person(attributes=Attributes(agility=18, strength=21))
    values = [states.raise_attribute(who, "agility", 5, 100) for _ in range(5)]
    assert values == [23, 28, 33, 36, 36]
    assert [states.raise_attribute(who, "strength", 10, 200) for _ in range(2)] == [31, 40]
    assert who.effects.attributes_until == 200
    assert who.attributes.agility == 18


def test_attributes_fall_to_six() -> None:
    who = person(attributes=Attributes(strength=13))
    assert [states.lower_attribute(who, "strength", 5, 100) for _ in range(2)] == [8, 6]
    assert who.effects.attributes_until == 100


def test_all_attributes_return_to_their_base_at_once() -> None:
    who = with_current(person(), strength=30, agility=6)
    who.effects.attributes_until = 9
    assert states.restore_attributes(who)
    assert who.current == who.attributes
    assert who.current is not who.attributes
    assert who.effects.attributes_until == 0
    assert not states.restore_attributes(who)


def test_a_disguise_is_taken_off() -> None:
    who = person(ignored=1)
    who.disguise = Look(1, 2)
    who.effects.mimicry_until = 9
    assert states.undisguise(who)
    assert visible_look(who) == true_look(who)
    assert (who.ignored, who.effects.mimicry_until) == (False, 0)
    assert not states.undisguise(who)
