"""What a module's file may hold, and what is said of a mistake in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from pyao.config.files import parse_document
from pyao.config.schema import ConfigField, Schema, as_model, check
from pyao.errors import ConfigError

FIELDS = [
    ConfigField("delay_s", int, min_value=1, max_value=60),
    ConfigField("greeting", str, default="hello"),
    ConfigField("colour", str, required=False, choices=["red", "blue"]),
    ConfigField("ratio", float, default=0.5, min_value=0, max_value=1),
]


def checked(tmp_path: Path, text: str, schema: Schema | None = None) -> dict[str, Any]:
    document = parse_document(text, tmp_path / "m.yaml", cwd=tmp_path)
    return check(document, as_model("m", schema) if schema is not None else None, cwd=tmp_path)


def test_the_block_of_the_documents_is_read(tmp_path: Path) -> None:
    text = "enabled: true\nauto_load: true\nsettings:\n  setting1: value1\n  setting2: value2\n"
    values = checked(tmp_path, text)
    assert values["enabled"]
    assert values["settings"] == {"setting1": "value1", "setting2": "value2"}


def test_an_empty_file_holds_the_defaults(tmp_path: Path) -> None:
    assert checked(tmp_path, "") == {
        "enabled": True,
        "auto_load": True,
        "log_level": None,
        "settings": {},
    }


def test_defaults_of_a_schema_are_filled_in(tmp_path: Path) -> None:
    values = checked(tmp_path, "settings: {delay_s: 5}", FIELDS)
    assert values["settings"] == {
        "delay_s": 5,
        "greeting": "hello",
        "colour": None,
        "ratio": 0.5,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("settings: {}", "m.yaml:1: settings.delay_s: is missing"),
        ("settings:\n  delay_s: soon", "m.yaml:2: settings.delay_s: should be a valid integer"),
        ("settings:\n  delay_s: true", "m.yaml:2: settings.delay_s: should be a valid integer"),
        ("settings:\n  delay_s: 61", "m.yaml:2: settings.delay_s: should be less than or equal"),
        ("settings:\n  delay_s: 1\n  colour: green", "m.yaml:3: settings.colour: should be 'red'"),
        (
            "settings:\n  delay_s: 1\n  greting: x",
            "m.yaml:3: unknown setting settings.greting; did you mean greeting?",
        ),
        ("enabled: maybe", "m.yaml:1: enabled: should be a valid boolean"),
        ("\nenable: true", "m.yaml:2: unknown setting enable; did you mean enabled?"),
        ("settings: 5", "m.yaml:1: settings: should be a valid dictionary, came 5"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        checked(tmp_path, text, FIELDS)
    assert said in str(refused.value)


def test_a_schema_may_be_a_pydantic_model(tmp_path: Path) -> None:
    class Duel(BaseModel):
        stake: int = Field(100, ge=0)

    assert checked(tmp_path, "", Duel)["settings"] == {"stake": 100}
    with pytest.raises(ConfigError, match=r"^m\.yaml:1: settings\.stake: should be greater"):
        checked(tmp_path, "settings: {stake: -1}", Duel)
