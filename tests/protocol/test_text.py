from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyao.protocol.text import (
    TextEncoding,
    encode_like_client,
    encode_list_item,
    encode_text,
    guild_lines,
    neutralise_bbcode,
    strip_controls,
)


@pytest.mark.parametrize(
    ("text", "encoding", "data"),
    [
        ("hola", "ascii", b"hola"),
        ("¿Qué ñandú?", "ascii", b"?Que nandu?"),
        ("Über straße", "ascii", b"Uber strasse"),
        ("¿Qué ñandú?", "latin-1", "¿Qué ñandú?".encode("latin-1")),
        ("precio 5 €, год", "latin-1", b"precio 5 EUR, god"),
        ("¿Qué ñandú?", "utf-8", "¿Qué ñandú?".encode()),
        ("\ud800", "utf-8", b"?"),
        ("", "ascii", b""),
    ],
)
def test_text_to_the_client_keeps_what_the_encoding_holds(
    text: str, encoding: TextEncoding, data: bytes
) -> None:
    assert encode_text(text, encoding) == data


@given(st.text(st.characters()))
def test_ascii_is_the_default_and_holds_for_any_text(text: str) -> None:
    assert encode_text(text).isascii()
    assert encode_text(text) == encode_text(text, "ascii")


@given(st.text(st.characters()))
def test_any_text_can_be_sent_in_any_encoding(text: str) -> None:
    encode_text(text, "latin-1").decode("latin-1")
    encode_text(text, "utf-8").decode("utf-8")


def test_a_client_writes_latin_1_and_marks_the_rest() -> None:
    assert encode_like_client("ñandú €") == b"\xf1and\xfa ?"


def test_list_items_are_latin_1_and_hold_no_separator() -> None:
    assert encode_list_item("Ñandú\0Clan") == b"\xd1and\xfaClan"


def test_markup_of_players_reaches_no_console() -> None:
    hostile = '[url={"type":"screenshot","path":"/etc"}]click[/url] [[b]'
    harmless = neutralise_bbcode(hostile)
    assert harmless == '(url={"type":"screenshot","path":"/etc"}]click(/url] ((b]'


@given(st.text(st.characters() | st.sampled_from("[\uff3b\u27e6")))
def test_no_encoding_brings_markup_back(text: str) -> None:
    assert b"[" not in encode_text(neutralise_bbcode(text), "ascii")
    assert b"[" not in encode_text(neutralise_bbcode(text), "latin-1")


def test_accents_survive_neutralising() -> None:
    assert neutralise_bbcode("¡año [1]!") == "¡año (1]!"


def test_what_is_not_printable_is_stripped() -> None:
    assert strip_controls("a\0b\nc\x1b[d\x85e\u202ef\u00a0g") == "abc[defg"
    assert strip_controls("¿Qué ñandú?") == "¿Qué ñandú?"


def test_guild_texts_come_with_the_line_breaks_of_the_client() -> None:
    assert guild_lines("uno\u00bados") == "uno\ndos"
