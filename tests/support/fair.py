"""Five players who do at random what moves value, on one real server, and an auditor.

All of it goes by packets; often those of two players arrive in the same turn of the loop. The
auditor counts everything there is and compares it with what there was and what the ledger says
came into the world or left it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from msgspec import structs
from tests.support.byte_client import ByteClient
from tests.support.market import KINDS
from tests.support.running import Running, Start
from tests.support.things import APPLE, ARROWS, BOW, DAGGER, GOLD, NEWBIE_DAGGER, SWORD, TUNIC
from tests.support.world import ManualClock, world_data

from pyao.content.fields import Pile as FilePile
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.rulebook import Recipes, Rulebook
from pyao.content.world_data import tile_index
from pyao.content.world_file import save_world
from pyao.protocol import client_packets as said
from pyao.protocol import client_social_packets as social
from pyao.protocol.client_packets import BankDepositGold, BankExtractGold
from pyao.protocol.packet import ClientPacket
from pyao.rules import death
from pyao.rules.character import Section, Slot
from pyao.rules.inventory import GOLD_ITEM, GOLD_MAX, STACK_MAX
from pyao.rules.kinds import NpcRole, ObjectType, Potion, Skill
from pyao.storage.ledger import UNEXPLAINED, moves
from pyao.tasks import living
from pyao.tasks.belongings import show_belongings, show_figures
from pyao.world import Player

NAMES = ("Ana", "Bob", "Eva", "Leo", "Mar")
FIELD = 2  # the meadow that is not safe
MERCHANT, BANKER, GAMBLER, BOAR_DEN = (50, 48), (52, 50), (53, 48), (49, 48)
TREE_AT, VEIN_AT, FORGE_AT, ANVIL_AT = (50, 51), (51, 51), (49, 51), (52, 51)
WATER_AT, FIND_AT = (45, 45), (51, 49)
LATER_MS = 1_600
FRAIL = 30  # hit points
TIRELESS = 999  # stamina, of which nobody has more

BOTTLE = Item(number=40, name="Pocima", kind=ObjectType.POTION, potion=Potion.HEALTH, price=9)
IRON, SMELTING = 386, 88
ROD = Item(number=138, name="Caña", kind=ObjectType.WEAPON, price=9)
AXE = Item(number=127, name="Hacha", kind=ObjectType.WEAPON, price=9)
PICK = Item(number=187, name="Pico", kind=ObjectType.WEAPON, price=9)
HAMMER = Item(number=389, name="Martillo", kind=ObjectType.WEAPON, price=9)
SAW = Item(number=198, name="Serrucho", kind=ObjectType.WEAPON, price=9)
ORE = Item(number=192, name="Mineral", kind=ObjectType.MINERAL, ingot=IRON, price=3)
INGOT = Item(number=IRON, name="Lingote", kind=29, price=30)
LOG = Item(number=58, name="Leña", kind=ObjectType.FIREWOOD, price=1)
FISH = Item(number=139, name="Pez", kind=ObjectType.USE_ONCE, hunger=5, price=2)
BLADE = Item(
    number=41, name="Hoja", kind=ObjectType.WEAPON, smithing_skill=1, iron=8, upgrade=42, price=70
)
SABRE = Item(number=42, name="Sable", kind=ObjectType.WEAPON, smithing_skill=1, iron=9, price=80)
STOOL = Item(number=43, name="Banqueta", carpentry_skill=1, wood=3, price=5)
TREE = Item(number=4_001, fixed=True, name="Árbol", kind=ObjectType.TREE)
VEIN = Item(number=4_002, fixed=True, name="Veta", kind=ObjectType.ORE_DEPOSIT, ore=ORE.number)
FORGE = Item(number=4_003, fixed=True, name="Fragua", kind=ObjectType.FORGE)
ANVIL = Item(number=4_004, fixed=True, name="Yunque", kind=ObjectType.ANVIL)
CARRIED = (APPLE, ARROWS, BOTTLE, BOW, DAGGER, GOLD, NEWBIE_DAGGER, SWORD, TUNIC)
TRADE = (ROD, AXE, PICK, HAMMER, SAW, ORE, INGOT, LOG, FISH, BLADE, SABRE, STOOL)
SCENERY = ((TREE, TREE_AT), (VEIN, VEIN_AT), (FORGE, FORGE_AT), (ANVIL, ANVIL_AT))
THINGS = (*CARRIED, *TRADE, *(thing for thing, _ in SCENERY))
BOAR = NpcKind(
    number=6,
    name="Jabalí",
    body=10,
    attackable=True,
    max_hp=5,
    experience=10,
    drops=(FilePile(GOLD.number, 60), FilePile(APPLE.number, 3)),
    respawn_s=1,
    fixed_place=True,
)
OFFER_GOLD = said.UserCommerceOffer(31, 500, 21)
BAG = (
    *(Slot(APPLE.number, 9_990), Slot(SWORD.number, 1, equipped=True), Slot(TUNIC.number, 1)),
    *(Slot(ARROWS.number, 5_000), Slot(NEWBIE_DAGGER.number, 2), Slot(GOLD_ITEM, 700)),
    *(Slot(BOTTLE.number, 100), Slot(DAGGER.number, 3), Slot(BOW.number, 2)),
    *(Slot(tool.number, 1) for tool in (ROD, AXE, PICK, HAMMER, SAW)),
    *(Slot(ORE.number, 300), Slot(IRON, 60), Slot(LOG.number, 90), Slot(BLADE.number, 3)),
)


async def open_fair(start: Start, folder: Path, clock: ManualClock, seed: int) -> Fair:
    """Start the server and bring everybody in."""
    path = folder / "fair.pyao"
    data = world_data()
    goods = (FilePile(BOTTLE.number, 50), FilePile(SWORD.number, 2))
    gambler = next(kind for kind in KINDS if kind.role == NpcRole.GAMBLER)
    kinds = (structs.replace(KINDS[0], stock=goods), KINDS[1], gambler, BOAR)
    stands = (MERCHANT, BANKER, GAMBLER, BOAR_DEN)
    places = [(tile_index(*at), kind.number) for at, kind in zip(stands, kinds, strict=True)]
    objects = [(tile_index(*at), thing.number, 1) for thing, at in SCENERY]
    objects.append((tile_index(*FIND_AT), APPLE.number, 5))
    meadow = replace(data.maps[FIELD], npcs=places, objects=objects)
    recipes = Recipes(
        smith_weapons=(BLADE.number, SABRE.number), smith_armours=(), carpenter=(STOOL.number,)
    )
    save_world(
        replace(
            data,
            maps={**data.maps, FIELD: meadow},
            rulebook=Rulebook(recipes=recipes),
            items={**data.items, **{item.number: item for item in THINGS}},
            npcs={kind.number: kind for kind in kinds},
        ),
        path,
    )
    running = await start(clock=clock, world=str(path), packet_rate=0, logout_s=1)
    fair = Fair(running, clock, seed)
    await fair.begin()
    return fair


def slot_with(who: Player, item: Item) -> int:
    """Return the slot in which somebody has a thing, or 0."""
    slots = enumerate(who.inventory, 1)
    return next((number for number, slot in slots if slot and slot.item == item.number), 0)


def in_hand(who: Player, item: Item) -> tuple[ClientPacket, ...]:
    """Return what takes a thing to hand, if it is not there already."""
    number = slot_with(who, item)
    held = who.inventory[number - 1] if number else None
    return () if held is None or held.equipped else (said.EquipItem(number),)


def work_of(
    roll: random.Random, who: Player, near: tuple[int, int]
) -> tuple[tuple[int, tuple[ClientPacket, ...]], ...]:
    """Return what a player may do for a living, with how often."""
    click, many = said.WorkLeftClick, roll.choice((1, 3, 50, 0, -1))
    smith, carpenter = in_hand(who, HAMMER), in_hand(who, SAW)
    order = said.InitCrafting(many, roll.choice((1, 5, 0, -1, 32_767)))
    slot, amount, place = roll.randint(1, 20), roll.choice((1, 5, -1)), roll.randint(1, 3)
    offer = roll.choice((said.UserCommerceOffer(slot, amount, place), OFFER_GOLD))
    ore, blade = slot_with(who, ORE), slot_with(who, BLADE)
    return (
        (5, (said.Gamble(roll.choice((1, 100, 5_000, 5_001, 0, -1))),)),
        (9, (click(*near, int(Skill.STEAL)),)),
        (5, (*in_hand(who, ROD), click(*WATER_AT, int(Skill.FISHING)))),
        (5, (*in_hand(who, AXE), click(*TREE_AT, int(Skill.WOODCUTTING)))),
        (5, (*in_hand(who, PICK), click(*VEIN_AT, int(Skill.MINING)))),
        (5, (said.UseItem(ore), click(*FORGE_AT, SMELTING))),
        (2, (said.UseItem(blade), click(*FORGE_AT, SMELTING))),
        (5, (*smith, order, said.CraftBlacksmith(BLADE.number))),
        (5, (*carpenter, order, said.CraftCarpenter(STOOL.number))),
        (2, (*smith, said.ItemUpgrade(BLADE.number))),
        (6, (*in_hand(who, BOW), click(*BOAR_DEN, int(Skill.PROJECTILES)))),
        (12, (said.LeftClick(*near), said.CommerceStart())),
        (12, (offer,)),
        (6, (said.UserCommerceConfirm(),)),
        (6, (said.UserCommerceOk(),)),
        (1, (said.UserCommerceEnd(),)),
        (1, (social.PartyCreate(),)),
        (2, (said.LeftClick(*near), social.PartyJoin())),
        (2, (social.PartyAcceptMember(roll.choice(NAMES)),)),
        (1, (social.PartyLeave(),)),
    )


def step_of(
    roll: random.Random, who: Player, foes: list[tuple[int, int]]
) -> tuple[ClientPacket, ...]:
    """Return what a player does in one step: mostly one packet, sometimes several at once."""
    slot = roll.choice((*range(1, 9), roll.randint(0, 30)))
    amount = roll.choice((1, 2, 7, 5_000, STACK_MAX, 0, -1, 32_767))
    gold = roll.choice((1, 100, 40_000, GOLD_MAX, 0, -5))
    near = roll.choice(foes)
    heading = roll.randint(1, 4)
    choices: tuple[tuple[int, tuple[ClientPacket, ...]], ...] = (
        (8, (said.Walk(heading),)),
        (12, (said.PickUp(),)),
        (10, (said.Drop(slot, amount),)),
        (4, (said.Drop(31, roll.choice((1, 9_999, 10_000, 0, -1))),)),
        (6, (said.MoveItem(slot, roll.randint(0, 26), 1),)),
        (6, (said.EquipItem(slot),)),
        (6, (said.UseItem(slot),)),
        (12, (said.ChangeHeading(heading), said.Attack())),
        (9, (*in_hand(who, BOW), said.WorkLeftClick(*near, int(Skill.PROJECTILES)))),
        (3, (said.DoubleClick(*MERCHANT),)),
        (3, (said.DoubleClick(*BANKER),)),
        (4, (said.CommerceEnd(), said.BankEnd())),
        (6, (said.CommerceBuy(roll.randint(0, 3), amount),)),
        (8, (said.DoubleClick(*MERCHANT), said.CommerceSell(slot, amount))),
        (6, (said.DoubleClick(*BANKER), said.BankDeposit(slot, amount))),
        (6, (said.BankExtractItem(slot, amount),)),
        (2, (said.MoveBank(roll.random() < 0.5, slot),)),
        (3, (BankDepositGold(gold),)),
        (3, (BankExtractGold(gold),)),
        (2, (said.Drop(slot, amount), said.PickUp(), said.Drop(slot, amount))),
        (12, (said.LeftClick(*near), said.CommerceStart())),
        (12, (said.CommerceStart(),)),
        (6, (offered(roll, slot, amount), offered(roll, 31, gold))),
        (8, (offered(roll, slot, 1), said.UserCommerceConfirm(), said.UserCommerceOk())),
        (12, (said.UserCommerceOk(),)),
        (1, (said.UserCommerceEnd(),)),
        (1, (said.Quit(),)),
        *work_of(roll, who, near),
    )
    return roll.choices([packets for _, packets in choices], [weight for weight, _ in choices])[0]


def offered(roll: random.Random, slot: int, amount: int) -> ClientPacket:
    """Return an offer to the one a player trades with."""
    return said.UserCommerceOffer(slot, amount, roll.randint(0, 22))


class Fair:
    """The five, and the auditor's book."""

    def __init__(self, running: Running, clock: ManualClock, seed: int) -> None:
        self.running = running
        self.clock = clock
        self.game = running.app.game
        self.roll = random.Random(seed)
        self.clients: dict[str, ByteClient] = {}
        self.people: dict[str, Player] = {}  # as they were when they were last in the world
        self.book: Counter[int] = Counter()  # what the ledger says came and went
        self.causes: Counter[str] = Counter()
        self.start: Counter[int] = Counter()
        self._read = 0  # rows of the ledger

    async def begin(self) -> None:
        """Let everybody come in with something to lose."""
        for number, name in enumerate(NAMES):
            client = self.clients[name] = await self.running.newcomer(name)
            player = self.people[name] = self.running.player(name)
            player.inventory[: len(BAG)] = [replace(slot) for slot in BAG]
            player.inventory[len(BAG) :] = [None] * (len(player.inventory) - len(BAG))
            player.skills[:] = [100] * len(player.skills)
            player.gold, player.bank_gold = 90_000, 5_000
            player.safe = False
            player.max_hp = player.hp = player.min_hit = player.max_hit = FRAIL
            player.max_stamina = player.stamina = TIRELESS
            player.level = 11 + number  # some are newcomers, who lose nothing
            self.game.world.warp(player, FIELD, 50 + number % 3, 49 + number // 3)
            self.game.world.dress(player)
            self.game.world.mark(player, Section.everything())
            show_belongings(self.game, player)
            show_figures(self.game, player)
            await client.settle()
        await self._new_rows()  # those of what they came with
        self.start = self.wealth()

    def wealth(self) -> Counter[int]:
        """Count everything there is: bags, vaults, purses, accounts and the ground."""
        total: Counter[int] = Counter()
        for player in self.people.values():
            total[GOLD_ITEM] += player.gold + player.bank_gold
            for slot in (*player.inventory, *player.bank):
                if slot is not None:
                    total[slot.item] += slot.amount
        for room in self.game.world.maps.values():
            for pile in room.ground.values():
                if not pile.fixed:
                    total[pile.item.number] += pile.amount
        return total

    async def step(self, doers: int) -> None:
        """Let some players do something in the same turn of the loop, and audit the result."""
        for name in self.roll.sample(NAMES, doers):
            client = self.clients[name]
            if client.closed or client.writer.is_closing():
                await self._enter(name)
            elif self.roll.random() < 0.01:
                await client.reset()
            else:
                foes = [(other.x, other.y) for other in self.people.values()]
                self._send(client, step_of(self.roll, self.people[name], foes))
        for client in self.clients.values():
            await self._settle(client)
        self.clock.advance(self.roll.choice((100, 400, LATER_MS)))
        self.game.world.schedule.run_due()
        for player in list(self.game.world.players.values()):
            player.stamina = player.max_stamina
            if self.roll.random() < 0.03:
                self.game.world.warp(player, FIELD, self.roll.randint(49, 52), 50)
            if player.dead and self.roll.random() < 0.2:
                death.revive(player)
                living.revive(self.game, player)
        await self.audit()

    def _send(self, client: ByteClient, packets: tuple[ClientPacket, ...]) -> None:
        """Send what makes one step, as the client does: it walks ahead of the answer."""
        for packet in packets:
            if isinstance(packet, said.Walk):
                client.walk(packet.heading)
        client.send(*(packet.encode() for packet in packets if not isinstance(packet, said.Walk)))

    async def audit(self) -> None:
        """Fail if anything was doubled, lost, made negative or moved without a line."""
        await self._read_ledger()
        for name in NAMES:
            found = self.game.world.find(name)
            if found is not None:
                self.people[name] = found
        expected = self.start + Counter()
        expected.update(self.book)
        assert +self.wealth() == +expected, (+self.wealth(), +expected)
        for player in self.people.values():
            assert 0 <= player.gold <= GOLD_MAX
            assert 0 <= player.bank_gold <= GOLD_MAX
            for slot in (*player.inventory, *player.bank):
                assert slot is None or 1 <= slot.amount <= STACK_MAX, (player, slot)
        for room in self.game.world.maps.values():
            assert all(1 <= pile.amount <= STACK_MAX for pile in room.ground.values())

    async def _enter(self, name: str) -> None:
        """Come back, and be as one was."""
        old = self.clients[name]
        if old in self.running.clients:
            self.running.clients.remove(old)
        client = self.clients[name] = await self.running.connect()
        await client.enter(name)
        assert await self.running.app.writer.drain(5)
        before, now = self.people[name], self.running.player(name)
        assert (now.inventory, now.bank) == (before.inventory, before.bank)
        assert (now.gold, now.bank_gold) == (before.gold, before.bank_gold)
        now.safe = False
        now.min_hit = now.max_hit = FRAIL

    async def _settle(self, client: ByteClient) -> None:
        try:
            if not client.closed and not client.writer.is_closing():
                await client.settle()
        except AssertionError:
            if client.error is not None or not client.closed:
                raise

    async def _read_ledger(self) -> None:
        """Enter what the ledger says since the last time."""
        for row in await self._new_rows():
            self._enter_row(row)

    async def _new_rows(self) -> list[Mapping[str, str]]:
        self.game.changes.snapshot()
        assert await self.running.app.writer.drain(5)
        rows = list(self.running.app.writer.repository.audit_rows())
        new, self._read = rows[self._read :], len(rows)
        return [*new]

    def _enter_row(self, row: Mapping[str, str]) -> None:
        cause = row["cause"]
        self.causes[cause] += 1
        assert cause != UNEXPLAINED, row
        for (_, item), change in moves(row):
            self.book[item] += change
