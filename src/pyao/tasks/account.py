"""What a player changes about itself: password, description, locks."""

from __future__ import annotations

from functools import partial

from pyao.game import PasswordChange
from pyao.protocol.client_packets import (
    ChangeDescription,
    ChangePassword,
    ResuscitationSafeToggle,
    SafeToggle,
)
from pyao.protocol.enums import Font
from pyao.protocol.multi_messages import (
    MultiResuscitationSafeOff,
    MultiResuscitationSafeOn,
    MultiSafeModeOff,
    MultiSafeModeOn,
)
from pyao.rules.character import Section
from pyao.rules.social import chat_text
from pyao.tasks.task import on
from pyao.tasks.turn import Turn

DESCRIPTION_MAX_CHARS = 80

ANSWERS = {
    PasswordChange.DONE: "password.changed",
    PasswordChange.WRONG: "password.wrong_old",
    PasswordChange.BUSY: "password.busy",
    PasswordChange.NOT_SAVED: "password.not_saved",
}


@on(SafeToggle)
def safe_toggle(turn: Turn, _packet: SafeToggle) -> None:
    """Switch the lock that keeps a player from attacking citizens."""
    player = turn.player
    player.safe = not player.safe
    turn.reply(MultiSafeModeOn() if player.safe else MultiSafeModeOff())


@on(ResuscitationSafeToggle)
def resuscitation_safe_toggle(turn: Turn, _packet: ResuscitationSafeToggle) -> None:
    """Switch the lock against being resurrected."""
    player = turn.player
    player.resurrection_safe = not player.resurrection_safe
    on_ = player.resurrection_safe
    turn.reply(MultiResuscitationSafeOn() if on_ else MultiResuscitationSafeOff())


@on(ChangeDescription, alive=True)
def change_description(turn: Turn, packet: ChangeDescription) -> None:
    """Change the text others read when they click on the player: letters and spaces only."""
    text = chat_text(packet.text, DESCRIPTION_MAX_CHARS)
    if not all(char.isalpha() or char == " " for char in text):
        turn.tell("chat.description_invalid")
        return
    turn.player.description = text
    turn.mark(Section.PROFILE)
    turn.tell("chat.description_changed")


@on(ChangePassword)
def change_password(turn: Turn, packet: ChangePassword) -> None:
    """Change the password of the player's account; told only once it is stored."""
    accounts = turn.game.accounts
    if not accounts.accepts_password(packet.new_password):
        least, most = accounts.password_chars
        turn.tell("password.invalid_new", least=least, most=most)
        return
    if packet.new_password == packet.old_password:
        turn.tell("password.same")
        return
    work = turn.game.change_password(
        turn.player, packet.old_password, packet.new_password, turn.session.address
    )
    turn.wait(work, then=partial(answer_password, turn))


def answer_password(turn: Turn, outcome: PasswordChange) -> None:
    """Tell how the change of a password went."""
    turn.tell(ANSWERS[outcome], Font.INFO)
