"""Changed values go in, everything else of the text stays."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pyao.config.edit import set_values

TEXT = """\
# my server
server:
  # the port
  port: 7700   # because
  host: [a, b]  # both
game:
  motd:
    - hello
    - world

  # nothing more
log: {level: INFO}
"""


def test_a_changed_value_leaves_comments_and_order_alone() -> None:
    edited = set_values(TEXT, {("server", "port"): 8000, ("server", "host"): ["::"]})
    assert edited == TEXT.replace("7700", "8000").replace("[a, b]", '["::"]')


def test_a_block_list_is_replaced_without_the_comments_behind_it() -> None:
    edited = set_values(TEXT, {("game", "motd"): ["bye"]})
    assert edited == TEXT.replace("- hello\n    - world\n", '["bye"]\n')


def test_a_new_key_goes_below_its_neighbours() -> None:
    edited = set_values(TEXT, {("server", "max_connections"): 5})
    assert edited == TEXT.replace("# both\n", "# both\n  max_connections: 5\n")


def test_a_new_table_goes_to_the_end() -> None:
    assert set_values("a: 1", {("b", "c"): 2}) == "a: 1\nb:\n  c: 2\n"


def test_a_key_without_a_value_gets_one() -> None:
    assert set_values("a:\nb: 1\n", {("a",): "x"}) == 'a: "x"\nb: 1\n'


def test_an_empty_text_gets_lines_below_its_comments() -> None:
    assert set_values("# note\n", {("a", "b"): 1}) == "# note\na:\n  b: 1\n"


def test_windows_line_ends_stay() -> None:
    assert set_values("a: 1\r\nb: 2\r\n", {("a",): 3}) == "a: 3\r\nb: 2\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "a: 1",
        "a:\n  b: 1\n",
        "a: {b: 1}\n",
        "a: |\n  long\n  text\nz: 1\n",
        "a: []\n",
        "'a': x\n",
        "",
    ],
)
@pytest.mark.parametrize("path", [("a",), ("a", "b"), ("a", "c"), ("q",), ("q", "r", "s")])
@pytest.mark.parametrize(
    "value", [7, "x: y", ["a", 1], {"k": "v"}, None, True, "two\nlines", "\x85 ñ\u2028", ""]
)
def test_whatever_the_layout_the_values_are_those_wanted(
    text: str, path: tuple[str, ...], value: object
) -> None:
    read = yaml.safe_load(set_values(text, {path: value}))
    for key in path:
        read = read[key]
    assert read == value


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=5,
    )
)
def test_any_value_survives_the_edit(value: object) -> None:
    assert yaml.safe_load(set_values(TEXT, {("server", "port"): value}))["server"]["port"] == value
