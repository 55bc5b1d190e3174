"""The page docs/world.md, rendered from the starter world so that it cannot fall behind it.

`python -m pyao.content.world_page > docs/world.md` writes it; a test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from pyao.content.map_view import EXIT, FOE, FREE, LEGEND, NPC, WALL, WATER, sketch
from pyao.content.npcs import NpcKind
from pyao.content.starter import load_starter
from pyao.content.world_data import MapData, WorldData, tile_place
from pyao.rules.kinds import NpcRole, ObjectType

TITLE: Final = """\
# The starter world

What ships with the server: {maps} maps, {items} items, {spells} spells, {npcs} kinds of people and
creatures. This page is generated from `src/pyao/content/starter/`
(`python -m pyao.content.world_page > docs/world.md`). `pyao-server world export DIR` writes a copy
to edit. Names are Spanish, with English beside.

The client draws its own maps; the server says where one may stand on them, who is there and where
they lead. In the sketches a letter stands for 2 x 4 tiles; north is up, and the first letter is at
x 9, y 7.

"""
FILES: Final = """
## How the files are written

A world is a folder of TOML. A key with `_en` beside it is the English of the same text. A mistake
is named with file, line and key, and a folder with any mistake gives no world at all.

| file | holds |
| --- | --- |
| `world.toml` | name, message of the day, homes, places, recipes, letters that all maps share |
| `balance.toml` | figures of races and classes, if they are not the classic ones |
| `maps/*.toml` | one map each |
| any other | `[[item]]`, `[[npc]]`, `[[spell]]`, `[[quest]]`, in as many files as you like |

In a map file a rectangle is `[west, north, east, south]`, all inside, from 1 to 100.

| key | means |
| --- | --- |
| `free`, `water` | rectangles one may stand on, or sail on; all else is blocked |
| `tiles`, `triggers` | instead: 100 rows of 100 letters, as an export writes them |
| `[legend]` | what a letter puts on a tile: object, amount, npc, trigger, exit, blocked |
| `[[grid]]` | rows of such letters, the first one `at` x, y; blanks and dots put nothing |
| `npcs`, `objects` | lists of x, y, number (and amount) |
| `[[exit]]` | the tiles of `box` lead beside `to` (map, x, y); all to one with `gather` |
| `[[area]]` | the tiles of `box` get a trigger: safe, arena, no_npc, under_roof, anti_blockade |
| `[[spawn]]` | `count` creatures scattered over the free tiles of `box` |
| `[[sound]]` | heard now and then: number, per cent, `dry_only` |

Who dies comes back after `respawn_s` seconds within `territory` tiles of where the map put them:
two keys of an `[[npc]]`. Without them it comes at once and anywhere on its map, as of old.

The client decides too where its player may walk, and cannot be taught new ground. What blocks here
and not there needs an object on the tile, so that the client is told.
"""
SKETCHED: Final = (FREE, WALL, WATER, EXIT, NPC, FOE)
ROLES: Final = {
    NpcRole.PRIEST: "heals and gives life back",
    NpcRole.ROYAL_GUARD: "guards for the Royal Army",
    NpcRole.TRAINER: "calls creatures to practise on",
    NpcRole.BANKER: "keeps gold and things",
    NpcRole.NOBLE: "enlists for a faction",
    NpcRole.GAMBLER: "gambles",
    NpcRole.CHAOS_GUARD: "guards for the Legion",
    NpcRole.NEWBIE_PRIEST: "heals newcomers",
    NpcRole.GOVERNOR: "makes citizens",
}


def render() -> str:
    """Return the whole page."""
    spanish, english = load_starter(language="es"), load_starter(language="en")
    page = TITLE.format(
        maps=len(spanish.maps),
        items=len(spanish.items),
        spells=len(spanish.spells),
        npcs=len(spanish.npcs),
    )
    page += "| letter | means |\n| --- | --- |\n"
    page += "".join(f"| `{letter}` | {LEGEND[letter]} |\n" for letter in SKETCHED) + "\n"
    page += "| map | name | English | who may fight | leads to |\n"
    page += "| --- | --- | --- | --- | --- |\n"
    for number, entry in sorted(spanish.maps.items()):
        leads_to = sorted({leads[0] for leads in entry.exits.values()})
        fights = "creatures only" if entry.safe else "players and creatures"
        page += (
            f"| {number} | {entry.name} | {english.maps[number].name} | {fights} "
            f"| {', '.join(f'{there} {spanish.maps[there].name}' for there in leads_to)} |\n"
        )
    for _, entry in sorted(spanish.maps.items()):
        page += "\n" + "\n".join(_section(spanish, english, entry)) + "\n"
    return page + FILES


def _section(spanish: WorldData, english: WorldData, entry: MapData) -> Iterator[str]:
    yield f"## {entry.number} {entry.name} ({english.maps[entry.number].name})"
    yield ""
    people: dict[int, list[int]] = {}
    for at, number in entry.npcs:
        people.setdefault(number, []).append(at)
    for number, tiles in sorted(people.items()):
        kind = spanish.npcs[number]
        if not kind.hostile and _does(kind):
            where = ", ".join("({}, {})".format(*tile_place(at)) for at in tiles)
            yield f"- {kind.name} ({english.npcs[number].name}) {_does(kind)}: {where}."
    creatures = [
        f"{len(tiles)} {spanish.npcs[number].name} ({english.npcs[number].name})"
        for number, tiles in sorted(people.items(), key=lambda row: spanish.npcs[row[0]].max_hp)
        if spanish.npcs[number].hostile
    ]
    if creatures:
        yield f"- Creatures, weakest first: {', '.join(creatures)}."
    things = _things(english, entry)
    if things:
        yield f"- To use: {', '.join(things)}."
    yield from ("", "```text", *sketch(spanish, entry), "```")


def _does(kind: NpcKind) -> str:
    """Say what somebody does for players; empty for who only lives there."""
    if kind.trades:
        return "trades"
    return ROLES.get(NpcRole(kind.role), "")


_USED: Final = {
    ObjectType.ANVIL: "anvil",
    ObjectType.FORGE: "forge",
    ObjectType.FORUM: "notice board",
    ObjectType.TREE: "trees to cut",
    ObjectType.ELVEN_TREE: "old trees to cut",
    ObjectType.ORE_DEPOSIT: "ore",
    ObjectType.FISHING_DEPOSIT: "shoals",
    ObjectType.CAMPFIRE: "camp fire",
    ObjectType.DOOR: "doors",
}


def _things(world: WorldData, entry: MapData) -> list[str]:
    """List what can be used, a kind of ore by its name."""
    found = []
    for _, number, _ in entry.objects:
        item = world.items[number]
        name = _USED.get(ObjectType(item.kind)) if item.kind in list(ObjectType) else None
        if name == "ore":
            name = item.name.lower()
        if name is not None and name not in found:
            found.append(name)
    return sorted(found)


if __name__ == "__main__":
    sys.stdout.write(render())
