"""Duels: `/duel NAME` challenges, `/accept` goes to the arena, who falls first has lost.

Settings: `map`, `corners` (two places x, y on it), `minutes` (5). Each duel is a room that others
may watch; its variables say who fights and how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from pyao import (
    BaseModule,
    Caller,
    Client,
    Event,
    EventTypes,
    GenericRoom,
    ModuleServer,
    Plain,
    payloads,
)

CHALLENGE_S = 60
WARNING_S = 30
CORNERS = ((40, 50), (60, 50))

Place = tuple[int, int, int]


@dataclass
class Saved:
    """What newer code takes over."""

    challenges: dict[str, str]  # challenged -> challenger, by name
    homes: dict[str, Place]  # name -> where to go back to


class DuelRoom(GenericRoom):
    """One duel, from the first blow to the last."""

    kind = "duel"


class ArenaDuel(BaseModule):
    """Matches challengers, watches who falls, sends everybody home."""

    def __init__(self, server: ModuleServer) -> None:
        super().__init__(server)
        self.module_info.description = "Duels in the arena."
        self.challenges: dict[str, str] = {}
        self.homes: dict[str, Place] = {}
        self.server.rooms.register_class(DuelRoom)
        self.command("duel", self.challenge)
        self.command("accept", self.accept)
        self.on(EventTypes.PLAYER_DIED, self.fell)
        self.on(EventTypes.SESSION_ENDED, self.left)
        self.on(EventTypes.SESSION_STARTED, self.came_back)

    async def disable(self) -> bool:
        """End all duels, unless newer code goes on with them."""
        if not self.server.reloading:
            for room in self.server.rooms.find_rooms("duel"):
                self.end(room.id, "")
        return True

    def export_state(self) -> Plain:
        """Let newer code know who is challenged and where the fighters came from."""
        homes: dict[str, Plain] = {name: list(place) for name, place in self.homes.items()}
        return {"challenges": dict(self.challenges), "homes": homes}

    def import_state(self, state: Plain) -> None:
        """Go on where older code stopped."""
        saved = msgspec.convert(state, Saved)
        self.challenges, self.homes = saved.challenges, saved.homes

    def challenge(self, caller: Caller, arguments: str) -> str:
        """Challenge a player to a duel: /duel NAME."""
        rival = self.server.client(arguments.strip())
        if rival is None or not rival.name or rival.name == caller.name:
            return "Challenge whom? /duel NAME"
        if self.duel_of(rival.name) or self.duel_of(caller.name):
            return "One of you is fighting already."
        self.challenges[rival.name] = caller.name
        self.after(CHALLENGE_S, self.forget, rival.name)
        rival.tell(f"{caller.name} challenges you to a duel. /accept within a minute!")
        return f"You challenged {rival.name}."

    def forget(self, challenged: str) -> None:
        """Let a challenge lapse."""
        self.challenges.pop(challenged, None)

    def accept(self, caller: Caller, _arguments: str) -> str:
        """Accept the challenge and go to the arena."""
        names = (self.challenges.pop(caller.name, ""), caller.name)
        fighters = [client for name in names if name and (client := self.server.client(name))]
        if len(fighters) != len(names):
            return "Nobody here challenges you."
        if any(self.duel_of(client.name) for client in fighters):
            return "One of you is fighting already."
        arena = int(self.config.get("map", 1))
        corners = self.config.get("corners", CORNERS)
        for client, (x, y) in zip(fighters, corners, strict=True):
            home = client.place
            if not client.teleport(arena, x, y):
                self.send_home(fighters)
                return "The arena is closed."
            self.homes[client.name] = home
        self.begin(fighters)
        return ""

    def begin(self, fighters: list[Client]) -> None:
        """Open the room of the duel."""
        room = self.server.rooms.create_room(DuelRoom, {"recent": 50, "stored": False})
        for client in fighters:
            self.server.rooms.join(room.id, client)
            client.tell("The duel begins!")
        room.set_variable("fighters", [client.name for client in fighters], broadcast=True)
        seconds = 60 * float(self.config.get("minutes", 5))
        self.after(max(0, seconds - WARNING_S), self.warn, room.id)
        self.after(seconds, self.end, room.id, "")
        members = tuple(client.name for client in fighters)
        self.server.event_manager.announce(payloads.GameStarted(room.id, "duel", members))

    def warn(self, room_id: str) -> None:
        """Tell the fighters and who watches that the time is almost up."""
        if room := self.server.rooms.get_room(room_id):
            room.broadcast("time", f"{WARNING_S} seconds are left")
            state = payloads.GameStateUpdated(room_id, "duel", "last seconds")
            self.server.event_manager.announce(state)

    def fell(self, event: Event[payloads.PlayerDied]) -> None:
        """End the duel of a fighter who died."""
        self.lost(event.data.name)

    def left(self, event: Event[payloads.SessionEnded]) -> None:
        """Leaving is losing."""
        self.challenges.pop(event.data.name, None)
        self.lost(event.data.name)

    def came_back(self, event: Event[payloads.SessionStarted]) -> None:
        """Bring home who left the server from the arena."""
        if client := self.server.clients.get(event.data.client_id):
            self.send_home([client])

    def lost(self, name: str) -> None:
        """Let the other one win."""
        if room := self.duel_of(name):
            winners = [each for each in self.fighters(room) if each != name]
            self.end(room.id, winners[0])

    def end(self, room_id: str, winner: str) -> None:
        """Say who won, send both home, close the room. Nobody won when time is up."""
        room = self.server.rooms.get_room(room_id)
        if room is None:
            return
        room.set_variable("winner", winner, broadcast=True)
        self.server.broadcast_message(
            f"{winner} wins the duel!" if winner else "A duel ends without a winner."
        )
        names = self.fighters(room)
        self.server.rooms.delete_room(room_id, "over")
        self.send_home([client for name in names if (client := self.server.client(name))])
        self.server.event_manager.announce(payloads.GameEnded(room_id, "duel", winner))

    def send_home(self, clients: list[Client]) -> None:
        """Bring fighters back to where they came from."""
        for client in clients:
            if home := self.homes.pop(client.name, None):
                client.teleport(*home)

    def duel_of(self, name: str) -> GenericRoom | None:
        """Return the room somebody fights in."""
        duels = self.server.rooms.find_rooms("duel")
        return next((room for room in duels if name in self.fighters(room)), None)

    def fighters(self, room: GenericRoom) -> list[str]:
        """Return the names of a duel's two."""
        names = room.get_variable("fighters")
        return [str(name) for name in names] if isinstance(names, list) else []
