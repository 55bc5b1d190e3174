"""Every kind of creature lives a while beside a player: it moves and fights as its kind does.

Then it is attacked, paralysed, and dies. Kinds are those of the starter world and of the imported
classic distribution.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
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
from pyao.rules.states import free, undaze
from pyao.tasks import creatures
from pyao.tasks.belongings import show_figures
from pyao.tasks.creatures_thinking import THINK_MS, THINKING, Minds
from pyao.world import MapRoom, Player
from pyao.world.npc import Npc

__all__ = ["classic_fixture"]

pytestmark = pytest.mark.untraced

THOUGHTS = 60  # at least
MOST_THOUGHTS = 900  # of one whose blows seldom hit
SETTLE_EVERY = 100
REACH = 3  # tiles from the player at which a creature begins
HARDY = 900
LEVEL = 40


@dataclass
class Behaviour:
    """What a creature was seen to do: tiles gone, blows and spells that told, how near it came."""

    steps: int = 0
    hurt: int = 0
    nearest: int = 99

    @property
    def idle(self) -> bool:
        """Whether it did nothing at all."""
        return not (self.steps or self.hurt)


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
    thoughts: int = 0

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
        ana.assassin = ana.thief = 0
        ana.bandit = 0 if kind.role == NpcRole.CHAOS_GUARD else 100_000
        ana.max_hp = ana.hp = HARDY
        ana.level, ana.experience = LEVEL, 0
        ana.paralysed = ana.poisoned = ana.hidden = ana.invisible = False
        ana.protected_until = 0
        if (ana.x, ana.y) != self.place or ana.map != self.room.number:
            world.warp(ana, self.room.number, *self.place)
        ana.protected_until = 0
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

    async def think(self, npc: Npc, minds: Minds, did: Behaviour) -> None:
        """Let a creature think once, and note what it does.

        Now and then the clients get what they were sent: more than the kernel holds would not
        reach them in whole packets, and a loop held up for long has the server give them up.
        """
        ana, before = self.victim, (npc.x, npc.y)
        self.clock.advance(THINK_MS)
        minds.tick()
        did.steps += (npc.x, npc.y) != before
        did.nearest = min(did.nearest, abs(npc.x - ana.x) + abs(npc.y - ana.y))
        did.hurt += ana.hp < HARDY or ana.paralysed or ana.stunned or ana.blinded
        ana.hp = HARDY
        free(ana)
        undaze(ana)
        self.thoughts += 1
        if self.thoughts % SETTLE_EVERY == 0:
            await self.settle()

    async def watch(self, npc: Npc, minds: Minds) -> Behaviour:
        """Let a creature live beside the victim until it was seen to do what its kind does."""
        did = Behaviour()
        for thought in range(MOST_THOUGHTS):
            if thought >= THOUGHTS and behaves(npc.kind, did):
                break
            await self.think(npc, minds, did)
        return did

    async def provoke(self, npc: Npc, minds: Minds) -> Behaviour:
        """Attack a creature time and again, right beside it, until it strikes back."""
        game, did = self.running.app.game, Behaviour()
        for _ in range(MOST_THOUGHTS):
            if did.hurt:
                break
            if abs(npc.x - self.victim.x) + abs(npc.y - self.victim.y) > 1:
                game.world.warp(self.victim, self.room.number, npc.x, npc.y + 1)
                self.victim.protected_until = 0
            creatures.provoke(game, npc, self.victim)
            await self.think(npc, minds, did)
        return did

    async def hold(self, npc: Npc, minds: Minds) -> Behaviour:
        """Watch a paralysed creature."""
        did = Behaviour()
        npc.paralysed, npc.paralysis_steps = True, 10 * THOUGHTS
        for _ in range(THOUGHTS):
            await self.think(npc, minds, did)
        npc.free()
        return did

    async def meet(self, kind: NpcKind, minds: Minds) -> list[str] | None:
        """Let a creature live and die; return what it did wrong, or None if it has no place."""
        game = self.running.app.game
        self.restore(kind)
        tile = self.spot_for(kind)
        npc = None if tile is None else creatures.spawn(game, kind, self.room, *tile)
        if npc is None:
            return None
        wrong: list[str] = []
        did = self.seen[kind.number] = await self.watch(npc, minds)
        if not behaves(kind, did):
            wrong.append(f"at peace {did}")
        if kind.attackable and not kind.land_forbidden:
            if not (await self.hold(npc, minds)).idle:
                wrong.append("moved although paralysed")
            if kind.max_hit and not (await self.provoke(npc, minds)).hurt:
                wrong.append("did not strike back")
        game.world.schedule.run_due()
        show_figures(game, self.victim)
        await self.settle()
        before = (self.victim.level, self.victim.experience)
        if kind.attackable:
            creatures.wound(game, npc, npc.hp, self.victim)
            if kind.experience and (self.victim.level, self.victim.experience) == before:
                wrong.append("taught nothing")
        else:
            creatures.vanish(game, npc)
        if not npc.gone:
            wrong.append("did not go")
        game.changes.clear_ground(0)
        await self.settle()
        return wrong


async def open_zoo(start: Start, world: str) -> Zoo:
    """Start a server on a world and clear a map for the zoo."""
    clock = ManualClock()
    running = await start(clock=clock, world=world, packet_rate=0, idle_minutes=0)
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
    """Tell whether a creature has done what its kind does beside one it may attack, and no more."""
    fights = bool(kind.max_hit or kind.spells)
    guard = kind.role in (NpcRole.ROYAL_GUARD, NpcRole.CHAOS_GUARD)
    steps, hurt = bool(did.steps), bool(did.hurt)
    match kind.movement:
        case Movement.RANDOM:
            met = bool(kind.hostile and kind.alignment and did.nearest <= 1)  # by chance
            right = steps and (hurt if guard else met or not hurt)
        case Movement.GUARD:
            right = steps and hurt
        case Movement.HOSTILE | Movement.PATH_FINDING:
            if kind.land_forbidden:
                right = steps or hurt
            elif kind.hostile and kind.alignment and fights:
                right = steps and hurt
            else:
                right = did.nearest <= 1
        case Movement.CLAN_SWORDSMAN:
            right = steps and hurt
        case Movement.CLAN_HEALER | Movement.CLAN_CASTER | Movement.CLAN_ARCHER:
            right = hurt
        case Movement.CLAN_KING:
            right = steps and hurt  # the only one of its clan here
        case Movement.STILL:
            right = did.idle
        case _:
            right = not steps
    return right


async def live(start: Start, world: str) -> None:
    """Let every kind of a world live and die."""
    zoo = await open_zoo(start, world)
    game = zoo.running.app.game
    minds = Minds(game, stopwatch=lambda: 0.0)
    wrong: dict[str, list[str]] = {}
    with capture_logs() as logs:
        for kind in game.world.data.npcs.values():
            did = await zoo.meet(kind, minds)
            if did is None and not kind.land_forbidden:
                wrong[f"{kind.number} {kind.name}"] = ["found no place"]
            elif did:
                wrong[f"{kind.number} {kind.name}, movement {kind.movement}"] = did
    assert not wrong
    assert zoo.seen
    assert game.world.schedule.failures == 0
    assert not [entry for entry in logs if entry["log_level"] in {"error", "critical"}]


async def test_every_creature_of_the_starter_world_behaves(start: Start) -> None:
    await live(start, "starter")


async def test_every_creature_of_the_classic_distribution_behaves(
    start: Start, classic: Classic
) -> None:
    await live(start, str(classic.file))
