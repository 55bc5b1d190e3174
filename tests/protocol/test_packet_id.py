from __future__ import annotations

import tomllib
from enum import IntEnum
from pathlib import Path

import pytest

from pyao.protocol import ClientPacketID, GmCommandID, MultiMessageID, ServerPacketID


@pytest.mark.parametrize(
    ("enum", "first", "last"),
    [
        (ClientPacketID, 0, 129),
        (GmCommandID, 1, 134),
        (ServerPacketID, 0, 106),
        (MultiMessageID, 0, 23),
    ],
)
def test_ids_are_complete_and_unique(enum: type[IntEnum], first: int, last: int) -> None:
    assert [member.value for member in enum] == list(range(first, last + 1))
    assert len(enum.__members__) == last - first + 1


@pytest.mark.parametrize(
    ("enum", "table"),
    [
        (ClientPacketID, "client"),
        (GmCommandID, "gm"),
        (ServerPacketID, "server"),
        (MultiMessageID, "multi_message"),
    ],
)
def test_names_are_those_of_the_reference_tables(
    shared: Path, enum: type[IntEnum], table: str
) -> None:
    rows = tomllib.loads((shared / "protocol" / "packets.toml").read_text("utf-8"))[table]
    assert {row["name"]: row["id"] for row in rows} == dict(enum.__members__)


def test_the_ids_that_everybody_knows_stay() -> None:
    assert (ClientPacketID.THROW_DICES, ServerPacketID.DICE_ROLL) == (1, 67)
    assert (ClientPacketID.WALK, ServerPacketID.CHARACTER_MOVE) == (6, 32)
