"""The live side of a character: where its bytes go, what it looks like, what it is doing.

Everything that is remembered belongs to `Character`; what stands here dies with the process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Protocol

from pyao.channel import Channel
from pyao.rules import appearance, looking
from pyao.rules.appearance import Look
from pyao.rules.character import Character, UserId
from pyao.rules.crafting import Order
from pyao.rules.guild import Alignment
from pyao.rules.intervals import WalkPace
from pyao.rules.labour import Stretch
from pyao.rules.party import Party
from pyao.rules.person import Person
from pyao.rules.roles import NO_EXCEPTIONS, Exceptions, allows
from pyao.rules.trade import Trade, Wish
from pyao.world.clock import Job
from pyao.world.npc import Npc

NO_ZONE = -1


class Outlet(Protocol):
    """Where a viewer's bytes are put; the network's outbox is one."""

    @property
    def append(self) -> Callable[[bytes], None]:
        """Queue one whole packet; never blocks, never fails."""
        ...

    def follow(self, channel: Channel, /) -> None:
        """Hear what is said on a channel from now on, and on no other any more."""
        ...

    def unfollow(self) -> None:
        """Hear no channel any more."""
        ...

    def miss_next(self) -> None:
        """Do not hear the very next packet of the channel."""
        ...


class NoOutlet:
    """Swallows what is said to a character whose connection is gone."""

    __slots__ = ()

    def append(self, data: bytes, /) -> None:
        """Drop the packet."""

    def follow(self, channel: Channel, /) -> None:
        """Hear nothing."""

    def unfollow(self) -> None:
        """Go on hearing nothing."""

    def miss_next(self) -> None:
        """Miss it, as all the others."""


NOWHERE = NoOutlet()


@dataclass(slots=True, kw_only=True, eq=False)
class Walker(Person):
    """What each step of a character in the world asks for; apart as `Whereabouts` is."""

    outlet: Outlet = NOWHERE
    index: int = 0  # character index on the wire; 0 = on no map
    zone: int = NO_ZONE
    dirty: int = 0  # Section bits
    portrait: bytes = b""  # how newcomers are shown it, place aside; empty: to be made anew
    concealed: bool = False  # veiled, and others have been told; kept by the world
    pace: WalkPace = field(default_factory=WalkPace)
    leaving: Job | None = None  # the log-out count-down
    journey: Job | None = None  # the trip home of the dead; there is no walking meanwhile
    denied: str = ""  # why it was turned back at the exit it stands on: the key of a text
    last_packet_ms: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Player(Walker):
    """A character in the world. Two players are equal only if they are the same object."""

    exceptions: Exceptions = NO_EXCEPTIONS  # permissions of its account beyond its rank

    look: Look = appearance.GHOST
    guild_name: str = ""
    founding: Alignment | None = None  # what the guild it is about to found stands for
    party: Party[Player] | None = None
    asked: Party[Player] | None = None  # the one it asked to be admitted to
    shares_with: UserId | None = None  # who may fight the creature it owns
    nameless: bool = False  # staff that hides the name over its head
    shown_as: str = ""  # what staff wants a click to say of it, instead of all else
    chat_color: tuple[int, int, int] | None = None

    work: Stretch = field(default_factory=Stretch)  # jobs, and attempts to hide: see `working`
    hiding: Stretch = field(default_factory=Stretch)
    told_place: tuple[int, int, int] = (0, 0, 0)  # where its client was put last
    late: Job | None = None  # puts its client back, which asks too often for the way it cannot go
    unsure: Job | None = None  # looks whether that client still knows where it is
    last_surface: int = 0  # the last map it was on that is no dungeon
    edits_seen: int = 0  # how often staff had changed the stored character when it was read
    clicked: Player | Npc | None = None  # whom a command without a target means
    dealer: Npc | None = None  # whose window of goods or vault is open
    trade: Trade[Player] | None = None  # with another player
    wish: Wish[Player] | None = None  # whom it asked for one
    window_closed_ms: int | None = None  # when the last one was closed
    aimed_at: tuple[int, int] = (0, 0)  # the tile clicked last, for keys, bottles and ore
    pets: list[Npc] = field(default_factory=list)  # tamed and summoned, those that live
    waiting: list[Npc] = field(default_factory=list)  # tamed ones that may not come to this map
    pets_recalled: bool = False  # those it came into the game with wait for it
    work_slot: tuple[int, int] = (0, 0)  # the slot and item that were used for the forge
    order: Order = field(default_factory=Order)  # what is being forged or built
    blocking: int = 0  # how often in a row it was found in a passage
    told: str = ""  # the failure told last: some are not told twice in a row
    told_to_assign: bool = False  # that skills learn only after the first ten points

    __hash__ = object.__hash__
    __eq__ = object.__eq__  # in C: a zone list compares its members when one leaves

    @classmethod
    def of(cls, character: Character) -> Player:
        """Bring a stored character to life."""
        values = {entry.name: getattr(character, entry.name) for entry in fields(Character)}
        return cls(**values)

    @property
    def member_id(self) -> str:
        """What rooms call the character; the same after a reconnection."""
        return f"player:{self.user_id}"

    def may(self, permission: str, *, privileged: int = 0) -> bool:
        """Return whether the player has a permission; see `pyao.rules.roles.allows`."""
        return allows(self.privileges, self.exceptions, permission, privileged=privileged)

    @property
    def veiled(self) -> bool:
        """Whether others may not see it; at sea neither hiding nor magic conceals."""
        return self.unseen or ((self.invisible or self.hidden) and not self.sailing)

    def sees(self, other: Player) -> bool:
        """Return whether another one in view is shown to this one; each sees itself."""
        if not other.concealed or other is self:
            return True
        return not other.unseen and looking.sees_veiled(self.privileges)

    @property
    def working(self) -> int:
        """How many jobs it has done at a stretch; each step takes one off."""
        return self.work.left(self.pace.steps)

    @property
    def hiding_attempts(self) -> int:
        """How often it has tried to hide at a stretch; each step takes one off."""
        return self.hiding.left(self.pace.steps)

    @property
    def tag(self) -> str:
        """The label over the head: the name, with the guild when there is one."""
        if self.nameless:
            return ""
        return appearance.tag(self.name, self.guild_name, consulting=self.consulting)

    @property
    def marked_tag(self) -> str:
        """The label as those are shown it who see one that others do not."""
        return appearance.tag(self.name, self.guild_name, unseen=True, consulting=self.consulting)

    def __str__(self) -> str:
        return f"{self.name}#{self.user_id}"
