"""Sockets: the server that listens, the connection of each client, what leaves it and when.

Nothing here knows the game: packets go to a `Receiver` that the application hands in.
"""

from __future__ import annotations

from pyao.net.client_connection import ClientConnection, Receiver
from pyao.net.message_sender import MessageSender
from pyao.net.server import ArgentumServer
from pyao.net.stats import NetStats, Reason

__all__ = [
    "ArgentumServer",
    "ClientConnection",
    "MessageSender",
    "NetStats",
    "Reason",
    "Receiver",
]
