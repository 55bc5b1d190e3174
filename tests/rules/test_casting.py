from __future__ import annotations

from tests.support.magic import DART
from tests.support.people import person
from tests.support.vectors import never

from pyao.rules.casting import Casting, Outcome, run
from pyao.rules.options import Options
from pyao.rules.person import Person, Spot


def test_a_spell_without_effects_does_nothing_and_costs_nothing() -> None:
    who = person(mana=50)
    casting: Casting[Person] = Casting(
        caster=who,
        spell=DART,
        target=who,
        here=Spot(),
        there=Spot(),
        now=0,
        roll=never,
        options=Options(),
    )
    out = run(casting, {})
    assert out == Outcome()
    assert (out.damage, out.healing, out.experience, out.changed) == (0, 0, 0, ())
    assert (casting.pets, casting.leaving, who.mana) == (0, False, 50)
