"""Lines are cut into words; quotes hold names with spaces together, and nothing else is special."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyao.console.words import MAX_LINE_CHARS, clean, quoted, rest_of, split


def test_words_are_separated_by_any_space_and_quotes_hold_them_together() -> None:
    words = split('  kick "Juan Perez"   no  more')
    assert [word.text for word in words] == ["kick", "Juan Perez", "no", "more"]
    assert [word.quoted for word in words] == [False, True, False, False]


def test_an_apostrophe_and_a_backslash_are_signs_like_any_other() -> None:
    assert [word.text for word in split(r"say don't \n")] == ["say", "don't", r"\n"]


def test_a_quote_that_is_not_closed_is_seen() -> None:
    words = split('kick "Juan')
    assert words[-1].text == "Juan"
    assert words[-1].open


def test_the_rest_of_a_line_keeps_its_spaces_but_not_the_quotes_around_it() -> None:
    line = "say  one   two "
    assert rest_of(line, split(line)[1:]) == "one   two"
    line = 'say "one   two"'
    assert rest_of(line, split(line)[1:]) == "one   two"
    line = 'say "one" and "two"'
    assert rest_of(line, split(line)[1:]) == '"one" and "two"'
    assert rest_of("say", []) == ""


def test_a_line_is_bounded_and_without_control_signs() -> None:
    assert clean(" a\x1b[2J\tb\r\n ") == "a [2J b"
    assert len(clean("x" * 100_000)) == MAX_LINE_CHARS


@given(st.text(max_size=200))
def test_any_line_can_be_cut(line: str) -> None:
    cleaned = clean(line)
    for word in split(cleaned):
        assert cleaned[word.start : word.end]


@given(st.text(alphabet=st.characters(exclude_characters='"', categories=["L", "Zs"]), min_size=1))
def test_a_quoted_word_reads_as_itself(text: str) -> None:
    (word,) = split(quoted(text)) or split('""')
    assert word.text == text or text.isspace()
