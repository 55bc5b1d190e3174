"""The checker of recorded traffic: each of its rules fails on traffic that breaks it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.support.client_picture import BANK, BURST_BYTES, SHOP, Picture
from tests.support.client_stream import (
    LAYOUTS,
    MULTI,
    BrokenStreamError,
    Rule,
    Value,
    packet,
)

OWN, OTHER = 7, 8
KINDS = {"u8": "B", "bool": "B", "i16": "h", "i32": "i", "f32": "f", "string": "s"}
KINDS |= {"string_list": "S", "union": "M"}


def figure(index: int = OTHER, x: int = 51, y: int = 50, **look: int) -> bytes:
    """Return a CHARACTER_CREATE."""
    body, head, heading = (look.get(name, 1) for name in ("body", "head", "heading"))
    worn = [look.get(name, 2) for name in ("weapon", "shield", "helmet")]
    place = (x, y)
    return packet(
        29, index, body, head, heading, *place, *worn, 0, 0, "Eva", 1, look.get("privileges", 1)
    )


def stats(hp: int = 20, max_hp: int = 20, mana: int = 0, gold: int = 0) -> bytes:
    """Return an UPDATE_USER_STATS."""
    return packet(45, max_hp, hp, 0, mana, 60, 60, gold, 1, 300, 0)


def bag(slot: int, item: int = 460, graphic: int = 601) -> bytes:
    """Return a CHANGE_INVENTORY_SLOT."""
    return packet(47, slot, item, "Daga", 1, 0, graphic, 2, 1, 1, 0, 0, 1.0)


def bank(slot: int) -> bytes:
    """Return a CHANGE_BANK_SLOT."""
    return packet(48, slot, 0, "", 0, 0, 0, 0, 0, 0, 0, 0)


def shop(slot: int, graphic: int = 0) -> bytes:
    """Return a CHANGE_NPC_INVENTORY_SLOT."""
    return packet(59, slot, "", 0, 0.0, graphic, 0, 0, 0, 0, 0, 0)


UNSAFE = [number for number, layout in LAYOUTS.items() if layout is None]
MAP = packet(21, 1, 1)
HERE = MAP + figure(OWN, 50, 50) + packet(28, OWN)
LOG_IN = bag(1) + packet(49, 1, 2, "Dardo") + HERE + stats() + packet(0, 3) + packet(63, 0)
PAUSE, TRANCE, REST, STUCK, SAIL = (packet(number) for number in (42, 68, 54, 82, 3))
GHOST = packet(34, OWN, 8, 500, 1, 2, 2, 2, 0, 0)
BOAT = packet(34, OWN, 84, 0, 1, 2, 2, 2, 0, 0)
SHINE = packet(44, OWN, 4, -1)

# Each line breaks one rule, after a log-in that breaks none. A string of its own: how it is read.
BAD: list[tuple[Rule, bytes]] = [
    (Rule.WHOLE_PACKETS, packet(22, 50, 50)[:-1]),
    (Rule.WHOLE_PACKETS, packet(24, "Hola", 1)[:-3]),
    *((Rule.SAFE_PACKETS, bytes((number, 0, 0))) for number in UNSAFE),
    (Rule.SAFE_PACKETS, packet(67, 18, 18, 18, 18, 18)),
    (Rule.SAFE_PACKETS, b"\x6b"),
    (Rule.SAFE_PACKETS, b"\x68\x18"),
    (Rule.PLAIN_TEXT, packet(24, "Dios te guíe", 1)),
    (Rule.PLAIN_TEXT, packet(23, "a\0b", OWN, 1, 1, 1)),
    (Rule.NO_MARKUP, packet(24, "[url=x]Hola[/url]", 1)),
    (Rule.ANSWERS_ONLY, packet(50, 18, 18, 18, 18, 18)),
    (Rule.ANSWERS_ONLY, packet(88)),
    (Rule.ERROR_LAST, packet(55, "Fuera") + packet(24, "Adios", 1)),
    (Rule.KNOWN_MAP, packet(21, 291, 1)),
    (Rule.KNOWN_MAP, packet(21, 0, 1)),
    (Rule.OWN_FIRST, MAP + figure(OWN) + figure(OTHER)),
    (Rule.OWN_FIRST, MAP + packet(35, 50, 50, 500)),
    (Rule.OWN_FIRST, MAP + packet(28, OWN)),
    (Rule.OWN_FIRST, MAP + packet(22, 50, 50)),
    *((Rule.KNOWN_INDEX, data) for data in (
        packet(2, 99), packet(30, 99), packet(31, 99, "Eva"), packet(32, 99, 50, 51),
        packet(34, 99, 1, 1, 1, 2, 2, 2, 0, 0), packet(44, 99, 1, 0), packet(66, 99, 1),
        packet(89, 99, 1, "Eva"), packet(23, "Hola", 99, 1, 1, 1), packet(104, 14, 99),
        packet(104, 15, 99, 1, 5), packet(104, 16, 99, 1, 5), packet(104, 18, 99, 10),
        packet(104, 19, 99), figure() + packet(30, OTHER) + packet(44, OTHER, 1, 0),
    )),
    (Rule.REMOVED_FIRST, figure() + figure()),
    (Rule.REMOVED_FIRST, packet(35, 50, 51, 500) * 2),
    (Rule.NOT_OWN_MOVE, packet(32, OWN, 50, 51)),
    (Rule.ONE_TILE, figure() + packet(32, OTHER, 53, 50)),
    (Rule.ONE_TILE, figure() + packet(32, OTHER, 51, 50)),
    (Rule.ONE_TILE, figure() + packet(32, OTHER, 52, 51)),
    (Rule.OWN_SIGHT, packet(66, OWN, 1)),
    *((Rule.HIDDEN_IS_GONE, figure() + packet(66, OTHER, 1) + data) for data in (
        packet(34, OTHER, 1, 1, 1, 2, 2, 2, 0, 0),
        packet(32, OTHER, 52, 50), packet(44, OTHER, 1, 0),
        packet(23, "Hola", OTHER, 1, 1, 1), packet(89, OTHER, 1, "Eva"),
    )),
    (Rule.LEFT_BEHIND, figure(OTHER, 72, 50)),
    (Rule.LEFT_BEHIND, packet(35, 60, 50, 500) + packet(22, 20, 50)),
    (Rule.ONLY_IN_VIEW, figure(OTHER, 90, 50)),
    (Rule.ONLY_IN_VIEW, packet(35, 50, 90, 500)),
    (Rule.PLACES, figure(OTHER, 0, 50)),
    (Rule.PLACES, packet(37, 50, 101, 1)),
    (Rule.PLACES, packet(22, 0, 0)),
    (Rule.PLACES, packet(36, 50, 0)),
    (Rule.PLACES, packet(39, 3, 50, 0)),
    (Rule.HEADINGS, figure(heading=0)),
    (Rule.HEADINGS, packet(34, OWN, 1, 1, 5, 2, 2, 2, 0, 0)),
    (Rule.HEADINGS, packet(33, 0)),
    (Rule.LOOKS, figure(body=9_999)),
    (Rule.LOOKS, figure(head=60)),
    (Rule.LOOKS, figure(weapon=999)),
    (Rule.LOOKS, figure(shield=999)),
    (Rule.LOOKS, figure(helmet=999)),
    (Rule.GRAPHICS, packet(35, 50, 51, 23_999)),
    (Rule.GRAPHICS, bag(1, graphic=23_999)),
    (Rule.GRAPHICS, shop(1, graphic=23_999)),
    (Rule.EFFECTS, packet(44, OWN, 36, 0)),
    (Rule.FONTS, packet(24, "Hola", 21)),
    (Rule.PRIVILEGES, figure(privileges=64)),
    (Rule.PRIVILEGES, figure(privileges=128)),
    *((Rule.SLOTS, data) for data in (
        bag(0), bag(26), bank(0), bank(41), shop(0), shop(51),
        packet(49, 0, 1, "Dardo"), packet(49, 36, 1, "Dardo"),
    )),
    (Rule.FIGURES, stats(hp=21)),
    (Rule.FIGURES, stats(mana=1)),
    (Rule.FIGURES, stats(gold=-1)),
    (Rule.FIGURES, packet(17, 21)),
    (Rule.FIGURES, packet(17, -1)),
    (Rule.FIGURES, packet(16, 1)),
    (Rule.FIGURES, packet(15, 61)),
    (Rule.FIGURES, packet(18, -1)),
    (Rule.FIGURES, packet(60, 100, 101, 100, 100)),
    (Rule.PAIRED_PAUSE, PAUSE),
    (Rule.PAIRED_PAUSE, PAUSE * 3),
    (Rule.PAIRED_TRANCE, TRANCE),
    (Rule.PAIRED_TRANCE, SHINE),
    (Rule.PAIRED_TRANCE, TRANCE + SHINE + TRANCE),
    (Rule.PAIRED_TRANCE, TRANCE + SHINE + packet(44, OWN, 0, 0)),
    (Rule.PAIRED_SAILING, SAIL),
    (Rule.DEAD_DO_NOTHING, REST + packet(17, 0) + GHOST),
    (Rule.DEAD_DO_NOTHING, STUCK + packet(17, 0) + GHOST),
    (Rule.DEAD_DO_NOTHING, TRANCE + SHINE + packet(17, 0) + GHOST),
    (Rule.FULL_WINDOWS, shop(1) + packet(7)),
    (Rule.FULL_WINDOWS, bank(1) + packet(8, 0)),
]  # fmt: skip
# These break a rule before or while the game is entered.
BAD_ENTRY: list[tuple[Rule, bytes]] = [
    (Rule.SAFE_PACKETS, b"\x2e\x01"),
    (Rule.REFUSAL_ALONE, packet(55, "No") + packet(24, "Hola", 1)),
    (Rule.MAP_FIRST, figure(OWN)),
    (Rule.MAP_FIRST, packet(35, 50, 50, 500)),
    (Rule.OWN_FIRST, MAP + packet(0, 3)),
    (Rule.OWN_FIRST, MAP + figure(OWN) + figure(OTHER) + packet(28, OWN)),
    (Rule.ALIVE_TOLD, HERE + packet(0, 3)),
    (Rule.ALIVE_TOLD, HERE + stats(hp=0) + packet(0, 3) + packet(63, 0)),
    (Rule.POINTS_TOLD, HERE + stats() + packet(0, 3)),
    (Rule.COMPACT_LOGIN, bag(1) + LOG_IN),
    (Rule.COMPACT_LOGIN, bag(2, item=0, graphic=0) + LOG_IN),
    (Rule.COMPACT_LOGIN, packet(49, 2, 0, "(Nada)") + LOG_IN),
    (Rule.COMPACT_LOGIN, packet(24, "x" * BURST_BYTES, 1) + LOG_IN),
]
GOOD: list[bytes] = [
    packet(55, "Hasta luego"),
    b"".join(shop(slot) for slot in range(1, SHOP + 1)) + packet(7) + packet(5),
    b"".join(bank(slot) for slot in range(1, BANK + 1)) + packet(8, 100) + packet(6),
    figure() + packet(32, OTHER, 52, 50) + packet(30, OTHER) + figure(),
    packet(35, 50, 51, 500) + packet(36, 50, 51) + packet(35, 50, 51, 501),
    figure() + packet(66, OTHER, 1) + packet(2, OTHER) + packet(30, OTHER) + figure(),
    figure() + packet(66, OTHER, 1) + packet(66, OTHER, 0) + packet(32, OTHER, 52, 50),
    TRANCE + SHINE + TRANCE + packet(44, OWN, 0, 0) + PAUSE + PAUSE,
    REST + REST + packet(17, 0) + GHOST,
    SAIL + BOAT + SAIL + packet(34, OWN, 1, 1, 1, 2, 2, 2, 0, 0),
    packet(21, 2, 1) + figure(OWN, 20, 20) + packet(28, OWN) + figure(OTHER, 21, 20),
    packet(33, 3) + packet(22, 50, 51),
]


def inside() -> Picture:
    """Return a client that has logged in."""
    client = Picture()
    client.read(LOG_IN)
    client.check()
    client.check_log_in()
    return client


def broken_rule(client: Picture, *reads: bytes) -> Rule | None:
    """Return the first rule that these reads break for a client."""
    try:
        for data in reads:
            client.read(data)
        client.check()
        if not client.logged:
            client.check_log_in()
    except BrokenStreamError as error:
        return error.rule
    return None


def test_every_rule_is_broken_here() -> None:
    assert {rule for rule, _ in BAD + BAD_ENTRY} == {*Rule}


@pytest.mark.parametrize(("rule", "data"), BAD)
def test_bad_traffic_in_the_game_is_found(rule: Rule, data: bytes) -> None:
    assert broken_rule(inside(), data) is rule


@pytest.mark.parametrize(("rule", "data"), BAD_ENTRY)
def test_bad_traffic_at_the_log_in_is_found(rule: Rule, data: bytes) -> None:
    assert broken_rule(Picture(), data) is rule


@pytest.mark.parametrize("data", GOOD)
def test_good_traffic_passes(data: bytes) -> None:
    client = inside()
    client.read(data)
    client.check()


def test_answers_that_were_asked_for_pass() -> None:
    client = inside()
    client.asked |= {13, 119}
    client.read(packet(50, 18, 18, 18, 18, 18) + packet(88))


def test_a_packet_split_between_two_reads_is_found_though_the_bytes_are_right() -> None:
    pieces = [LOG_IN[at : at + 7] for at in range(0, len(LOG_IN), 7)]
    assert broken_rule(Picture(), *pieces) is Rule.WHOLE_PACKETS


def test_the_layouts_are_those_of_the_protocol_page(shared: Path) -> None:
    page = tomllib.loads((shared / "protocol" / "packets.toml").read_text("utf-8"))

    def kinds(row: dict[str, list[dict[str, str]]]) -> list[str]:
        return [KINDS[field["type"]] for field in row["fields"] if field["type"] != "repeat"]

    for row in page["server"]:
        layout = LAYOUTS.get(row["id"])
        repeats = any(field["type"] == "repeat" for field in row["fields"])
        if repeats and row["safe_to_send"]:
            assert layout is not None, row["name"]
        elif row["id"] == 104:
            assert layout == "M"
        elif row["safe_to_send"] or row["id"] == 67:
            assert layout == "".join(kinds(row)), row["name"]
        else:
            assert layout is None, row["name"]
    assert {row["id"]: "".join(kinds(row)) for row in page["multi_message"]} == MULTI


def test_any_value_can_be_written() -> None:
    values: list[Value] = ["Clan", "Ana", "", "Eva", "", 3, 0, "Neutral", 0, 0, "", ["a", "b"], ""]
    client = inside()
    (came,) = client.read(packet(80, *values))
    assert came.values[11] == ["a", "b"]
    rows: list[Value] = [2, "Hacha", 1, 2, 3, 0, 9, 0, "Daga", 1, 2, 3, 0, 8, 0]
    (came,) = client.read(packet(51, *rows))
    assert came.values == (*rows,)
