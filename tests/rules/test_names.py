from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyao.rules.names import NameProblem, check_name, check_password, name_key


@pytest.mark.parametrize("name", ["Ana", "Pepe", "El Mago Azul", "abcdefghijklmno"])
def test_letters_and_single_spaces_make_a_name(name: str) -> None:
    assert check_name(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", NameProblem.EMPTY),
        ("Pepe1", NameProblem.CHARACTERS),
        ("Jose_", NameProblem.CHARACTERS),
        ("José", NameProblem.CHARACTERS),
        ("a\tb", NameProblem.CHARACTERS),
        ("a\nbc", NameProblem.CHARACTERS),
        ("a\x00bc", NameProblem.CHARACTERS),
        (" Ana", NameProblem.SPACES),
        ("Ana ", NameProblem.SPACES),
        ("Ana  Luz", NameProblem.SPACES),
        ("   ", NameProblem.SPACES),
        ("An", NameProblem.LENGTH),
        ("abcdefghijklmnop", NameProblem.LENGTH),
    ],
)
def test_a_bad_name_is_refused_with_its_reason(name: str, problem: NameProblem) -> None:
    assert check_name(name) is problem


def test_a_forbidden_word_is_found_inside_a_name_in_any_case() -> None:
    assert check_name("SuperAdmin", ["ADMIN"]) is NameProblem.FORBIDDEN
    assert check_name("Adan", ["admin", ""]) is None


def test_names_are_the_same_in_any_case() -> None:
    assert name_key("PEPE") == name_key("pepe") != name_key("Pepa")


@given(st.text(max_size=40))
def test_an_accepted_name_is_short_ascii(name: str) -> None:
    if check_name(name) is None:
        assert name.isascii()
        assert 3 <= len(name) <= 15
        assert name_key(name).strip() == name_key(name)


@pytest.mark.parametrize(("length", "fits"), [(2, False), (3, True), (64, True), (65, False)])
def test_a_password_has_three_to_64_characters(length: int, fits: bool) -> None:
    assert check_password("x" * length) is fits
