"""Direct replies to one client: from packet to its outbox.

What many clients see is encoded once by the world and appended to their outboxes; it does not pass
here.
"""

from __future__ import annotations

from pyao.net.outbox import Outbox
from pyao.protocol.enums import Font
from pyao.protocol.packet import ServerPacket
from pyao.protocol.server_packets import ConsoleMsg, DiceRoll, ErrorMsg
from pyao.protocol.text import TextEncoding


class MessageSender:
    """Sends packets to one client, in order, together with what its outbox holds."""

    __slots__ = ("_encoding", "_reply", "outbox")

    def __init__(self, outbox: Outbox, encoding: TextEncoding = "ascii") -> None:
        self.outbox = outbox
        self._encoding = encoding
        self._reply = outbox.reply

    def send(self, packet: ServerPacket | bytes) -> None:
        """Send a packet, or the bytes of one or more whole packets."""
        self._reply(packet if isinstance(packet, bytes) else packet.encode(self._encoding))

    def send_dice_roll(
        self, strength: int, agility: int, intelligence: int, charisma: int, constitution: int
    ) -> None:
        """Answer a throw of the dice."""
        self.send(DiceRoll(strength, agility, intelligence, charisma, constitution))

    def send_error(self, text: str) -> None:
        """Show an error box; in the game it also takes the client back to its login screen."""
        self.send(ErrorMsg(text))

    def send_console(self, text: str, font: Font = Font.INFO) -> None:
        """Write a console line; markup in what players had a say in is the caller's affair."""
        self.send(ConsoleMsg(text, font))
