"""Orders that bring people somewhere, typed and as packets."""

from __future__ import annotations

import pytest
from tests.support.byte_client import REMOVE
from tests.tasks.conftest import BeginCourt, Court

from pyao.accounts import Refusal
from pyao.protocol.client_packets import LeftClick
from pyao.protocol.gm_packets import GmInvisible, GmWarpChar
from pyao.rules.character import Character
from pyao.rules.kinds import Privilege


async def test_telep_brings_oneself_and_others_by_both_doors(court: Court) -> None:
    await court.order("/telep 2 30 30")
    assert (court.master.map, court.master.x, court.master.y) == (2, 30, 30)
    await court.order("/telep Ana 2 31 31")
    assert (court.player.map, court.player.x, court.player.y) == (2, 31, 31)
    await court.order(GmWarpChar("yo", 1, 60, 50))
    assert (court.master.map, court.master.x) == (1, 60)
    rows = await court.audited("gm telep")
    assert [row["who"] for row in rows] == ["gm:Gandalf"] * 3
    assert rows[0]["at"].startswith("1:")


async def test_a_counsellor_moves_only_itself(begin_court: BeginCourt) -> None:
    court = await begin_court("counsellor")
    assert "only themselves" in await court.order("/telep Ana 2 31 31")
    assert court.player.map == 1
    await court.order("/telep 2 31 31")
    assert court.master.map == 2


async def test_who_has_no_rank_is_not_moved_and_learns_nothing(begin_court: BeginCourt) -> None:
    court = await begin_court("player")
    assert await court.order(GmWarpChar("YO", 2, 30, 30)) == ""
    assert "telep" in await court.order("/telep 2 30 30")
    assert court.master.map == 1
    assert await court.audited("gm telep") == []


async def test_words_that_mean_nothing_are_answered_with_the_usage(court: Court) -> None:
    for line in ("/telep", "/telep 2 30", "/telep Ana 2 300 30", "/telep Ana x 1 1"):
        assert "/telep USERNAME MAP X Y" in await court.order(line)


async def test_a_place_that_does_not_exist_is_told(court: Court) -> None:
    assert "no free place" in await court.order("/telep 99 30 30")


async def test_teleploc_goes_to_the_clicked_tile(court: Court) -> None:
    assert "Click a tile" in await court.order("/teleploc")
    master = court.master
    court.gm.send(LeftClick(master.x + 3, master.y + 2).encode())
    await court.order("/teleploc")
    assert (court.master.x, court.master.y) == court.master.aimed_at


async def test_ira_and_sum_bring_together(court: Court) -> None:
    court.world.warp(court.player, 2, 40, 60)
    await court.order("/ira ana")
    assert (court.master.map, court.master.x, court.master.y) == (2, 40, 61)
    assert "Gandalf has come" in await court.heard()
    court.world.warp(court.master, 1, 30, 30)
    await court.order("/sum Ana")
    assert (court.player.map, court.player.x, court.player.y) == (1, 30, 31)
    assert "brought you here" in await court.heard()


async def test_ircerca_goes_near_but_not_next_to_somebody(court: Court) -> None:
    court.world.warp(court.player, 2, 40, 60)
    await court.order("/ircerca Ana")
    away = max(abs(court.master.x - 40), abs(court.master.y - 60))
    assert (court.master.map, away) == (2, 2)


async def test_a_demigod_neither_finds_nor_moves_a_god(begin_court: BeginCourt) -> None:
    court = await begin_court("demigod")
    court.rank("god", of="Ana")
    for line in ("/ira Ana", "/sum Ana", "/donde Ana", "/telep Ana 2 30 30"):
        assert "not in the game" in await court.order(line)
    assert court.player.map == 1


async def test_a_demigod_does_not_summon_another_but_a_god_does(begin_court: BeginCourt) -> None:
    court = await begin_court("demigod")
    court.rank("demigod", of="Ana")
    court.world.warp(court.player, 2, 40, 60)
    assert "too high a rank" in await court.order("/sum Ana")
    court.rank("god")
    await court.order("/sum Ana")
    assert court.player.map == 1


async def test_donde_finds_those_who_left_as_well(court: Court) -> None:
    court.world.warp(court.player, 2, 40, 60)
    assert "map 2, 40, 60" in await court.order("/donde Ana")
    court.game.leave(court.player)
    assert "left the game on map 2, 40, 60" in await court.order("/donde Ana")
    assert "no character" in await court.order("/donde Nobody")


async def test_an_unseen_game_master_is_shown_to_nobody(court: Court) -> None:
    court.world.warp(court.master, 1, court.player.x + 2, court.player.y)
    await court.gm.settle()
    assert court.ana.named("Gandalf") is not None
    await court.ana.settle()
    assert "Nobody sees you" in await court.order(GmInvisible())
    assert REMOVE in [packet.id for packet in await court.ana.settle()]
    assert court.ana.named("Gandalf") is None
    assert court.gm.named("Ana") is not None
    await court.order("/invisible")
    await court.ana.settle()
    assert court.ana.named("Gandalf") is not None


@pytest.mark.parametrize(("rank", "unseen"), [("demigod", True), ("player", False)])
async def test_staff_comes_into_the_game_unseen(court: Court, rank: str, unseen: bool) -> None:
    game = court.game
    bits = int(Privilege.PLAYER | Privilege[rank.upper()])
    await game.accounts.set_privileges("Gandalf", bits)
    game.leave(court.master)
    await court.gm.until_closed()
    again = await court.running.connect()
    await again.enter("Gandalf")
    await court.ana.settle()
    assert court.master.unseen is unseen
    assert (court.ana.named("Gandalf") is None) is unseen


async def test_nave_and_ignorado_are_toggles(court: Court) -> None:
    assert "without a boat" in await court.order("/nave")
    sails = [court.master.sailing]
    await court.order("/nave")
    sails.append(court.master.sailing)
    assert sails == [True, False]
    await court.order("/ignorado")
    assert court.master.ignored


async def test_a_log_in_that_read_before_a_change_is_asked_to_try_again(court: Court) -> None:
    game = court.game
    game.leave(court.player)
    await court.ana.until_closed()
    client = await court.running.connect()
    client.throw_dices()
    await client.get(67)
    session = list(game.connected.values())[-1]
    loaded = await game.load("Ana", "secreto", session)
    assert isinstance(loaded, Character)
    game.verdicts.edited[loaded.user_id] = 1
    assert game.admit(loaded, session) == Refusal("login.changed_meanwhile")
