"""Reads rankings out of a store: the best, and who stands around somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyao.rules.character import Section, UserId
from pyao.storage.keys import PARTS, RedisKeys
from pyao.storage.repository import Repository


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place in a ranking; the first is 1."""

    place: int
    user_id: UserId
    name: str
    score: int


@dataclass(frozen=True, slots=True)
class Standings:
    """The first places, and those around one character; `around` is empty if it is not ranked."""

    best: list[Ranked]
    around: list[Ranked]


def standings(
    store: Repository, board: str, user_id: UserId, *, best: int, around: int
) -> Standings:
    """Read the `best` first places, and `around` places before and behind one character.

    Who is ranked and has no profile any more is left out.
    """
    places = dict(enumerate(store.best(board, 0, best), start=1))
    place = store.place(board, user_id)
    near = range(0)
    if place is not None:
        near = range(max(0, place - around) + 1, place + around + 2)
        places |= enumerate(store.best(board, near.start - 1, len(near)), start=near.start)
    names = _names(store, {who for who, _ in places.values()})
    found = [
        Ranked(number, who, names[who], score)
        for number, (who, score) in sorted(places.items())
        if who in names
    ]
    return Standings(
        best=[one for one in found if one.place <= best],
        around=[one for one in found if one.place in near],
    )


def _names(store: Repository, who: Iterable[UserId]) -> dict[UserId, str]:
    keys = {RedisKeys.player(one, PARTS[Section.PROFILE]): one for one in who}
    found = store.read(list(keys))
    return {keys[key]: profile["name"] for key, profile in found.items() if "name" in profile}
