from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.page import BEGIN, END, PAGE, measured, put
from benchmarks.runs import FOLDER, latest

RUN: dict[str, Any] = {
    "machine": "a machine",
    "date": "2026-11-26T13:05:00+00:00",
    "revision": "abc",
    "seconds": 12.0,
    "echo_us": 6.2,
    "echo": [{"cpu_us": 6.1}, {"cpu_us": 6.3}],
    "results": {"start": {"start_s": 1.2, "resident_mb": 80.0}},
}


def test_a_run_takes_the_place_of_the_earlier_one_on_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n\n{BEGIN}\nold\n{END}\n\nbelow\n", encoding="utf-8")
    put(measured(RUN, {"start": {"start_s": 1.4}}), page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("above\n\n")
    assert text.endswith("\n\nbelow\n")
    assert "old" not in text
    assert "| start, 290 maps, 10,000 characters | 1.2 s |  | 3 | 1.5 | goal | 1.4 |" in text
    assert "abc" in text


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="has no"):
        put(measured(RUN, {}), page)
    assert page.read_text(encoding="utf-8") == "nothing here\n"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_every_record_can_become_the_page(path: Path) -> None:
    run = json.loads(path.read_text(encoding="utf-8"))
    text = measured(run, latest(run["machine"], before=path))
    assert f"revision {run['revision']}" in text
    assert text.endswith(END)


def test_the_page_of_capacity_has_room_for_what_was_measured() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)
