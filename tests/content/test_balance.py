"""The figures of classes and races as an operator may write them, and as the rules take them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyao.content.balance import Balance, classic_balance, read_balance
from pyao.content.report import Report
from pyao.content.starter import STARTER_FOLDER
from pyao.content.text_files import TextFile
from pyao.rules.balance import CLASSES, RACES
from pyao.rules.kinds import CharClass, Race
from pyao.rules.leveling import Ladder


def read(tmp_path: Path, text: str) -> tuple[Balance, list[str]]:
    path = tmp_path / "balance.toml"
    path.write_text(text, encoding="utf-8")
    report = Report()
    balance = read_balance(TextFile(path), report)
    return balance, [f"{found.line}: {found.message}" for found in report.findings]


def test_the_classic_figures_are_those_of_the_rules() -> None:
    balance = classic_balance()
    assert balance.races == dict(RACES)
    assert balance.classes == dict(CLASSES)
    assert balance.ladder() == Ladder(classes=balance.classes)


def test_the_starter_world_writes_out_exactly_the_classic_figures() -> None:
    report = Report()
    assert read_balance(TextFile(STARTER_FOLDER / "balance.toml"), report) == classic_balance()
    assert report.findings == []


def test_what_a_file_does_not_name_keeps_its_classic_value(tmp_path: Path) -> None:
    balance, found = read(
        tmp_path,
        'level_curve = "0.13.0"\nparty_exponent = 2\n[race.elf]\nstrength = -3\n'
        "[class.mage]\nhp_base = 6.5\nspells = [1, 2]\n",
    )
    assert found == []
    assert balance.races[Race.ELF].strength == -3
    assert balance.races[Race.ELF].agility == RACES[Race.ELF].agility
    assert balance.classes[CharClass.MAGE].hp_base == 6.5
    assert balance.classes[CharClass.MAGE].spells == (1, 2)
    assert balance.classes[CharClass.MAGE].evasion == CLASSES[CharClass.MAGE].evasion
    assert balance.ladder().curve == "0.13.0"
    assert balance.party_exponent == 2


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("\nparty = 2", "2: unknown key 'party', expected one of class, "),
        ("party_exponent = 'much'", "1: Expected `float`, got `str`"),
        ("meditation_percent = 101", "1: Expected `int` <= 100"),
        ("level_curve = 'steep'", "1: Invalid enum value 'steep'"),
        ("whole_spread = [50, 50]", "1: expected 5 per cents that sum to 100, got [50, 50]"),
        ("half_spread = [10, 10, 10, 10]", "1: expected 4 per cents that sum to 100"),
        ("faction_experience = [1]", "1: expected 15 figures, one for each rank"),
        ("[race.orc]\nstrength = 9", "1: unknown key 'orc', expected one of human, elf, drow"),
        ("[class.mage]\nhp = 9", "2: unknown key 'hp', expected one of evasion, "),
        ("[class.mage]\nhp_base = 'x'", "2: Expected `float`, got `str`"),
        ("[race.elf]\nheads_male = [1]", "2: Expected `array` of length 2"),
    ],
)
def test_a_mistake_is_named_by_line_and_leaves_the_classic_value(
    tmp_path: Path, text: str, finding: str
) -> None:
    balance, found = read(tmp_path, text)
    assert [message.startswith(finding) for message in found] == [True], found
    assert balance.races == dict(RACES)
    assert balance.classes == dict(CLASSES)
