"""One bot: a client of the game that parses every byte it gets.

It moves its own character when it sends a step and goes back when POS_UPDATE refuses it, as the
real client does.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeVar, cast

from pyao.bots import role
from pyao.bots.answers import Answers
from pyao.bots.ground import Ground, Tile
from pyao.bots.meter import Meter
from pyao.bots.options import BotOptions, Mode
from pyao.errors import ProtocolViolation
from pyao.protocol import SERVER_PACKETS, ClientPacket, Decoder, ServerPacket
from pyao.protocol.client_packets import Ping, ThrowDices, Walk
from pyao.protocol.client_social_packets import Talk
from pyao.protocol.server_packets import (
    ChangeMap,
    CharacterCreate,
    CharacterMove,
    DiceRoll,
    ErrorMsg,
    ForceCharMove,
    Pong,
    PosUpdate,
    UserCharIndexInServer,
)
from pyao.rules.kinds import DELTAS, Heading

STEP_S: Final = 0.267  # the real client's: 32 pixels at 120 per second
STRAIGHT_ON: Final = 0.9  # chance to keep the heading
ANSWER_S: Final = 30.0
READ_BYTES: Final = 65_536
DEAF_BYTES: Final = 4_096

_WALKS: Final = {heading: Walk(heading).encode() for heading in Heading}
_PING: Final = Ping().encode()
_PONG: Final = Pong().encode()

GONE: Final = "connection closed"

P = TypeVar("P", bound=ServerPacket)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all bots of a process have in common."""

    options: BotOptions
    answers: Answers
    meter: Meter
    ground: Ground
    random: Random


def next_step(due: float, now: float) -> float:
    """Return when the step after the one of `due` is made, which was made `now`.

    Steps that were missed are not made up for, but the rhythm stays: if all that were held up
    stepped together from then on, one stall would make a crowd march for ever.
    """
    return due + STEP_S * (1 + max(0.0, (now - due) // STEP_S))


class Bot(asyncio.Protocol):
    """A client from its log-in to its end; `enter` it, then let it `start`."""

    def __init__(self, number: int, shared: Shared) -> None:
        self.name = role.bot_name(number, shared.options.prefix)
        self.playing = False
        self.reads_moves = False  # must see each step of others, not only their times
        self.late = False  # reads only when told to
        self._number = number
        self._shared = shared
        self._meter = shared.meter
        self._known = shared.options.known
        self._transport: asyncio.Transport | None = None
        self._decoder: Decoder[ServerPacket]
        self._answer: asyncio.Future[str] | None = None
        self._timer: asyncio.TimerHandle | None = None

        self._char_index = 0
        self._tile: Tile = (0, 0, 0)
        self._seen: dict[int, Tile] = {}  # until the own index is known
        self._heading = Heading.SOUTH
        self._region = shared.options.region
        self._due = 0.0
        self._pinged = 0.0
        options = shared.options
        self._talk_chance = STEP_S / options.talk_s if options.talk_s else 0.0
        self._phrase = Talk(f"Soy {self.name}").encode()
        self._heeded: dict[type[ServerPacket], Callable[[Any], None]] = {
            CharacterMove: self._on_step,
            PosUpdate: self._on_true_place,
            ChangeMap: self._on_map,
            CharacterCreate: self._on_character,
            UserCharIndexInServer: self._on_own_index,
            ForceCharMove: self._on_pushed,
            DiceRoll: self._on_dice,
            ErrorMsg: self._on_error,
            Pong: self._on_pong,
        }

    # --- coming in ---------------------------------------------------------------------------

    async def enter(self) -> str:
        """Connect and enter the game; return why that was not possible, or an empty text."""
        options = self._shared.options
        loop = asyncio.get_running_loop()
        self._decoder = Decoder(SERVER_PACKETS)
        try:
            await loop.create_connection(lambda: self, options.host, options.port)
        except OSError as error:
            return f"cannot connect: {error.strerror}"
        refusal = "" if self._known else await self._create()
        if self._known:
            refusal = await self._ask(role.log_in(self.name, options.password))
        if refusal:
            self.leave()
        self.playing = not refusal
        return refusal

    async def _create(self) -> str:
        """Create the character and enter with it; if it exists, only remember that."""
        refusal = await self._ask(ThrowDices())
        if not refusal:
            form = role.creation(self._number, self.name, self._shared.options.password)
            refusal = await self._ask(form)
        if refusal in self._shared.answers.taken:
            self._known = True
        return refusal

    async def _ask(self, packet: ClientPacket) -> str:
        """Send a packet of the lobby; return the refusal, or nothing when the answer is good."""
        if self._transport is None:
            return GONE
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(packet.encode())
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._answer
        except TimeoutError:
            return f"no answer within {ANSWER_S:.0f} s"
        finally:
            self._answer = None

    def leave(self) -> None:
        """Close the connection, if there is one."""
        self.stop()
        self.playing = False
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    # --- playing -----------------------------------------------------------------------------

    @property
    def unsent_bytes(self) -> int:
        """How much the server has not taken yet."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def stop_reading(self) -> None:
        """Take nothing more from the server, as a client that hangs; nor lets its kernel do so."""
        if self._transport is not None:
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, DEAF_BYTES)
            self._transport.pause_reading()

    def read_late(self) -> None:
        """Take in what has come since the last time; from the first time on only when called.

        A read of a few bytes costs a generator as much as one of many. The transport's own reading
        stays paused, so that nobody else reads from its socket.
        """
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if not self.late:
            self.late = True
            transport.pause_reading()
        try:
            data = os.read(transport.get_extra_info("socket").fileno(), READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._broken(str(error))
            return
        if data:
            self.data_received(data)
        else:
            self._broken(GONE)

    def _broken(self, why: str) -> None:
        """Notice an end that the transport does not see while it is paused."""
        if self.playing:
            self._meter.tally.disconnects[why] += 1
        self.leave()

    def start(self) -> None:
        """Do from now on what the options say."""
        options = self._shared.options
        if options.mode in {Mode.WALK, Mode.FIGHT}:
            self._due = self._meter.clock() + self._shared.random.random() * STEP_S
            self._schedule()
        elif options.mode is Mode.PING:
            self._ping()

    def stop(self) -> None:
        """Stand still from now on."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _choose_region(self) -> None:
        options = self._shared.options
        self._region = options.region.around(*self._tile[1:], options.roam_tiles)

    def _schedule(self) -> None:
        delay = max(0.0, self._due - self._meter.clock())
        self._timer = asyncio.get_running_loop().call_later(delay, self._step)

    def _step(self) -> None:
        """Do one thing, which takes the time of a step; the next follows then."""
        if self._transport is None:
            return
        meter = self._meter
        now = meter.clock()
        meter.tally.lateness.add(max(0.0, now - self._due))
        self.act(now)
        if self._shared.random.random() < self._talk_chance:
            self.send(self._phrase)
            meter.tally.talks += 1
        self._due = next_step(self._due, now)
        self._schedule()

    def act(self, now: float) -> None:
        """Do what such a bot does with a step."""
        self.walk(now)

    def walk(self, now: float, wish: Heading | None = None) -> None:
        """Walk one tile, where it wishes if one can go there, when there is one to walk to."""
        heading = wish if wish is not None and self._may_go(wish, now) else self._choose(now)
        if heading is not None:
            self.send(_WALKS[heading])
            self._go(heading)
            self._meter.tally.walks += 1
            if not self.late:
                _, x, y = self._tile
                self._meter.stepped(self._char_index, x, y, now)

    def send(self, data: bytes) -> None:
        """Send the bytes of a packet, while there is a connection."""
        if self._transport is not None:
            self._transport.write(data)

    def heed(self, kind: type[P], do: Callable[[P], None]) -> None:
        """Do something whenever such a packet comes."""
        self._heeded[kind] = do

    def _choose(self, now: float) -> Heading | None:
        """Pick a heading: mostly straight on, never off the region once inside."""
        random = self._shared.random
        if random.random() < STRAIGHT_ON and self._may_go(self._heading, now):
            return self._heading
        headings = list(Heading)
        random.shuffle(headings)
        return next((heading for heading in headings if self._may_go(heading, now)), None)

    def _may_go(self, heading: Heading, now: float) -> bool:
        on, x, y = self._tile
        dx, dy = DELTAS[heading]
        region = self._region
        inside = region.holds(x + dx, y + dy) or not region.holds(x, y)
        return inside and self._shared.ground.is_free((on, x + dx, y + dy), now)

    def _go(self, heading: Heading) -> None:
        on, x, y = self._tile
        dx, dy = DELTAS[heading]
        self._heading = heading
        self._stand((on, x + dx, y + dy))

    def _stand(self, tile: Tile) -> None:
        self._shared.ground.stand(self, self._tile, tile)
        self._tile = tile

    def _ping(self) -> None:
        if self._transport is not None and self.playing:
            self._pinged = self._meter.clock()
            self._transport.write(_PING)

    # --- what the server says ----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; see asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take in what the server sent; see asyncio.Protocol."""
        meter = self._meter
        tally = meter.tally
        tally.reads += 1
        tally.bytes_in += len(data)
        if not self.reads_moves and not self._decoder.held_bytes:
            data = meter.saw_moves(data, timed=not self.late)  # at a fraction of the cost
            if not data:
                return
        try:
            packets = self._decoder.feed(data)
        except ProtocolViolation as violation:
            tally.errors[f"not understood: {violation}"] += 1
            self.leave()
            return
        tally.packets_in += len(packets)
        for packet in packets:
            heed = self._heeded.get(type(packet))
            if heed is not None:
                heed(packet)

    def connection_lost(self, exc: Exception | None) -> None:
        """Notice the end; see asyncio.Protocol."""
        if self.playing:
            self._meter.tally.disconnects[GONE if exc is None else str(exc)] += 1
        self._shared.ground.leave(self, self._tile)
        self._settle(GONE)
        self._transport = None
        self.leave()

    def _settle(self, refusal: str) -> None:
        """Answer what was asked last."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(refusal)

    def _on_step(self, packet: CharacterMove) -> None:
        if not self.late:
            self._meter.saw_move(packet)

    def _on_true_place(self, packet: PosUpdate) -> None:
        on, x, y = self._tile
        if (x, y) != (packet.x, packet.y):
            self._meter.tally.refused_walks += 1
            self._meter.tally.timed_walks -= not self.late
            self._shared.ground.refused((on, x, y), self._meter.clock())
            self._stand((on, packet.x, packet.y))

    def _on_map(self, packet: ChangeMap) -> None:
        self._stand((packet.map, *self._tile[1:]))

    def _on_character(self, packet: CharacterCreate) -> None:
        tile = (self._tile[0], packet.x, packet.y)
        if packet.char_index == self._char_index:
            self._stand(tile)
            return
        if self.playing:
            self._seen.clear()  # on a new map the own character is the last before its index
        self._seen[packet.char_index] = tile

    def _on_own_index(self, packet: UserCharIndexInServer) -> None:
        self._char_index = packet.char_index
        tile = self._seen.get(packet.char_index)
        self._seen.clear()
        if tile is not None:
            self._stand(tile)
            self._choose_region()
        self._settle("")

    def _on_pushed(self, packet: ForceCharMove) -> None:
        self._go(Heading(packet.heading))

    def _on_dice(self, _packet: DiceRoll) -> None:
        self._settle("")

    def _on_error(self, packet: ErrorMsg) -> None:
        if self._answer is None:
            self._meter.tally.errors[packet.text] += 1
        self._settle(packet.text)

    def _on_pong(self, _packet: Pong) -> None:
        tally = self._meter.tally
        tally.pings += 1
        tally.round_trip.add(self._meter.clock() - self._pinged)
        pause_s = self._shared.options.ping_pause_s
        if pause_s:
            self._timer = asyncio.get_running_loop().call_later(pause_s, self._ping)
        else:
            self._ping()
