"""The names of the server's own events, and what every payload can do.

A payload holds plain values only, never a live object: the history keeps the last thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, ClassVar


class EventTypes(StrEnum):
    """The names of the server's own events; a module may invent more."""

    SERVER_STARTED = "server:started"
    SERVER_STOPPING = "server:stopping"
    SERVER_STOPPED = "server:stopped"
    STORE_LOST = "store:lost"
    STORE_BACK = "store:back"
    CLIENT_CONNECTED = "client:connected"
    CLIENT_DISCONNECTED = "client:disconnected"
    CLIENT_MESSAGE = "client:message"
    CLIENT_REFUSED = "client:refused"
    BEFORE_LOGIN = "session:before_login"
    LOGIN_FAILED = "session:login_failed"
    SESSION_STARTED = "session:started"
    SESSION_ENDED = "session:ended"
    CHARACTER_CREATED = "player:created"
    PLAYER_MOVED = "player:moved"
    PLAYER_LEVELED = "player:leveled"
    PLAYER_DIED = "player:died"
    PLAYER_RESURRECTED = "player:resurrected"
    BEFORE_EXPERIENCE = "player:before_experience"
    MAP_ENTERED = "map:entered"
    MAP_LEFT = "map:left"
    WEATHER_CHANGED = "map:weather_changed"
    ROOM_CREATED = "room:created"
    ROOM_DELETED = "room:deleted"
    ROOM_JOINED = "room:joined"
    ROOM_LEFT = "room:left"
    ROOM_DROPPED = "room:dropped"
    ROOM_RECONNECTED = "room:reconnected"
    ROOM_VARIABLE_CHANGED = "room:variable_changed"
    GAME_STARTED = "game:started"
    GAME_ENDED = "game:ended"
    GAME_STATE_UPDATED = "game:state_updated"
    MODULE_LOADED = "module:loaded"
    MODULE_UNLOADED = "module:unloaded"
    MODULE_ENABLED = "module:enabled"
    MODULE_DISABLED = "module:disabled"
    MODULE_RELOADED = "module:reloaded"
    MODULE_FAILED = "module:failed"
    CONFIG_CHANGED = "config:changed"
    CONFIG_REJECTED = "config:rejected"
    BEFORE_CHAT = "chat:before"
    CHAT_SAID = "chat:said"
    COMMAND_USED = "chat:command"
    COMBAT_HIT = "combat:hit"
    COMBAT_KILL = "combat:kill"
    BEFORE_TRADE = "trade:before"
    TRADE_DONE = "trade:done"
    BEFORE_DROP = "item:before_drop"
    ITEM_DROPPED = "item:dropped"
    ITEM_PICKED_UP = "item:picked_up"


class Payload(Mapping[str, Any]):
    """What an event carries: attributes that can also be read by name, as in a mapping.

    With `vetoable`, the event is emitted before the thing happens: a handler may veto it, and may
    change the fields the sentence of the type names. Types that are not `recorded` stay out of
    the history.
    """

    __slots__ = ()
    event_type: ClassVar[str]
    vetoable: ClassVar[bool] = False
    recorded: ClassVar[bool] = True

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - the field's own type
        if name in self.__slots__:
            return getattr(self, name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.__slots__)

    def __len__(self) -> int:
        return len(self.__slots__)
