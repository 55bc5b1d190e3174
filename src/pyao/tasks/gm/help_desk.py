"""What players ask of staff and how staff answers: the help queue, denunciations, consultations.

The client cannot read the windows of the classic staff client, so lists are console lines.
Follows ao-libre/ao-server, Protocol.bas, and modUserRecords.bas.
"""

from __future__ import annotations

import time

import structlog

from pyao.game.staff_book import NOTES_MAX, File, Penalty
from pyao.protocol.client_packets import BugReport
from pyao.protocol.client_social_packets import (
    Consultation,
    Denounce,
    GmRequest,
    RoleMasterRequest,
)
from pyao.protocol.enums import Font
from pyao.protocol.gm_packets import (
    GmCleanSos,
    GmEnableDenounces,
    GmRecordAdd,
    GmRecordAddObs,
    GmRecordDetailsRequest,
    GmRecordListRequest,
    GmRecordRemove,
    GmShowDenouncesList,
    GmSosRemove,
    GmSosShowList,
)
from pyao.protocol.gm_world_packets import GmToggleCentinelActivated
from pyao.rules import states
from pyao.rules.character import Character
from pyao.rules.kinds import Privilege
from pyao.rules.names import name_key
from pyao.staff import act_row
from pyao.tasks.acts import appear
from pyao.tasks.centinels import switch
from pyao.tasks.chat import keeps_pace, may_speak
from pyao.tasks.gm.door import Form, order, row_of
from pyao.tasks.gm.inspection import address_of, show_list
from pyao.tasks.gm.ranks import counsellors, demigods, gods
from pyao.tasks.gm.speech import said
from pyao.tasks.gm.targets import anybody, name_in, reason_in
from pyao.tasks.living import show_status, show_visible
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player

log = structlog.get_logger(__name__)

DESK, DESK_STRICT = counsellors("people.see"), counsellors("people.see", masters=False)
FILES = demigods("people.inspect", masters=False)
COMMA = Form(",")
_MASTER = int(Privilege.ROLE_MASTER)


# --- what players ask ----------------------------------------------------------------------------


@on(GmRequest)
def gm_request(turn: Turn, _packet: GmRequest) -> None:
    """Enter the queue for help; who asks again goes to its end."""
    queue, player = turn.game.book.queue, turn.player
    again = queue.pop(player.user_id, None) is not None
    queue[player.user_id] = player.name
    turn.tell("ask.gm_again" if again else "ask.gm_queued")
    if not again:
        desk = [one for one in turn.world.players.values() if one.staff]
        turn.game.tell_all(desk, "gm.asks_help", Font.SERVER, name=player.name)


def heard(turn: Turn, raw: str) -> str:
    """Return what a player says to staff; empty when it is silenced, or says too much at once."""
    text = said(turn, raw)
    return text if text and may_speak(turn) else ""


@on(Denounce)
def denounce(turn: Turn, packet: Denounce) -> None:
    """Denounce something to the staff; the silenced are not heard."""
    text = heard(turn, packet.text)
    if not text:
        return
    book, line = turn.game.book, f"{turn.player.name}: {text}"
    book.denounces.append(line)
    desk = [o for o in turn.world.players.values() if o.staff and o.user_id not in book.deaf]
    turn.game.tell_all(desk, "gm.denounced", Font.GUILD_MSG, text=line)
    turn.tell("ask.denounce_sent")


@on(RoleMasterRequest)
def role_master_request(turn: Turn, packet: RoleMasterRequest) -> None:
    """Ask the role masters something."""
    text = heard(turn, packet.text)
    if not text:
        return
    masters = [one for one in turn.world.players.values() if one.privileges & _MASTER]
    turn.game.tell_all(masters, "gm.asks_masters", Font.GM_MSG, name=turn.player.name, text=text)
    turn.tell("ask.role_sent")


@on(BugReport)
def bug_report(turn: Turn, packet: BugReport) -> None:
    """Write down what somebody found wrong with the game."""
    text = said(turn, packet.text)
    if not text:
        turn.tell("ask.bug_empty")
        return
    if not keeps_pace(turn):
        return
    player = turn.player
    log.info("bug_report", who=player.name, text=text)
    turn.game.changes.note(act_row(player.name, "bug", "", text))
    turn.tell("ask.bug_thanks")


# --- the queue -----------------------------------------------------------------------------------


@order(GmSosShowList, "show sos", DESK, logged=False, cost=10)
def sos_show_list(turn: Turn, _packet: GmSosShowList) -> None:
    """List who waits for help, the longest first; who left the game waits no more."""
    queue = turn.game.book.queue
    for user_id in [one for one in queue if one not in turn.world.players]:
        del queue[user_id]
    show_list(turn, queue.values())


@order(GmSosRemove, "sosdone", DESK, logged=False)
def sos_remove(turn: Turn, packet: GmSosRemove) -> None:
    """Take somebody off the queue."""
    wanted, queue = name_key(name_in(packet.username)), turn.game.book.queue
    found = next((one for one, name in queue.items() if name_key(name) == wanted), None)
    if found is None:
        turn.tell("gm.not_queued", name=name_in(packet.username))
    else:
        turn.tell("gm.off_queue", name=queue.pop(found))


@order(GmCleanSos, "borrar sos", gods("people.see", masters=False))
def clean_sos(turn: Turn, _packet: GmCleanSos) -> None:
    """Empty the queue."""
    turn.game.book.queue.clear()
    turn.tell("gm.queue_empty")


@order(GmEnableDenounces, "denuncias", DESK_STRICT)
def enable_denounces(turn: Turn, _packet: GmEnableDenounces) -> None:
    """Hear denunciations, or no more."""
    deaf, own = turn.game.book.deaf, turn.player.user_id
    deaf.symmetric_difference_update({own})
    turn.tell("gm.denounces_off" if own in deaf else "gm.denounces_on")


@order(GmShowDenouncesList, "show denuncias", DESK_STRICT, logged=False, cost=20)
def show_denounces_list(turn: Turn, _packet: GmShowDenouncesList) -> None:
    """Show the last denunciations."""
    for line in turn.game.book.denounces:
        turn.tell("gm.denounced", text=line)
    if not turn.game.book.denounces:
        turn.tell("gm.none")


@order(GmToggleCentinelActivated, "centinelaactivado", gods("people.jail"))
def toggle_centinel(turn: Turn, _packet: GmToggleCentinelActivated) -> None:
    """Let centinels ask who works, or let them rest."""
    turn.tell("centinel.on" if switch(turn.game) else "centinel.off")


# --- consultations -------------------------------------------------------------------------------


@on(Consultation)
def consultation(turn: Turn, _packet: Consultation) -> None:
    """Begin a consultation with the clicked player, or end it; only staff does."""
    if not turn.player.staff:
        turn.tell("action.unknown_command", command="/consulta")
        return
    target = turn.player.clicked
    if not isinstance(target, Player) or target.user_id not in turn.world.players or target.staff:
        turn.tell("gm.click_player")
        return
    target.consulting = not target.consulting
    begun = target.consulting
    word = "begun" if begun else "ended"
    turn.game.changes.note({**row_of(turn, "consulta", word), "target": target.name})
    if begun:
        turn.game.book.queue.pop(target.user_id, None)
        appear(turn.game, target)
        states.end_invisibility(target)
        show_visible(turn.game, target)
    show_status(turn.game, target)
    name = turn.player.name
    turn.game.tell(target, "gm.consults" if begun else "gm.consults_no_more", name=name)
    turn.tell("gm.consultation_begun" if begun else "gm.consultation_ended", name=target.name)


# --- files ---------------------------------------------------------------------------------------


@order(GmRecordAdd, "record add", FILES, COMMA, logged=False)
def record_add(turn: Turn, packet: GmRecordAdd) -> None:
    """Open a file on a character."""

    def add(who: Character) -> None:
        reason = reason_in(packet.reason)
        entry = File(who.name, int(turn.world.unix_time()), turn.player.name, reason)
        number = turn.game.book.open_file(entry)
        key = "gm.file_opened" if number else "gm.files_full"
        turn.tell(key, number=number, name=who.name)

    anybody(turn, packet.username, add)


def file_of(turn: Turn, number: int) -> File | None:
    """Return a file by its number; say so when there is none."""
    entry = turn.game.book.files.get(number)
    if entry is None:
        turn.tell("gm.no_file", number=number)
    return entry


@order(GmRecordRemove, "record remove", gods("people.inspect", masters=False))
def record_remove(turn: Turn, packet: GmRecordRemove) -> None:
    """Close a file for good."""
    if file_of(turn, packet.index) is not None:
        del turn.game.book.files[packet.index]
        turn.game.book.keep_file(packet.index)
        turn.tell("gm.file_closed", number=packet.index)


@order(GmRecordAddObs, "record obs", FILES, COMMA, logged=False)
def record_add_obs(turn: Turn, packet: GmRecordAddObs) -> None:
    """Add a note to a file."""
    entry = file_of(turn, packet.index)
    if entry is not None:
        note = Penalty(int(turn.world.unix_time()), turn.player.name, "obs", reason_in(packet.text))
        entry.notes = [*entry.notes, note][-NOTES_MAX:]
        turn.game.book.keep_file(packet.index)
        turn.tell("gm.file_noted", number=packet.index)


@order(GmRecordListRequest, "record list", FILES, logged=False, cost=10)
def record_list_request(turn: Turn, _packet: GmRecordListRequest) -> None:
    """List the files."""
    files = sorted(turn.game.book.files.items())
    show_list(turn, (f"{number}. {entry.name}" for number, entry in files))


@order(GmRecordDetailsRequest, "record details", FILES, logged=False, cost=20)
def record_details_request(turn: Turn, packet: GmRecordDetailsRequest) -> None:
    """Show a file: who opened it and why, whether its character plays and from where, notes."""
    entry = file_of(turn, packet.index)
    if entry is None:
        return
    player = turn.world.find(entry.name)
    turn.tell(
        "gm.file",
        number=packet.index,
        name=entry.name,
        by=entry.by,
        date=day_of(entry.when),
        reason=entry.reason,
    )
    if player is not None:
        address, since = address_of(turn, player) or "-", ""
        client = turn.game.clients.get(player.user_id)
        if client is not None:
            since = day_of(client.since)
        turn.tell("gm.file_playing", address=address, since=since)
    for note in entry.notes:
        turn.tell("gm.file_note", date=day_of(note.when), by=note.by, text=note.reason)


def day_of(when: int) -> str:
    """Return a moment as it is shown."""
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(when))
