"""What one client, one address and all clients together may cost.

Pure bookkeeping on a clock that is handed in; sockets are in server.py and client_connection.py.
Rules for addresses follow the connection rules of classic servers: pace and count per address.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from pyao.config import ServerSettings
from pyao.net.stats import Reason

Clock = Callable[[], float]

_KIB = 1024
_MINUTE_S = 60.0
_ROUNDING_S = 1e-6  # sums of floats; a bucket of 80 holds 80


@dataclass(slots=True)
class Limits:
    """The limits in force. One object is shared by all connections and changed in place."""

    max_connections: int = 0
    per_address: int = 0
    spacing_s: float = 0.0
    limit_loopback: bool = False
    login_deadline_s: float = 0.0
    idle_s: float = 0.0
    lobby_idle_s: float = 0.0
    token_s: float = 0.0  # what a packet costs of a client's time; 0 is no limit
    bucket_s: float = 0.0  # ... and how much of it may be spent in advance
    outbox_bytes: int = 0
    send_stall_s: float = 0.0

    def apply(self, settings: ServerSettings) -> None:
        """Take over what the settings say now; holds for connections that are already open too."""
        self.max_connections = settings.max_connections
        self.per_address = settings.connections_per_address
        self.spacing_s = settings.accept_spacing_ms / 1000
        self.limit_loopback = settings.limit_loopback
        self.login_deadline_s = float(settings.login_deadline_s)
        self.idle_s = settings.idle_minutes * _MINUTE_S
        self.lobby_idle_s = settings.lobby_idle_minutes * _MINUTE_S
        self.token_s = 1 / settings.packet_rate if settings.packet_rate else 0.0
        self.bucket_s = settings.packet_burst * self.token_s + _ROUNDING_S
        if not settings.packet_rate:
            self.bucket_s = math.inf
        self.outbox_bytes = settings.outbox_kib * _KIB
        self.send_stall_s = float(settings.send_stall_s)


class TokenBucket:
    """A client's allowance of packets: `packet_rate` per second, saved up to `packet_burst`.

    Kept as the one moment when the bucket will be full again: taking a token moves it on by the
    time a token needs, and there are tokens as long as it is no more than a whole bucket away.
    """

    __slots__ = ("_full_at", "_limits")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._full_at = float("-inf")

    def take(self, count: int, now: float) -> bool:
        """Take `count` tokens, or none and return False when there are not so many."""
        limits = self._limits
        spent = count * limits.token_s
        ahead = self._full_at - now
        if ahead > 0:
            spent += ahead
        if spent > limits.bucket_s:
            return False
        self._full_at = now + spent
        return True

    def charge(self, count: int, now: float) -> None:
        """Take `count` tokens even if that leaves a debt."""
        self._full_at = max(self._full_at, now) + count * self._limits.token_s

    def give_back(self, count: int) -> None:
        """Return tokens of packets that were not handled after all."""
        self._full_at -= count * self._limits.token_s

    def ready(self, now: float) -> bool:
        """Return whether one more packet may be taken."""
        return self._full_at + self._limits.token_s - now <= self._limits.bucket_s


class LogGate:
    """Lets a few lines through, then one per second, and counts what it swallowed."""

    __slots__ = ("_clock", "_free_at", "_room", "_swallowed")

    BURST = 5

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._room = float(self.BURST)
        self._free_at = clock()
        self._swallowed = 0

    def admit(self) -> int | None:
        """Return how many lines were swallowed before this one, or None to swallow this one."""
        now = self._clock()
        self._room = min(self.BURST, self._room + now - self._free_at)
        self._free_at = now
        if self._room < 1:
            self._swallowed += 1
            return None
        self._room -= 1
        swallowed, self._swallowed = self._swallowed, 0
        return swallowed


@dataclass(slots=True)
class _Address:
    """What is known of one address."""

    open: int = 0
    last: float = field(default=float("-inf"))


class AddressBook:
    """Counts connections per address and the time of the last one.

    IPv6 is counted per /64, which is what one household or one attacker has. This machine itself is
    exempt unless `limit_loopback` says otherwise.
    """

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._known: dict[str, _Address] = {}

    def __len__(self) -> int:
        return len(self._known)

    def admit(self, address: str) -> Reason | None:
        """Count one more connection of `address`, or return why it is refused."""
        limits = self._limits
        key, exempt = _key(address)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _Address()
        now = self._clock()
        if not exempt or limits.limit_loopback:
            if limits.per_address and known.open >= limits.per_address:
                return Reason.ADDRESS_FULL
            if now - known.last < limits.spacing_s:
                return Reason.ADDRESS_PACE
        known.open += 1
        known.last = now
        return None

    def release(self, address: str) -> None:
        """Count one connection less."""
        self._known[_key(address)[0]].open -= 1

    def forget_idle(self) -> None:
        """Drop addresses without connections whose last one is long enough ago."""
        horizon = self._clock() - self._limits.spacing_s
        idle = [key for key, at in self._known.items() if not at.open and at.last <= horizon]
        for key in idle:
            del self._known[key]


def _key(address: str) -> tuple[str, bool]:
    """Return what an address is counted under, and whether it is this machine itself."""
    if ":" not in address:
        return address, address.startswith("127.")
    six = ipaddress.IPv6Address(address.partition("%")[0])
    if six.ipv4_mapped is not None:
        return _key(str(six.ipv4_mapped))
    if six.is_loopback:
        return "::1", True
    return str(ipaddress.IPv6Network((six, 64), strict=False)), False
