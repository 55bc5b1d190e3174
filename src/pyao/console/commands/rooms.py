"""Commands about who is connected and where: sessions, clients, rooms."""

from __future__ import annotations

import json
from typing import Annotated

from pyao.console.answer import Answer, Cell, Row, facts, refused, said, table
from pyao.console.command import Arg, Minutes, command
from pyao.console.commands.records import moment
from pyao.console.desk import Call
from pyao.world import Player

ClientId = Annotated[str, Arg("clients")]
RoomId = Annotated[str, Arg("rooms")]


@command("sessions", "sessions list")
def sessions(call: Call) -> Answer:
    """List who plays: character, account, place, how long silent."""
    game = call.game
    rows: list[Row] = []
    for user_id, client in game.clients.items():
        player = game.world.players[user_id]
        place = f"{player.map} {player.x} {player.y}"
        idle_s = idle_ms(call, player) // 1000
        since = moment(client.since)
        rows.append(
            (player.name, player.account, player.level, place, client.address, since, idle_s)
        )
    return table(("name", "account", "level", "place", "address", "since", "idle s"), rows)


@command("sessions clear", act=True)
def sessions_clear(call: Call, minutes: Minutes = 0) -> Answer:
    """Log out who has been silent for so many minutes; without a number, everybody."""
    game = call.game
    ended = [
        player
        for user_id in list(game.clients)
        if idle_ms(call, player := game.world.players[user_id]) >= minutes * 60_000
    ]
    call.record(f"{len(ended)} sessions")
    for player in ended:
        if minutes:
            game.kick(player, "logout.idle", minutes=minutes)
        else:
            game.kick(player, "logout.kicked")
    return said(f"{len(ended)} sessions ended")


def idle_ms(call: Call, player: Player) -> int:
    """Return for how long a player has sent nothing."""
    return call.game.world.clock.now() - player.last_packet_ms


@command("clients", "clients list")
def clients(call: Call) -> Answer:
    """List every connection, also those that are not in the game yet."""
    rows: list[Row] = []
    for client_id, client in call.game.connected.items():
        name = client.player.name if client.player is not None else ""
        rows.append((client_id, client.address, moment(client.since), name))
    return table(("id", "address", "since", "character"), rows)


@command("clients disconnect", act=True)
def clients_disconnect(call: Call, client: ClientId) -> Answer:
    """Close a connection. Its character leaves as if the line had broken; `kick` is at once."""
    found = call.game.connected.get(client)
    if found is None:
        return refused(f"no client {client[:40]!r}; `clients` lists them")
    call.record(found.address)
    found.close("disconnected by staff")
    return said(f"{client} is disconnected")


@command("rooms", "rooms list")
def rooms(call: Call) -> Answer:
    """List all rooms; a map is one, as map:1."""
    found = call.game.world.rooms.rooms.values()
    rows = [
        (room.id, room.name, room.kind, room.owner, len(room.members), room.settings.public)
        for room in found
    ]
    return table(("id", "name", "kind", "owner", "members", "public"), rows)


@command("rooms show")
def rooms_show(call: Call, room: RoomId) -> Answer:
    """Show one room with its variables and members."""
    found = call.game.world.rooms.get_room(room)
    if found is None:
        return refused(f"no room {room[:40]!r}; `rooms` lists them")
    about: list[tuple[str, Cell]] = [
        ("id", found.id),
        ("name", found.name),
        ("kind", found.kind),
        ("owner", found.owner),
        ("public", found.settings.public),
        ("locked", found.locked),
        ("capacity", found.settings.capacity or None),
        ("members", ", ".join(member.name for member in found.members.values())),
        ("away", ", ".join(away.member.name for away in found.away.values())),
        ("messages", found.sequence),
    ]
    variables = found.variables().items()
    values = [
        (f"variable {name}", json.dumps(value, ensure_ascii=False)) for name, value in variables
    ]
    return facts([*about, *values])
