"""How long a sentence may be, and who may ban whom."""

from __future__ import annotations

import pytest

from pyao.rules.kinds import Privilege
from pyao.rules.penalties import Ban, is_sentence, judge_ban

P, S, G = Privilege.PLAYER, Privilege.DEMIGOD, Privilege.GOD


@pytest.mark.parametrize(("minutes", "fits"), [(0, False), (1, True), (60, True), (61, False)])
def test_a_sentence_is_up_to_an_hour(minutes: int, fits: bool) -> None:
    assert is_sentence(minutes) is fits


@pytest.mark.parametrize(
    ("banner", "banned", "verdict"),
    [(S, P, Ban.DONE), (S, G, Ban.REFUSED), (S, S, Ban.BOTH), (G, S, Ban.DONE), (G, G, Ban.BOTH)],
)
def test_who_bans_one_of_the_own_rank_is_banned_too(banner: int, banned: int, verdict: Ban) -> None:
    assert judge_ban(P | banner, P | banned) is verdict
