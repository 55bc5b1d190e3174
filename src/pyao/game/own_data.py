"""What the server itself keeps among the records of modules, and under whose names.

A name with a leading `_` is no module's (`pyao.modules.loading`), so none reads or overwrites what
lies here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Final

from pyao.modules import SavedData
from pyao.rules.gambling import House

BOARDS: Final = "_board"
POLLS: Final = "_poll"
GAMBLING_HOUSE: Final = ("_gambling", "house")  # the fields of `House`
KEYS_SOLD: Final = ("_commerce", "keys_sold")  # "merchant's kind:item" for each key

Place = tuple[str, str]
"""The owner of a record, and its key."""


def adopt(saved: SavedData) -> None:
    """Take over what older versions kept where a module of that name would have its records.

    Only what looks as they wrote it, and only as long as nothing lies in its new place: a module
    may use the old one.
    """
    for old, new, is_ours in (
        (("gambling", "house"), GAMBLING_HOUSE, _is_house),
        (("commerce", "keys_sold"), KEYS_SOLD, _are_keys),
    ):
        _move(saved, old, new, is_ours)


def _move(
    saved: SavedData, old: Place, new: Place, is_ours: Callable[[Mapping[str, str]], bool]
) -> None:
    record = saved.get(*old)
    if record and is_ours(record) and not saved.get(*new):
        saved.put(*new, record)
        saved.put(*old, {})


def _is_house(record: Mapping[str, str]) -> bool:
    names = {field.name for field in fields(House)}
    return record.keys() == names and all(_is_whole(value) for value in record.values())


def _are_keys(record: Mapping[str, str]) -> bool:
    return set(record.values()) == {"sold"} and all(
        all(_is_whole(part) for part in name.split(":", 1)) and ":" in name for name in record
    )


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit()
