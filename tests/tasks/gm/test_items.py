"""Orders about things on the ground: what is made or destroyed has its line in the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.by_hand import check_ledger
from tests.support.world import world_data
from tests.tasks.conftest import BeginCourt, Court

from pyao.content.items import Item
from pyao.content.world_data import tile_index
from pyao.content.world_file import save_world
from pyao.rules.inventory import Pile
from pyao.world.map_room import GroundItem


def lying(court: Court, x: int, y: int) -> int:
    pile = court.world.maps[court.master.map].ground.get(tile_index(x, y))
    return 0 if pile is None else pile.amount


async def test_ci_makes_a_hundred_to_the_north_and_dest_destroys_them(court: Court) -> None:
    master = court.master
    x, y = master.x, master.y - 1
    assert "no thing 999" in await court.order("/ci 999")
    await court.order("/ci 460")
    assert lying(court, x, y) == 100
    assert "Something lies there" in await court.order("/ci 460")
    assert "nothing here" in await court.order("/dest")
    court.world.warp(master, master.map, x, y)
    await court.order("/dest")
    assert lying(court, x, y) == 0
    made = await court.audited("gm made")
    assert [(row["item"], row["amount"], row["from"], row["to"]) for row in made] == [
        ("460", "100", "", "map:1")
    ]
    gone = await court.audited("gm destroyed")
    assert [(row["from"], row["to"]) for row in gone] == [("map:1", "")]
    await check_ledger(court.running.app)


async def test_massdest_leaves_doors_and_limpiar_cleans_all_maps(court: Court) -> None:
    room = court.world.maps[1]
    court.world.warp(court.master, 1, 58, 62)
    await court.order("/ci 460")
    assert "1 things" in await court.order("/massdest")
    assert tile_index(60, 60) in room.ground
    await court.order("/ci 12")
    await court.order("/limpiar")
    assert lying(court, court.master.x, court.master.y - 1) == 0
    await check_ledger(court.running.app)


async def test_massdest_leaves_what_the_map_brings_and_nobody_can_move(court: Court) -> None:
    room, master = court.world.maps[1], court.master
    anvil = Item(number=30, name="Yunque", kind=27, graphic=700, fixed=True)
    room.lay(master.x + 1, master.y, GroundItem(anvil, 1, fixed=True))
    await court.order("/ci 460")
    assert "1 things" in await court.order("/massdest")
    assert lying(court, master.x + 1, master.y) == 1


@pytest.fixture(name="gated")
async def gated_fixture(begin_court: BeginCourt, tmp_path: Path) -> Court:
    """Return a court in a world that knows what a teleport is."""
    data = world_data()
    data.items[1012] = Item(number=1012, name="Teleport", kind=19, graphic=900)
    save_world(data, tmp_path / "teleports.pyao")
    return await begin_court(world=str(tmp_path / "teleports.pyao"))


async def test_a_teleport_that_leads_somewhere_is_not_cleaned_away(gated: Court) -> None:
    x, y = gated.master.x, gated.master.y - 1
    await gated.order("/ct 2 30 30")
    await gated.order("/limpiar")
    assert lying(gated, x, y) == 1, "a way is left that nobody sees or can close"
    assert await gated.audited("cleaned") == []
    del gated.world.maps[1].exits[tile_index(x, y)]  # as a restart leaves it
    await gated.order("/limpiar")
    assert lying(gated, x, y) == 0
    assert [(row["item"], row["from"]) for row in await gated.audited("cleaned")] == [
        ("1012", "map:1")
    ]
    await check_ledger(gated.running.app)


async def test_a_teleport_that_a_restart_left_without_its_end_is_taken_away(gated: Court) -> None:
    court, master = gated, gated.master
    await court.order("/ct 2 30 30")
    del court.world.maps[1].exits[tile_index(master.x, master.y - 1)]
    master.aimed_at = (master.x, master.y - 1)
    assert "gone" in await court.order("/dt")
    assert lying(court, master.x, master.y - 1) == 0
    await check_ledger(court.running.app)


async def test_a_teleport_leads_where_it_was_told_and_goes_again(gated: Court) -> None:
    court, master = gated, gated.master
    x, y = master.x, master.y
    assert "no such place" in await court.order("/ct 9 50 50")
    assert "is open" in await court.order("/ct 2 30 30")
    assert "Something lies" in await court.order("/ct 2 31 31")
    court.gm.walk(1)
    await court.gm.settle()
    assert (master.map, master.x, master.y) == (2, 30, 30)
    court.world.warp(master, 1, x, y)
    assert "Click a teleport" in await court.order("/dt")
    master.aimed_at = (x, y - 1)
    assert "gone" in await court.order("/dt")
    assert tile_index(x, y - 1) not in court.world.maps[1].exits
    await check_ledger(court.running.app)


async def test_a_demigod_makes_no_things(begin_court: BeginCourt) -> None:
    court = await begin_court("demigod")
    assert "may not give the order" in await court.order("/ci 460")
    court.world.set_ground(court.world.maps[1], 50, 49, Pile(460, 1))
    assert lying(court, 50, 49) == 1
