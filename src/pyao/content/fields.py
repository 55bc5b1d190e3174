"""The bounded number types that content records are declared with.

A record field reads `name: Annotated[Graphic, "GrhIndex"] = 0`: the English name, the bounds, and
the key of the classic data file. The declaration is the whole truth: the importer, the reader of
our own text files and the compiled file are all driven by it, so no second table can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Annotated, NamedTuple, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct

MAX_NUMBER = 32_767
"""Highest number of an item, npc, spell, quest or map: the wire carries them as signed 16 bit."""

Whole = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Natural = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Number = Annotated[int, Meta(ge=0, le=MAX_NUMBER)]
Small = Annotated[int, Meta(ge=0, le=255)]
Graphic = Number
Percent = Annotated[int, Meta(ge=0, le=100)]
Amount = Annotated[int, Meta(ge=0, le=10_000)]
Text = Annotated[str, Meta(max_length=4_000)]


class Pile(Struct, frozen=True, array_like=True):
    """So many units of an item (or, in a quest, of a creature to kill)."""

    number: Number
    amount: Natural = 1


class Ref(Enum):
    """Says in a declaration that the number names a record of another list."""

    ITEM = "item"
    NPC = "npc"
    SPELL = "spell"
    QUEST = "quest"


ITEM = Ref.ITEM
NPC = Ref.NPC
SPELL = Ref.SPELL
QUEST = Ref.QUEST


class Column(NamedTuple):
    """What the declaration of one field says, as the readers need it."""

    field: str
    kind: type
    key: str  # of the classic file
    low: int
    high: int  # of a number, or how long a text may be
    ref: Ref | None


def columns(record: type[Struct]) -> tuple[Column, ...]:
    """Return the fields of a record that have a key in the classic files, in order."""
    hints = get_type_hints(record, include_extras=True)
    return tuple(_columns(hints.items()))


def _columns(hints: Iterable[tuple[str, object]]) -> Iterator[Column]:
    for name, hint in hints:
        kind, *extras = get_args(hint)
        keys = [extra for extra in extras if isinstance(extra, str)]
        if not keys:
            continue
        bounds = [extra for extra in extras if isinstance(extra, Meta)]
        low = max((int(meta.ge) for meta in bounds if meta.ge is not None), default=0)
        high = min((int(meta.le) for meta in bounds if meta.le is not None), default=1)
        refs = [extra for extra in extras if isinstance(extra, Ref)]
        plain = get_origin(kind) or kind
        yield Column(name, plain, keys[0], low, high, refs[0] if refs else None)
