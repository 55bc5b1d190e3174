"""The one way to an order of a game master, whether it comes as a packet or as typed words.

Who has no rank gets no answer to a packet, because ordinary clients send some of them, and typed
words are unknown to him. Orders that are logged take a row of the audit before they act.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec
import structlog

from pyao.errors import StorageCorrupt, StorageUnavailable
from pyao.protocol.layout import Field
from pyao.protocol.packet import ClientPacket
from pyao.protocol.wire import Scalar, Text
from pyao.rules import social
from pyao.rules.orders import Right, may_order
from pyao.staff import act_row
from pyao.storage.values import Hash
from pyao.tasks.task import on
from pyao.tasks.turn import Turn

log = structlog.get_logger(__name__)

T = TypeVar("T")
P = TypeVar("P", bound=ClientPacket)
Fill = Callable[[Turn, list[str]], list[str]]

LINE_CHARS: Final = 1_000
DIGITS: Final = 9  # of a number that is typed


@dataclass(frozen=True, slots=True)
class Form:
    """How the words of an order are typed.

    `separator` stands between them; where the line has none, spaces do. `fill` completes what was
    left out. `bare`: the first may be empty.
    """

    separator: str = " "
    fill: Fill | None = None
    bare: bool = False


SPACES, AT = Form(), Form("@")


@dataclass(frozen=True, slots=True)
class Order:
    """One order: the word it is typed by, who may give it, and what it does.

    Without a packet its function gets the typed words, as `arguments` names them. For `cost` see
    `pyao.tasks.task.Row`.
    """

    word: str
    right: Right
    function: Callable[[Turn, Any], None]
    packet: type[ClientPacket] | None = None
    form: Form = SPACES
    logged: bool = True
    arguments: str = ""
    cost: int = 1

    @property
    def usage(self) -> str:
        """How the order is typed."""
        names = self.arguments
        if self.packet is not None:
            fields = (field.name.upper() for field in self.packet.fields)
            names = self.form.separator.join(fields)
        return f"/{self.word} {names}".rstrip()

    def read(self, turn: Turn, rest: str) -> ClientPacket | None:
        """Make the packet that the typed words mean; None when they mean none."""
        if self.packet is None or not self.packet.fields:
            return None if self.packet is None else self.packet()
        fields, form = self.packet.fields, self.form
        separator = None if form.separator not in rest else form.separator.strip() or None
        parts = [part.strip() for part in rest.split(separator, len(fields) - 1)]
        if form.fill is not None:
            parts = form.fill(turn, parts)
        while len(parts) < len(fields) and isinstance(fields[len(parts)].kind, Text):
            parts.append("")
        if len(parts) != len(fields):
            return None
        values = [_value(field, part) for field, part in zip(fields, parts, strict=True)]
        if None in values or (values[0] == "" and not form.bare):
            return None
        return self.packet(*values)

    @property
    def confidential(self) -> bool:
        """Whether a secret may be typed behind its word."""
        return self.packet is not None and any(field.secret for field in self.packet.fields)


ORDERS: dict[str, Order] = {}


def order(
    packet: type[P],
    word: str,
    needed: Right,
    form: Form = SPACES,
    *,
    logged: bool = True,
    cost: int = 1,
) -> Callable[[Callable[[Turn, P], None]], Callable[[Turn, P], None]]:
    """Enter a function as the one that carries out an order, typed or sent as a packet."""

    def enter(function: Callable[[Turn, P], None]) -> Callable[[Turn, P], None]:
        entry = Order(word, needed, function, packet, form, logged, cost=cost)
        _enter(entry)
        on(packet, cost=cost)(lambda turn, given: carry_out(turn, entry, given))
        return function

    return enter


def typed(
    word: str, needed: Right, arguments: str = "", *, logged: bool = True
) -> Callable[[Callable[[Turn, str], None]], Callable[[Turn, str], None]]:
    """Enter a function as an order that no packet of the client carries."""

    def enter(function: Callable[[Turn, str], None]) -> Callable[[Turn, str], None]:
        _enter(Order(word, needed, function, logged=logged, arguments=arguments))
        return function

    return enter


def _enter(entry: Order) -> None:
    if entry.word in ORDERS:
        msg = f"/{entry.word} is ordered twice"
        raise ValueError(msg)
    ORDERS[entry.word] = entry


def may(turn: Turn, entry: Order) -> bool:
    """Tell whether the player may give an order."""
    player = turn.player
    return may_order(player.privileges, player.exceptions, entry.right)


def carry_out(turn: Turn, entry: Order, given: ClientPacket | str) -> None:
    """Do what was ordered, if the player may order it."""
    if not may(turn, entry):
        if turn.player.staff:
            turn.tell("gm.forbidden", order=entry.word)
        return
    if entry.logged:
        turn.game.changes.note(row_of(turn, entry.word, given))
    entry.function(turn, given)


def run_typed(turn: Turn, line: str) -> bool:
    """Carry out what was typed after a slash; False when it is no order of this player's."""
    words = line[1:].split(None, 2)
    name = " ".join(words[:2]).lower()
    if name not in ORDERS:
        name = words[0].lower() if words else ""
    entry = ORDERS.get(name)
    if entry is None or not (turn.player.staff or may(turn, entry)):
        return False
    taken = name.count(" ") + 1
    rest = social.chat_text((line[1:].split(None, taken)[taken:] or [""])[0], LINE_CHARS)
    given = rest if entry.packet is None else entry.read(turn, rest)
    if given is None:
        turn.tell("gm.usage", usage=entry.usage)
    else:
        if entry.cost > 1:
            turn.session.connection.charge(entry.cost - 1)  # one is paid, as talk
        carry_out(turn, entry, given)
    return True


def row_of(turn: Turn, word: str, given: ClientPacket | str = "") -> Hash:
    """Return the row of the audit for an order, with where it was given."""
    player = turn.player
    values = (given,) if isinstance(given, str) else msgspec.structs.astuple(given)
    arguments = " ".join(social.chat_text(str(value)) for value in values)
    target = arguments if isinstance(given, str) or not values else str(values[0])
    at = f"{player.map}:{player.x},{player.y}"
    log.info("gm_order", who=player.name, order=word, arguments=arguments, at=at)
    row = act_row(f"gm:{player.name}", f"gm {word}", social.chat_text(target), arguments)
    return {**row, "at": at}


def later(turn: Turn, work: Awaitable[T], then: Callable[[T], None]) -> None:
    """Wait for the store and go on with what it gave; say so when it does not answer.

    What was ordered is done to its end, even if who ordered it hangs up meanwhile: nobody escapes
    the price of an act, or leaves half of it undone, by pulling the plug.
    """

    async def attempt() -> tuple[T] | None:
        try:
            return (await work,)
        except (StorageUnavailable, StorageCorrupt) as error:
            log.warning("gm_order_failed", who=turn.player.name, error=str(error))
            return None

    def go_on(outcome: tuple[T] | None) -> None:
        if outcome is None:
            turn.tell("gm.not_now")
        else:
            then(outcome[0])

    started = asyncio.ensure_future(attempt())
    turn.game.under_way.add(started)
    started.add_done_callback(turn.game.under_way.discard)
    turn.wait(asyncio.shield(started), go_on)


def _value(field: Field, part: str) -> int | str | None:
    """Read one typed word as a field of a packet; None when it cannot be that."""
    if not isinstance(field.kind, Scalar):
        return part
    digits = part.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= DIGITS):
        return None
    return None if field.kind.problem(int(part)) else int(part)
