"""Orders about creatures: made, called, led, taken away, imitated."""

from __future__ import annotations

from pathlib import Path

from msgspec import structs
from tests.support.creatures import WOLF
from tests.support.world import world_data
from tests.tasks.conftest import BeginCourt, Court

from pyao.content.world_file import save_world
from pyao.rules.kinds import Movement, NpcRole
from pyao.world.npc import Npc


async def with_wolves(begin_court: BeginCourt, folder: Path) -> Court:
    data = world_data()
    data.npcs[WOLF.number] = structs.replace(WOLF, body=10)
    king = structs.replace(
        WOLF, number=911, name="Rey", role=NpcRole.PRETORIAN, movement=Movement.CLAN_KING, body=10
    )
    data.npcs[911] = king
    save_world(data, folder / "wolves.pyao")
    return await begin_court(world=str(folder / "wolves.pyao"))


def wolves(court: Court, name: str = WOLF.name) -> list[Npc]:
    return [one for one in court.world.maps[court.master.map].npcs() if one.kind.name == name]


async def test_creatures_are_made_and_taken_away(begin_court: BeginCourt, tmp_path: Path) -> None:
    court = await with_wolves(begin_court, tmp_path)
    assert "no creature 77" in await court.order("/acc 77")
    await court.order(f"/acc {WOLF.number}")
    assert [one.returns for one in wolves(court)] == [False]
    await court.order(f"/racc {WOLF.number}")
    assert sorted(one.returns for one in wolves(court)) == [False, True]
    assert "do not come back" in await court.order("/racc 911")
    assert "Click a creature" in await court.order("/mata")
    court.master.clicked = wolves(court)[0]
    await court.order("/mata")
    assert len(wolves(court)) == 1
    await court.order("/masskill")
    assert wolves(court) == []
    assert len(await court.audited("gm acc")) == 2


async def test_a_creature_of_the_list_is_called(begin_court: BeginCourt, tmp_path: Path) -> None:
    court = await with_wolves(begin_court, tmp_path)
    court.rank("demigod")
    assert f"1. {WOLF.name}" in await court.order("/cc")
    await court.order("/spa 1")
    assert len(wolves(court)) == 1
    assert "no creature 9" in await court.order("/spa 9")


async def test_a_creature_follows_and_goes_its_way_again(
    begin_court: BeginCourt, tmp_path: Path
) -> None:
    court = await with_wolves(begin_court, tmp_path)
    await court.order(f"/acc {WOLF.number}")
    wolf = court.master.clicked = wolves(court)[0]
    await court.order("/seguir")
    assert (wolf.master, wolf.movement) == (court.master.user_id, Movement.FOLLOWS_MASTER)
    await court.order("/seguir")
    assert (wolf.master, wolf.movement) == (0, wolf.kind.movement)
    wolf.master, wolf.paralysed = court.player.user_id, True
    assert "has a master" in await court.order("/seguir")
    assert wolf.paralysed


async def test_a_look_is_taken_and_given_back(begin_court: BeginCourt, tmp_path: Path) -> None:
    court = await with_wolves(begin_court, tmp_path)
    await court.order(f"/acc {WOLF.number}")
    court.master.clicked = wolves(court)[0]
    await court.order("/mimetizar")
    assert court.master.look.body == 10
    await court.order("/impersonar")
    assert wolves(court) == []
    await court.order("/mimetizar")
    assert court.master.look.body != 10


async def test_pretorians_come_and_go(begin_court: BeginCourt, tmp_path: Path) -> None:
    court = await with_wolves(begin_court, tmp_path)
    await court.order("/crearpretorianos 1 40 60")
    assert len(wolves(court, "Rey")) == 1
    assert "already" in await court.order("/crearpretorianos 1 40 60")
    await court.order("/eliminarpretorianos 1")
    assert wolves(court, "Rey") == []


async def test_a_merchant_says_what_staff_lets_it_say(court: Court) -> None:
    court.world.warp(court.master, 1, 70, 72)
    court.world.warp(court.player, 1, 71, 72)
    await court.heard()
    court.master.clicked = next(iter(court.world.maps[1].npcs()))
    await court.order("/talkas Welcome all")
    assert any("Welcome all" in map(str, one.values) for one in await court.ana.settle())
    await court.order("/setdialog Closed today")
    assert court.master.clicked.words == "Closed today"
    assert "all its goods" in await court.order("/resetinv")
