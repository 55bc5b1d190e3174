"""Commands that players type: what the client has no packet for arrives as talk.

A command is one decorated function; `command.own.NAME` of the catalogues is what /ayuda says of it.
"""

from __future__ import annotations

from collections.abc import Callable

from pyao.events.payloads import CommandUsed
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import ConsoleMsg
from pyao.protocol.text import neutralise_bbcode
from pyao.rules import social
from pyao.tasks.gm.door import ORDERS, run_typed
from pyao.tasks.turn import Turn

Command = Callable[[Turn, str], None]

COMMANDS: dict[str, Command] = {}


def command(name: str, *, cost: int = 1) -> Callable[[Command], Command]:
    """Enter a function as the chat command `/name`; for `cost` see `pyao.tasks.task.Row`."""

    def enter(function: Command) -> Command:
        if name in COMMANDS:
            msg = f"/{name} is defined twice"
            raise ValueError(msg)

        def paid(turn: Turn, rest: str) -> None:
            turn.session.connection.charge(cost - 1)
            function(turn, rest)

        COMMANDS[name] = paid if cost > 1 else function
        return function

    return enter


def run_command(turn: Turn, line: str) -> None:
    """Run what a player typed after a slash, or say that there is no such command."""
    name, _, rest = line[1:].partition(" ")
    rest = social.chat_text(rest, turn.game.settings.game.chat_max_chars)
    found = COMMANDS.get(name.lower())
    if found is not None:
        found(turn, rest)
    elif not (run_typed(turn, line) or turn.game.commands.run(PlayerCaller(turn), name, rest)):
        turn.tell("action.unknown_command", command=f"/{name[:20]}")
        return
    player = turn.player
    given = ORDERS.get(name.lower())
    if given is not None and given.confidential:
        rest = ""
    used = CommandUsed(int(player.user_id), player.name, name.lower(), rest)
    turn.game.events.announce(used, "chat")


class PlayerCaller:
    """A player who typed a command, for the command of a module."""

    __slots__ = ("_turn",)

    def __init__(self, turn: Turn) -> None:
        self._turn = turn

    @property
    def client_id(self) -> str:
        """What events call the client."""
        return self._turn.session.client_id

    @property
    def name(self) -> str:
        """The name of the character."""
        return self._turn.player.name

    @property
    def privileges(self) -> int:
        """The rank of the character."""
        return self._turn.player.privileges

    def may(self, permission: str, *, privileged: int = 0) -> bool:
        """Return whether the character has a permission."""
        return self._turn.player.may(permission, privileged=privileged)

    def tell(self, text: str) -> None:
        """Write one line into the console."""
        self._turn.reply(ConsoleMsg(neutralise_bbcode(text), Font.INFO))
