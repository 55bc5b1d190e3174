"""Every kind of creature lives a while beside players: it thinks, fights, dies, without a fault.

Kinds are those of the starter world and of the imported classic distribution.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from structlog.testing import capture_logs
from tests.integration.conftest import Running, Start
from tests.support.byte_client import ByteClient
from tests.support.classic import Classic, classic_fixture
from tests.support.evening import Field
from tests.support.world import ManualClock

from pyao.content.npcs import NpcKind
from pyao.content.world_data import tile_place
from pyao.rules.kinds import Movement, NpcRole, Privilege, TileFlag
from pyao.rules.movement import inside
from pyao.tasks import creatures
from pyao.tasks.belongings import show_figures
from pyao.tasks.creatures_thinking import THINK_MS, THINKING, Minds
from pyao.world import MapRoom, Player
from pyao.world.npc import Npc

__all__ = ["classic_fixture"]

THOUGHTS = 60  # at least
MOST_THOUGHTS = 900  # of one whose blows seldom hit
REACH = 3  # tiles from the player at which a creature begins
HARDY = 900


@dataclass
class Behaviour:
    """What a creature was seen to do."""

    steps: int = 0
    hurt: int = 0
    nearest: int = 99


@dataclass
class Zoo:
    """A map without its own creatures, a player to be attacked, and somebody who watches."""

    running: Running
    clock: ManualClock
    room: MapRoom
    ana: ByteClient
    eva: ByteClient
    place: tuple[int, int] = (0, 0)
    seen: dict[int, Behaviour] = field(default_factory=dict)

    @property
    def victim(self) -> Player:
        return self.running.player("Ana")

    async def settle(self) -> None:
        """Let both clients check what they were sent."""
        await self.eva.settle()
        await self.ana.settle()

    def restore(self, kind: NpcKind) -> None:
        """Make the victim whole again, and of the kind that this creature attacks."""
        ana, world = self.victim, self.running.app.game.world
        ana.bandit = 0 if kind.role == NpcRole.CHAOS_GUARD else 100_000
        ana.max_hp = ana.hp = HARDY
        ana.paralysed = ana.poisoned = ana.hidden = ana.invisible = False
        ana.effects.protected_until = 0
        if (ana.x, ana.y) != self.place or ana.map != self.room.number:
            world.warp(ana, self.room.number, *self.place)
        ana.effects.protected_until = 0
        show_figures(self.running.app.game, ana)

    def spot_for(self, kind: NpcKind) -> tuple[int, int] | None:
        """Return the nearest tile where it may live."""
        x, y = self.place
        tiles = sorted(
            (tile_place(at) for at in range(10_000)),
            key=lambda tile: max(abs(tile[0] - x), abs(tile[1] - y)),
        )
        fits = Npc.at(kind, self.room.number, 0)
        for tile in tiles:
            far = max(abs(tile[0] - x), abs(tile[1] - y)) >= REACH
            if (
                far
                and inside(*tile)
                and creatures.may_stand(self.running.app.game, self.room, fits, *tile)
            ):
                return tile
        return None

    async def watch(self, kind: NpcKind, minds: Minds) -> Behaviour | None:
        """Let a creature live beside the victim for a while, then die; None if it has no place."""
        game = self.running.app.game
        self.restore(kind)
        tile = self.spot_for(kind)
        npc = None if tile is None else creatures.spawn(game, kind, self.room, *tile)
        if npc is None:
            return None
        did = Behaviour()
        for thought in range(MOST_THOUGHTS):
            if thought >= THOUGHTS and behaves(kind, did):
                break
            before = (npc.x, npc.y)
            self.clock.advance(THINK_MS)
            minds.tick()
            did.steps += (npc.x, npc.y) != before
            did.nearest = min(did.nearest, abs(npc.x - self.victim.x) + abs(npc.y - self.victim.y))
            did.hurt += self.victim.hp < HARDY
            self.victim.hp = HARDY
            self.victim.paralysed = False
        game.world.schedule.run_due()
        show_figures(game, self.victim)
        await self.settle()
        if kind.attackable and npc.hp > 0:
            creatures.wound(game, npc, npc.hp, self.victim)
        else:
            creatures.vanish(game, npc)
        assert npc.gone
        game.changes.clear_ground(0)
        await self.settle()
        return did


async def open_zoo(start: Start, world: str) -> Zoo:
    """Start a server on a world and clear a map for the zoo."""
    clock = ManualClock()
    running = await start(clock=clock, world=world, packet_rate=0)
    ana, eva = await running.newcomer("Ana"), await running.newcomer("Eva")
    game = running.app.game
    for work in running.app._running:
        if "_ticks" in repr(work):
            work.cancel()
    game.world.schedule.cancel(THINKING)
    room = game.world.maps[Field(game.world.data).hunting_ground()]
    for npc in list(room.npcs()):
        game.world.remove_npc(npc)
    running.player("Eva").privileges = int(Privilege.PLAYER | Privilege.ADMIN)
    running.player("Eva").ignored = True
    zoo = Zoo(running, clock, room, ana, eva)
    zoo.place = open_place(room)
    running.player("Ana").level = 40
    game.world.warp(running.player("Ana"), room.number, *zoo.place)
    game.world.warp(running.player("Eva"), room.number, zoo.place[0] + 4, zoo.place[1] + 4)
    await zoo.settle()
    return zoo


def open_place(room: MapRoom) -> tuple[int, int]:
    """Return the middle of the largest open ground that is free of walls and water."""
    no_way = TileFlag.BLOCKED | TileFlag.WATER

    def free(x: int, y: int) -> int:
        around = range(-8, 9)
        return sum(not room.flag(x + dx, y + dy) & no_way for dx in around for dy in around)

    return max(
        ((x, y) for x in range(25, 76, 3) for y in range(25, 76, 3)), key=lambda at: free(*at)
    )


def behaves(kind: NpcKind, did: Behaviour) -> bool:
    """Tell whether a creature has done what its kind does, and nothing else."""
    fights = bool(kind.max_hit or kind.spells) and not kind.land_forbidden
    if kind.movement == Movement.STILL:
        return not (did.steps or did.hurt)
    if kind.movement == Movement.HOSTILE and kind.hostile and kind.alignment:
        return bool(did.hurt) if fights else True
    if kind.movement in (Movement.HOSTILE, Movement.PATH_FINDING):
        return did.nearest <= 1 or kind.land_forbidden
    if kind.movement == Movement.GUARD:
        return bool(did.hurt)
    return True


async def live(start: Start, world: str) -> None:
    """Let every kind of a world live and die."""
    zoo = await open_zoo(start, world)
    game = zoo.running.app.game
    minds = Minds(game, stopwatch=lambda: 0.0)
    homeless: list[NpcKind] = []
    moves: Counter[int] = Counter()
    with capture_logs() as logs:
        for kind in game.world.data.npcs.values():
            did = await zoo.watch(kind, minds)
            if did is None:
                homeless.append(kind)
            else:
                moves[kind.movement] += bool(did.steps)
                assert behaves(kind, did), (kind.number, kind.name, did)
    assert all(kind.land_forbidden for kind in homeless), homeless
    assert moves[Movement.RANDOM]
    assert game.world.schedule.failures == 0
    assert not [entry for entry in logs if entry["log_level"] in {"error", "critical"}]


async def test_every_creature_of_the_starter_world_behaves(start: Start) -> None:
    await live(start, "starter")


async def test_every_creature_of_the_classic_distribution_behaves(
    start: Start, classic: Classic
) -> None:
    await live(start, str(classic.file))
