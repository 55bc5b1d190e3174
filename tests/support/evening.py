"""One evening of one character: from the dice to the next log-in, played with a client's packets.

The test is the game master: it moves time, brings creatures and hands out scrolls and potions. All
that the character does it does by packets, and all that is looked at is what its client was told.
"""

from __future__ import annotations

import random
from collections.abc import Container
from dataclasses import dataclass

from tests.support.byte_client import CONSOLE_MSG, DELTAS, ByteClient, Seen
from tests.support.client_picture import HEADINGS
from tests.support.running import Running
from tests.support.truth import compare
from tests.support.world import ManualClock

from pyao.content.npcs import NpcKind
from pyao.content.world_data import WorldData, tile_place
from pyao.rules.inventory import put
from pyao.rules.kinds import Direction, NpcRole, ObjectType, Potion, Skill
from pyao.tasks import creatures
from pyao.tasks.belongings import show_figures, show_slots
from pyao.tasks.creatures_thinking import THINKING, Minds
from pyao.world import Player
from pyao.world.clock import TICK_MS
from pyao.world.npc import Npc

ATTACK, ATRIBUTES, FAME, SKILLS, MINI_STATS, CAST, CLICK, WORK, USE, AIM, EQUIP, TURN, ASSIGN = (
    8, 13, 14, 15, 16, 25, 26, 28, 30, 33, 36, 37, 38,
)  # fmt: skip
QUIT, MEDITATE, RESUCITATE, HEAL = 71, 79, 80, 81
MULTI, TARGET = 104, 17
HANDS = 400  # blows until a creature must have fallen
GHOST_HEAD = 500
MASTERY = 100  # of a skill, by the game master's hand
HURT = 3  # hit points left by the game master's hand


@dataclass(frozen=True)
class Field:
    """Where and with what an evening is spent, found in the data of a world."""

    data: WorldData

    def creature(self, *, poisonous: bool = False, deadly: bool = False) -> NpcKind:
        """Return the easiest creature that comes and bites, or the one that bites hardest."""
        kinds = [
            kind
            for kind in self.data.npcs.values()
            if kind.attackable and kind.hostile and kind.movement == 3 and kind.max_hit
            if not kind.spells and not kind.land_forbidden and kind.role == NpcRole.COMMON
            if kind.poisonous or not poisonous
        ]
        if deadly:
            return max(kinds, key=lambda kind: kind.min_hit)
        return min(kinds, key=lambda kind: kind.max_hit * kind.max_hp / max(kind.experience, 1))

    def hunting_ground(self) -> int:
        """Return the number of the first map where creatures may be fought and magic works."""
        return next(
            number
            for number, data in sorted(self.data.maps.items())
            if not data.safe and not data.restriction and not data.no_magic and data.npcs
            if data.on_death_goto is None and len(data.npcs) >= 20
        )

    def priest(self) -> tuple[int, int, int]:
        """Return where the first priest stands."""
        return next(
            (number, *tile_place(at))
            for number, data in sorted(self.data.maps.items())
            for at, kind in data.npcs
            if kind in self.data.npcs and self.data.npcs[kind].role == NpcRole.PRIEST
        )

    def spell(self, direction: Direction) -> int:
        """Return the spell that changes hit points so and asks for the least."""
        fits = [one for one in self.data.spells.values() if one.hp.direction == direction]
        scrolls = {item.spell for item in self.data.items.values()}
        fits = [one for one in fits if one.number in scrolls and one.target in (1, 3)]
        return min(fits, key=lambda one: one.mana).number

    def scroll(self, spell: int) -> int:
        """Return the item that teaches a spell."""
        items = self.data.items.values()
        return next(
            item.number for item in items if item.kind == ObjectType.SCROLL and item.spell == spell
        )

    def potion(self, kind: Potion) -> int:
        """Return a potion of a kind that everybody may drink."""
        items = self.data.items.values()
        return next(
            item.number
            for item in items
            if (item.kind, item.potion) == (ObjectType.POTION, kind) and not item.newbie
        )


class Evening:
    """A character's evening, in the steps of the test."""

    def __init__(self, running: Running, clock: ManualClock, seed: int) -> None:
        self.running = running
        self.clock = clock
        self.game = running.app.game
        self.game._dice = random.Random(seed)
        self.field = Field(self.game.world.data)
        self.client: ByteClient
        self.witness: ByteClient
        self.heard: list[str] = []  # by the character, in its console
        self.shown: list[Seen] = []  # to the witness, by the last thing that was done
        self.graphics: Container[int] | None = None  # of the client, where its files are at hand
        self._minds: Minds
        self._still()

    def _still(self) -> None:
        """Stop the clocks: time passes by hand."""
        for work in self.running.app._running:
            if "_ticks" in repr(work):
                work.cancel()
        self.game.world.schedule.cancel(THINKING)
        self._minds = Minds(self.game, stopwatch=lambda: 0.0)

    def move_to(self, running: Running) -> None:
        """Go on with a server that was started anew on the same store."""
        self.running, self.game = running, running.app.game
        self._still()

    @property
    def player(self) -> Player:
        """The character as the server has it, for the game master's hands only."""
        return self.running.player(self.name)

    async def begin(self, name: str, char_class: int) -> None:
        """Create the character and somebody who watches it."""
        self.name = name
        self.client = await self.running.newcomer(name, char_class=char_class)
        self.witness = await self.running.newcomer(f"Ojo {name}")
        if self.graphics is not None:
            self.client.graphics = self.witness.graphics = self.graphics
        watcher = self.running.player(f"Ojo {name}")
        watcher.ignored = True  # by creatures
        await self.go_hunting()

    async def go(self, on: int, x: int, y: int) -> None:
        """Let the game master bring the character somewhere, and the witness beside it."""
        world = self.game.world
        assert world.warp(self.player, on, x, y)
        assert world.warp(self.running.player(f"Ojo {self.name}"), on, x + 1, y + 1)
        await self.hear()

    async def go_hunting(self) -> None:
        """Be brought to where creatures may be fought; those that live there are sent away."""
        number = self.field.hunting_ground()
        room = self.game.world.maps[number]
        for npc in list(room.npcs()):
            self.game.world.remove_npc(npc)
        await self.go(number, 50, 50)

    async def hear(self) -> list[Seen]:
        """Let both clients get what was sent; return what the character's got."""
        came = await self.client.settle()
        self.shown = await self.witness.settle()
        self.heard += [str(packet.values[0]) for packet in came if packet.id == CONSOLE_MSG]
        for client, name in ((self.client, self.name), (self.witness, f"Ojo {self.name}")):
            player = self.game.world.find(name)
            if player is not None and not client.closed:
                compare(self.game.world, client, player)
        return came

    async def do(self, *packet: int) -> list[Seen]:
        """Send a packet and return what came of it."""
        self.client.send(bytes(packet))
        return await self.hear()

    async def wait(self, milliseconds: int) -> list[Seen]:
        """Let time pass, for creatures too."""
        for _ in range(-(-milliseconds // TICK_MS)):
            self.clock.advance(TICK_MS)
            self.game.world.schedule.run_due()
            self._minds.tick()
        return await self.hear()

    async def bring(self, kind: NpcKind) -> Npc:
        """Let the game master bring a creature near the character."""
        player = self.player
        room = self.game.world.maps[player.map]
        npc = creatures.spawn(self.game, kind, room, player.x, player.y)
        assert npc is not None
        await self.hear()
        return npc

    def banish(self, npc: Npc) -> None:
        """Let the game master take a creature away."""
        if not npc.gone:
            self.game.world.remove_npc(npc)

    async def hurt(self) -> None:
        """Let the game master leave only a few hit points."""
        self.player.hp = HURT
        show_figures(self.game, self.player)
        await self.hear()

    async def drain(self) -> None:
        """Let the game master take all mana."""
        self.player.mana = 0
        show_figures(self.game, self.player)
        await self.hear()

    def master(self, skill: Skill) -> None:
        """Let the game master teach a skill to its end."""
        self.player.skills[skill - 1] = MASTERY

    async def learn(self, spell: int) -> None:
        """Learn a spell from a scroll, if it is not known."""
        self.master(Skill.MAGIC)
        if spell not in self.client.book.values():
            await self.use(await self.give(self.field.scroll(spell)))
        assert spell in self.client.book.values(), self.heard[-3:]

    async def give(self, item: int, amount: int = 1) -> int:
        """Let the game master put something into the bag; return its slot."""
        player = self.player
        assert put(player.inventory, item, amount)
        numbers = [n for n, slot in enumerate(player.inventory, 1) if slot and slot.item == item]
        show_slots(self.game, player, numbers)
        await self.hear()
        return numbers[0]

    def slot_of(self, kind: ObjectType, *, equipped: bool | None = None) -> int:
        """Return the first slot that holds a kind of thing, as the client was told."""
        for number, (item, _, amount, worn, _, item_kind, *_) in sorted(self.client.bag.items()):
            if item and amount and item_kind == kind and equipped in (None, bool(worn)):
                return number
        raise AssertionError(f"{self.name} has no {kind.name}: {self.client.bag}")

    async def use(self, slot: int) -> list[Seen]:
        """Use what lies in a slot, no sooner than it may be used."""
        await self.wait(1200)
        came = await self.do(USE, slot)
        await self.wait(200)
        return came

    async def drink(self, potion: Potion) -> None:
        """Drink a potion of a kind, if there is one."""
        items = self.game.world.data.items
        for number, values in sorted(self.client.bag.items()):
            item = items.get(int(str(values[0])))
            if item is not None and (item.kind, item.potion) == (ObjectType.POTION, potion):
                await self.use(number)
                return
        raise AssertionError(f"{self.name} has no {potion.name} left")

    async def strike(self, npc: Npc) -> None:
        """Strike at a creature, once it stands next to the character."""
        if self.client.hp * 2 < self.client.bars["max_hp"]:
            await self.drink(Potion.HEALTH)
        if self.client.bars["stamina"] < 15:
            await self.wait(4_000)
        shown = self.client.figures.get(npc.index)
        if shown is None:
            await self.wait(400)
            return
        step = (shown.x - self.client.x, shown.y - self.client.y)
        weapon = self.player.gear.weapon
        if weapon is not None and weapon.ranged:
            came = await self.do(USE, self.slot_of(ObjectType.WEAPON, equipped=True))
            asks = any(p.id == MULTI and p.values == (TARGET, Skill.PROJECTILES) for p in came)
            assert asks, (self.heard[-5:], self.client.bag)
            await self.do(AIM, shown.x, shown.y, Skill.PROJECTILES)
        elif step in HEADINGS:
            await self.do(TURN, HEADINGS[step])
            await self.do(ATTACK)
        await self.wait(1500)

    async def slay(self, kind: NpcKind) -> None:
        """Fight a creature until it has fallen."""
        npc = await self.bring(kind)
        for _ in range(HANDS):
            if npc.gone:
                return
            await self.strike(npc)
            assert self.client.hp > 0, f"{self.name} was killed by {kind.name}"
        raise AssertionError(f"{self.name} could not kill {kind.name}: {self.heard[-5:]}")

    async def cast(self, spell: int, at: Npc | None = None) -> int:
        """Cast a spell of the book at a creature or at oneself: chosen, asked for, aimed.

        Return how much mana it cost.
        """
        if self.client.bars["mana"] < self.game.world.data.spells[spell].mana:
            await self.drink(Potion.MANA)
        slot = next(number for number, known in self.client.book.items() if known == spell)
        await self.wait(1500)
        came = await self.do(CAST, slot, WORK, Skill.MAGIC)
        assert any(p.id == MULTI and p.values == (TARGET, Skill.MAGIC) for p in came)
        target = self.client.figures[self.client.index if at is None else at.index]
        before = self.client.bars["mana"]
        await self.do(AIM, target.x, target.y, Skill.MAGIC)
        return before - self.client.bars["mana"]

    async def walk(self, steps: int) -> int:
        """Walk wherever the way is free; return how many steps were taken."""
        taken = 0
        for number in range(steps * 4):
            before = (self.client.x, self.client.y)
            self.client.walk(1 + number % len(DELTAS))
            await self.wait(300)
            taken += (self.client.x, self.client.y) != before
            if taken == steps:
                break
        return taken

    async def record(self) -> dict[str, object]:
        """Ask for everything a client can see of its character."""
        client = self.client
        came = await self.do(ATRIBUTES, FAME, SKILLS, MINI_STATS)
        names = {50: "attributes", 61: "fame", 62: "mini stats", 71: "skills"}
        answers = {names[packet.id]: packet.values for packet in came if packet.id in names}
        assert len(answers) == len(names)
        own = client.figures[client.index]
        return {
            **answers,
            "place": (client.map, client.x, client.y),
            "look": (own.body, own.head, own.name),
            "bars": {name: value for name, value in client.bars.items() if name != "stamina"},
            "bag": {slot: values for slot, values in client.bag.items() if values[0]},
            "book": {slot: spell for slot, spell in client.book.items() if spell},
        }

    async def assign(self, skill: Skill, points: int) -> None:
        """Spend free points on a skill."""
        await self.do(ASSIGN, *(points if number == skill else 0 for number in range(1, 21)))

    async def leave(self) -> None:
        """Log out, as long as it takes."""
        self.client.send(bytes((QUIT,)))
        for _ in range(15):
            if not self.client.closed:
                self.clock.advance(1000)
                self.game.world.schedule.run_due()
                await self.witness.settle()
        await self.client.until_closed()
        assert self.witness.named(self.name) is None

    async def come_back(self) -> None:
        """Log in again; so does the witness, if the server was another."""
        self.client = await self.enter(self.name)
        if self.witness not in self.running.clients:
            self.witness = await self.enter(f"Ojo {self.name}")

    async def enter(self, name: str) -> ByteClient:
        """Log a character in."""
        client = await self.running.connect()
        client.graphics = self.witness.graphics
        await client.enter(name)
        return client
