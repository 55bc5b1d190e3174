"""The two tables of packets, one per direction, collected from the modules that declare them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Generic, NoReturn, TypeVar

from pyao.protocol import (
    client_packets,
    client_social_packets,
    gm_packets,
    gm_world_packets,
    multi_messages,
    server_packets,
    server_window_packets,
)
from pyao.protocol.layout import Incomplete, Malformed
from pyao.protocol.packet import ClientPacket, Packet, ServerPacket

P_co = TypeVar("P_co", bound=Packet, covariant=True)
P = TypeVar("P", bound=Packet)

Plain = tuple[int, Callable[..., tuple[object, ...]], Callable[..., P_co]]
"""Size, reader and class of a packet that one struct reads; size 0 for every other id."""

_IDS = 256


class PacketTable(Generic[P_co]):
    """Finds the declaration that a byte (or two) names. Two declarations of one key are refused."""

    def __init__(self, declarations: Iterable[type[P_co]]) -> None:
        by_key: dict[int, type[P_co]] = {}
        for cls in sorted(declarations, key=lambda cls: cls.key):
            if cls.key in by_key:
                raise ValueError(f"{cls.packet_name} is declared twice: {cls}, {by_key[cls.key]}")
            by_key[cls.key] = cls
        self.by_key: Mapping[int, type[P_co]] = MappingProxyType(by_key)
        """Declarations by key, in ascending order."""
        single = [cls if cls.key < _IDS else None for cls in by_key.values()]
        self._single = {cls.packet_id: cls for cls in single if cls}
        self._with_sub_id = {cls.packet_id for cls in by_key.values() if cls.key >= _IDS}
        self.plain: tuple[Plain[P_co], ...] = tuple(self._plain(number) for number in range(_IDS))
        self.longest_plain = max(size for size, _, _ in self.plain)

    def __iter__(self) -> Iterator[type[P_co]]:
        return iter(self.by_key.values())

    def __len__(self) -> int:
        return len(self.by_key)

    def read(self, data: bytes, pos: int) -> tuple[P_co, int]:
        """Read the packet that starts at `pos`; return it and where it ends.

        Raises Incomplete or Malformed; the decoder makes of them what the world may see.
        """
        cls = self._single.get(data[pos])
        behind_id = pos + 1
        if cls is None:
            cls = self._sub_declaration(data, pos)
            behind_id = pos + 2
        values, end = cls.layout.read(data, behind_id)
        return cls(*values), end

    def _sub_declaration(self, data: bytes, pos: int) -> type[P_co]:
        packet_id = data[pos]
        if packet_id not in self._with_sub_id:
            raise Malformed("unknown packet id")
        if pos + 1 >= len(data):
            raise Incomplete(pos + 2)
        cls = self.by_key.get(packet_id * _IDS + data[pos + 1])
        if cls is None:
            raise Malformed(f"unknown sub-command {data[pos + 1]}")
        return cls

    def _plain(self, packet_id: int) -> Plain[P_co]:
        cls = self._single.get(packet_id)
        if cls is None or cls.layout.flat_payload is None:
            return 0, _unread, _unread
        return cls.layout.flat_payload.size, cls.layout.flat_payload.unpack_from, cls


def _unread(*_: object) -> NoReturn:
    """Stand where an id has no single struct; size 0 keeps everybody from calling it."""
    raise NotImplementedError


def _declared(base: type[P], modules: Iterable[ModuleType]) -> list[type[P]]:
    """Return the packet classes that the modules define."""
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, base) and value is not base
    ]


CLIENT_PACKETS: PacketTable[ClientPacket] = PacketTable(
    _declared(ClientPacket, (client_packets, client_social_packets, gm_packets, gm_world_packets))
)
"""Everything a client may send, staff commands included."""

SERVER_PACKETS: PacketTable[ServerPacket] = PacketTable(
    _declared(ServerPacket, (server_packets, server_window_packets, multi_messages))
)
"""Everything we may send, coded messages included."""
