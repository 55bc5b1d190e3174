from __future__ import annotations

import pytest
from tests.support.people import person, with_figures

from pyao.rules import board as rules
from pyao.rules.board import ANNOUNCEMENTS_MAX, POSTS_MAX, Corner, Pinned, Post, PostProblem
from pyao.rules.kinds import Faction, Privilege
from pyao.rules.person import Person

PLAYER, GOD = int(Privilege.PLAYER), int(Privilege.PLAYER | Privilege.GOD)
ROYAL, CHAOS = int(Privilege.ROYAL_COUNCIL) | PLAYER, int(Privilege.CHAOS_COUNCIL) | PLAYER


def somebody(faction: Faction = Faction.NONE, privileges: int = PLAYER) -> Person:
    return with_figures(person(), {"faction": faction, "privileges": privileges})


@pytest.mark.parametrize(
    ("who", "readable"),
    [
        (somebody(), [Corner.GENERAL]),
        (somebody(Faction.ROYAL), [Corner.GENERAL, Corner.ROYAL]),
        (somebody(Faction.CHAOS), [Corner.GENERAL, Corner.CHAOS]),
        (somebody(privileges=GOD), list(Corner)),
    ],
)
def test_the_corners_of_the_armies_are_for_members_and_staff(
    who: Person, readable: list[Corner]
) -> None:
    assert [corner for corner in Corner if rules.may_read(who, corner)] == readable


@pytest.mark.parametrize(
    ("who", "corner", "announced", "problem"),
    [
        (somebody(), Corner.GENERAL, False, None),
        (somebody(), Corner.GENERAL, True, PostProblem.ANNOUNCING),
        (somebody(), Corner.ROYAL, False, PostProblem.CORNER),
        (somebody(Faction.ROYAL), Corner.ROYAL, True, PostProblem.ANNOUNCING),
        (somebody(Faction.ROYAL, ROYAL), Corner.ROYAL, True, None),
        (somebody(Faction.ROYAL, ROYAL), Corner.GENERAL, True, PostProblem.ANNOUNCING),
        (somebody(Faction.CHAOS, CHAOS), Corner.CHAOS, True, None),
        (somebody(Faction.CHAOS, ROYAL), Corner.CHAOS, True, PostProblem.ANNOUNCING),
        (somebody(privileges=GOD), Corner.CHAOS, True, None),
    ],
)
def test_who_may_put_something_up(
    who: Person, corner: Corner, announced: bool, problem: PostProblem | None
) -> None:
    assert rules.check_post(who, corner, "title", "text", announced=announced) is problem


@pytest.mark.parametrize(("title", "text"), [("", "text"), ("title", "")])
def test_there_is_a_title_and_a_text(title: str, text: str) -> None:
    who = somebody()
    assert rules.check_post(who, Corner.GENERAL, title, text, announced=False) is PostProblem.EMPTY


def test_the_newest_come_first_and_the_oldest_fall_out() -> None:
    pinned = Pinned()
    for number in range(POSTS_MAX + 2):
        pinned.add(Post(f"p{number}", "", ""), announced=False)
    for number in range(ANNOUNCEMENTS_MAX + 2):
        pinned.add(Post(f"a{number}", "", ""), announced=True)
    titles = [post.title for post in pinned]
    assert len(titles) == POSTS_MAX + ANNOUNCEMENTS_MAX
    assert titles[0] == f"a{ANNOUNCEMENTS_MAX + 1}"
    assert titles[ANNOUNCEMENTS_MAX] == f"p{POSTS_MAX + 1}"
    assert titles[-1] == "p2"
