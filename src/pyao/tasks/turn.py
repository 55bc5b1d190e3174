"""What a task may do: read and change the world, reply, show, ask for what must wait.

One `Turn` belongs to a session for all its life; `now` is fresh for each packet.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pyao.events.event_types import Payload
from pyao.protocol.enums import Font
from pyao.protocol.packet import Confidential, ServerPacket
from pyao.rules.character import Section
from pyao.tasks.session import Phase, Session
from pyao.world import MapRoom, Player

T = TypeVar("T")


class Turn:
    """The hands of a task. `player` exists only once the session is in the game."""

    __slots__ = ("game", "now", "player", "reply", "session", "world")

    player: Player

    def __init__(self, session: Session) -> None:
        self.session = session
        self.game = session.game
        self.world = session.game.world
        self.now = 0
        # Answers the client of this turn; bound, because a layer costs each answer 0.1 us.
        self.reply: Callable[[ServerPacket | bytes], None] = session.sender.send

    @property
    def room(self) -> MapRoom:
        """The map the player is on."""
        return self.world.maps[self.player.map]

    def enter(self, player: Player) -> None:
        """Become the turn of a player in the game."""
        self.player = player
        self.session.enter(player)

    def text(self, key: str, /, **values: object) -> str:
        """Return a text of the catalogue."""
        return self.game.texts(key, **values)

    def tell(self, key: str, /, font: Font = Font.INFO, **values: object) -> None:
        """Write a text of the catalogue into the client's console."""
        self.session.tell(key, font, **values)

    def confide(self, key: str, /, **values: object) -> None:
        """Write a text that holds a secret into the client's console; no log shows it."""
        self.reply(Confidential(self.game.line(key, Font.INFO, **values)))

    def confirm(self, packet: ServerPacket) -> None:
        """Store what changed in value, and send a packet that promises it only once it is stored.

        While the store is away nothing is promised; the player is told so after a while.
        """
        number = self.game.changes.snapshot()

        def answer(stored: bool) -> None:  # noqa: FBT001 - the writer's own answer
            if self.session.phase is Phase.IN_GAME:
                if stored:
                    self.reply(packet)
                else:
                    self.tell("server.store_away")

        self.session.once_stored(number, answer)

    def allowed(self, payload: Payload, key: str) -> bool:
        """Ask modules whether the player may do something; tell it by `key` why not.

        One that has put the player out of the game meanwhile has answered as well.
        """
        asked = self.game.events.announce(payload, "world")
        if asked.vetoed:
            self.tell(key, reason=asked.veto_reason)
        return not asked.vetoed and self.world.players.get(self.player.user_id) is self.player

    def tell_once(self, key: str) -> None:
        """Tell of a failure, but not again until something else failed or was done."""
        if self.player.told != key:
            self.player.told = key
            self.tell(key)

    def show(self, packet: ServerPacket, *, but: Player | None = None) -> None:
        """Give a packet that tells of the player to everybody who sees it, but to `but`."""
        self.game.show(self.player, packet, but=but)

    def mark(self, section: Section) -> None:
        """Say which part of the player changed."""
        self.world.mark(self.player, section)

    def wait(self, work: Awaitable[T], then: Callable[[T], None]) -> None:
        """Run `then` with the result as a task of its own; no packet is answered before that."""

        def resume(result: T) -> None:
            self.now = self.world.clock.now()
            then(result)

        self.session.wait(work, resume)

    def __str__(self) -> str:
        return str(self.session.player or self.session.address)
