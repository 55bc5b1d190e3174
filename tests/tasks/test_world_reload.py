"""Content edited while players play: completely applied, or completely refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support.waiting import until
from tests.support.world import world_data
from tests.tasks.conftest import Start

from pyao.content.text_export import export_world


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
