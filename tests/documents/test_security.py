"""What docs/security.md says is shown by tests is shown by tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TEXT = (TESTS.parent / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)))
FILES = sorted(set(re.findall(r"`(test_\w+\.py)`", TEXT)))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda text: text)
def test_a_test_that_is_named_exists(path: str, name: str) -> None:
    source = (TESTS / path).read_text(encoding="utf-8")
    assert re.search(rf"def {name}\(", source), f"{path} has no {name}"


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_tests_that_is_named_exists(name: str) -> None:
    assert list(TESTS.rglob(name)), name


def test_every_line_about_hostile_clients_names_a_test() -> None:
    section = TEXT.partition("## What hostile clients try")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][2:]
    assert len(lines) == 19
    assert all("::test_" in line for line in lines)
