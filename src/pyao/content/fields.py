"""The bounded number types that content records are declared with.

A record field reads `name: Annotated[Graphic, "GrhIndex"] = 0`: the English name, the bounds, and
the key of the classic data file. The declaration is the whole truth: the importer, the reader of
our own text files and the compiled file are all driven by it, so no second table can disagree.
"""

from __future__ import annotations

from typing import Annotated

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
