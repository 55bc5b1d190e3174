"""Notice boards: read, put up, corners of the armies."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.dealing import Dealing, told

from pyao.content.items import Item
from pyao.events import Event, EventTypes
from pyao.protocol import client_packets as said
from pyao.protocol.enums import ForumMessageType
from pyao.rules.board import Corner
from pyao.rules.kinds import Faction, ObjectType, Privilege
from pyao.world.map_room import GroundItem

BOARD = Item(number=900, name="board", kind=ObjectType.FORUM, graphic=1, forum="Plaza")
AT = (50, 51)


@pytest.fixture(name="square")
async def square_fixture(dealing: Dealing) -> Dealing:
    """Return the three with a board in reach of Ana and Bob."""
    world = dealing.running.app.game.world
    world.maps[1].lay(*AT, GroundItem(BOARD, 1, fixed=True))
    world.warp(dealing.a, 1, 50, 50)
    world.warp(dealing.b, 1, 51, 51)
    world.warp(dealing.e, 1, 54, 51)
    await dealing.hear()
    dealing.forget()
    return dealing


async def test_what_one_puts_up_others_read(square: Dealing) -> None:
    await square.send(square.bob, said.DoubleClick(*AT))
    assert "No hay nada en el tablon" in told(square.bob)
    await square.say(square.ana, "/publicar Se busca: un gato [pardo]")
    assert "esta en el tablon" in told(square.ana)
    await square.send(square.ana, said.ForumPost(ForumMessageType.GENERAL, "Vendo", "dos barcas"))
    await square.send(square.bob, said.DoubleClick(*AT))
    assert "1. Vendo - Ana\n2. Se busca - Ana\n" in told(square.bob)
    await square.say(square.bob, "/leer 2")
    assert "Se busca, por Ana: un gato (pardo]" in told(square.bob)
    for wrong in ("0", "3", "-1", "x", "99999999999"):
        square.forget()
        await square.say(square.bob, f"/leer {wrong}")
        assert "ese numero" in told(square.bob)


async def test_modules_read_titles_as_well_as_texts(square: Dealing) -> None:
    def clean(event: Event[Any]) -> None:
        event.data.text = event.data.text.replace("feo", "***")
        if "veto" in event.data.text:
            event.veto("hoy no")

    square.running.app.game.events.register_handler(EventTypes.BEFORE_CHAT, clean, "test")
    await square.say(square.ana, "/publicar algo feo: muy feo")
    await square.say(square.ana, "/publicar veto: hola")
    await square.say(square.ana, "/publicar hola: veto")
    assert told(square.ana).count("hoy no") == 2
    await square.say(square.bob, "/leer 1")
    assert "algo ***, por Ana: muy ***" in told(square.bob)
    await square.say(square.bob, "/leer 2")
    assert "ese numero" in told(square.bob)


async def test_a_long_board_is_read_by_pages(square: Dealing) -> None:
    for number in range(1, 11):
        await square.say(square.ana, f"/publicar aviso {number}: texto")
    await square.say(square.bob, "/tablon")
    assert "1. aviso 10" in told(square.bob)
    assert "aviso 3 " not in told(square.bob)
    assert "gina 1 de 2" in told(square.bob)
    square.forget()
    await square.say(square.bob, "/tablon 2")
    assert "10. aviso 1 - Ana" in told(square.bob)


async def test_a_board_out_of_reach_is_none(square: Dealing) -> None:
    await square.send(square.eva, said.DoubleClick(*AT))
    assert "lejos" in told(square.eva)
    await square.say(square.eva, "/publicar hola: aqui")
    await square.say(square.eva, "/tablon")
    await square.say(square.eva, "/leer 1")
    assert told(square.eva).count("No hay ning") == 3


async def test_an_army_keeps_its_corner_to_itself(square: Dealing) -> None:
    square.a.faction = Faction.ROYAL
    await square.say(square.ana, "/publicar armada Al alba: en la puerta")
    await square.say(square.bob, "/publicar armada Yo tambien: voy")
    assert "para los miembros" in told(square.bob)
    await square.say(square.ana, "/tablon")
    assert "1. (Armada Real) Al alba - Ana" in told(square.ana)
    square.forget()
    await square.say(square.bob, "/tablon")
    assert "alba" not in told(square.bob)


async def test_a_council_announces_to_its_army(square: Dealing) -> None:
    square.a.faction = Faction.ROYAL
    await square.say(square.ana, "/anunciar armada Ley: nueva")
    assert "No puedes poner anuncios" in told(square.ana)
    square.a.privileges |= Privilege.ROYAL_COUNCIL
    await square.say(square.ana, "/publicar armada Otra: cosa")
    await square.send(square.ana, said.ForumPost(ForumMessageType.ROYAL_STICKY, "Ley", "nueva"))
    square.forget()
    await square.say(square.ana, "/tablon")
    assert "1. (Armada Real) Ley - Ana\n2. (Armada Real) Otra - Ana" in told(square.ana)


async def test_nothing_comes_of_an_unknown_corner_an_empty_text_or_a_ghost(square: Dealing) -> None:
    await square.send(square.ana, said.ForumPost(6, "a", "b"), said.ForumPost(255, "a", "b"))
    await square.say(square.ana, "/publicar sin dos puntos")
    assert "Escribe un t" in told(square.ana)
    square.a.hp = 0
    await square.say(square.ana, "/publicar a: b")
    await square.send(square.ana, said.ForumPost(0, "a", "b"))
    assert list(square.running.app.game.boards.corner("Plaza", Corner.GENERAL)) == []
