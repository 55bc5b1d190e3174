"""Orders that change maps while the server runs: weather, music, sounds, walls, triggers, flags.

What is changed here lasts until the map's file is read again. Follows ao-libre/ao-server,
Protocol.bas.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyao.content.world_data import tile_index
from pyao.protocol import msg
from pyao.protocol.gm_world_packets import (
    GmAskTrigger,
    GmForceMidiAll,
    GmForceMidiToMap,
    GmForceWaveAll,
    GmForceWaveToMap,
    GmNight,
    GmRainToggle,
    GmSetTrigger,
    GmTileBlockedToggle,
)
from pyao.rules.kinds import TileFlag
from pyao.rules.movement import inside
from pyao.rules.places import Restriction
from pyao.tasks.gm.door import Form, order, typed
from pyao.tasks.gm.lists import room_of
from pyao.tasks.gm.ranks import demigods, gods, open_to_masters
from pyao.tasks.turn import Turn
from pyao.tasks.weather import turn_weather
from pyao.world import Player

EDIT, EDIT_STRICT = gods("world.edit"), gods("world.edit", masters=False)
PLAY = open_to_masters(gods("world.edit"))
TRIGGER_MAX: Final = 6
FLAGS: Final = {
    "backup": "backup",
    "magiasinefecto": "no_magic",
    "invisinefecto": "no_invisibility",
    "resusinefecto": "no_resurrection",
    "ocultarsinefecto": "no_hiding",
    "invocarsinefecto": "no_summons",
    "robonpc": "free_npcs",
}
TERRAINS: Final = ("BOSQUE", "NIEVE", "DESIERTO")
ZONES: Final = ("CAMPO", "CIUDAD", "DUNGEON")


@order(GmRainToggle, "lluvia", demigods("world.edit"))
def rain_toggle(turn: Turn, _packet: GmRainToggle) -> None:
    """Let it rain, or stop it."""
    turn_weather(turn.game)
    turn.tell("server.rain_starts" if turn.world.sky.raining else "server.rain_ends")


@order(GmNight, "noche", EDIT, logged=False)
def night(turn: Turn, _packet: GmNight) -> None:
    """Let night fall, or day break, for everybody."""
    sky = turn.world.sky
    sky.night = not sky.night
    for player in turn.world.players.values():
        turn.game.send(player, msg.send_night(sky.night))
    turn.game.tell_all(turn.world.players.values(), "server.night" if sky.night else "server.day")


# --- music and sounds ----------------------------------------------------------------------------


def here(turn: Turn, parts: list[str]) -> list[str]:
    """Complete a map and a place by where the game master is."""
    player = turn.player
    own = [str(player.map), str(player.x), str(player.y)]
    return parts + own[max(len(parts) - 1, 0) :]


def on_own_map(turn: Turn, parts: list[str]) -> list[str]:
    """Complete a map by the one the game master is on."""
    return [*parts, str(turn.player.map)] if len(parts) == 1 else parts


def send_to(turn: Turn, players: Iterable[Player], packet: bytes) -> None:
    """Give a packet to many."""
    for player in players:
        turn.game.send(player, packet)


@order(GmForceMidiToMap, "forcemidimap", PLAY, Form(fill=on_own_map), logged=False)
def force_midi_to_map(turn: Turn, packet: GmForceMidiToMap) -> None:
    """Play music on a map; 0 is the map's own."""
    room = room_of(turn, packet.map)
    if room is not None:
        send_to(turn, room.players(), msg.play_midi(packet.midi or room.data.music, 0))


@order(GmForceWaveToMap, "forcewavmap", PLAY, Form(fill=here), logged=False)
def force_wave_to_map(turn: Turn, packet: GmForceWaveToMap) -> None:
    """Let a sound be heard at a place of a map."""
    room = room_of(turn, packet.map)
    if room is not None and inside(packet.x, packet.y):
        send_to(turn, room.players(), msg.play_wave(packet.wave, packet.x, packet.y))


@order(GmForceMidiAll, "forcemidi", EDIT, logged=False)
def force_midi_all(turn: Turn, packet: GmForceMidiAll) -> None:
    """Play music for everybody."""
    send_to(turn, turn.world.players.values(), msg.play_midi(packet.midi, 0))


@order(GmForceWaveAll, "forcewav", EDIT, logged=False)
def force_wave_all(turn: Turn, packet: GmForceWaveAll) -> None:
    """Let everybody hear a sound."""
    send_to(turn, turn.world.players.values(), msg.play_wave(packet.wave, 0, 0))


# --- tiles ---------------------------------------------------------------------------------------


def as_it_is(turn: Turn, parts: list[str]) -> list[str]:
    """Let who names no trigger mean the one that is there: so it is only shown."""
    return parts or [str(turn.room.trigger(turn.player.x, turn.player.y))]


@order(GmSetTrigger, "trigger", EDIT_STRICT, Form(fill=as_it_is))
def set_trigger(turn: Turn, packet: GmSetTrigger) -> None:
    """Say what the own tile means to the rules."""
    if packet.trigger > TRIGGER_MAX:
        turn.tell("gm.no_trigger", most=TRIGGER_MAX)
        return
    player, room = turn.player, turn.room
    triggers = bytearray(room.data.triggers)
    triggers[tile_index(player.x, player.y)] = packet.trigger
    room.data.triggers = bytes(triggers)
    turn.tell("gm.trigger", trigger=packet.trigger, x=player.x, y=player.y)


@order(GmAskTrigger, "vertrigger", EDIT_STRICT, logged=False)
def ask_trigger(turn: Turn, _packet: GmAskTrigger) -> None:
    """Show what the own tile means to the rules."""
    player = turn.player
    trigger = turn.room.trigger(player.x, player.y)
    turn.tell("gm.trigger", trigger=trigger, x=player.x, y=player.y)


@order(GmTileBlockedToggle, "bloq", EDIT)
def tile_blocked_toggle(turn: Turn, _packet: GmTileBlockedToggle) -> None:
    """Close the own tile, or open it."""
    player, room = turn.player, turn.room
    blocked = not room.flag(player.x, player.y) & TileFlag.BLOCKED
    turn.world.block(room, player.x, player.y, blocked=blocked)
    turn.tell("gm.blocked" if blocked else "gm.opened", x=player.x, y=player.y)


# --- what holds on a whole map -------------------------------------------------------------------


@typed("modmapinfo", EDIT, "PK|BACKUP|RESTRINGIR|MAGIASINEFECTO|TERRENO|ZONA|... VALUE")
def mod_map_info(turn: Turn, rest: str) -> None:
    """Change what holds on the own map, as long as the server runs."""
    name, _, value = rest.partition(" ")
    name, value = name.lower(), value.strip().upper()
    data = turn.room.data
    if name == "pk" and value in {"0", "1"}:
        data.safe = value == "0"  # the file's word is the opposite of ours
        turn.room.run_hook(turn.room.set_variable, "safe", data.safe)
    elif name in FLAGS and value in {"0", "1"}:
        setattr(data, FLAGS[name], value == "1")
    elif name == "restringir" and value in {one.value for one in Restriction} | {"NO"}:
        data.restriction = "" if value == "NO" else value
    elif name == "terreno" and value in TERRAINS:
        data.terrain = value
    elif name == "zona" and value in ZONES:
        data.zone = value
    else:
        known = ("pk", *FLAGS, "restringir", "terreno", "zona")
        turn.tell("gm.map_words", words=", ".join(known))
        return
    turn.tell("gm.map_changed", name=name, value=value, map=data.number)
