from __future__ import annotations

import tomllib
from enum import IntEnum, IntFlag
from pathlib import Path

import pytest

from pyao.protocol import enums


@pytest.mark.parametrize(
    ("enum", "table"),
    [
        (enums.Font, "font"),
        (enums.Sound, "sound"),
        (enums.BodyPart, "body_part"),
        (enums.GuildAlignment, "guild_alignment"),
        (enums.MoveItemType, "move_item_type"),
        (enums.ForumMessageType, "forum_message_type"),
        (enums.ForumVisibility, "forum_visibility"),
        (enums.EditCharOption, "edit_char_option"),
    ],
)
def test_numbers_are_those_of_the_reference(
    shared: Path, enum: type[IntEnum | IntFlag], table: str
) -> None:
    tables = tomllib.loads((shared / "protocol" / "enums.toml").read_text("utf-8"))
    assert {name: int(member) for name, member in enum.__members__.items()} == (
        tables[table]["values"]
    )


def test_effects_are_those_of_the_reference_and_the_one_that_ends_them(shared: Path) -> None:
    fx = tomllib.loads((shared / "protocol" / "enums.toml").read_text("utf-8"))["fx"]
    assert dict(enums.Fx.__members__) == fx["values"] | {"NONE": 0}
    assert fx["infinite_loops"] == enums.FX_FOR_EVER
    assert all(fx["client_min"] <= effect <= fx["client_max"] for effect in enums.Fx if effect)


def test_the_client_knows_21_fonts() -> None:
    assert [int(font) for font in enums.Font] == list(range(21))
