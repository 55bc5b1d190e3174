"""How a room behaves: `RoomSettings`, checked where a room is made."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Final

from pyao.errors import RoomError
from pyao.rooms.refusals import RoomRefusal
from pyao.rooms.values import Plain, plain_copy


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """How a room behaves; `RoomManager` fills what is not said from its defaults.

    RoomError INVALID_ARGUMENT names a value of the wrong kind: better where the room is made than
    at every later join.
    """

    public: bool = True
    credential: str = ""  # needed to join when not empty; a private room always has one
    capacity: int = 0  # members, 0 = no limit
    auto_dispose: bool = False  # delete when the last member leaves
    grace_s: float = 0.0  # how long the place of a lost connection is kept
    broadcast_enabled: bool = True  # false: no variable is ever sent by itself
    broadcast_default: bool = False  # whether a new variable is sent when it changes
    recent: int = 32  # broadcasts kept for those who come back
    stored: bool = True  # whether variables survive a restart
    metadata: Mapping[str, Plain] = field(default_factory=dict)  # shown in the list of rooms

    def __post_init__(self) -> None:
        for each in fields(self):
            expected, fits = _KINDS[str(each.type)]
            if not fits(value := getattr(self, each.name)):
                raise RoomError(
                    RoomRefusal.INVALID_ARGUMENT,
                    f"room setting {each.name}: expected {expected}, came {value!r:.80}",
                )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_time(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < math.inf  # NaN is neither


def _is_table(value: object) -> bool:
    try:
        plain_copy(value)
    except TypeError:
        return False
    return isinstance(value, Mapping)


# By the annotation of a field: what is expected, in words, and whether a value is that.
_KINDS: Final[Mapping[str, tuple[str, Callable[[object], bool]]]] = MappingProxyType(
    {
        "bool": ("True or False", lambda value: isinstance(value, bool)),
        "int": ("a whole number, 0 or more", _is_count),
        "float": ("a number of seconds, 0 or more", _is_time),
        "str": ("text", lambda value: isinstance(value, str)),
        "Mapping[str, Plain]": ("plain data by name", _is_table),
    }
)
