"""Who may change which field of a character with /mod."""

from __future__ import annotations

import pytest

from pyao.protocol.enums import EditCharOption
from pyao.rules.edits import Field, may_edit, whole
from pyao.rules.kinds import Privilege

P, C, S, G, M = (
    Privilege.PLAYER,
    Privilege.COUNSELLOR,
    Privilege.DEMIGOD,
    Privilege.GOD,
    Privilege.ROLE_MASTER,
)


@pytest.mark.parametrize(
    ("rank", "field", "oneself", "allowed"),
    [
        (P, Field.LIFE, True, False),
        (C, Field.LIFE, True, True),
        (C, Field.LIFE, False, False),
        (C, Field.POSITION, False, False),
        (S, Field.POSITION, False, True),
        (S, Field.GOLD, False, False),
        (G, Field.GOLD, False, True),
        (G, Field.LIFE, False, False),
        (C | M, Field.LEVEL, True, True),
        (C | M, Field.HEAD, False, False),
        (S | M, Field.HEAD, False, True),
        (G | M, Field.CLASS, False, True),
        (G | M, Field.GOLD, False, False),
    ],
)
def test_who_may_edit_what(rank: int, field: Field, oneself: bool, allowed: bool) -> None:
    assert may_edit(P | rank, field, oneself=oneself) is allowed


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), (" -3 ", -3), ("11", None), ("x", None), ("", None), ("9" * 30, None)],
)
def test_a_number_is_read_within_its_bounds(text: str, value: int | None) -> None:
    assert whole(text, -5, 10) == value


def test_fields_have_the_numbers_of_the_wire() -> None:
    assert [int(field) for field in Field] == [int(option) for option in EditCharOption]
