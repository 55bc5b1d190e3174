"""The data each type of event carries; the first sentence of each says when it is emitted.

`docs/events.md` is generated from here. How payloads behave is in `event_types.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final

from pyao.events.event_types import EventTypes, Payload


@dataclass(slots=True)
class ServerStarted(Payload):
    """The server listens and the world runs."""

    event_type: ClassVar[str] = EventTypes.SERVER_STARTED
    addresses: tuple[str, ...]
    world: str


@dataclass(slots=True)
class ServerStopping(Payload):
    """Nobody new is let in; players are saved next."""

    event_type: ClassVar[str] = EventTypes.SERVER_STOPPING
    reason: str


@dataclass(slots=True)
class ServerStopped(Payload):
    """Everything is saved and closed; the last event of all."""

    event_type: ClassVar[str] = EventTypes.SERVER_STOPPED
    reason: str


@dataclass(slots=True)
class StoreLost(Payload):
    """The store does not answer; the game goes on and changes pile up."""

    event_type: ClassVar[str] = EventTypes.STORE_LOST
    reason: str


@dataclass(slots=True)
class StoreBack(Payload):
    """The store answers again and has been given what piled up."""

    event_type: ClassVar[str] = EventTypes.STORE_BACK
    away_s: float


@dataclass(slots=True)
class ClientConnected(Payload):
    """A connection was accepted, by any door."""

    event_type: ClassVar[str] = EventTypes.CLIENT_CONNECTED
    client_id: str
    address: str


@dataclass(slots=True)
class ClientDisconnected(Payload):
    """A connection is gone, however it went; once for each connected one."""

    event_type: ClassVar[str] = EventTypes.CLIENT_DISCONNECTED
    client_id: str
    address: str
    reason: str


@dataclass(slots=True)
class ClientMessage(Payload):
    """A client sent something; for the game's door, `message` names the packet and its fields."""

    event_type: ClassVar[str] = EventTypes.CLIENT_MESSAGE
    client_id: str
    message: Mapping[str, Any]
    authenticated: bool


@dataclass(slots=True)
class ClientRefused(Payload):
    """A connection was turned away before it could say anything; not kept in the history."""

    event_type: ClassVar[str] = EventTypes.CLIENT_REFUSED
    recorded: ClassVar[bool] = False
    address: str
    reason: str


@dataclass(slots=True)
class BeforeLogin(Payload):
    """A character with the right password is about to enter."""

    event_type: ClassVar[str] = EventTypes.BEFORE_LOGIN
    vetoable: ClassVar[bool] = True
    client_id: str
    name: str
    address: str


@dataclass(slots=True)
class LoginFailed(Payload):
    """A log-in was refused."""

    event_type: ClassVar[str] = EventTypes.LOGIN_FAILED
    client_id: str
    name: str
    address: str
    reason: str


@dataclass(slots=True)
class SessionStarted(Payload):
    """A character entered the world."""

    event_type: ClassVar[str] = EventTypes.SESSION_STARTED
    client_id: str
    user_id: int
    name: str
    address: str


@dataclass(slots=True)
class SessionEnded(Payload):
    """A character left the world and is saved."""

    event_type: ClassVar[str] = EventTypes.SESSION_ENDED
    client_id: str
    user_id: int
    name: str
    reason: str


@dataclass(slots=True)
class CharacterCreated(Payload):
    """A new character exists."""

    event_type: ClassVar[str] = EventTypes.CHARACTER_CREATED
    user_id: int
    name: str
    account: str


@dataclass(slots=True)
class PlayerMoved(Payload):
    """A player took a step; emitted only while somebody listens, never recorded."""

    event_type: ClassVar[str] = EventTypes.PLAYER_MOVED
    recorded: ClassVar[bool] = False
    user_id: int
    map: int
    x: int
    y: int
    heading: int


@dataclass(slots=True)
class PlayerLeveled(Payload):
    """A player reached a level."""

    event_type: ClassVar[str] = EventTypes.PLAYER_LEVELED
    user_id: int
    name: str
    level: int


@dataclass(slots=True)
class PlayerDied(Payload):
    """A player died; `killer` is a name, or empty for hunger, poison and the like."""

    event_type: ClassVar[str] = EventTypes.PLAYER_DIED
    user_id: int
    name: str
    map: int
    killer: str


@dataclass(slots=True)
class PlayerResurrected(Payload):
    """A ghost came back to life."""

    event_type: ClassVar[str] = EventTypes.PLAYER_RESURRECTED
    user_id: int
    name: str
    map: int


@dataclass(slots=True)
class BeforeExperience(Payload):
    """A player is about to gain experience; handlers may change `amount`."""

    event_type: ClassVar[str] = EventTypes.BEFORE_EXPERIENCE
    vetoable: ClassVar[bool] = True
    user_id: int
    amount: int
    cause: str


@dataclass(slots=True)
class MapEntered(Payload):
    """A player came to a map, at log-in or from another one."""

    event_type: ClassVar[str] = EventTypes.MAP_ENTERED
    user_id: int
    name: str
    map: int
    x: int
    y: int


@dataclass(slots=True)
class MapLeft(Payload):
    """A player left a map."""

    event_type: ClassVar[str] = EventTypes.MAP_LEFT
    user_id: int
    name: str
    map: int


@dataclass(slots=True)
class WeatherChanged(Payload):
    """Rain began or ended (`rain`, `clear`); map 0 stands for all but dungeons."""

    event_type: ClassVar[str] = EventTypes.WEATHER_CHANGED
    map: int
    weather: str


@dataclass(slots=True)
class RoomCreated(Payload):
    """A room exists."""

    event_type: ClassVar[str] = EventTypes.ROOM_CREATED
    room_id: str
    kind: str
    public: bool


@dataclass(slots=True)
class RoomDeleted(Payload):
    """A room is gone, and its members with it."""

    event_type: ClassVar[str] = EventTypes.ROOM_DELETED
    room_id: str
    reason: str


@dataclass(slots=True)
class RoomJoined(Payload):
    """A member joined a room."""

    event_type: ClassVar[str] = EventTypes.ROOM_JOINED
    room_id: str
    member_id: str
    name: str


@dataclass(slots=True)
class RoomLeft(Payload):
    """A member left a room for good."""

    event_type: ClassVar[str] = EventTypes.ROOM_LEFT
    room_id: str
    member_id: str
    name: str
    reason: str


@dataclass(slots=True)
class RoomDropped(Payload):
    """A member's connection died; the place is kept for a while."""

    event_type: ClassVar[str] = EventTypes.ROOM_DROPPED
    room_id: str
    member_id: str
    grace_s: float


@dataclass(slots=True)
class RoomReconnected(Payload):
    """A dropped member came back in time."""

    event_type: ClassVar[str] = EventTypes.ROOM_RECONNECTED
    room_id: str
    member_id: str


@dataclass(slots=True)
class RoomVariableChanged(Payload):
    """A variable of a room has a new value; emitted only while somebody listens, never recorded."""

    event_type: ClassVar[str] = EventTypes.ROOM_VARIABLE_CHANGED
    recorded: ClassVar[bool] = False
    room_id: str
    name: str
    value: Any


@dataclass(slots=True)
class GameStarted(Payload):
    """A game inside a room began (a duel, a match, an arena)."""

    event_type: ClassVar[str] = EventTypes.GAME_STARTED
    room_id: str
    game: str
    members: tuple[str, ...]


@dataclass(slots=True)
class GameEnded(Payload):
    """A game inside a room ended; `winner` is a member id or empty."""

    event_type: ClassVar[str] = EventTypes.GAME_ENDED
    room_id: str
    game: str
    winner: str


@dataclass(slots=True)
class GameStateUpdated(Payload):
    """A game inside a room reached another phase."""

    event_type: ClassVar[str] = EventTypes.GAME_STATE_UPDATED
    room_id: str
    game: str
    state: str


@dataclass(slots=True)
class ModuleLoaded(Payload):
    """A module's code is loaded and its `load` said yes."""

    event_type: ClassVar[str] = EventTypes.MODULE_LOADED
    name: str
    version: str


@dataclass(slots=True)
class ModuleUnloaded(Payload):
    """A module is gone with everything it had registered."""

    event_type: ClassVar[str] = EventTypes.MODULE_UNLOADED
    name: str
    version: str


@dataclass(slots=True)
class ModuleEnabled(Payload):
    """A module works from now on."""

    event_type: ClassVar[str] = EventTypes.MODULE_ENABLED
    name: str
    version: str


@dataclass(slots=True)
class ModuleDisabled(Payload):
    """A module rests; it can be enabled again."""

    event_type: ClassVar[str] = EventTypes.MODULE_DISABLED
    name: str
    version: str


@dataclass(slots=True)
class ModuleReloaded(Payload):
    """New code of a module took over from the old."""

    event_type: ClassVar[str] = EventTypes.MODULE_RELOADED
    name: str
    version: str


@dataclass(slots=True)
class ModuleFailed(Payload):
    """A module could not be loaded, enabled or reloaded."""

    event_type: ClassVar[str] = EventTypes.MODULE_FAILED
    name: str
    reason: str


@dataclass(slots=True)
class ConfigChanged(Payload):
    """A setting has a new value; secrets are shown as ***."""

    event_type: ClassVar[str] = EventTypes.CONFIG_CHANGED
    field: str
    value: str
    source: str


@dataclass(slots=True)
class ConfigRejected(Payload):
    """An edited setting is wrong; the old value stays."""

    event_type: ClassVar[str] = EventTypes.CONFIG_REJECTED
    source: str
    problem: str


@dataclass(slots=True)
class BeforeChat(Payload):
    """Somebody is about to speak or to put up a notice; handlers may change `text`.

    `channel` is `say`, `yell`, `whisper`, `party`, `guild`, `council`, `trade`, or `board`, where
    `text` is the title, a colon and the text of the notice.
    """

    event_type: ClassVar[str] = EventTypes.BEFORE_CHAT
    vetoable: ClassVar[bool] = True
    user_id: int
    name: str
    channel: str
    map: int
    text: str


@dataclass(slots=True)
class ChatSaid(Payload):
    """Something was said, and heard by those in range."""

    event_type: ClassVar[str] = EventTypes.CHAT_SAID
    user_id: int
    name: str
    channel: str
    map: int
    text: str


@dataclass(slots=True)
class CommandUsed(Payload):
    """A chat or staff command was carried out; what it takes of secrets is left out."""

    event_type: ClassVar[str] = EventTypes.COMMAND_USED
    user_id: int
    name: str
    command: str
    arguments: str


@dataclass(slots=True)
class CombatHit(Payload):
    """Somebody hit somebody; emitted only while somebody listens, never recorded."""

    event_type: ClassVar[str] = EventTypes.COMBAT_HIT
    recorded: ClassVar[bool] = False
    attacker: str
    target: str
    map: int
    damage: int


@dataclass(slots=True)
class CombatKill(Payload):
    """Somebody or something killed; `npc` is the number of a creature that died, else 0."""

    event_type: ClassVar[str] = EventTypes.COMBAT_KILL
    attacker: str
    target: str
    map: int
    npc: int


@dataclass(slots=True)
class BeforeTrade(Payload):
    """Two sides agreed; goods are about to change hands: pairs of item and amount, 12 is gold."""

    event_type: ClassVar[str] = EventTypes.BEFORE_TRADE
    vetoable: ClassVar[bool] = True
    user_id: int
    partner: str
    offer: tuple[tuple[int, int], ...]
    demand: tuple[tuple[int, int], ...]
    partner_id: int = 0  # of a merchant; a trade of two players is told once, of who proposed it


@dataclass(slots=True)
class TradeDone(Payload):
    """Goods changed hands, as pairs of item and amount; the partner is a player or a merchant."""

    event_type: ClassVar[str] = EventTypes.TRADE_DONE
    user_id: int
    partner: str
    given: tuple[tuple[int, int], ...]
    received: tuple[tuple[int, int], ...]
    partner_id: int = 0  # as above


@dataclass(slots=True)
class BeforeDrop(Payload):
    """A player is about to drop something; item 12 is gold."""

    event_type: ClassVar[str] = EventTypes.BEFORE_DROP
    vetoable: ClassVar[bool] = True
    user_id: int
    item: int
    amount: int
    map: int


@dataclass(slots=True)
class ItemDropped(Payload):
    """Something lies on the ground now; item 12 is gold."""

    event_type: ClassVar[str] = EventTypes.ITEM_DROPPED
    user_id: int
    item: int
    amount: int
    map: int
    x: int
    y: int


@dataclass(slots=True)
class ItemPickedUp(Payload):
    """Something was picked up from the ground; item 12 is gold."""

    event_type: ClassVar[str] = EventTypes.ITEM_PICKED_UP
    user_id: int
    item: int
    amount: int
    map: int
    x: int
    y: int


PAYLOADS: Final[Mapping[str, type[Payload]]] = MappingProxyType(
    {
        payload.event_type: payload
        for payload in (
            ServerStarted,
            ServerStopping,
            ServerStopped,
            StoreLost,
            StoreBack,
            ClientConnected,
            ClientDisconnected,
            ClientMessage,
            ClientRefused,
            BeforeLogin,
            LoginFailed,
            SessionStarted,
            SessionEnded,
            CharacterCreated,
            PlayerMoved,
            PlayerLeveled,
            PlayerDied,
            PlayerResurrected,
            BeforeExperience,
            MapEntered,
            MapLeft,
            WeatherChanged,
            RoomCreated,
            RoomDeleted,
            RoomJoined,
            RoomLeft,
            RoomDropped,
            RoomReconnected,
            RoomVariableChanged,
            GameStarted,
            GameEnded,
            GameStateUpdated,
            ModuleLoaded,
            ModuleUnloaded,
            ModuleEnabled,
            ModuleDisabled,
            ModuleReloaded,
            ModuleFailed,
            ConfigChanged,
            ConfigRejected,
            BeforeChat,
            ChatSaid,
            CommandUsed,
            CombatHit,
            CombatKill,
            BeforeTrade,
            TradeDone,
            BeforeDrop,
            ItemDropped,
            ItemPickedUp,
        )
    }
)
"""Every type of the server's own and its payload."""
