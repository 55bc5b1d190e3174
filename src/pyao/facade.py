"""The server as modules see it: who is connected, what they may do to them, where to register.

Modules never touch sessions or the world; everything passes here, so that a change of value is
written into the ledger and a line of text is neutralised.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyao.config import Settings
from pyao.errors import ModuleError
from pyao.events import Bulkhead, Event, EventManager, EventTypes
from pyao.events.payloads import ClientDisconnected, SessionStarted
from pyao.game import Client as GameClient
from pyao.game import Game
from pyao.modules import Client, CommandRegistry, SavedData, TaskTable, Timers
from pyao.protocol import ServerPacket
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import ConsoleMsg
from pyao.protocol.text import neutralise_bbcode
from pyao.rooms import OWN, Plain, RoomManager
from pyao.rules import inventory
from pyao.storage.ledger import NOBODY, of_player
from pyao.tasks.belongings import show_slots
from pyao.tasks.creatures import show_arrival, spawn, vanish
from pyao.tasks.growth import earn
from pyao.tasks.task import TASK_HANDLERS, Function, Row
from pyao.world import Player
from pyao.world.npc import Npc

MAX_CREATURES = 1_000  # alive at a time, of one module


class ConnectedClient:
    """One client of the Godot door, for modules and rooms.

    Whose it is stays known when its character has left: rooms tell others who is gone.
    """

    __slots__ = ("_client", "_game", "_last")

    def __init__(self, game: Game, client: GameClient) -> None:
        self._game = game
        self._client = client
        self._last = client.player

    @property
    def _character(self) -> Player | None:
        return self._client.player or self._last

    @property
    def client_id(self) -> str:
        """What events call this client."""
        return self._client.client_id

    @property
    def member_id(self) -> str:
        """What rooms call it: the character, so that it stays the same after a reconnection."""
        player = self._character
        return self._client.client_id if player is None else player.member_id

    @property
    def name(self) -> str:
        """The character's name; empty in the lobby."""
        player = self._character
        return "" if player is None else player.name

    @property
    def user_id(self) -> int:
        """The character's number; 0 in the lobby."""
        player = self._character
        return 0 if player is None else int(player.user_id)

    @property
    def address(self) -> str:
        """Where it is connected from."""
        return self._client.address

    @property
    def privileges(self) -> int:
        """The character's `Privilege` bits; 0 in the lobby."""
        player = self._client.player
        return 0 if player is None else player.privileges

    def may(self, permission: str, *, privileged: int = 0) -> bool:
        """Return whether the character has a permission; nobody in the lobby has any."""
        player = self._client.player
        return player is not None and player.may(permission, privileged=privileged)

    @property
    def place(self) -> tuple[int, int, int]:
        """Map, x and y; zeros in the lobby."""
        player = self._client.player
        return (0, 0, 0) if player is None else (player.map, player.x, player.y)

    def tell(self, text: str) -> None:
        """Write one line into the console; markup in it is neutralised. Nothing in the lobby."""
        if self._client.player is not None:
            self._client.reply(ConsoleMsg(neutralise_bbcode(text), Font.INFO))

    def send_packet(self, packet: ServerPacket | bytes) -> None:
        """Send one packet, such as `msg.play_wave(...)`. Nothing in the lobby."""
        if self._client.player is not None:
            self._client.reply(packet)

    def room_message(self, room_id: str, name: str, value: Plain) -> None:
        """Show a message of a room as a console line."""
        words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self.tell(f"({room_id}) {name}: {words}")

    @property
    def gold(self) -> int:
        """The gold in the purse; 0 in the lobby."""
        player = self._client.player
        return 0 if player is None else player.gold

    @property
    def level(self) -> int:
        """The character's level; 0 in the lobby."""
        player = self._client.player
        return 0 if player is None else player.level

    @property
    def dead(self) -> bool:
        """Whether the character is a ghost."""
        player = self._client.player
        return player is not None and player.dead

    def give_gold(self, amount: int, cause: str) -> int:
        """Add gold (or take it, down to nothing), write the cause into the ledger, return how much.

        `cause` is a few words for the operator, such as "lottery ticket".
        """
        player = self._client.player
        return 0 if player is None else self._game.give_gold(player, amount, cause)

    def give_item(self, item: int, amount: int, cause: str) -> bool:
        """Put a pile into the inventory; False when there is no such item or no place for it."""
        player, game = self._client.player, self._game
        if player is None or item not in game.world.data.items:
            return False
        slot = inventory.put(player.inventory, item, amount)
        if not slot:
            return False
        mine = of_player(player.user_id)
        game.changes.record(cause, player, item, amount, source=NOBODY, target=mine)
        show_slots(game, player, (slot,))
        game.changes.snapshot()
        return True

    def take_item(self, item: int, amount: int, cause: str) -> bool:
        """Take that many out of the inventory; False, and none is taken, when there are fewer."""
        player, game = self._client.player, self._game
        if player is None:
            return False
        worn = {number for number, slot in inventory.numbered(player.inventory) if slot.equipped}
        changed = inventory.take_item(player.inventory, item, amount)
        if not changed:
            return False
        mine = of_player(player.user_id)
        game.changes.record(cause, player, item, amount, source=mine, target=NOBODY)
        show_slots(game, player, changed)
        if any(player.inventory[number - 1] is None for number in worn):
            game.world.dress(player)
            game.world.show_look(player)
        game.changes.snapshot()
        return True

    def carries(self, item: int) -> int:
        """Return how many of an item are in the inventory; 0 in the lobby."""
        player = self._client.player
        return 0 if player is None else inventory.count(player.inventory, item)

    def give_experience(self, amount: int, cause: str) -> None:
        """Give experience and the levels it pays for; other modules may change or forbid it."""
        if self._client.player is not None:
            earn(self._game, self._client.player, amount, cause)

    def teleport(self, map_number: int, x: int, y: int) -> bool:
        """Put the character on the nearest free tile; False when there is none."""
        player = self._client.player
        return player is not None and self._game.world.warp(player, map_number, x, y, flash=True)

    def close(self, reason: str) -> None:
        """Send what is queued, then close the connection."""
        self._client.close(reason)


class Clients(Mapping[str, Client]):
    """Who is connected now, by client id."""

    def __init__(self, game: Game) -> None:
        self._game = game

    def __getitem__(self, client_id: str) -> ConnectedClient:
        return ConnectedClient(self._game, self._game.connected[client_id])

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._game.connected))

    def __len__(self) -> int:
        return len(self._game.connected)


class GuestCreatures:
    """Creatures that modules brought into the world; what is left of them goes with the module."""

    def __init__(self, game: Game) -> None:
        self._game = game
        self._guests: dict[str, list[Npc]] = {}

    def spawn(self, owner: str, kind: int, map_number: int, x: int, y: int) -> bool:
        """Bring one in on the free tile nearest to a place; False when there is no such place.

        No other one comes when it dies. Raises ModuleError when the owner has too many.
        """
        world = self._game.world
        alive = [npc for npc in self._guests.get(owner, ()) if not npc.gone]
        if len(alive) >= MAX_CREATURES:
            raise ModuleError(f"{len(alive)} creatures of {owner} are alive; no more")
        room, wanted = world.maps.get(map_number), world.data.npcs.get(kind)
        if room is None or wanted is None:
            return False
        npc = spawn(self._game, wanted, room, x, y)
        if npc is None:
            return False
        self._guests[owner] = [*alive, npc]
        show_arrival(self._game, npc)
        return True

    def remove_owned(self, owner: str) -> int:
        """Take what is left of a module's creatures out of the world; return how many."""
        alive = [npc for npc in self._guests.pop(owner, ()) if not npc.gone]
        for npc in alive:
            vanish(self._game, npc)
        return len(alive)


class Facade:
    """What the module manager asks of the server; see `pyao.modules.ServerFacade`."""

    def __init__(self, game: Game, shutdown: Callable[[str], None]) -> None:
        bulkhead = game.events.bulkhead
        self.game = game
        self.commands: CommandRegistry = game.commands
        self.timers = Timers(bulkhead, time.monotonic)
        self.tasks: TaskTable[Row] = task_table(bulkhead)
        self.clients: Mapping[str, Client] = Clients(game)
        self.creatures = GuestCreatures(game)
        self._shutdown = shutdown
        game.events.register_handler(EventTypes.SESSION_STARTED, self._came_in, OWN)
        game.events.register_handler(EventTypes.CLIENT_DISCONNECTED, self._gone, OWN)

    @property
    def event_manager(self) -> EventManager:
        """The bus all parts of the server emit on."""
        return self.game.events

    @property
    def saved_data(self) -> SavedData:
        """What modules remember between two starts."""
        return self.game.changes.saved_data

    @property
    def rooms(self) -> RoomManager:
        """The index of rooms."""
        return self.game.world.rooms

    @property
    def config(self) -> Settings:
        """The settings in force."""
        return self.game.settings

    def broadcast_message(self, message: str | Mapping[str, Any]) -> None:
        """Write a line to everybody in the game; of a table, its `text`."""
        line = message if isinstance(message, str) else str(message.get("text", dict(message)))
        self.game.broadcast(line)

    def now(self) -> float:
        """Return the time of day in unix seconds."""
        return time.time()

    def shutdown(self, reason: str) -> None:
        """Begin a graceful stop."""
        self._shutdown(reason)

    def _came_in(self, event: Event[SessionStarted]) -> None:
        """Give a character the places its lost connection left; those of the lobby end."""
        client_id = event.data.client_id
        self.rooms.leave_all(client_id, "came into the game")
        client = self.game.connected.get(client_id)
        if client is not None:
            self.rooms.reconnect(ConnectedClient(self.game, client))

    def _gone(self, event: Event[ClientDisconnected]) -> None:
        """End the places of a client that never came into the game."""
        self.rooms.leave_all(event.data.client_id, "connection lost")


def task_table(bulkhead: Bulkhead) -> TaskTable[Row]:
    """Return the server's table of tasks, in which modules may replace rows."""

    def row(old: Row | None, function: Function) -> Row:
        return Row(function) if old is None else Row(function, old.phase, old.alive)

    return TaskTable(TASK_HANDLERS, row, bulkhead)
