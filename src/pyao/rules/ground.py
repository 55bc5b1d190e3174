"""Finding a tile: for things that fall, for those who arrive, for creatures that come back.

Follows ao-libre/ao-server, GameLogic.bas (ClosestLegalPos) and InvUsuario.bas (Tilelibre).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyao.rules.inventory import STACK_MAX, Pile
from pyao.rules.kinds import Trigger
from pyao.rules.movement import MAX_X, MAX_Y, MIN_X, MIN_Y
from pyao.rules.numbers import Roll, clamp

LAY_RADIUS = 16
ARRIVE_RADIUS = 12
RESPAWN_TRIES = 60
RESPAWN_LOOKS = 2_000  # at tiles; 18,000, as in a crowded cave, hold up the loop for 15 ms
RESPAWN_CENTRE = (50, 50)
SCATTER_TRIES = 5
SCATTER_RADIUS_MAX = 6
NO_CREATURES = (Trigger.UNDER_ROOF, Trigger.HOUSE, Trigger.NO_NPC)

Tile = tuple[int, int]
Box = tuple[int, int, int, int]
"""West, north, east and south edge, all inside."""

WHOLE_MAP: Box = (MIN_X, MIN_Y, MAX_X, MAX_Y)
Test = Callable[[int, int], bool]


def rhombus(x: int, y: int, radius: int) -> Iterator[Tile]:
    """Yield the tiles at a distance of steps: from west to north, to east, to south, to west."""
    if radius == 0:
        yield x, y
    for step in range(radius):
        yield x - radius + step, y - step
    for step in range(radius):
        yield x + step, y - radius + step
    for step in range(radius):
        yield x + radius - step, y + step
    for step in range(radius):
        yield x - step, y + radius - step


def nearest(x: int, y: int, fits: Test, radius: int = ARRIVE_RADIUS) -> Tile | None:
    """Return the nearest tile that fits, this one first, in growing rhombs; None if none does."""
    return next(
        (tile for size in range(radius + 1) for tile in rhombus(x, y, size) if fits(*tile)), None
    )


def place_to_lay(
    x: int, y: int, pile: Pile, legal: Test, lying: Callable[[int, int], Pile | None]
) -> Tile | None:
    """Return the nearest tile where a pile can lie: empty, or with room on the same thing.

    `legal` says whether things may lie on a tile at all: not blocked, no user, creature or exit.
    """

    def fits(tx: int, ty: int) -> bool:
        if not legal(tx, ty):
            return False
        there = lying(tx, ty)
        same = there is not None and there.item == pile.item
        return there is None or (same and there.amount + pile.amount <= STACK_MAX)

    return nearest(x, y, fits, LAY_RADIUS)


def territory(x: int, y: int, radius: int) -> Box:
    """Return the tiles that a creature of a place may come back to; radius 0 is the whole map."""
    if not radius:
        return WHOLE_MAP
    return (
        clamp(x - radius, MIN_X, MAX_X),
        clamp(y - radius, MIN_Y, MAX_Y),
        clamp(x + radius, MIN_X, MAX_X),
        clamp(y + radius, MIN_Y, MAX_Y),
    )


def place_to_respawn(
    roll: Roll,
    legal: Test,
    seen: Test,
    trigger: Callable[[int, int], int],
    within: Box = WHOLE_MAP,
) -> Tile | None:
    """Return where a creature comes back: unseen and not under a roof if possible.

    After 60 tries the last legal tile is taken, else one near the middle of the map; after fewer
    when they found one and looked at 2,000 tiles, as where nearly all is rock and what is not is
    seen.
    """
    west, north, east, south = within
    candidate: Tile | None = None
    looks = 0

    def may_stand(x: int, y: int) -> bool:
        nonlocal looks
        looks += 1
        return legal(x, y)

    for _ in range(RESPAWN_TRIES):
        found = nearest(roll(west, east), roll(north, south), may_stand)
        if found is None:
            continue
        candidate = found
        if not seen(*found) and trigger(*found) not in NO_CREATURES:
            return found
        if looks >= RESPAWN_LOOKS:
            break
    return candidate or nearest(*RESPAWN_CENTRE, legal)


def scatter(x: int, y: int, radius: int, roll: Roll, is_exit: Test) -> Tile:
    """Return where a teleport of a radius really leads: not onto an exit, if five tries allow."""
    radius = min(radius, SCATTER_RADIUS_MAX)
    for _ in range(SCATTER_TRIES if radius > 0 else 0):
        tx = clamp(x + roll(-radius, radius), MIN_X, MAX_X)
        ty = clamp(y + roll(-radius, radius), MIN_Y, MAX_Y)
        if not is_exit(tx, ty):
            return tx, ty
    return x, y
