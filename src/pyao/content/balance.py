"""The figures that decide fights and growth, of classes, races and factions ("Balance.dat").

The dataclasses are those of `rules/`, whose values are the defaults; a distribution's Balance.dat
or the `balance.toml` of a world in text replaces what it names.
"""

from __future__ import annotations

from dataclasses import fields
from enum import IntEnum
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, Struct, structs

from pyao.content.fields import Natural, Percent
from pyao.content.report import FindingKind, Report
from pyao.content.text_files import TextFile
from pyao.rules.balance import CLASSES, RACES, ClassFigures, RaceFigures
from pyao.rules.kinds import CharClass, Race
from pyao.rules.leveling import HALF_SPREAD, WHOLE_SPREAD, ExpCurve, Ladder

FACTION_RANKS: Final = 15
WHOLE: Final = 100
"""What the per cents of a spread sum to."""

Factor = Annotated[float, Meta(ge=0, le=100)]
Figures = TypeVar("Figures", RaceFigures, ClassFigures)


class Balance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Races and classes by number, and what else decides how characters grow.

    The spreads are per cents that sum to 100: how the life of a new level falls around the average
    of the class, from the most to the least.
    """

    races: dict[int, RaceFigures] = msgspec.field(default_factory=lambda: dict(RACES))
    classes: dict[int, ClassFigures] = msgspec.field(default_factory=lambda: dict(CLASSES))
    level_curve: ExpCurve = "baseline"
    whole_spread: tuple[Percent, ...] = WHOLE_SPREAD
    half_spread: tuple[Percent, ...] = HALF_SPREAD
    meditation_percent: Percent = 6  # of max mana, per success
    party_exponent: Factor = 1.75
    faction_experience: tuple[Natural, ...] = (  # of each reward, 15 of them
        *(5_000, 7_500, 10_000, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000, 70_000),
        *(80_000, 100_000, 150_000, 220_000, 340_000),
    )

    def ladder(self) -> Ladder:
        """Return these figures as the rules of levels take them."""
        return Ladder(
            curve=self.level_curve,
            half_spread=self.half_spread,
            whole_spread=self.whole_spread,
            classes=self.classes,
        )


def classic_balance() -> Balance:
    """Return the figures of classic 0.13."""
    return Balance()


def read_balance(file: TextFile, report: Report) -> Balance:
    """Read a `balance.toml`; what it does not name keeps its classic value.

    `[race.elf]` and `[class.mage]` hold the fields of `RaceFigures` and `ClassFigures`, the rest
    stands at the top. Every mistake is reported and leaves the classic value.
    """
    table = dict(file.table)
    races = _named(file, "race", table.pop("race", {}), Race, dict(RACES), report)
    classes = _named(file, "class", table.pop("class", {}), CharClass, dict(CLASSES), report)
    plain = Balance()
    known = set(plain.__struct_fields__) - {"races", "classes"}
    for key, value in table.items():
        changed = file.convert({key: value}, Balance, (), report) if key in known else None
        if changed is not None:
            plain = structs.replace(plain, **{key: getattr(changed, key)})
        elif key not in known:
            _unknown(file, (key,), sorted({*known, "race", "class"}), report)
    for key, length in (("whole_spread", len(WHOLE_SPREAD)), ("half_spread", len(HALF_SPREAD))):
        spread = getattr(plain, key)
        if len(spread) != length or sum(spread) != WHOLE:
            message = f"expected {length} per cents that sum to 100, got {list(spread)}"
            file.report(report, FindingKind.VALUE, message, (key,))
    if len(plain.faction_experience) != FACTION_RANKS:
        message = f"expected {FACTION_RANKS} figures, one for each rank"
        file.report(report, FindingKind.VALUE, message, ("faction_experience",))
    return structs.replace(plain, races=races, classes=classes)


def _named(
    file: TextFile,
    title: str,
    tables: Any,  # noqa: ANN401 - whatever TOML holds
    words: type[IntEnum],
    figures: dict[int, Figures],
    report: Report,
) -> dict[int, Figures]:
    """Read the tables `[title.name]` into the figures of the number that the name stands for."""
    for name, table in tables.items() if isinstance(tables, dict) else ():
        number = next((int(word) for word in words if word.name.lower() == name), None)
        if number is None or not isinstance(table, dict):
            _unknown(file, (title, name), [word.name.lower() for word in words], report)
        else:
            figures[number] = _changed(file, (title, name), table, figures[number], report)
    return figures


def _changed(
    file: TextFile,
    place: tuple[str, str],
    table: dict[str, Any],
    figures: Figures,
    report: Report,
) -> Figures:
    known = [field.name for field in fields(figures)]
    for key in table.keys() - set(known):
        _unknown(file, (*place, key), known, report)
    named = {key: value for key, value in table.items() if key in known}
    merged = msgspec.to_builtins(figures) | named
    return file.convert(merged, type(figures), place, report) or figures


def _unknown(file: TextFile, key: tuple[str, ...], known: list[str], report: Report) -> None:
    message = f"unknown key {key[-1]!r}, expected one of {', '.join(known)}"
    file.report(report, FindingKind.VALUE, message, key)
