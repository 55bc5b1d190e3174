"""Why a room says no. The values are fit to be sent to a program; texts are the door's matter."""

from __future__ import annotations

from enum import StrEnum


class RoomRefusal(StrEnum):
    """The reasons a room, or the index of rooms, gives for refusing."""

    NOT_FOUND = "NOT_FOUND"
    EXISTS = "EXISTS"
    FULL = "FULL"
    LOCKED = "LOCKED"
    BAD_CREDENTIAL = "BAD_CREDENTIAL"
    ALREADY_IN = "ALREADY_IN"
    NOT_IN = "NOT_IN"
    TOO_MANY = "TOO_MANY"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    INTERNAL = "INTERNAL"
