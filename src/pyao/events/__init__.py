"""The event bus: who hears what happens on the server, and who may say no beforehand.

Nothing here knows the world, a socket or the store. What is announced is data; the reference
page of all event types is generated from `payloads.py`.
"""

from __future__ import annotations

from pyao.events.bulkhead import FAILED, Bulkhead
from pyao.events.bus import Event, EventManager, EventPriority
from pyao.events.event_types import EventTypes, Payload

__all__ = [
    "FAILED",
    "Bulkhead",
    "Event",
    "EventManager",
    "EventPriority",
    "EventTypes",
    "Payload",
]
