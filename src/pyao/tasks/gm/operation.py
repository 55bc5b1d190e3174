"""Orders about the server: message of the day, saving, reading again, closing, stopping.

Follows ao-libre/ao-server, Protocol.bas. Orders of the classic table that mean nothing on this
server are answered and do nothing.
"""

from __future__ import annotations

from functools import partial

from pyao.protocol.enums import Font
from pyao.protocol.gm_packets import GmGmPanel
from pyao.protocol.gm_world_packets import (
    GmChangeMotd,
    GmChaosArmour,
    GmDoBackup,
    GmImperialArmour,
    GmReloadNpcs,
    GmReloadObjects,
    GmReloadServerIni,
    GmReloadSpells,
    GmResetAutoUpdate,
    GmRestart,
    GmSaveMap,
    GmServerOpenToUsersToggle,
    GmSetIniVar,
    GmSetMotd,
    GmShowServerForm,
    GmTurnOffServer,
)
from pyao.protocol.packet import ClientPacket
from pyao.protocol.server_packets import ConsoleMsg
from pyao.protocol.text import neutralise_bbcode
from pyao.rules.character import Section
from pyao.rules.social import chat_text
from pyao.tasks.gm.door import ORDERS, Form, later, may, order, typed
from pyao.tasks.gm.inspection import show_list
from pyao.tasks.gm.ranks import counsellors, gods
from pyao.tasks.turn import Turn

MOTD_LINES, MOTD_LINE_CHARS = 10, 200
SAVE, STOP = gods("operate.save"), gods("operate.stop", masters=False)
READ_AGAIN = gods("operate.config", masters=False)
MOTD = gods("operate.announce", masters=False)


@order(GmGmPanel, "panelgm", counsellors("people.see"), logged=False, cost=16)
def gm_panel(turn: Turn, _packet: GmGmPanel) -> None:
    """List the orders one may give."""
    show_list(turn, (entry.usage for entry in ORDERS.values() if may(turn, entry)))


# --- the message of the day ----------------------------------------------------------------------


@order(GmChangeMotd, "motdcambia", MOTD)
def change_motd(turn: Turn, _packet: GmChangeMotd) -> None:
    """Show the message of the day, and how to change it."""
    for line in turn.game.motd:
        turn.reply(ConsoleMsg(line, Font.SERVER))
    turn.tell("gm.motd_how")


@order(GmSetMotd, "zmotd", MOTD, Form(bare=True))
def set_motd(turn: Turn, packet: GmSetMotd) -> None:
    """Replace the message of the day; a bar or a line break begins a new line."""
    lines = packet.text.replace("|", "\n").splitlines()[:MOTD_LINES]
    kept = [neutralise_bbcode(chat_text(line, MOTD_LINE_CHARS)) for line in lines]
    turn.game.book.set_motd([line for line in kept if line])
    turn.tell("gm.motd_set")


# --- saving --------------------------------------------------------------------------------------


@order(GmDoBackup, "dobackup", SAVE)
def do_backup(turn: Turn, _packet: GmDoBackup) -> None:
    """Write everything that changed now, and say when it is stored."""
    turn.game.tell_all(turn.world.players.values(), "server.saving", Font.SERVER)
    turn.confirm(ConsoleMsg(turn.text("server.saved"), Font.SERVER))


@typed("grabar", gods("operate.save", masters=False))
def save_all(turn: Turn, _rest: str) -> None:
    """Write every character in the game now, changed or not."""
    for player in turn.world.players.values():
        turn.world.mark(player, Section.everything())
    turn.confirm(ConsoleMsg(turn.text("server.saved"), Font.SERVER))


@order(GmSaveMap, "guardamapa", gods("world.edit"))
def save_map(turn: Turn, _packet: GmSaveMap) -> None:
    """Write what lies on the own map now; maps themselves are changed in their files."""
    turn.world.dirty_ground.add(turn.room)
    turn.confirm(ConsoleMsg(turn.text("gm.map_saved"), Font.SERVER))


# --- reading again -------------------------------------------------------------------------------


def _read_again(turn: Turn, _packet: ClientPacket) -> None:
    """Read the world again: items, creatures, spells and maps at once."""
    later(turn, turn.game.operations.reload_world(), partial(_world_read, turn))


def _world_read(turn: Turn, problem: str | None) -> None:
    if problem is None:
        turn.tell("gm.world_read")
    else:
        turn.tell("gm.world_refused", problem=problem)


# The world is read as one: items, creatures and spells name each other.
order(GmReloadNpcs, "reloadnpcs", READ_AGAIN, cost=10)(_read_again)
order(GmReloadSpells, "reloadhechizos", READ_AGAIN, cost=10)(_read_again)
order(GmReloadObjects, "reloadobj", READ_AGAIN, cost=10)(_read_again)


@order(GmReloadServerIni, "reloadsini", READ_AGAIN)
def reload_server_ini(turn: Turn, _packet: GmReloadServerIni) -> None:
    """Read the settings again; the log says what changed."""
    turn.game.operations.reload_settings()
    turn.tell("gm.settings_read")


# --- closing and stopping ------------------------------------------------------------------------


@order(GmServerOpenToUsersToggle, "habilitar", gods("operate.config", masters=False))
def server_open_to_users_toggle(turn: Turn, _packet: GmServerOpenToUsersToggle) -> None:
    """Let only staff log in, or everybody again; who plays goes on."""
    game = turn.game
    game.closed_to_players = not game.staff_only
    turn.tell("gm.closed" if game.staff_only else "gm.opened_to_all")


@order(GmTurnOffServer, "apagar", STOP)
def turn_off_server(turn: Turn, _packet: GmTurnOffServer) -> None:
    """Tell everybody, and stop the server: all is saved."""
    name = turn.player.name
    turn.game.tell_all(turn.world.players.values(), "gm.turns_off", Font.SERVER, name=name)
    turn.game.operations.request_stop(f"ordered by {name}")


# --- what means nothing here ---------------------------------------------------------------------


def _nothing(turn: Turn, _packet: ClientPacket) -> None:
    """Say that the order does nothing on this server."""
    turn.tell("gm.means_nothing")


order(GmShowServerForm, "show int", gods("operate.config", masters=False))(_nothing)
order(GmRestart, "reiniciar", gods("operate.stop"), logged=False)(_nothing)
order(GmResetAutoUpdate, "autoupdate", gods("operate.config"), logged=False)(_nothing)
order(GmSetIniVar, "setinivar", gods("operate.config"), logged=False)(_nothing)
order(GmImperialArmour, "ai", gods("operate.config", masters=False), logged=False)(_nothing)
order(GmChaosArmour, "ac", gods("operate.config", masters=False), logged=False)(_nothing)
