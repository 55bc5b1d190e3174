"""Plain values: what a room variable, a module's saved state or a message may consist of.

None, booleans, numbers and text, and lists and string-keyed mappings of them. Copies are taken,
so that nobody can change a value behind the back of its owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Plain = bool | int | float | str | list["Plain"] | dict[str, "Plain"] | None

MAX_DEPTH: Final = 16
_SCALARS: Final = (bool, int, float, str, type(None))


def plain_copy(value: object, where: str = "value", depth: int = 0) -> Plain:
    """Return a deep copy of a plain value; tuples become lists.

    Raises TypeError naming the place of anything that is not plain, or nested too deeply.
    """
    if type(value) in _SCALARS:
        return value  # type: ignore[return-value] # one of the scalars, by the line above
    if depth >= MAX_DEPTH:
        raise TypeError(f"{where} is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, list | tuple):
        return [plain_copy(each, f"{where}[{i}]", depth + 1) for i, each in enumerate(value)]
    if isinstance(value, Mapping):
        copy: dict[str, Plain] = {}
        for key, each in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{where} has the key {key!r}; expected text")
            copy[str(key)] = plain_copy(each, f"{where}.{key}", depth + 1)
        return copy
    for scalar in (bool, int, float, str):
        if isinstance(value, scalar):  # an enumeration member, for example
            return scalar(value)
    raise TypeError(f"{where} is a {type(value).__name__}; expected plain data (text, numbers, …)")
