"""Content edited while players play: completely applied, or completely refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as replace_kind
from tests.support.byte_client import ByteClient
from tests.support.running import Running
from tests.support.waiting import until
from tests.support.world import world_data
from tests.tasks.conftest import Start

from pyao.content.fields import Pile
from pyao.content.text_export import export_world
from pyao.content.world_data import tile_index
from pyao.rules.character import Slot

DOUBLE_CLICK, COMMERCE_END, COMMERCE_INIT, INVENTORY_SLOT = 27, 5, 7, 47


async def test_an_edited_text_takes_effect_and_a_mistake_changes_nothing(
    start: Start, tmp_path: Path
) -> None:
    folder = tmp_path / "text"
    data = world_data()
    kept = {at: to for at, to in data.maps[1].exits.items() if to[0] in data.maps}
    data.maps[1] = replace(data.maps[1], exits=kept)
    export_world(data, folder)
    running = await start(world=str(folder))
    ana = await running.newcomer("Ana")
    world = running.app.game.world
    items = folder / "items.toml"
    text = items.read_text()
    items.write_text(text.replace('"Daga"', '"Daga nueva"'))
    await until(lambda: world.data.items[460].name == "Daga nueva")
    items.write_text(text.replace('"Daga"', '"Otra"') + "\nthis is no TOML")
    problem = await running.app.reload_world()
    assert problem is not None
    assert "items.toml" in problem
    assert world.data.items[460].name == "Daga nueva"
    await ana.settle()
    assert not ana.closed


async def served(start: Start, folder: Path) -> tuple[Running, ByteClient]:
    """Serve the meadows from text, with a shopkeeper, and bring Ana before the counter."""
    data = world_data()
    kept = {at: to for at, to in data.maps[1].exits.items() if to[0] in data.maps}
    stock = (Pile(460, 5),)
    data.maps[1] = replace(data.maps[1], exits=kept, npcs=[(tile_index(50, 52), 1)])
    data.npcs[1] = replace_kind(data.npcs[1], trades=True, stock=stock, buys=2)
    export_world(data, folder)
    running = await start(world=str(folder))
    return running, await running.newcomer("Ana")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


async def test_what_a_player_has_and_looks_at_is_shown_as_it_is_now(
    start: Start, tmp_path: Path
) -> None:
    running, ana = await served(start, tmp_path / "text")
    player = running.player("Ana")
    player.inventory[0] = Slot(460, 1)
    ana.send(bytes((DOUBLE_CLICK, 50, 52)))
    await ana.get(COMMERCE_INIT)
    edit(tmp_path / "text" / "items.toml", '"Daga"', '"Daga nueva"')
    assert await running.app.reload_world() is None
    came = await ana.settle()
    assert [packet.id for packet in came].count(COMMERCE_END) == 1
    names = [packet.values[2] for packet in came if packet.id == INVENTORY_SLOT]
    assert "Daga nueva" in names
    assert player.dealer is None


async def test_a_refused_change_leaves_even_open_windows_alone(
    start: Start, tmp_path: Path
) -> None:
    running, ana = await served(start, tmp_path / "text")
    ana.send(bytes((DOUBLE_CLICK, 50, 52)))
    await ana.get(COMMERCE_INIT)
    before = running.app.game.world.data
    for file, old, new in (
        ("items.toml", "number = 460", "number = 461"),
        ("npcs.toml", "stock = [[460, 5]]", "stock = [[999, 5]]"),
        ("maps/001.toml", "npcs = [[50, 52, 1]]", "npcs = [[50, 52, 7]]"),
        ("world.toml", "at = [1, 50, 50]", "at = [9, 50, 50]"),
        ("maps/001.toml", "number = 1", "number = 4"),
    ):
        path = tmp_path / "text" / file
        whole = path.read_text(encoding="utf-8")
        edit(path, old, new)
        problem = await running.app.reload_world()
        assert problem is not None, (file, new)
        path.write_text(whole, encoding="utf-8")
    assert running.app.game.world.data is before
    assert await ana.settle() == []
    assert running.player("Ana").dealer is not None
    assert await running.app.reload_world() is None
