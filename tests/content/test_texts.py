"""The catalogue: both languages agree, and every key that the code names exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyao.content.texts import LANGUAGES, Catalogue
from pyao.errors import ContentError

SOURCES = Path(__file__).resolve().parents[2] / "src" / "pyao"

# Who speaks to players. Settings, metrics and storage keys of other packages also hold dots.
SPEAKERS = (
    "accounts",
    "rules",
    "tasks",
    "world",
    "rooms",
    "modules",
    "app.py",
    "game",
    "staff.py",
    "console",
)
SPEAKING = frozenset({"tell", "text", "refuse", "texts", "catalogue"})
KEY = re.compile(r"[a-z]+(\.[a-z_]+)+(?<!\.json|\.yaml|\.toml)(?<!\.py|\.md)")


def _python_files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the code of who speaks to players, with its file."""
    for name in SPEAKERS:
        for path in _python_files(SOURCES / name):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield str(path.relative_to(SOURCES)), node


def _key_literals(groups: set[str]) -> list[tuple[str, str]]:
    """Return (place, literal) of every string of the code that is written like a text's key."""
    return [
        (f"{file}:{node.lineno}", node.value)
        for file, node in _nodes()
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and KEY.fullmatch(node.value)
        and node.value.partition(".")[0] in groups
    ]


def _calls_with_a_key(catalogue: Catalogue) -> Iterator[tuple[str, str, set[str]]]:
    """Yield (place, key, names of the values) of every call that asks for a text by its key."""
    for file, node in _nodes():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else None
        key = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if called in SPEAKING and isinstance(key, str) and key in catalogue:
            names = {keyword.arg for keyword in node.keywords}
            if None not in names:  # else a ** brings values nobody can see here
                yield f"{file}:{node.lineno}", key, {name for name in names if name}


def test_both_languages_have_the_same_keys() -> None:
    spanish, english = (set(Catalogue(language)) for language in LANGUAGES)
    assert spanish - english == set()
    assert english - spanish == set()


def test_both_languages_take_the_same_values() -> None:
    spanish, english = (Catalogue(language) for language in LANGUAGES)
    differing = [key for key in spanish if spanish.placeholders(key) != english.placeholders(key)]
    assert differing == []


def test_both_languages_have_as_many_lines() -> None:
    spanish, english = (Catalogue(language) for language in LANGUAGES)
    keys = [key for key in spanish if key not in spanish.texts()]
    assert [key for key in keys if len(spanish.lines(key)) != len(english.lines(key))] == []


@pytest.mark.untraced
def test_every_key_named_in_the_code_exists() -> None:
    catalogue = Catalogue("es")
    groups = {key.partition(".")[0] for key in catalogue}
    missing = [(place, key) for place, key in _key_literals(groups) if key not in catalogue]
    assert missing == []


@pytest.mark.untraced
def test_every_text_asked_for_is_given_its_values() -> None:
    catalogue = Catalogue("es")
    lacking = [
        (place, key, missing)
        for place, key, given in _calls_with_a_key(catalogue)
        if (missing := catalogue.placeholders(key) - given)
    ]
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_holds_markup_or_marks_that_the_wire_would_spoil(language: str) -> None:
    catalogue = Catalogue("es" if language == "es" else "en")
    spoiled = [key for key, text in catalogue.texts().items() if set(text) & set("[]¡¿\n\t")]
    assert spoiled == []


def test_a_text_gets_its_values() -> None:
    assert "Ana" in Catalogue("es")("chat.too_far", name="Ana")
    assert "Ana" in Catalogue("en")("chat.too_far", name="Ana")


def test_a_value_is_never_read_as_a_template() -> None:
    assert "{secret}" in Catalogue("es")("chat.whisper_heard", name="x", text="{secret}")


def test_a_missing_key_shows_and_does_not_fail() -> None:
    assert Catalogue("es")("no.such") == "[no.such]"
    assert Catalogue("es").lines("no.such") == ("[no.such]",)


def test_a_missing_value_shows_and_does_not_fail() -> None:
    assert "{name}" in Catalogue("es")("chat.too_far")
    assert "{name}" in Catalogue("es")("chat.too_far", other=1)


def test_a_strict_catalogue_refuses_what_is_missing() -> None:
    strict = Catalogue("es", strict=True)
    with pytest.raises(ContentError, match=r"no\.such"):
        strict("no.such")
    with pytest.raises(ContentError, match="name"):
        strict("chat.too_far")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ContentError, match="de"):
        Catalogue("de")  # type: ignore[arg-type]  # what an operator might write


def test_a_file_with_something_else_than_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "es.toml"
    file.write_text("[a]\nb = 3\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"a\.b"):
        Catalogue("es", folder=tmp_path)
