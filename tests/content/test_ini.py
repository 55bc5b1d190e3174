"""The INI dialect: what counts as section, key, comment and number, and that no bytes break it."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyao.content.ini import (
    MAX_FILE_BYTES,
    decode,
    fields,
    fold,
    pair,
    parse_ini,
    read_ini,
    val,
    whole,
)
from pyao.errors import ContentError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("900 'Rey Bajo", 900),
        ("24-", 24),
        ("+3", 3),
        ("-3", -3),
        (" 1", 1),
        ("\t1\t2", 12),
        ("", 0),
        ("No", 0),
        ("-", 0),
        (".", 0),
        ("1 ' Hace ReSpawn", 1),
        ("10 'Max 255", 10),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5),
        ("1,5", 1),
        ("1e2", 100),
        ("1D2", 100),
        ("1e", 1),
        ("12Espada", 12),
        ("&H1F", 31),
        ("&hff", 255),
        ("& H 10", 16),
        ("&H", 0),
        ("&O17", 0),
        ("18-1.5\t## Domingo", 18),
        ("\u0663", 0),  # a digit, but not one of ours
    ],
)
def test_numbers_are_read_as_visual_basic_does(text: str, number: float) -> None:
    assert val(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("0.5", 0), ("1.5", 2), ("2.5", 2), ("-0.5", 0), ("2.51", 3)]
)
def test_fractions_are_rounded_half_to_even(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["1e999", "9" * 300, "&H" + "F" * 40])
def test_a_number_beyond_all_bounds_stays_beyond_them(text: str) -> None:
    assert whole(text) == 2**63
    assert whole("-1e999") == -(2**63)


def test_composite_values_are_read_by_position() -> None:
    assert pair("389-1000 \t'Martillo de Herrero") == (389, 1000)
    assert pair("12-15 ' half-baked - remark") == (12, 15)
    assert pair("7") == (7, 0)
    assert pair("") == (0, 0)
    assert [whole(part) for part in fields("1-50-60")] == [1, 50, 60]


def test_the_same_bytes_mean_the_same_in_each_encoding() -> None:
    assert decode("año".encode()) == ("año", "utf-8")
    assert decode(b"\xef\xbb\xbf" + "año".encode()) == ("año", "utf-8")
    assert decode("año".encode("cp1252")) == ("año", "cp1252")
    assert decode(b"a\x81\xf1") == ("a\ufffdñ", "cp1252")
    assert decode(b"plain") == ("plain", "ascii")


def test_names_compare_without_case_and_accents() -> None:
    assert fold("Apuñala") == fold("APUNALA") == "APUNALA"
    assert fold("MODDAÑOARMAS") == "MODDANOARMAS"


def test_sections_keys_and_values_are_trimmed_and_comments_skipped() -> None:
    ini = parse_ini(
        b"prose = before\n[ Obj1 ] ' a sword [really]\r\n Name = Long = sword \n"
        b"'Name=no\n;Name=no\n#Name=no\nprose\n\n[OBJ2]\nNAME=",
        "obj.dat",
    )
    assert ini.section("obj1").text("NAME") == "Long = sword"
    assert ini.section("OBJ1").line == 2
    assert ini.section("OBJ1").line_of("NAME") == 3
    assert ini.section("OBJ2").text("NAME") == ""
    assert ini.section("OBJ3").number("NAME") == 0
    assert ini.lines_without_equals == 1
    assert ini.assignments_before_first_section == 1


def test_apostrophes_inside_a_text_are_text() -> None:
    assert parse_ini(b"[A]\nName=O'Riley", "x").section("A").text("NAME") == "O'Riley"


def test_the_first_section_and_the_first_key_win_and_the_others_are_reported() -> None:
    ini = parse_ini(b"[A]\nk=1\nK=2\n[B]\n[a]\nk=3\nk=4\n", "x")
    assert ini.section("A").number("K") == 1
    assert ini.duplicate_sections == [(5, "A")]
    assert ini.duplicate_keys == [(3, "A", "K", "1", "2")]


def test_numbered_sections_come_in_the_order_of_the_file() -> None:
    ini = parse_ini(b"[OBJ3]\n[Obj01]\n[OBJ0]\n[OBJX]\n[OBJ2b]\n[INIT]\n[OBJ123456]\n", "x")
    assert [number for number, _ in ini.numbered("obj")] == [3, 1]


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        read_ini(tmp_path / "none.dat")
    large = tmp_path / "large.dat"
    with large.open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    with pytest.raises(ContentError, match="too large"):
        read_ini(large)


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_without_failing(data: bytes) -> None:
    ini = parse_ini(data, "fuzz")
    for section in ini.sections.values():
        for entry in section.entries.values():
            whole(entry.value)
            pair(entry.value)


@given(st.text(alphabet="[]=;'# \n\rA1ñ&H.-+eE\x00\u2028", max_size=400))
def test_any_text_in_the_dialects_own_characters_is_read(text: str) -> None:
    ini = parse_ini(text.encode("utf-8"), "fuzz")
    assert ini.duplicate_keys == [] or len(text) > 4


def test_a_file_made_to_be_slow_is_read_in_time_proportional_to_its_size() -> None:
    data = b"[A]\n" + b"k=" + b"9" * 4_000_000 + b"\nk=1" * 200_000
    started = time.process_time()
    ini = parse_ini(data, "slow")
    whole(ini.section("A").text("K"))
    assert len(ini.duplicate_keys) == 1_000
    assert time.process_time() - started < 30  # of CPU; it takes a fraction of one second


def test_a_file_too_large_to_be_a_data_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "obj.dat"
    path.write_bytes(b"[OBJ1]\n".ljust(MAX_FILE_BYTES))
    assert read_ini(path).sections.keys() == {"OBJ1"}
    path.write_bytes(b"[OBJ1]\n".ljust(MAX_FILE_BYTES + 1))
    with pytest.raises(ContentError, match="larger than"):
        read_ini(path)


def test_the_worst_file_takes_a_bounded_amount_of_memory() -> None:
    """The densest a file can be: a new key of a few bytes on each line."""
    data = b"[OBJ1]\n" + b"".join(b"%x=\n" % number for number in range(MAX_FILE_BYTES // 64))
    tracemalloc.start()
    try:
        ini = parse_ini(data, "x")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(ini.section("OBJ1").entries) == MAX_FILE_BYTES // 64
    assert peak / len(data) * MAX_FILE_BYTES < 250_000_000
