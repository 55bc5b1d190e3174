"""Orders that show what a character is and has, in the game or in the store."""

from __future__ import annotations

import pytest
from tests.support.by_hand import changed_by_hand
from tests.tasks.conftest import BeginCourt, Court

from pyao.protocol.gm_packets import GmIpToNick
from pyao.rules.character import Slot
from pyao.rules.labour import Stretch


@pytest.mark.parametrize("away", [False, True])
async def test_a_character_is_shown_in_the_game_and_out_of_it(court: Court, away: bool) -> None:
    player = court.player
    with changed_by_hand(court.running.app, player):
        player.gold, player.bank_gold = 321, 654
        player.inventory[2] = Slot(460, 3, equipped=True)
        player.bank[0] = Slot(463, 7)
    player.skills[4] = 55
    if away:
        court.game.leave(player)
    assert "321 gold coins, 654" in await court.order("/bal Ana")
    assert "3*: Daga x3 (460)" in await court.order("/inv Ana")
    assert "1: Ropa x7 (463)" in await court.order("/bov Ana")
    assert " 55" in await court.order("/skills Ana")
    assert "Level 1" in await court.order("/stat Ana")
    info = await court.order("/info Ana")
    assert "Reputation" in info
    assert "321" in info
    assert "127.0.0.1" in await court.order("/lastip Ana")


async def test_nobody_of_that_name_is_told(court: Court) -> None:
    for word in ("bal", "inv", "bov", "skills", "stat", "info", "lastip", "lastemail"):
        assert "no character called Nobody" in await court.order(f"/{word} Nobody")


async def test_a_counsellor_sees_no_purse(begin_court: BeginCourt) -> None:
    court = await begin_court("counsellor")
    assert "may not give the order" in await court.order("/bal Ana")


async def test_slot_shows_one_slot(court: Court) -> None:
    assert "1 to 25" in await court.order("/slot Ana@26")
    court.player.inventory[0] = None
    assert "none" in await court.order("/slot Ana@1")


async def test_addresses_are_found_both_ways(court: Court) -> None:
    lines = await court.order("/nick2ip Ana")
    assert "127.0.0.1" in lines
    assert "Ana, Gandalf" in lines
    assert "Ana, Gandalf" in await court.order("/ip2nick 127.0.0.1")
    assert "Ana, Gandalf" in await court.order(GmIpToNick(127, 0, 0, 1))
    assert "none" in await court.order("/ip2nick 10.0.0.1")
    assert "nadie@example.com" in await court.order("/lastemail Ana")


async def test_lists_hide_gods_from_lower_ranks(begin_court: BeginCourt) -> None:
    court = await begin_court("demigod")
    assert "Ana, Gandalf" in await court.order("/usuarios")
    assert "Ana, Gandalf" in await court.order("/onlinemap 1")
    court.rank("god", of="Ana")
    assert "Ana" not in await court.order("/usuarios")
    assert "Ana" not in await court.order("/onlinemap")
    court.rank("god")
    assert "Ana, Gandalf" in await court.order("/onlinegm")


async def test_who_works_and_who_hides_is_listed(court: Court) -> None:
    player = court.player
    player.work.add(player.pace.steps)
    player.hiding.add(player.pace.steps)
    assert "Ana" in await court.order("/trabajando")
    assert "Ana" in await court.order("/ocultando")
    player.work, player.hiding = Stretch(), Stretch()
    assert "Ana" not in await court.order("/trabajando")
    assert "Ana" not in await court.order("/ocultando")


async def test_creatures_and_things_of_a_map_are_listed(court: Court) -> None:
    assert "Tendero (70,70)" in await court.order("/nene")
    assert "no such place" in await court.order("/nene 77")
    assert "Puerta x1 (60,60)" in await court.order("/piso")
    assert "127.0.0.1: 2" in await court.order("/dumpsecurity")
