"""Clients that move value about in every way, and the world they do it in.

Each writes down every state it was shown, and which of them the server confirmed as stored; what a
store holds after a crash is compared with that.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from anyascii import anyascii
from msgspec import structs
from tests.support.byte_client import CONSOLE_MSG, DICE_ROLL, LOGGED, ByteClient, Seen
from tests.support.lives import word
from tests.support.things import APPLE, GOLD, SWORD
from tests.support.world import world_data

from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.texts import Catalogue
from pyao.content.world_data import tile_index
from pyao.content.world_file import save_world
from pyao.protocol import client_packets as said
from pyao.rules.character import Character, Slot, UserId
from pyao.rules.inventory import GOLD_SLOT
from pyao.rules.kinds import NpcRole, ObjectType, Potion

MAP = 2
PRIEST, BANKER = (50, 45), (51, 45)
LEFT, TOP, RIGHT, BOTTOM = 47, 46, 53, 51  # where traders walk, in reach of both
TRADERS = 8
TOKENS_EACH = 3
FIRST_TOKEN = 1001
GOLD_EACH = 200_000
LEVEL = 13  # above that of a newbie, who would keep everything in death
PAUSE_S = 0.02
STEP_S = 0.35
POISON = Item(number=40, name="poison", kind=ObjectType.POTION, potion=Potion.DEATH, graphic=542)
THINGS = (APPLE, SWORD, GOLD)
BAG_SLOT, UPDATE_GOLD, UPDATE_STATS, BANK_OK, VAULT_SLOT = 47, 18, 45, 85, 48
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
    things = [seen(item) for item in THINGS]
    items = {item.number: item for item in (*data.items.values(), *things, POISON, *tokens)}
    npcs = {
        1: NpcKind(number=1, name="Sacerdote", body=100, head=1, role=NpcRole.PRIEST),
        2: NpcKind(number=2, name="Banquero", body=100, head=1, role=NpcRole.BANKER),
    }
    field_map = replace(data.maps[MAP], npcs=[(tile_index(*PRIEST), 1), (tile_index(*BANKER), 2)])
    meadow = replace(data.maps[1], npcs=[])
    path = data_dir / "field.pyao"
    save_world(replace(data, maps={1: meadow, MAP: field_map}, items=items, npcs=npcs), path)
    return path


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
        char_class=3,
        head=5,
        level=LEVEL,
        experience_next=10_000,
        gold=GOLD_EACH,
        map=MAP,
        x=LEFT + number % 7,
        y=TOP + number // 7,
        hp=100,
        max_hp=100,
        max_stamina=100,
        stamina=100,
    )
    own = [FIRST_TOKEN + number * TOKENS_EACH + n for n in range(TOKENS_EACH)]
    carried = [*((token, 1) for token in own), (POISON.number, 500), (APPLE.number, 5_000), (2, 3)]
    for slot, (item, amount) in enumerate(carried):
        who.inventory[slot] = Slot(item, amount)
    return who


def trader_name(number: int) -> str:
    """Return what a trader is called."""
    return f"Mercader {word(number)}".title()


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
    passwords: list[str] = field(default_factory=list)  # the last one confirmed, then those tried
    created: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    did: dict[str, int] = field(default_factory=dict)

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
        if packet.id == BAG_SLOT:
            slot, item, amount = int(packet.values[0]), int(packet.values[1]), int(packet.values[3])  # type: ignore[arg-type]
            self.slots.pop(slot, None)
            if item:
                self.slots[slot] = (item, amount)
        elif packet.id == UPDATE_GOLD:
            self.gold = int(packet.values[0])  # type: ignore[arg-type]
        elif packet.id == UPDATE_STATS:
            self.gold = int(packet.values[6])  # type: ignore[arg-type]
        elif packet.id == BANK_OK:
            self.log.confirmed = len(self.log.shown) - 1
            return
        else:
            return
        bag = frozenset((slot, *held) for slot, held in self.slots.items())
        self.log.shown.append(Shown(time.monotonic(), self.gold, bag))


class Trader:
    """Does one thing after another until the server dies."""

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
            self.log.did[name] = self.log.did.get(name, 0) + 1
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
    slots = [slot for slot, (item, _) in client.slots.items() if item == APPLE.number]
    client.send(*(said.UseItem(slot).encode() for slot in slots))


async def die(_trader: Trader, client: WatchedClient) -> None:
    slots = [slot for slot, (item, _) in client.slots.items() if item == POISON.number]
    client.send(*(said.UseItem(slot).encode() for slot in slots[:1]), said.Resucitate().encode())


async def grow(_trader: Trader, client: WatchedClient) -> None:
    client.talk(GROW)


async def bank(trader: Trader, client: WatchedClient) -> None:
    if "bank" not in client.flags:
        client.flags.add("bank")
        client.send(said.DoubleClick(*BANKER).encode())
    roll = trader.roll
    client.send(
        roll.choice(
            (
                said.BankDeposit(trader.a_slot(), 1),
                said.BankExtractItem(roll.randint(1, 6), 1),
                said.BankDepositGold(roll.randint(1, 5_000)),
                said.BankExtractGold(roll.randint(1, 5_000)),
            )
        ).encode()
    )


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
    ("change password", change_password),
    ("create account", found),
)
WEIGHTS = (20, 12, 30, 25, 8, 8, 3, 2, 6, 1, 1)
