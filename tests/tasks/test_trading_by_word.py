"""Trade between two who have no window for it, as the players of the Godot client."""

from __future__ import annotations

import pytest
from tests.support.by_hand import check_ledger
from tests.support.dealing import WEALTH, Dealing, told
from tests.support.market import POTION, SWORD

from pyao.rules.character import Slot


async def test_two_trade_with_words_alone(dealing: Dealing) -> None:
    dealing.ana.send(bytes((26, dealing.b.x, dealing.b.y)), b"\x54")  # a click, and /comerciar
    await dealing.hear()
    dealing.bob.send(b"\x54")
    await dealing.hear()
    assert "Comercias con Bob" in told(dealing.ana)
    await dealing.say(dealing.ana, "/ofrecer 10 pocima")
    await dealing.say(dealing.ana, "/ofrecer 60 oro")
    await dealing.say(dealing.bob, "/ofrecer ESPADA")
    await dealing.say(dealing.bob, "/oferta")
    assert "Ana ofrece: 10 Pocima, 60 monedas de oro" in told(dealing.bob)
    assert "Ofreces: 1 Espada" in told(dealing.bob)
    for words in ("/confirmar", "/aceptar"):
        await dealing.say(dealing.ana, words)
        await dealing.say(dealing.bob, words)
    await check_ledger(dealing.running.app)
    await dealing.hear()
    assert "El cambio est" in told(dealing.ana)
    assert "El cambio est" in told(dealing.bob)
    assert (dealing.a.gold, dealing.a.inventory[0]) == (40, Slot(SWORD.number, 1))
    assert (dealing.b.gold, dealing.b.inventory[0]) == (110, Slot(POTION.number, 10))


async def test_what_was_offered_is_taken_back(trading: Dealing) -> None:
    for words in ("/ofrecer 10 pocima", "/ofrecer 60 oro", "/quitar 4 pocima", "/quitar 60 oro"):
        await trading.say(trading.ana, words)
    assert told(trading.bob).endswith("Ana ofrece: 6 Pocima.")
    await trading.say(trading.ana, "/quitar 999 pocima")
    assert told(trading.bob).endswith("Ana ofrece: nada.")
    await trading.say(trading.ana, "/quitar pocima")
    assert "No hay nada que se llame as" in told(trading.ana)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/ofrecer 11 pocima", "No tienes tantas"),
        ("/ofrecer 101 oro", "No tienes tanto oro"),
        ("/ofrecer dragon", "No hay nada que se llame as"),
        ("/ofrecer", "No hay nada que se llame as"),
        ("/ofrecer 0 pocima", ""),
        ("/ofrecer 9999999999 pocima", "No hay nada"),
        ("/aceptar", "Antes ambos"),
    ],
)
async def test_what_cannot_be_said(trading: Dealing, words: str, answer: str) -> None:
    await trading.say(trading.ana, words)
    assert answer in told(trading.ana)
    assert trading.wealth() == WEALTH
    assert trading.a.trade is not None
    assert not list(trading.a.trade.sides[0].goods())


async def test_turning_down_ends_it(trading: Dealing) -> None:
    await trading.say(trading.bob, "/rechazar")
    assert "Bob ha rechazado tu oferta" in told(trading.ana)
    assert trading.apart


async def test_without_a_trade_there_is_nothing_to_say(dealing: Dealing) -> None:
    words = ("/ofrecer 1 oro", "/quitar 1 oro", "/oferta", "/confirmar", "/aceptar")
    for said in words:
        await dealing.say(dealing.ana, said)
    assert told(dealing.ana).count("No est") == len(words)
    dealing.a.hp = 0
    await dealing.say(dealing.ana, "/ofrecer 1 oro")
    assert "muerto" in told(dealing.ana)
