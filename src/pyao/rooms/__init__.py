"""Rooms: members, variables with a broadcast flag, remote methods; a map is one of them."""

from __future__ import annotations

from pyao.rooms.manager import RoomManager
from pyao.rooms.refusals import RoomRefusal
from pyao.rooms.remote import remote
from pyao.rooms.room import OWN, GenericRoom, Hook, RoomHub, RoomMember
from pyao.rooms.settings import RoomSettings
from pyao.rooms.values import Plain, plain_copy

__all__ = [
    "OWN",
    "GenericRoom",
    "Hook",
    "Plain",
    "RoomHub",
    "RoomManager",
    "RoomMember",
    "RoomRefusal",
    "RoomSettings",
    "plain_copy",
    "remote",
]
