"""The declarations of records are complete enough to drive readers, and records are cheap."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from msgspec import Struct

from pyao.content.fields import ITEM, Column, Natural, Number, Pile, Ref, Text, columns
from pyao.content.ini import fold
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.rulebook import Quest
from pyao.content.spells import Change, Spell

OURS = {"respawn_s", "territory"}  # no classic file knows these


class Sample(msgspec.Struct):
    number: Number
    name: Annotated[Text, "Name"] = ""
    price: Annotated[Natural, "Valor"] = 0
    upgrade: Annotated[Number, "Upgrade", ITEM] = 0
    parts: Annotated[tuple[Pile, ...], "Obj1..N", ITEM] = ()


def test_a_declaration_tells_readers_key_bounds_and_reference() -> None:
    assert columns(Sample) == (
        Column("name", str, "Name", 0, 1, None),
        Column("price", int, "Valor", 0, 2**31 - 1, None),
        Column("upgrade", int, "Upgrade", 0, 32_767, Ref.ITEM),
        Column("parts", tuple, "Obj1..N", 0, 1, Ref.ITEM),
    )


@pytest.mark.parametrize("record", [Item, NpcKind, Spell, Quest])
def test_every_field_but_the_number_names_its_key_in_the_classic_files(
    record: type[msgspec.Struct],
) -> None:
    named = {column.field for column in columns(record)}
    assert set(record.__struct_fields__) - named - OURS == {"number"}


@pytest.mark.parametrize("record", [Item, NpcKind, Spell, Quest])
def test_a_record_of_defaults_is_legal(record: type[Item | NpcKind | Spell | Quest]) -> None:
    made = record(number=1)
    assert msgspec.convert(msgspec.to_builtins(made), record) == made


def test_a_number_beyond_its_bounds_or_a_misspelt_field_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"<= 32767.*graphic"):
        msgspec.convert({"number": 1, "graphic": 40_000}, Item)
    with pytest.raises(msgspec.ValidationError, match="grafic"):
        msgspec.convert({"number": 1, "grafic": 4}, Item)


def test_a_thousand_items_load_in_a_few_milliseconds() -> None:
    items = [
        Item(number=n, name="A sword of some length", kind=2, graphic=504, forbidden_classes=(1, 7))
        for n in range(1, 1_001)
    ]
    packed = msgspec.msgpack.encode(items)
    decoder = msgspec.msgpack.Decoder(list[Item])
    started = time.process_time()
    assert decoder.decode(packed) == items
    assert time.process_time() - started < 0.5  # of CPU; it takes one or two milliseconds


def test_a_change_is_written_as_a_short_list() -> None:
    assert msgspec.to_builtins(Change(2, 3, 5)) == [2, 3, 5]


# Keys that a reader of its own turns into something else than a plain field, and keys that no
# server reads.
BY_HAND = {
    "2": {"CANTITEMS", "NROITEMS", "RESPAWN", "VGRANDE"},
    "3": {"NROITEMS", "NROCRIATURAS", "NROEXP", "LANZASPELLS"},
    "4": set(),
}
RECORDS: dict[str, type[Struct]] = {"2": Item, "3": NpcKind, "4": Spell}
NAMED = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def documented(text: str, section: str) -> set[str]:
    """Collect the keys that the page about the data files names in a section."""
    body = text.partition(f"\n## {section}. ")[2].partition("\n## ")[0]
    found: set[str] = set()
    if section == "4":
        for line in body.splitlines():
            if line.startswith(("Text:", "Numbers:", "Flags:", "Also")):
                plain = re.sub(r"\([^)]*\)", "", line.partition(":")[2] or line)
                found |= {name for name in NAMED.findall(plain) if name[0].isupper()}
        found |= {"HP", "Mana", "Sta", "Ham", "Sed", "AG", "FU", "CA"}
        return {fold(name) for name in found} - {"ALSO"}
    for line in body.splitlines():
        if line.startswith("| ") and not line.startswith("| Key"):
            cell = re.sub(r"\([^)]*\)|`[^`]*`", "", line.split("|")[1])
            found |= {fold(name) for part in cell.split(",") for name in NAMED.findall(part)[:1]}
    return found


@pytest.mark.parametrize("section", RECORDS)
def test_every_documented_key_of_the_data_files_is_a_field(shared: Path, section: str) -> None:
    text = (shared / "formats" / "dat-files.md").read_text(encoding="utf-8")
    keys: set[str] = set()
    for column in columns(RECORDS[section]):
        keys |= {fold(name) for name in NAMED.findall(column.key)}
    wanted = documented(text, section) - BY_HAND[section]
    assert len(wanted) > 30
    assert wanted - keys == set()
