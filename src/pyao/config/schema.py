"""The files of modules: their shape, the schemas modules bring, and what is said of a mistake.

A module's file holds `enabled`, `auto_load`, `log_level` and a table `settings`, which is the
module's own: its schema is a pydantic model, or a list of `ConfigField`.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from pyao.config.fields import show
from pyao.config.files import Document
from pyao.errors import ConfigError


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One value of a schema: its type, whether it must be given, and its bounds."""

    name: str
    type: type
    required: bool = True
    default: Any = None
    choices: Sequence[Any] | None = None
    min_value: float | None = None
    max_value: float | None = None
    description: str = ""


Schema = type[BaseModel] | Sequence[ConfigField]


class ModuleFile(BaseModel):
    """What every `config/modules/NAME.yaml` may hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    auto_load: bool = True
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] | None = None
    settings: dict[str, Any] = Field(default_factory=dict)


def as_model(name: str, schema: Schema) -> type[BaseModel]:
    """Return a schema as a pydantic model; a field list allows no other names, like a model."""
    if isinstance(schema, type):
        return schema
    fields: dict[str, Any] = {}
    for one in schema:
        kind: Any = one.type
        if one.choices:
            kind = Literal[tuple(one.choices)]
        elif one.type in (int, float):
            kind = Annotated[one.type, Field(ge=one.min_value, le=one.max_value, strict=True)]
        needed = one.required and one.default is None
        if not needed and one.default is None:
            kind = kind | None
        default = ... if needed else one.default
        fields[one.name] = (kind, Field(default=default, description=one.description))
    config = ConfigDict(extra="forbid")
    model: type[BaseModel] = create_model(name, __config__=config, **fields)
    return model


def check(document: Document, schema: type[BaseModel] | None, *, cwd: Path) -> dict[str, Any]:
    """Return the values of a module's file with all defaults, or raise ConfigError by line."""
    try:
        whole = ModuleFile.model_validate(dict(document.data))
    except ValidationError as error:
        raise _refused(document, error, (), ModuleFile, cwd) from None
    values = whole.model_dump()
    if schema is not None:
        try:
            values["settings"] = schema.model_validate(whole.settings).model_dump()
        except ValidationError as error:
            raise _refused(document, error, ("settings",), schema, cwd) from None
    return values


def _refused(
    document: Document,
    error: ValidationError,
    above: tuple[str, ...],
    model: type[BaseModel],
    cwd: Path,
) -> ConfigError:
    lines = []
    for problem in error.errors(include_url=False, include_context=False):
        loc = tuple(map(str, problem["loc"]))
        path = above + loc
        known = next(
            (path[:cut] for cut in range(len(path), 0, -1) if path[:cut] in document.lines), ()
        )
        where = document.where(known, cwd=cwd)
        dotted = ".".join(path)
        match problem["type"]:
            case "missing":
                text = f"{dotted}: is missing; add it"
            case "extra_forbidden":
                close = difflib.get_close_matches(loc[-1], model.model_fields, 1, 0.6)
                hint = f"; did you mean {close[0]}?" if close else ""
                text = f"unknown setting {dotted}{hint}"
            case _:
                expected = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
                text = f"{dotted}: {expected}, came {show(problem['input'])}"
        lines.append(f"{where}: {text}")
    return ConfigError("\n".join(lines))
