"""The classic world as a client is shown it: whoever the files put somewhere stands there.

The `.inf` files are read by this test itself, from the format page, not by our importer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.conftest import Start
from tests.support.classic import Classic, classic_fixture
from tests.support.client_facts import sees
from tests.support.world import ManualClock

__all__ = ["classic_fixture"]

pytestmark = pytest.mark.untraced

Place = tuple[int, int]
DRAWN_BY_THE_CLIENT = {4, 8, 10, 22}  # trees, signs, forums, deposits


def placed(path: Path) -> tuple[dict[Place, int], dict[Place, int]]:
    """Read which npc and which object an `.inf` file puts on which tile."""
    data, at = path.read_bytes(), 10
    npcs, objects = {}, {}
    for tile in range(10_000):
        place = (tile % 100 + 1, tile // 100 + 1)
        flags = data[at]
        at += 1 + 6 * (flags & 1)
        if flags & 2:
            (npcs[place],) = struct.unpack_from("<h", data, at)
            at += 2
        if flags & 4:
            objects[place], _ = struct.unpack_from("<2h", data, at)
            at += 4
    assert at == len(data)
    return npcs, objects


def spread(places: Iterator[Place], count: int) -> list[Place]:
    """Choose some places, evenly over all."""
    every = sorted(places)
    return every[:: max(len(every) // count, 1)][:count]


async def test_npcs_and_objects_stand_where_the_files_put_them(
    start: Start, classic: Classic
) -> None:
    running = await start(clock=ManualClock(), world=str(classic.file))
    ana = await running.newcomer("Ana", home=1)
    ana.graphics = classic.graphics()
    world, player = running.app.game.world, running.player("Ana")
    seen_npcs, seen_objects = 0, 0
    for number in (1, 34, 37, 48, 59, 62, 151, 20, 100, 166, 200, 289):
        npcs, objects = placed(classic.folder / "classic290" / "maps" / f"Mapa{number}.inf")
        for x, y in spread(iter(npcs.keys() | objects.keys()), 8):
            world.warp(player, number, x, y)
            await ana.settle()
            assert ana.map == number

            def near(place: Place) -> bool:
                return sees(ana.x, ana.y, *place)

            expected = {place: world.data.npcs[kind] for place, kind in npcs.items() if near(place)}
            figures = {
                (one.x, one.y): one for index, one in ana.figures.items() if index != ana.index
            }
            assert figures.keys() == expected.keys(), (number, x, y)
            for place, kind in expected.items():
                one = figures[place]
                assert (one.body, one.head, one.heading) == (kind.body, kind.head, kind.heading)
            shown = {
                place: world.data.items[item].graphic
                for place, item in objects.items()
                if near(place) and world.data.items[item].kind not in DRAWN_BY_THE_CLIENT
            }
            shown = {place: graphic for place, graphic in shown.items() if graphic}
            assert ana.objects == shown, (number, x, y)
            seen_npcs += len(figures)
            seen_objects += len(shown)
    assert seen_npcs > 200
    assert seen_objects > 200
