"""The world of the benchmark: open maps, and characters that already stand spread over them.

A real world would do too, but its walls and houses make crowds whose size nobody knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from nacl.pwhash import argon2id

from pyao.accounts.hashing import MEMORY_KIB, TIME_COST
from pyao.bots import Region
from pyao.bots.options import WHOLE_MAP, BotOptions
from pyao.bots.role import bot_name
from pyao.content.starter import load_starter
from pyao.content.world_data import SIDE, MapData, WorldData
from pyao.content.world_file import save_world
from pyao.rules import areas, creation
from pyao.rules.character import Attributes, Character, Section, UserId
from pyao.rules.creation import Choice
from pyao.rules.kinds import TileFlag
from pyao.rules.names import name_key
from pyao.storage.keys import RedisKeys
from pyao.storage.owner import Owner
from pyao.storage.records import AccountRecord, sections
from pyao.storage.repository import Repository
from pyao.storage.values import Value

OBSERVERS: Final = 30
FULL_MAP: Final = 345  # bots that fill a whole map with about 30 observers each


@dataclass(frozen=True, slots=True)
class Crowd:
    """Where bots stand: so many maps, the same region on each."""

    bots: int
    maps: int
    region: Region


def spread(bots: int) -> Crowd:
    """Return the crowd in which each step has about 30 observers."""
    maps = math.ceil(bots / FULL_MAP)
    each = bots // maps
    regions = (
        Region(
            WHOLE_MAP.left + cut, WHOLE_MAP.top + cut, WHOLE_MAP.right - cut, WHOLE_MAP.bottom - cut
        )
        for cut in range(38)
    )
    best = min(regions, key=lambda region: abs(observers(each, region) - OBSERVERS))
    return Crowd(bots, maps, best)


def dense(bots: int, zones: int) -> Crowd:
    """Return a crowd in the middle of one map, on a square of `zones` by `zones` zones."""
    side = areas.ZONE_TILES
    return Crowd(
        bots, 1, Region(4 * side, 4 * side, (4 + zones) * side - 1, (4 + zones) * side - 1)
    )


def observers(bots: int, region: Region) -> float:
    """Return how many others see a bot on average, when all are spread evenly over a region."""
    return (bots - 1) * _together(region.left, region.right) * _together(region.top, region.bottom)


def _together(first: int, last: int) -> float:
    """Return how often two random tiles of one axis are in sight of each other."""
    tiles = range(first, last + 1)
    share: dict[int, float] = {}
    for tile in tiles:
        share[areas.zone(tile)] = share.get(areas.zone(tile), 0.0) + 1 / len(tiles)
    return sum(p * q for a, p in share.items() for b, q in share.items() if abs(a - b) <= 1)


def write_world(path: Path, maps: int) -> None:
    """Write a compiled world of open maps, with the definitions of the starter world."""
    save_world(open_world(path.parent, maps), path)


def open_world(folder: Path, maps: int) -> WorldData:
    """Return a world of open maps, with the definitions of the starter world."""
    flags = bytes(
        0 if WHOLE_MAP.holds(x, y) else TileFlag.BLOCKED
        for y in range(1, SIDE + 1)
        for x in range(1, SIDE + 1)
    )
    starter = load_starter(folder)
    opened = {
        number: MapData(number=number, name=f"Llano {number}", flags=flags, safe=True)
        for number in range(1, maps + 1)
    }
    cities = {number: replace(city, map=1, x=50, y=50) for number, city in starter.cities.items()}
    return replace(starter, name="Benchmark", maps=opened, cities=cities)


def fill_store(store: Repository, crowd: Crowd, extra: int = 0) -> None:
    """Write the accounts and characters of a crowd; `extra` more stand about on the first map."""
    keep(store, _standing(crowd, extra))


def keep(store: Repository, characters: Iterable[Character]) -> None:
    """Write characters with their accounts.

    All have the same password hash: making a thousand takes half a minute.
    """
    store.open()
    claim = store.claim(Owner.this_process("benchmarks"))
    store.fill(_records(characters), ())
    store.release(claim.stamp)
    store.close()


def _standing(crowd: Crowd, extra: int) -> Iterator[Character]:
    random = Random(1)
    places = _places(crowd, random)
    for index in range(crowd.bots + extra):
        made = character(index, random)
        made.map, made.x, made.y = next(places, (1, 50, 50))
        yield made


def _records(characters: Iterable[Character]) -> Iterator[tuple[str, Value]]:
    word = BotOptions.password.encode()
    password = argon2id.str(word, TIME_COST, MEMORY_KIB * 1024).decode("ascii")
    last = 0
    for one in characters:
        last = max(last, one.user_id)
        account = AccountRecord(one.name, password)
        account.characters[one.user_id] = one.name
        key = name_key(one.name)
        yield RedisKeys.account(key), account.to_hash()
        yield RedisKeys.name(key), {"user_id": str(one.user_id), "account": one.name}
        yield from _stored(sections(one, Section.everything()).items())
    yield RedisKeys.WORLD_LAST_USER_ID, str(last)


def _stored(records: Iterable[tuple[str, Value | None]]) -> Iterator[tuple[str, Value]]:
    """Leave out what only a change could say: that a record is removed."""
    return ((key, value) for key, value in records if value is not None)


def character(index: int, random: Random) -> Character:
    """Return the new character of a bot."""
    name = bot_name(index)
    choice = Choice(name=name, race=1, gender=1, char_class=index % 12 + 1, head=1 + index % 40)
    return creation.new_character(
        choice, Attributes(), random.randint, user_id=UserId(index + 1), account=name
    )


def _places(crowd: Crowd, random: Random) -> Iterator[tuple[int, int, int]]:
    """Go through different random tiles of a region, map by map in turn."""
    region = crowd.region
    tiles = [
        (x, y)
        for x in range(region.left, region.right + 1)
        for y in range(region.top, region.bottom + 1)
    ]
    shuffled = [random.sample(tiles, len(tiles)) for _ in range(crowd.maps)]
    for row in zip(*shuffled, strict=True):
        for number, (x, y) in enumerate(row, start=1):
            yield number, x, y
