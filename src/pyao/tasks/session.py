"""A session: what one connection has reached, and how the game speaks to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from functools import partial
from typing import Any, TypeVar

import structlog

from pyao.game import Game
from pyao.net import ClientConnection
from pyao.protocol.enums import Font
from pyao.protocol.packet import ServerPacket
from pyao.protocol.server_packets import ErrorMsg
from pyao.rules.character import Attributes
from pyao.world import Player
from pyao.world.player import Outlet

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Of these the log tells where they are found out, and more than is known here.
LOGGED = frozenset({"login.wrong_password", "login.corrupt_character", "action.error"})


class Phase(Enum):
    """How far a session has come."""

    LOBBY = auto()  # connected, nobody yet
    IN_GAME = auto()
    GONE = auto()  # being closed: whatever still arrives is dropped


class Standing:
    """What each packet asks of a session; apart as `pyao.rules.character.Whereabouts` is."""

    __slots__ = ("connection", "game", "phase", "player")


class Session(Standing):
    """The state of one connection between its first and its last packet."""

    __slots__ = (
        "_given",
        "_work",
        "address",
        "client_id",
        "dice",
        "sender",
        "since",
        "wanted",
    )

    def __init__(self, connection: ClientConnection, game: Game) -> None:
        self.connection = connection
        self.client_id = f"tcp:{next(game.client_numbers)}"
        self.address = connection.address
        self.since = int(time.time())
        self.wanted = ""  # the name a client would come in by, as it was typed
        self.sender = connection.sender
        self.game = game
        self.phase = Phase.LOBBY
        self.dice: Attributes | None = None
        self.player: Player | None = None
        self._given = 0  # how many bytes the client was sent before it came into the game
        self._work: asyncio.Future[Any] | None = None

    def wait(self, work: Awaitable[T], then: Callable[[T], None]) -> None:
        """Run `then` with the result as a task of its own; no packet is answered before that."""
        self.connection.pause_input()
        future = asyncio.ensure_future(work)
        self._work = future

        def done(finished: asyncio.Future[T]) -> None:
            self._work = None
            if finished.cancelled() or self.phase is Phase.GONE:
                return
            error = finished.exception()
            if error is not None:
                log.error("a session's request failed", who=self.address, exc_info=error)
                self.refuse("action.error")
                return
            self.connection.resume_input(partial(then, finished.result()))

        future.add_done_callback(done)

    def once_stored(self, number: int, answer: Callable[[bool], None]) -> None:
        """Run `answer` when a snapshot is stored, or with False when that takes too long."""
        wait_s = self.game.settings.storage.commit_wait_s
        self.game.writer.on_committed(number, answer, wait_s)

    def reply(self, packet: ServerPacket | bytes) -> None:
        """Send one packet to the client."""
        self.sender.send(packet)

    def tell(self, key: str, /, font: Font = Font.INFO, **values: object) -> None:
        """Write a text of the catalogue into the client's console."""
        self.reply(self.game.line(key, font, **values))

    def refuse(self, key: str, /, **values: object) -> None:
        """Show an error box and close: how a log-in is refused and a player is thrown out."""
        if self.phase is Phase.LOBBY:
            self.game.accounts.counts.refused[key] += 1
        self.reply(ErrorMsg(self.game.texts(key, **values)))
        self.close(key)

    def out_of_turn(self, packet: str) -> None:
        """Close because of a packet that may not come now."""
        if self.phase is Phase.LOBBY:
            self.connection.report("a packet at the wrong time", packet=packet)
        self._end(f"{packet} at the wrong time")

    @property
    def outlet(self) -> Outlet:
        """Where the bytes of the crowd go."""
        return self.sender.outbox

    def enter(self, player: Player) -> None:
        """Have a player in the game from now on."""
        self.player = player
        self.phase = Phase.IN_GAME
        self.connection.playing = True
        self._given = self.sender.outbox.given

    def dismiss(self, packet: ServerPacket | bytes, reason: str) -> None:
        """Send a last packet and close, without leaving the game a second time."""
        outbox = self.sender.outbox
        if self.player is not None and outbox.given == self._given:
            # It knows nothing of the game yet, and on the screens before that the client expects
            # what it is refused with alone.
            outbox.forget()
        self.player = None
        self.phase = Phase.GONE
        self.reply(packet)
        self.connection.close(reason)

    def close(self, reason: str) -> None:
        """Send what is queued, then close; a player in the game leaves it as the rules say.

        The log tells of who does not even come in here, of a player where it leaves the game.
        """
        if self.phase is Phase.LOBBY and reason not in LOGGED:
            self.connection.report(reason, name=self.wanted)
        self._end(reason)

    def _end(self, reason: str) -> None:
        self.leave_game(reason)
        self.connection.close(reason)

    def leave_game(self, reason: str) -> None:
        """Stop being anybody's session. What still arrives is dropped."""
        player, self.player = self.player, None
        self.phase = Phase.GONE
        if self._work is not None:
            self._work.cancel()
        if player is not None:
            log.info("left", who=str(player), reason=reason)
            self.game.disconnected(player)
