from __future__ import annotations

import random

import pytest
from tests.support.market import GAMBLER, MERCHANT, OpenMarket, ask, console, rows

from pyao.game.own_data import GAMBLING_HOUSE
from pyao.rules.kinds import Privilege

GAMBLE, BALANCE, LEFT_CLICK = 108, 73, 26
GOLD, SPOKEN = 18, 23


def bet(amount: int) -> bytes:
    return bytes((GAMBLE,)) + amount.to_bytes(2, "little", signed=True)


class Loaded(random.Random):
    """A die that falls on one side."""

    side = 1

    def randint(self, a: int, b: int) -> int:
        assert a <= self.side <= b
        return self.side


async def test_gold_is_won_and_lost_and_the_house_remembers(market: OpenMarket) -> None:
    running, client, player = await market()
    running.app.game._dice = dice = Loaded()
    came = await ask(client, bet(100))
    assert rows(came, GOLD) == [(1_100,)]
    assert "ganado 100" in str(rows(came, SPOKEN)[-1])
    dice.side = 48
    came = await ask(client, bet(300))
    assert rows(came, GOLD) == [(800,)]
    kept = running.app.game.changes.saved_data.get(*GAMBLING_HOUSE)
    assert kept == {"won": "300", "lost": "100", "plays": "2"}
    player.privileges = Privilege.GOD
    came = await ask(client, bytes((LEFT_CLICK, *GAMBLER)), bytes((BALANCE,)))
    assert "300" in str(rows(came, SPOKEN)[-1])
    assert "200 (67 %)" in str(rows(came, SPOKEN)[-1])


@pytest.mark.parametrize(
    ("amount", "told"), [(0, "menos"), (-3, "menos"), (5_001, "5000"), (1_001, "suficiente")]
)
async def test_a_gambler_says_which_bets_it_refuses(
    market: OpenMarket, amount: int, told: str
) -> None:
    _, client, player = await market()
    came = await ask(client, bet(amount))
    assert told in str(rows(came, SPOKEN)[-1])
    assert player.gold == 1_000


async def test_others_take_no_bets(market: OpenMarket) -> None:
    running, client, player = await market()
    came = await ask(client, bytes((LEFT_CLICK, 52, 50)), bet(10))
    assert "no acepto" in str(rows(came, SPOKEN)[-1])
    await ask(client, bytes((LEFT_CLICK, *MERCHANT)), bet(10))
    assert player.gold in {990, 1_010}, "a merchant is silent, and the gambler is near"
    running.app.game.world.warp(player, 1, 80, 80)
    player.clicked = None
    assert "Antes haz clic" in console(await ask(client, bet(10)))


async def test_players_do_not_hear_how_the_house_fares(market: OpenMarket) -> None:
    _, client, _ = await market()
    came = await ask(client, bytes((LEFT_CLICK, *GAMBLER)), bytes((BALANCE,)))
    assert "0 monedas de oro en tu cuenta" in str(rows(came, SPOKEN)[-1])
