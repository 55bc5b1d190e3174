"""How a setting is declared: `setting(...)` and the types that read text as people write it.

Used by settings.py only, where the settings stand.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

_ADDRESS = re.compile(r"[0-9A-Za-z_.:%-]{1,255}")


def _split_list(value: object) -> object:
    """Read `a, b` as a list, also inside a list: most sources hold text only."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return [piece.strip() for part in value for piece in part.split(",") if piece.strip()]
    return value


def _split_pairs(value: object) -> object:
    """Read `name=file, name=file` as a table."""
    if not isinstance(value, str):
        return value
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    if not all(separator for _, separator, _ in pairs):
        raise ValueError("not pairs")
    return {name.strip(): file.strip() for name, _, file in pairs}


def _split_lines(value: object) -> object:
    return value.splitlines() if isinstance(value, str) else value


def _address(value: object) -> object:
    """Refuse what cannot be an address; `[::1]` is read as `::1`."""
    if not isinstance(value, str):
        return value
    bare = value.removeprefix("[").removesuffix("]")
    if not _ADDRESS.fullmatch(bare):
        raise ValueError("not an address")
    return bare


def _number_not_flag(value: object) -> object:
    """Refuse true and false where a number is wanted; Python would read them as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("a flag where a number is wanted")  # noqa: TRY004 - pydantic wants it
    return value


def upper(value: object) -> object:
    """Read a word as if it were written in capitals."""
    return value.upper() if isinstance(value, str) else value


def lower(value: object) -> object:
    """Read a word as if it were written small."""
    return value.lower() if isinstance(value, str) else value


Address = Annotated[str, BeforeValidator(_address)]
AddressList = Annotated[list[Address], BeforeValidator(_split_list)]
TextList = Annotated[list[str], BeforeValidator(_split_list)]
Pairs = Annotated[dict[str, str], BeforeValidator(_split_pairs)]
Lines = Annotated[list[str], BeforeValidator(_split_lines)]
Whole = Annotated[int, BeforeValidator(_number_not_flag)]
PortList = Annotated[
    list[Annotated[Whole, Field(ge=1, le=65_535)]],
    BeforeValidator(_split_list),
]
Number = Annotated[float, BeforeValidator(_number_not_flag), Field(allow_inf_nan=False)]


def setting(
    default: object,
    sentence: str,
    *,
    unit: str = "",
    live: bool = False,
    expects: str = "",
    traits: tuple[str, ...] = (),
    **limits: Any,  # noqa: ANN401 - handed on to pydantic's Field as it is
) -> Any:  # noqa: ANN401 - stands for a value of the field's own type
    """Declare a setting.

    `live`: a change takes effect while the server runs. `expects` replaces the derived text of what
    is accepted. `traits`: "option" has a command-line option, "early" is needed before Redis can be
    asked and so cannot be kept there, "secret" is never shown in full.
    """
    extra: JsonDict = {"unit": unit, "live": live, "expects": expects, "traits": list(traits)}
    return Field(default=default, description=sentence, json_schema_extra=extra, **limits)


class Group(BaseModel):
    """Settings that belong together: checked, unchangeable, nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)
