"""Coded messages: sub-messages of server packet MULTI_MESSAGE, in id order.

The client has the text of each; most print a console line.
"""

from __future__ import annotations

from pyao.protocol.packet import ServerPacket, multi_message
from pyao.protocol.packet_id import MultiMessageID
from pyao.protocol.wire import I16, I32, U8, Str


@multi_message(MultiMessageID.DONT_SEE_ANYTHING)
class MultiDontSeeAnything(ServerPacket):
    """Nothing of interest on the clicked tile; shows nothing."""


@multi_message(MultiMessageID.NPC_SWING)
class MultiNpcSwing(ServerPacket):
    """A creature struck at you and missed."""


@multi_message(MultiMessageID.NPC_KILL_USER)
class MultiNpcKillUser(ServerPacket):
    """A creature killed you."""


@multi_message(MultiMessageID.BLOCKED_WITH_SHIELD_USER)
class MultiBlockedWithShieldUser(ServerPacket):
    """You parried with the shield."""


@multi_message(MultiMessageID.BLOCKED_WITH_SHIELD_OTHER)
class MultiBlockedWithShieldOther(ServerPacket):
    """The other one parried with the shield."""


@multi_message(MultiMessageID.USER_SWING)
class MultiUserSwing(ServerPacket):
    """You missed."""


@multi_message(MultiMessageID.SAFE_MODE_ON)
class MultiSafeModeOn(ServerPacket):
    """The safe lock is on."""


@multi_message(MultiMessageID.SAFE_MODE_OFF)
class MultiSafeModeOff(ServerPacket):
    """The safe lock is off."""


@multi_message(MultiMessageID.RESUSCITATION_SAFE_OFF)
class MultiResuscitationSafeOff(ServerPacket):
    """The lock against being revived is off."""


@multi_message(MultiMessageID.RESUSCITATION_SAFE_ON)
class MultiResuscitationSafeOn(ServerPacket):
    """The lock against being revived is on."""


@multi_message(MultiMessageID.NOBILITY_LOST)
class MultiNobilityLost(ServerPacket):
    """Nobility lost, on the way to crime."""


@multi_message(MultiMessageID.CANT_USE_WHILE_MEDITATING)
class MultiCantUseWhileMeditating(ServerPacket):
    """No using of items in meditation."""


@multi_message(MultiMessageID.NPC_HIT_USER)
class MultiNpcHitUser(ServerPacket):
    """A creature hit you on a part of the body (1 to 6)."""

    body_part: U8
    damage: I16


@multi_message(MultiMessageID.USER_HIT_NPC)
class MultiUserHitNpc(ServerPacket):
    """You hit a creature."""

    damage: I32


@multi_message(MultiMessageID.USER_ATTACKED_SWING)
class MultiUserAttackedSwing(ServerPacket):
    """A player struck at you and missed; only for a character in view."""

    attacker: I16


@multi_message(MultiMessageID.USER_HITTED_BY_USER)
class MultiUserHittedByUser(ServerPacket):
    """A player hit you; only for a character in view. The client names the limbs wrongly."""

    attacker: I16
    body_part: U8
    damage: I16


@multi_message(MultiMessageID.USER_HITTED_USER)
class MultiUserHittedUser(ServerPacket):
    """You hit a player; only for a character in view. The client names the limbs wrongly."""

    victim: I16
    body_part: U8
    damage: I16


@multi_message(MultiMessageID.WORK_REQUEST_TARGET)
class MultiWorkRequestTarget(ServerPacket):
    """Pick a target for a skill: the next click comes as WORK_LEFT_CLICK."""

    skill: U8


@multi_message(MultiMessageID.HAVE_KILLED_USER)
class MultiHaveKilledUser(ServerPacket):
    """You killed a player, and the experience for it; only for a character in view."""

    victim: I16
    experience: I32


@multi_message(MultiMessageID.USER_KILL)
class MultiUserKill(ServerPacket):
    """A player killed you; only for a character in view."""

    killer: I16


@multi_message(MultiMessageID.EARN_EXP)
class MultiEarnExp(ServerPacket):
    """Experience earned; shows nothing."""


@multi_message(MultiMessageID.HOME)
class MultiHome(ServerPacket):
    """The journey home begins: no walking until it ends."""

    distance: U8
    seconds: I16
    city: Str


@multi_message(MultiMessageID.CANCEL_HOME)
class MultiCancelHome(ServerPacket):
    """The journey home is broken off."""


@multi_message(MultiMessageID.FINISH_HOME)
class MultiFinishHome(ServerPacket):
    """The journey home is over."""
