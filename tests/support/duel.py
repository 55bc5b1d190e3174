"""Two players face to face where fighting is allowed, with dice and a clock moved by hand."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from msgspec import structs
from tests.support.byte_client import CONSOLE_MSG, PONG, ByteClient, Seen
from tests.support.creatures import VILLAGER, WOLF
from tests.support.running import Running, Start
from tests.support.things import ARROWS, BOW, DAGGER, HELMET, SHIELD, SWORD
from tests.support.waiting import until
from tests.support.world import ManualClock, world_data

from pyao.content.items import Item
from pyao.content.spells import Change, Spell
from pyao.content.world_data import WorldData, tile_index
from pyao.content.world_file import save_world
from pyao.rules.character import Slot
from pyao.rules.kinds import Direction, Heading, Trigger
from pyao.tasks import creatures, living
from pyao.tasks.belongings import show_figures
from pyao.tasks.creatures_thinking import THINKING, Minds
from pyao.world import Player
from pyao.world.npc import Npc

PLAIN, ARENA = (50, 50), (70, 70)  # on map 2
MULTI, SOUND, EFFECT, INVISIBLE, TAG = 104, 39, 44, 66, 89
ATTACK, USE, CAST, WORK, CLICK = 8, 30, 25, 28, 33
PING = b"\x77"
CREATURES = tuple(structs.replace(kind, body=10) for kind in (WOLF, VILLAGER))
RAISE, LOWER = Direction.RAISE, Direction.LOWER

SPELLS = (
    Spell(number=1, name="Cure", target=1, cures_poison=True, words="LIMPIO", mana=12),
    Spell(
        number=2,
        name="Dart",
        target=3,
        hp=Change(LOWER, 3, 5),
        words="DARDO",
        effect=15,
        loops=2,
        sound=114,
        mana=10,
        stamina=1,
        caster_text="Has lanzado un dardo a",
        target_text="te ha lanzado un dardo",
        self_text="Te has lanzado un dardo",
    ),
    Spell(
        number=3,
        name="Heal",
        target=3,
        hp=Change(RAISE, 1, 5),
        mana=10,
        self_text="Te curas",
        caster_text="Has curado a",
    ),
    Spell(number=4, name="Toxin", target=3, poisons=True, mana=24),
    Spell(number=9, name="Paralyse", target=3, paralyses=True, mana=450, min_skill=60),
    Spell(number=10, name="Free", target=3, frees=True, mana=300),
    Spell(number=11, name="Resurrect", target=1, revives=True, mana=550),
    Spell(number=12, name="Hunger", target=1, hunger=Change(LOWER, 20, 50), mana=20),
    Spell(number=14, name="Invisibility", target=1, invisibility=True, mana=500),
    Spell(number=16, name="Call", target=4, summons=True, creature=500, count=2, mana=120),
    Spell(number=18, name="Celerity", target=1, agility=Change(RAISE, 2, 5), mana=40),
    Spell(number=20, name="Strength", target=1, strength=Change(RAISE, 2, 5), mana=50),
    Spell(number=30, name="Blindness", target=1, blinds=True, mana=1),
    Spell(number=31, name="Stun", target=1, stuns=True, mana=1),
    Spell(number=41, name="Wake", target=1, ends_stun=True, mana=1),
    Spell(number=42, name="Mimicry", target=3, mimics=True, mana=1),
    Spell(number=43, name="Eye", target=4, reveals=True, effect=3, loops=6, mana=1),
    Spell(number=46, name="Come", target=4, calls_pet=True),
)


def duel_data(*items: Item) -> WorldData:
    """Return the meadows with arms, spells, creatures and an arena; map 2 is not safe."""
    data = world_data()
    triggers = bytearray(data.maps[2].triggers or bytes(10_000))
    for x in range(ARENA[0] - 2, ARENA[0] + 3):
        for y in range(ARENA[1] - 2, ARENA[1] + 3):
            triggers[tile_index(x, y)] = Trigger.ARENA
    arms = (ARROWS, BOW, DAGGER, HELMET, SHIELD, SWORD)
    return replace(
        data,
        maps={**data.maps, 2: replace(data.maps[2], triggers=bytes(triggers))},
        items={**data.items, **{item.number: item for item in (*arms, *items)}},
        spells={spell.number: spell for spell in SPELLS},
        npcs={**data.npcs, **{kind.number: kind for kind in CREATURES}},
    )


class Dice(random.Random):
    """Dice that fall as a test says, and then on their lowest or their highest side."""

    high = False

    def __init__(self) -> None:
        super().__init__()
        self.sides: deque[int] = deque()

    def fall(self, *sides: int) -> None:
        """Say how the next dice fall."""
        self.sides.extend(sides)

    def randint(self, a: int, b: int) -> int:
        if not self.sides:
            return b if self.high else a
        side = self.sides.popleft()
        assert a <= side <= b, f"{side} is no side of a die from {a} to {b}"
        return side


@dataclass
class Duel:
    """Ana looks at Bob, who stands east of her; neither has the safe lock on."""

    running: Running
    clock: ManualClock
    dice: Dice
    ana: ByteClient
    bob: ByteClient
    a: Player
    b: Player

    async def place(self, on: int, x: int, y: int) -> None:
        """Put both side by side somewhere and let their clients see it."""
        world = self.running.app.game.world
        world.warp(self.a, on, x, y)
        world.warp(self.b, on, x + 1, y)
        self.a.heading = Heading.EAST
        await self.settle()

    async def settle(self) -> None:
        """Let both clients see everything, and forget it."""
        for client in (self.ana, self.bob, self.ana):
            await client.settle()
        self.ana.seen.clear()
        self.bob.seen.clear()

    async def hear(self) -> None:
        """Let both clients get what was sent so far, and keep it."""
        for client in (self.ana, self.bob):
            before = client.seen.copy()
            client.seen.clear()
            client.send(PING)
            await until(partial(answered, client))
            assert client.error is None, client.error
            client.seen[:0] = before

    async def wolf(self, x: int = 50, y: int = 49, number: int = 500) -> Npc:
        """Bring a creature to life, north of Ana unless told otherwise."""
        game = self.running.app.game
        room = game.world.maps[self.a.map]
        npc = creatures.spawn(game, game.world.data.npcs[number], room, x, y)
        assert npc is not None
        assert (npc.x, npc.y) == (x, y)
        await self.settle()
        return npc

    def remake(self, npc: Npc, **changes: object) -> Npc:
        """Make a creature and those that come after it of a changed kind."""
        npc.kind = structs.replace(npc.kind, **changes)
        npc.movement, npc.hostile = npc.kind.movement, npc.kind.hostile
        self.running.app.game.world.data.npcs[npc.kind.number] = npc.kind
        return npc

    async def veil(self, player: Player, *, hidden: bool = False, invisible: bool = False) -> None:
        """Take one out of the other's sight, and let both forget how that was shown."""
        player.hidden, player.invisible = hidden, invisible
        player.effects.hidden_until = player.effects.invisible_until = self.clock.now() + 60_000
        self.running.app.game.world.refresh_veil(player)
        await self.settle()

    async def die(self) -> None:
        """Let Ana die of nothing, and both forget how that was shown."""
        self.a.hp = 0
        living.kill(self.running.app.game, self.a)
        await self.settle()

    async def away(self) -> None:
        """Send Bob out of sight."""
        self.running.app.game.world.warp(self.b, 2, 20, 85)
        await self.settle()

    def think(self, times: int = 1) -> None:
        """Let every creature think so often, each time with its attack regained."""
        minds = Minds(self.running.app.game, stopwatch=lambda: 0.0)
        for _ in range(times):
            self.clock.advance(1600)
            minds.tick()
            self.clock.advance(379)
            minds.tick()

    def give(self, player: Player, *slots: Slot) -> None:
        """Let a player have these things and nothing else."""
        player.inventory[:] = [*slots, *[None] * (25 - len(slots))]
        self.running.app.game.world.dress(player)

    def held(self, number: int) -> Slot | None:
        """Return what lies in a slot of Ana's."""
        return self.a.inventory[number - 1]

    def pass_time(self, milliseconds: int) -> None:
        """Let the clock and the tick go on."""
        for _ in range(milliseconds // 50):
            self.clock.advance(50)
            self.running.app.game.world.schedule.run_due()

    async def attack(self) -> None:
        """Let Ana strike, when she may again."""
        self.clock.advance(1500)
        await self.act(ATTACK)

    async def act(self, *packet: int) -> None:
        """Let Ana send a packet, and both get what comes of it."""
        self.ana.send(bytes(packet))
        await self.hear()

    async def cast(self, spell: int, at: Player | Npc | tuple[int, int]) -> None:
        """Let Ana cast a spell at somebody or at a tile, when she may again."""
        self.a.spells[0] = spell
        self.clock.advance(1400)
        x, y = at if isinstance(at, tuple) else (at.x, at.y)
        await self.act(CAST, 1, WORK, 1, CLICK, x, y, 1)


BeginDuel = Callable[..., Awaitable[Duel]]


@pytest.fixture(name="begin_duel")
def begin_duel_fixture(start: Start, tmp_path: Path) -> BeginDuel:
    """Return what begins a duel; `items` are had beside the usual, `ana` and `bob` are classes."""

    async def begin(*items: Item, ana: int = 3, bob: int = 3, **settings: object) -> Duel:
        path = tmp_path / "duel.pyao"
        save_world(duel_data(*items), path)
        clock = ManualClock()
        running = await start(clock=clock, world=str(path), **settings)
        dice = Dice()
        clients = (
            await running.newcomer("Ana", char_class=ana),
            await running.newcomer("Bob", char_class=bob),
        )
        stop_ticking(running)
        running.app.game._dice = dice
        running.app.game.world.schedule.cancel(THINKING)  # creatures act when a test lets them
        duel = Duel(running, clock, dice, *clients, running.player("Ana"), running.player("Bob"))
        for player in (duel.a, duel.b):
            duel.give(player)
            player.safe = False
            player.max_hp = player.hp = 100
            player.max_stamina = player.stamina = 500
            player.min_hit = player.max_hit = 20
            show_figures(running.app.game, player)
        await duel.place(2, *PLAIN)
        return duel

    return begin


@pytest.fixture(name="duel")
async def duel_fixture(begin_duel: BeginDuel) -> Duel:
    """Return a duel of two warriors."""
    return await begin_duel()


def stop_ticking(running: Running) -> None:
    """Let time pass only when a test says so: creatures that think throw dice too."""
    for work in running.app._running:
        if "_ticks" in repr(work):
            work.cancel()


def answered(client: ByteClient) -> bool:
    """Tell whether a client's last question was answered."""
    return client.error is not None or any(packet.id == PONG for packet in client.seen)


def coded(client: ByteClient, code: int) -> Seen | None:
    """Return the first coded message of a kind that a client got."""
    return next((p for p in client.seen if p.id == MULTI and p.values[0] == code), None)


def lines(client: ByteClient) -> str:
    """Return everything a client got in its console."""
    return "\n".join(str(p.values[0]) for p in client.seen if p.id == CONSOLE_MSG)


def ids(client: ByteClient) -> list[int]:
    """Return the ids of what a client got."""
    return [packet.id for packet in client.seen]


def values(client: ByteClient, packet_id: int) -> list[tuple[object, ...]]:
    """Return the values of every packet of one kind that a client got."""
    return [packet.values for packet in client.seen if packet.id == packet_id]
