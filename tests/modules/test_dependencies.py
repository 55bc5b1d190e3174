"""The order of loading."""

from __future__ import annotations

from pyao.modules.dependencies import load_order


def order(wanted: str, **dependencies: str) -> tuple[list[str], dict[str, str]]:
    known = {name: list(needed) for name, needed in dependencies.items()}
    return load_order(list(wanted), known, lambda name: name if name in known else None)


def test_what_is_needed_comes_first_and_the_rest_as_wanted() -> None:
    assert order("dcba", a="", b="a", c="", d="b") == (["a", "b", "d", "c"], {})


def test_what_is_needed_comes_in_even_when_it_was_not_wanted() -> None:
    assert order("b", a="", b="a")[0] == ["a", "b"]


def test_a_circle_takes_down_those_in_it_and_those_who_need_them() -> None:
    found, refused = order("abcde", a="b", b="c", c="a", d="a", e="")
    assert found == ["e"]
    assert sorted(refused) == ["a", "b", "c", "d"]
    assert "a -> b -> c -> a is a circle" in refused["c"]


def test_a_module_that_needs_itself_is_a_circle() -> None:
    assert "a -> a is a circle" in order("a", a="a")[1]["a"]


def test_every_missing_one_is_named() -> None:
    assert order("a", a="xy")[1]["a"].count("is not there") == 2
