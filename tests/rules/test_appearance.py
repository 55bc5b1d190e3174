from __future__ import annotations

from typing import Any

import pytest
from tests.support.vectors import vectors

from pyao.rules.appearance import (
    Look,
    Worn,
    aboard,
    boat_body,
    ghost,
    look,
    looks_dead,
    nick_color,
    tag,
)
from pyao.rules.character import Character, UserId
from pyao.rules.kinds import Faction, NickColor


def somebody(bandit: int = 0) -> Character:
    return Character(
        user_id=UserId(1),
        name="Ana",
        account="ana",
        race=1,
        gender=2,
        char_class=1,
        head=70,
        bandit=bandit,
    )


@pytest.mark.parametrize("row", vectors("characters", "boats"), ids=str)
def test_a_boat_shows_the_side_one_is_on(row: dict[str, Any]) -> None:
    bodies = [
        boat_body(
            clothes,
            criminal=row["criminal"],
            faction=Faction(row["faction"]),
            attackable=row["attackable"],
        )
        for clothes in (84, 85, 86)
    ]
    assert bodies == row["bodies"]


def test_what_is_no_boat_is_shown_as_a_barge() -> None:
    assert boat_body(1, criminal=False) == 395


def test_the_naked_show_it() -> None:
    assert look(39, 70, Worn()) == Look(39, 70, 2, 2, 2)


def test_clothes_and_arms_are_seen() -> None:
    worn = Worn(body=3, weapon=12, shield=4, helmet=5)
    assert look(32, 201, worn) == Look(3, 201, 12, 4, 5)


def test_ghosts_look_as_the_client_expects() -> None:
    assert ghost(sailing=False) == Look(8, 500, 2, 2, 2)
    assert ghost(sailing=True) == Look(87, 0, 2, 2, 2)
    assert looks_dead(ghost(sailing=False))
    assert looks_dead(ghost(sailing=True))
    assert not looks_dead(Look(1, 1))


def test_a_boat_hides_who_sails_it() -> None:
    assert aboard(395) == Look(395, 0, 2, 2, 2)


def test_a_name_is_blue_or_red() -> None:
    assert nick_color(somebody()) == NickColor.CITIZEN
    assert nick_color(somebody(bandit=2000)) == NickColor.CRIMINAL
    attackable = nick_color(somebody(), attackable=True)
    assert attackable == NickColor.CITIZEN | NickColor.ATTACKABLE == 6


def test_a_tag_names_the_guild_and_marks_the_unseen_for_staff() -> None:
    assert tag("Ana") == "Ana"
    assert tag("Ana", "Lobos") == "Ana <Lobos>"
    assert tag("Ana", unseen=True) == "Ana [INVISIBLE]"
    assert tag("Ana", "Lobos", consulting=True) == "Ana <Lobos> [CONSULTA]"
