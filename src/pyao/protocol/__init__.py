"""Bytes and packets: everything a client may send and everything we may send, each declared once.

No sockets, no clock, no game: `Decoder` turns a stream into packets, `msg` turns values into bytes.
"""

from pyao.errors import ProtocolViolation
from pyao.protocol import msg, packets
from pyao.protocol.decoder import Decoder
from pyao.protocol.packet import ClientPacket, ServerPacket
from pyao.protocol.packet_builder import PacketBuilder, PacketReader
from pyao.protocol.packet_id import ClientPacketID, GmCommandID, MultiMessageID, ServerPacketID
from pyao.protocol.tables import CLIENT_PACKETS, SERVER_PACKETS
from pyao.protocol.text import TextEncoding

__all__ = [
    "CLIENT_PACKETS",
    "SERVER_PACKETS",
    "ClientPacket",
    "ClientPacketID",
    "Decoder",
    "GmCommandID",
    "MultiMessageID",
    "PacketBuilder",
    "PacketReader",
    "ProtocolViolation",
    "ServerPacket",
    "ServerPacketID",
    "TextEncoding",
    "msg",
    "packets",
]
