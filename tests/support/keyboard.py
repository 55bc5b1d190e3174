"""What the Godot client does with its walking keys: what it sends depends on what it believes.

Written from section 5 of the notes on that client, not from our code.
"""

from __future__ import annotations

from tests.support.byte_client import ByteClient
from tests.support.client_picture import DELTAS

BLOCKED, WATER = 1, 4  # bits of a tile of the client's own map
GHOST_HEAD, GHOST_SHIP = 500, 87
WALK, CHANGE_HEADING = 6, 37


def press(client: ByteClient, heading: int, tiles: bytes) -> None:
    """Press a walking key once, on a map with these tiles."""
    own = client.figures[client.index]
    if client.travelling or client.window or "paused" in client.flags:
        return
    if "paralysed" in client.flags or not may_step(client, heading, tiles):
        if own.heading != heading:
            client.send(bytes((CHANGE_HEADING, heading)))
    elif client.flags & {"meditating", "resting"}:
        client.send(bytes((WALK, heading)))
    else:
        client.walk(heading)


def may_step(client: ByteClient, heading: int, tiles: bytes) -> bool:
    """Tell whether the client takes a tile for free: its ground, and who stands there."""
    dx, dy = DELTAS[heading]
    x, y = client.x + dx, client.y + dy
    if not (1 <= x <= 100 and 1 <= y <= 100):
        return False
    tile = tiles[x - 1 + (y - 1) * 100]
    blocked = client.blocked.get((x, y), bool(tile & BLOCKED))
    if blocked or bool(tile & WATER) != ("sailing" in client.flags):
        return False
    return not any(
        (one.x, one.y) == (x, y) and one.head != GHOST_HEAD and one.body != GHOST_SHIP
        for one in client.figures.values()
    )
