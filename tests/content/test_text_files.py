from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyao.content.report import Report
from pyao.content.text_files import TextFile
from pyao.errors import ContentError

SAMPLE = '''\
# a comment with = and [brackets]
title = "Uno"
title_en = "One"
list = [
  [1, 2],
  [3, 4],
]

[table]
"x" = { deep = 1 }
rows = """
[not a table]
no = "key"
"""

[[thing]]
number = 1

[[thing]]
number = 2
name = "Dos"
name_en = "Two"
'''


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    number: int
    name: str = ""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "sample.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    return path


def test_one_language_is_chosen_and_the_other_key_disappears(path: Path) -> None:
    spanish = TextFile(path, "es").table
    assert spanish["title"] == "Uno"
    assert "title_en" not in spanish
    english = TextFile(path, "en").table
    assert english["title"] == "One"
    assert english["thing"] == [{"number": 1}, {"number": 2, "name": "Two"}]


def test_every_key_is_found_at_its_line(path: Path) -> None:
    file = TextFile(path)
    assert file.line(("title",)) == 2
    assert file.line(("list",)) == 4
    assert file.line(("list", 0, 1)) == 5
    assert file.line(("list", 1, 0)) == 6
    assert file.line(("table", "x", "deep")) == 10
    assert file.line(("table", "rows")) == 11
    assert file.line(("thing", 0)) == 16
    assert file.line(("thing", 1, "name")) == 21
    assert file.line(("thing", 1, "missing")) == 19
    assert file.line(("nothing",)) == 1


def test_one_bad_record_does_not_hide_the_next(path: Path) -> None:
    path.write_text(
        '[[thing]]\nnumber = "x"\n[[thing]]\nnumber = 2\n[[thing]]\nnumber = 3\ncolour = 1\n'
    )
    report = Report()
    file = TextFile(path)
    assert file.records("thing", Thing, report) == [(1, Thing(2))]
    assert [(finding.line, finding.key) for finding in report.findings] == [
        (2, "thing[0].number"),
        (7, "thing[2].colour"),
    ]


def test_a_key_that_means_nothing_is_reported(path: Path) -> None:
    report = Report()
    TextFile(path).only(frozenset({"title", "thing", "list"}), report)
    assert [finding.line for finding in report.findings] == [9]
    assert "unknown key 'table'" in report.findings[0].message


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = = 2\n", 2), ("a = 1\na = 2\n", 2), ('x = """\nopen', None)]
)
def test_what_is_no_toml_is_refused_with_its_line(path: Path, text: str, line: int | None) -> None:
    path.write_text(text)
    with pytest.raises(ContentError, match="is no TOML") as caught:
        TextFile(path)
    assert line is None or caught.value.line == line


def test_bytes_that_are_no_text_are_refused(path: Path) -> None:
    path.write_bytes(b'a = "\xff"')
    with pytest.raises(ContentError, match="expected UTF-8 text, byte 5"):
        TextFile(path)


def test_deep_nesting_is_refused(path: Path) -> None:
    path.write_text("a = " + "[" * 100_000)
    with pytest.raises(ContentError):
        TextFile(path)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "x.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        file = TextFile(path)
    except ContentError:
        return
    assert file.line(("x",)) >= 1
