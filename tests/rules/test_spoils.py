from __future__ import annotations

from typing import Any

import pytest
from tests.support.vectors import Dice, vectors

from pyao.content.fields import Pile as ContentPile
from pyao.rules.inventory import Pile
from pyao.rules.spoils import roll_spoils

DROPS = tuple(ContentPile(100 + place, place) for place in range(1, 6))


@pytest.mark.parametrize("row", vectors("npcs", "spoils"), ids=str)
def test_the_dice_choose_what_falls(row: dict[str, Any]) -> None:
    dice, place = Dice(*row["rolls"]), row["place"]
    assert roll_spoils(DROPS, dice) == (Pile(100 + place, place) if place else None)
    assert dice.left == 0
    assert set(dice.asked) == {(1, 100)}


def test_an_empty_place_gives_nothing() -> None:
    assert roll_spoils((), Dice(50)) is None
    assert roll_spoils(DROPS[:1], Dice(10, 11)) is None
    assert roll_spoils((ContentPile(0, 0),), Dice(50)) is None
    assert roll_spoils((ContentPile(5, 0),), Dice(50)) is None
