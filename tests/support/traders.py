"""Clients that move value about in every way, and the world they do it in.

Each writes down every state it was shown, and which of them the server confirmed as stored; what a
store holds after a crash is compared with that. All amounts keep laws that need no ledger: ore,
ingots and blades weigh the same in all, so do wood and stools, and each ware that was bought or
sold has its price in coins.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from anyascii import anyascii
from msgspec import structs
from tests.support import barracks
from tests.support.byte_client import CONSOLE_MSG, DICE_ROLL, LOGGED, ByteClient, Seen
from tests.support.lives import word
from tests.support.server_process import ServerProcess
from tests.support.things import APPLE, GOLD, SWORD
from tests.support.world import world_data

from pyao.accounts import Accounts
from pyao.config import Settings
from pyao.content.fields import Pile
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.rulebook import Recipes
from pyao.content.texts import Catalogue
from pyao.content.world_data import tile_index
from pyao.content.world_file import save_world
from pyao.protocol import client_packets as said
from pyao.protocol import client_social_packets as social
from pyao.protocol.packet import ClientPacket
from pyao.rules.character import SKILLS, Character, Slot, UserId
from pyao.rules.guild import CODEX_LINES, Alignment
from pyao.rules.inventory import GOLD_ITEM, GOLD_SLOT
from pyao.rules.kinds import CharClass, NpcRole, ObjectType, Potion
from pyao.rules.trade import GOLD_PLACE, TRADE_RANGE
from pyao.storage import Repository, SnapshotWriter
from pyao.storage.stocktaking import Findings
from pyao.tasks.work import SMELTING

MAP = 2
PRIEST, BANKER, MERCHANT = (50, 45), (51, 45), (49, 45)
FORGE_AT, ANVIL_AT = (48, 45), (52, 45)
LEFT, TOP, RIGHT, BOTTOM = 47, 46, 53, 51  # where traders walk, in reach of both
TRADERS = 8
TOKENS_EACH = 3
FIRST_TOKEN = 2001
GOLD_EACH = 320_000  # more than the dead of that level keep
LEVEL = 25  # enough to found a guild; a newbie would keep everything in death
STAMINA = 999
PAUSE_S = 0.02
STEP_S = 0.35
POISON = Item(number=40, name="poison", kind=ObjectType.POTION, potion=Potion.DEATH, graphic=542)
SKILL = 100  # in everything, which no practice raises: prices stay what they are
WARE = Item(number=41, name="ware", kind=20, graphic=550, price=10)  # nothing else is of its kind
BOUGHT_AT, SOLD_AT = 5, 3  # ceil(10 x 100 / (100 + SKILL)) and trunc(10 / 3)
SAW = Item(number=198, name="saw", kind=ObjectType.WEAPON, graphic=541)
HAMMER = Item(number=389, name="hammer", kind=ObjectType.WEAPON, graphic=541)
WOOD = Item(number=58, name="wood", kind=ObjectType.FIREWOOD, graphic=550)
STOOL = Item(number=42, name="stool", kind=21, graphic=550, carpentry_skill=2, wood=3)
INGOT = Item(number=386, name="iron", kind=29, graphic=550)
ORE = Item(number=192, name="ore", kind=ObjectType.MINERAL, graphic=550, ingot=386, min_skill=1)
ORE_PER_INGOT = 14
BLADE = Item(number=43, name="blade", kind=21, graphic=550, smithing_skill=2, iron=2)
FORGE = Item(number=28, name="forge", kind=ObjectType.FORGE, graphic=550, fixed=True)
ANVIL = Item(number=27, name="anvil", kind=ObjectType.ANVIL, graphic=550, fixed=True)
FIXTURES = ((FORGE_AT, FORGE), (ANVIL_AT, ANVIL))
WOOD_EACH, ORE_EACH = 1_000, 5_000
THINGS = (APPLE, SWORD, GOLD, SAW, HAMMER)
GOODS = (POISON, WARE, WOOD, STOOL, INGOT, ORE, BLADE, FORGE, ANVIL)
TRADE_BEGUN, TRADE_OVER = 9, 10
BAG_SLOT, UPDATE_GOLD, UPDATE_STATS, TRADE_OK, BANK_OK = 47, 18, 45, 84, 85
GROW = "/crecer"
MODULE = '''
from pyao.modules import BaseModule


class Grow(BaseModule):
    """Gives experience to who asks for it."""

    def __init__(self, server):
        super().__init__(server)
        self.command("crecer", self.grow)

    def grow(self, caller, arguments):
        self.server.client(caller.name).give_experience(20_000, "a test")
'''
_texts = Catalogue("es")
CHANGED = anyascii(_texts("password.changed"))

Bag = frozenset[tuple[int, int, int]]
"""Slot, item and amount of everything carried."""


def server_of_the_field(data_dir: Path, *options: str) -> ServerProcess:
    """Return a server, not started, on the traders' field, with that module and no pace."""
    world = save_field(data_dir)
    return ServerProcess(
        data_dir,
        *options,
        *("--world", str(world)),
        env={"PYAO_PACKET_RATE": "0", "PYAO_MODULES_LOAD_ORDER": "grow"},
    )


def save_field(data_dir: Path) -> Path:
    """Write the world, and the module that gives experience; return the world's path."""
    modules = data_dir / "modules"
    modules.mkdir(parents=True)
    (modules / "grow.py").write_text(MODULE)
    data = world_data()
    tokens = [
        Item(number=FIRST_TOKEN + n, name=f"token {n}", kind=21, graphic=550)
        for n in range(TRADERS * TOKENS_EACH)
    ]
    more = (*tokens, *barracks.ITEMS)
    things = [seen(item) for item in THINGS]
    items = {item.number: item for item in (*data.items.values(), *things, *GOODS, *more)}
    data.rulebook.recipes = Recipes(smith_weapons=(BLADE.number,), carpenter=(STOOL.number,))
    field_map = replace(
        data.maps[MAP],
        npcs=[(tile_index(*at), kind) for at, kind in ((PRIEST, 1), (BANKER, 2), (MERCHANT, 3))],
        objects=[
            (tile_index(*FORGE_AT), FORGE.number, 1),
            (tile_index(*ANVIL_AT), ANVIL.number, 1),
        ],
    )
    data.rulebook.faction_armour[barracks.SOLDIERS] = barracks.UNIFORM
    maps = {1: barracks.furnished(data.maps[1]), MAP: field_map}
    path = data_dir / "field.pyao"
    save_world(replace(data, maps=maps, items=items, npcs=townsmen()), path)
    return path


def townsmen() -> dict[int, NpcKind]:
    """Return who stands about; the merchant never runs out of its ware, and buys nothing else.

    What a trader knows of its bag may be old by the time it sells from it.
    """
    stock = (Pile(WARE.number, 10_000),)
    return {
        1: NpcKind(number=1, name="Sacerdote", body=100, head=1, role=NpcRole.PRIEST),
        2: NpcKind(number=2, name="Banquero", body=100, head=1, role=NpcRole.BANKER),
        3: NpcKind(
            number=3, name="Tendero", body=100, head=1, trades=True, buys=WARE.kind, stock=stock
        ),
        barracks.NOBLE.number: barracks.NOBLE,
    }


def seen(item: Item) -> Item:
    """Return an item that is seen on the ground."""
    return structs.replace(item, graphic=541)


def new_trader(number: int, user_id: UserId) -> Character:
    """Make the character of a trader, with its tokens, poison to die of and gold to lose."""
    who = Character(
        user_id=user_id,
        name=trader_name(number),
        account=trader_name(number),
        race=1,
        gender=1,
        char_class=CharClass.WORKER,
        head=5,
        level=LEVEL,
        experience_next=10_000,
        gold=GOLD_EACH,
        map=MAP,
        x=LEFT + number % 7,
        y=TOP + number // 7,
        hp=100,
        max_hp=100,
        max_stamina=STAMINA,
        stamina=STAMINA,
        skills=[SKILL] * SKILLS,
    )
    own = [FIRST_TOKEN + number * TOKENS_EACH + n for n in range(TOKENS_EACH)]
    carried = [
        *((token, 1) for token in own),
        *((POISON.number, 500), (APPLE.number, 5_000), (SWORD.number, 3), (SAW.number, 1)),
        *((HAMMER.number, 1), (WOOD.number, WOOD_EACH), (ORE.number, ORE_EACH)),
    ]
    for slot, (item, amount) in enumerate(carried):
        who.inventory[slot] = Slot(item, amount)
    return who


def trader_name(number: int) -> str:
    """Return what a trader is called."""
    return f"Mercader {word(number)}".title()


async def settle_in(repository: Repository, traders: int = TRADERS) -> None:
    """Make the accounts of the traders, before any server runs."""
    await move_in(repository, {trader_name(n): partial(new_trader, n) for n in range(traders)})


async def move_in(
    repository: Repository,
    makers: Mapping[str, Callable[[UserId], Character]],
    ranks: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Make accounts with a character each; some have a rank."""
    writer = SnapshotWriter(repository)
    await writer.open()
    accounts = Accounts(writer, Settings().game)
    for name, make in makers.items():
        made = await accounts.create_with_character(name, "secreto", email="", make=make)
        assert isinstance(made, Character), made
    for name, privileges in ranks.items():
        assert await accounts.set_privileges(name, privileges) is None
    await writer.drain(10)
    await accounts.close()
    await writer.close()


def bag_of(record: dict[str, str]) -> Bag:
    """Return what a stored inventory holds."""
    found = []
    for name, body in record.items():
        if name.startswith("slot_"):
            item, amount, *_ = body.split(":")
            found.append((int(name.removeprefix("slot_")), int(item), int(amount)))
    return frozenset(found)


def check_amounts(
    found: Findings, minted: int = 0, cleaned: Mapping[int, int] = MappingProxyType({})
) -> None:
    """Check that everything there was is there once, in whatever form, and is paid for.

    `minted` is what somebody else made of gold; what was `cleaned` away from the ground, by item,
    was there once as well, and is gone with a line that says so.
    """
    ever, came = Counter(found.held) + Counter(cleaned), found.created
    tokens = [ever[FIRST_TOKEN + n] for n in range(TRADERS * TOKENS_EACH)]
    assert tokens == [1] * len(tokens)
    sold = found.destroyed.get(WARE.number, 0) - cleaned.get(WARE.number, 0)
    paid = BOUGHT_AT * came.get(WARE.number, 0) - SOLD_AT * sold
    assert ever[GOLD_ITEM] == TRADERS * GOLD_EACH - paid + minted
    iron = ever[INGOT.number] + BLADE.iron * ever[BLADE.number]
    assert ever[ORE.number] + ORE_PER_INGOT * iron == TRADERS * ORE_EACH
    assert ever[WOOD.number] + STOOL.wood * ever[STOOL.number] == TRADERS * WOOD_EACH
    for tool, each in ((SAW, 1), (HAMMER, 1), (SWORD, 3)):
        assert ever[tool.number] == TRADERS * each


@dataclass(frozen=True)
class Shown:
    """What a client was shown of its own: when, and of what."""

    at: float
    gold: int
    bag: Bag


@dataclass
class AckLog:
    """What a trader was told, in order; `confirmed` is the first state that must be stored."""

    shown: list[Shown] = field(default_factory=list)
    confirmed: int = 0
    confirmations: int = 0
    passwords: list[str] = field(default_factory=list)  # the last one confirmed, then those tried
    created: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def age_of(self, gold: int, bag: Bag, now: float) -> float | None:
        """Return for how long a stored state had been over; None for one that cannot be there."""
        ended = now
        for state in reversed(self.shown[self.confirmed :]):
            if (state.gold, state.bag) == (gold, bag):
                return max(0.0, now - ended)
            ended = state.at
        return None


class WatchedClient(ByteClient):
    """A client that writes down what it is shown of its purse and bag before anybody acts on it."""

    log: AckLog | None = None
    gold = 0
    slots: dict[int, tuple[int, int]]
    trade_stage = 0  # 1 once a trade has begun, 2 once the own offer is settled

    def watch(self, log: AckLog) -> None:
        """Begin to write."""
        self.log = log
        self.slots = {}

    def read(self, chunk: bytes) -> list[Seen]:
        """Take in a read, and note each change of purse or bag in it."""
        came = super().read(chunk)
        for packet in came if self.log is not None else ():
            self._note(packet)
        return came

    def _note(self, packet: Seen) -> None:
        assert self.log is not None
        if packet.id in (TRADE_BEGUN, TRADE_OVER):
            self.trade_stage = int(packet.id == TRADE_BEGUN)
        if packet.id == BAG_SLOT:
            slot, item, amount = int(packet.values[0]), int(packet.values[1]), int(packet.values[3])  # type: ignore[arg-type]
            self.slots.pop(slot, None)
            if item:
                self.slots[slot] = (item, amount)
        elif packet.id == UPDATE_GOLD:
            self.gold = int(packet.values[0])  # type: ignore[arg-type]
        elif packet.id == UPDATE_STATS:
            self.gold = int(packet.values[6])  # type: ignore[arg-type]
        elif packet.id in (BANK_OK, TRADE_OK):
            self.log.confirmed = len(self.log.shown) - 1
            self.log.confirmations += 1
            return
        else:
            return
        bag = frozenset((slot, *held) for slot, held in self.slots.items())
        self.log.shown.append(Shown(time.monotonic(), self.gold, bag))

    def slots_of(self, item: Item) -> list[int]:
        """Return where something is carried, as far as is known."""
        return [slot for slot, (number, _) in self.slots.items() if number == item.number]


class Trader:
    """Does one thing after another until the server dies.

    A patient one waits for the confirmation of each deal before it goes on, so that what it was
    shown last is what was confirmed; while a store is away that would be waiting for nothing.
    """

    patient = True

    def __init__(self, number: int, connect: Callable[[], Awaitable[WatchedClient]]) -> None:
        self.number = number
        self.name = trader_name(number)
        self.log = AckLog(passwords=["secreto"])
        self.roll = random.Random()
        self.client: WatchedClient | None = None
        self.founded = 0
        self.stepped = 0.0
        self._connect = connect

    async def enter(self) -> None:
        """Come into the game; from here on everything shown is written down."""
        self.log.shown.clear()
        self.log.confirmed = 0
        self.client = await self._connect()
        self.client.watch(self.log)
        await self.client.enter(self.name, self.log.passwords[0])
        self.log.confirmed = 0

    async def play(self) -> None:
        """Play until the connection is gone."""
        while self.client is not None and not self.client.closed:
            await self.act()

    async def act(self, but: Collection[str] = ()) -> None:
        """Do one thing, though none of those excluded, and rest a moment."""
        assert self.client is not None
        name, act = self.roll.choices(ACTS, WEIGHTS)[0]
        if name not in but:
            await act(self, self.client)
        await asyncio.sleep(PAUSE_S)

    async def end(self) -> None:
        """Take in what still arrives, and hang up."""
        if self.client is not None:
            await self.client.until_closed()
            await self.client.close()

    def a_slot(self) -> int:
        """Return a slot that holds something, as far as is known."""
        assert self.client is not None
        return self.roll.choice([*self.client.slots] or [1])


Act = Callable[[Trader, WatchedClient], Awaitable[None]]


async def drop(trader: Trader, client: WatchedClient) -> None:
    client.send(said.Drop(trader.a_slot(), trader.roll.choice((1, 1, 20))).encode())


async def drop_gold(trader: Trader, client: WatchedClient) -> None:
    client.send(said.Drop(GOLD_SLOT, trader.roll.randint(1, 9_999)).encode())


async def pick_up(_trader: Trader, client: WatchedClient) -> None:
    client.send(said.PickUp().encode())


async def walk(trader: Trader, client: WatchedClient) -> None:
    now = time.monotonic()
    if now - trader.stepped < STEP_S:
        return  # faster than a client can, and the server hangs up on who tries
    trader.stepped = now
    await client.settle()
    heading = trader.roll.choice((1, 2, 3, 4))
    dx, dy = {1: (0, -1), 2: (1, 0), 3: (0, 1), 4: (-1, 0)}[heading]
    if LEFT <= client.x + dx <= RIGHT and TOP <= client.y + dy <= BOTTOM:
        client.walk(heading)


async def equip(trader: Trader, client: WatchedClient) -> None:
    client.send(said.EquipItem(trader.a_slot()).encode())


async def use(_trader: Trader, client: WatchedClient) -> None:
    client.send(*(said.UseItem(slot).encode() for slot in client.slots_of(APPLE)))


async def die(_trader: Trader, client: WatchedClient) -> None:
    slots = client.slots_of(POISON)
    client.send(*(said.UseItem(slot).encode() for slot in slots[:1]), said.Resucitate().encode())


async def smelt(_trader: Trader, client: WatchedClient) -> None:
    for slot in client.slots_of(ORE)[:1]:
        client.send(said.UseItem(slot).encode(), said.WorkLeftClick(*FORGE_AT, SMELTING).encode())


async def forge(_trader: Trader, client: WatchedClient) -> None:
    make(client, HAMMER, said.CraftBlacksmith(BLADE.number))


async def build(_trader: Trader, client: WatchedClient) -> None:
    make(client, SAW, said.CraftCarpenter(STOOL.number))


def make(client: WatchedClient, tool: Item, order: ClientPacket) -> None:
    """Take a tool to hand and order one of a thing."""
    for slot in client.slots_of(tool)[:1]:
        in_hand = bool(client.bag[slot][3])
        take = () if in_hand else (said.EquipItem(slot).encode(),)
        client.send(*take, said.InitCrafting(1, 1).encode(), order.encode())


async def grow(_trader: Trader, client: WatchedClient) -> None:
    client.talk(GROW)


async def bank(trader: Trader, client: WatchedClient) -> None:
    roll = trader.roll
    deal = roll.choice(
        (
            said.BankDeposit(trader.a_slot(), 1),
            said.BankExtractItem(roll.randint(1, 6), 1),
            said.BankDepositGold(roll.randint(1, 5_000)),
            said.BankExtractGold(roll.randint(1, 5_000)),
        )
    )
    await strike(trader, client, said.DoubleClick(*BANKER), deal, said.BankEnd())


async def shop(trader: Trader, client: WatchedClient) -> None:
    slots = client.slots_of(WARE)
    deal: ClientPacket = said.CommerceBuy(1, 1)
    if slots and trader.roll.random() < 0.5:
        deal = said.CommerceSell(trader.roll.choice(slots), 1)
    await strike(trader, client, said.DoubleClick(*MERCHANT), deal, said.CommerceEnd())


async def strike(trader: Trader, client: WatchedClient, *packets: ClientPacket) -> None:
    """Make a deal at a window, and wait for its confirmation if anything came of it."""
    log = trader.log
    client.send(said.UserCommerceEnd().encode())  # whoever trades opens no window
    await client.settle()
    shown, confirmed = len(log.shown), log.confirmations
    client.send(*(packet.encode() for packet in packets))
    await client.settle()
    if trader.patient and len(log.shown) > shown and log.confirmations == confirmed:
        await client.until(lambda packet: packet.id in (BANK_OK, TRADE_OK))


async def trade(trader: Trader, client: WatchedClient) -> None:
    """Propose a trade to somebody near or accept one; then offer and settle; then accept."""
    roll, stage = trader.roll, client.trade_stage
    near = [
        one
        for one in client.figures.values()
        if 0 < abs(one.x - client.x) + abs(one.y - client.y) <= TRADE_RANGE
    ]
    if stage == 0 and near and roll.random() < 0.5:
        other = roll.choice(near)
        client.send(said.LeftClick(other.x, other.y).encode())
    if stage == 0:
        client.send(said.CommerceStart().encode())
    elif stage == 1:
        client.trade_stage = 2
        thing = said.UserCommerceOffer(trader.a_slot(), 1, roll.randint(1, 4))
        gold = said.UserCommerceOffer(GOLD_SLOT, roll.randint(1, 9_999), GOLD_PLACE)
        client.send(*(packet.encode() for packet in (thing, gold, said.UserCommerceConfirm())))
    else:
        client.send(said.UserCommerceOk().encode())


async def change_password(trader: Trader, client: WatchedClient) -> None:
    new = f"secreto{trader.roll.randrange(1_000_000)}"
    old = trader.log.passwords[-1]
    trader.log.passwords.append(new)
    client.send(said.ChangePassword(old, new).encode())
    answer = await client.until(tells_of_password)
    if str(answer.values[0]) == CHANGED:
        trader.log.passwords[:] = [new]
    else:
        trader.log.passwords.remove(new)


def tells_of_password(packet: Seen) -> bool:
    return packet.id == CONSOLE_MSG and "ontrase" in str(packet.values[0])


async def found(trader: Trader, _client: WatchedClient) -> None:
    """Create an account with its character from another connection."""
    name = f"Nuevo {word(trader.number)} {word(trader.founded)}"[:15].strip().title()
    trader.founded += 1
    newcomer = await trader._connect()
    try:
        newcomer.throw_dices()
        await newcomer.get(DICE_ROLL)
        trader.log.tried.append(name)
        newcomer.create(name)
        await newcomer.get(LOGGED)
        trader.log.created.append(name)
    finally:
        await newcomer.close()


async def guild(trader: Trader, client: WatchedClient) -> None:
    """Found a guild, apply to somebody's, admit somebody, or leave; verify reads what is stored."""
    other = trader.roll.randrange(TRADERS)
    founding = social.CreateNewGuild("d", guild_name(trader.number), "w", [""] * CODEX_LINES)
    deeds: tuple[tuple[ClientPacket, ...], ...] = (
        (social.GuildFundate(), social.GuildFundation(Alignment.NEUTRAL), founding),
        (social.GuildRequestMembership(guild_name(other), "hola"),),
        (social.GuildAcceptNewMember(trader_name(other)),),
        (social.GuildLeave(),),
    )
    client.send(*(packet.encode() for packet in trader.roll.choice(deeds)))


def guild_name(number: int) -> str:
    """Return what the guild of a trader is called."""
    return f"Gremio {word(number)}".title()


ACTS: tuple[tuple[str, Act], ...] = (
    ("drop", drop),
    ("drop gold", drop_gold),
    ("pick up", pick_up),
    ("walk", walk),
    ("equip", equip),
    ("use", use),
    ("die", die),
    ("level up", grow),
    ("bank", bank),
    ("trade", trade),
    ("shop", shop),
    ("smelt", smelt),
    ("forge", forge),
    ("build", build),
    ("change password", change_password),
    ("create account", found),
    ("guild", guild),
)
WEIGHTS = (20, 12, 30, 25, 8, 8, 3, 2, 6, 60, 8, 4, 4, 4, 1, 1, 4)
