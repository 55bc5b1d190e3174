from __future__ import annotations

import pytest
from tests.support.people import person, with_figures

from pyao.rules.character import UserId
from pyao.rules.guild import Alignment, Guild
from pyao.rules.kinds import Faction
from pyao.rules.loyalty import POINTS_MAX, Breach, judge
from pyao.rules.person import Person

CRIME = 1_000_000  # of a bandit


def somebody(user_id: int, **figures: int) -> Person:
    return with_figures(person(user_id=user_id), {"level": 25, **figures})


def guild(alignment: Alignment) -> Guild:
    ana, bob = UserId(1), UserId(2)
    return Guild("Faros", alignment, ana, "Ana", 0, ana, members={ana: "Ana", bob: "Bob"})


def test_who_fits_stays() -> None:
    one = guild(Alignment.LEGAL)
    assert judge(one, somebody(2)) is None
    assert one.points == 0


@pytest.mark.parametrize(
    ("alignment", "falls_to"),
    [
        (Alignment.ROYAL, Alignment.LEGAL),
        (Alignment.EVIL, Alignment.CRIMINAL),
        (Alignment.LEGAL, Alignment.NEUTRAL),
        (Alignment.CRIMINAL, Alignment.NEUTRAL),
    ],
)
def test_the_fifth_point_lets_an_alignment_fall(alignment: Alignment, falls_to: Alignment) -> None:
    one = guild(alignment)
    wrong = alignment in {Alignment.ROYAL, Alignment.LEGAL}
    member = somebody(2, bandit=CRIME if wrong else 0)
    for point in range(1, POINTS_MAX):
        assert judge(one, member) == Breach(expelled=True)
        assert (one.points, one.alignment) == (point, alignment)
    assert judge(one, member) == Breach(expelled=True, fell=True)
    assert (one.points, one.alignment) == (0, falls_to)


@pytest.mark.parametrize(
    ("alignment", "figures", "breach", "falls_to"),
    [
        (Alignment.ROYAL, {}, Breach(fell=True), Alignment.LEGAL),
        (Alignment.ROYAL, {"bandit": CRIME}, Breach(fell=True), Alignment.NEUTRAL),
        (Alignment.EVIL, {"bandit": CRIME}, Breach(fell=True), Alignment.CRIMINAL),
        (Alignment.EVIL, {}, Breach(fell=True), Alignment.NEUTRAL),
        (
            Alignment.LEGAL,
            {"bandit": CRIME, "faction": Faction.CHAOS},
            Breach(fell=True, left_faction=True),
            Alignment.NEUTRAL,
        ),
        (
            Alignment.NEUTRAL,
            {"faction": Faction.ROYAL},
            Breach(left_faction=True),
            Alignment.NEUTRAL,
        ),
    ],
)
def test_a_guild_falls_as_low_as_its_leader(
    alignment: Alignment, figures: dict[str, int], breach: Breach, falls_to: Alignment
) -> None:
    one, leader = guild(alignment), somebody(1, **figures)
    assert judge(one, leader) == breach
    assert one.alignment is falls_to
    if breach.left_faction:
        assert leader.faction is Faction.NONE
    assert judge(one, leader) is None
