"""Those who bring value about by order: a game master with a board to write on, and recruits.

Each writes down the state it asks for before it asks, one after another. So what a store holds of
it is one of these states, and whole: gold, things in the bag, things on the ground and what is on
the board of the same moment, with a line for each order, and for each rank in an army the armour
that came with it.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from tests.support.barracks import (
    BARE,
    BARRACKS,
    BEYOND,
    BOARD,
    CAMP,
    DECREED,
    GATE,
    NOBLE_AT,
    SOLDIERS,
    SOUTH_OF_GATE,
    SOUTH_OF_IT,
    SUITS,
    TELEPORT,
)
from tests.support.lives import word
from tests.support.things import APPLE
from tests.support.traders import (
    PAUSE_S,
    Bag,
    Shown,
    Trader,
    WatchedClient,
    move_in,
    new_trader,
)

from pyao.game.own_data import BOARDS
from pyao.protocol import client_packets as said
from pyao.protocol import client_social_packets as social
from pyao.protocol.gm_packets import GmEditChar, GmWarpChar
from pyao.protocol.gm_world_packets import (
    GmCleanWorld,
    GmCreateItem,
    GmDestroyAllItemsInArea,
    GmDestroyItems,
    GmTeleportCreate,
    GmTeleportDestroy,
)
from pyao.protocol.packet import ClientPacket
from pyao.rules.board import POSTS_MAX
from pyao.rules.character import Character, Slot, UserId
from pyao.rules.edits import Field
from pyao.rules.faction import RANK_MAX, armour_amounts
from pyao.rules.kinds import Privilege
from pyao.storage import Repository
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import held_in, of_map
from pyao.storage.records import AccountRecord

MASTER = "Juez Supremo"
RANK = int(Privilege.PLAYER | Privilege.GOD)
MADE = 100  # of a thing, by one order
HIGHEST_GOLD = 50_000
FREE_SLOTS = 1  # so that of the first gift only a third fits into the bag
POSTS = RedisKeys.module_data(BOARDS, f"posts:general:{BOARD.forum}")
GROUND = RedisKeys.map_ground(BARRACKS)
ON_THE_GROUND, IN_THE_BAG, ON_THE_BOARD, IN_THE_BOOK = 1, 2, 3, 4
NOTED = {f"gm {word}" for word in ("ci", "dest", "massdest", "mod", "limpiar", "ct", "dt")}
Connect = Callable[[], Awaitable[WatchedClient]]


def recruit_name(number: int) -> str:
    """Return what a recruit is called."""
    return f"Recluta {word(number)}".title()


def new_recruit(number: int, user_id: UserId) -> Character:
    """Make somebody who has earned every reward of the Royal Army, with hardly any room for it."""
    who = _stranger(recruit_name(number), user_id)
    who.char_class, who.level, who.experience_next = SOLDIERS, 40, 1_000_000_000
    who.criminals_killed, who.noble = 10_000, 10_000_000
    full = len(who.inventory) - FREE_SLOTS
    who.inventory[:full] = [Slot(APPLE.number, 1) for _ in range(full)]
    (who.x, who.y) = CAMP
    return who


def _stranger(name: str, user_id: UserId) -> Character:
    who = new_trader(0, user_id)
    who.name = who.account = name
    who.gold, who.map = 0, BARRACKS
    who.inventory[:] = [None] * len(who.inventory)
    (who.x, who.y) = SOUTH_OF_IT
    return who


class Orderer(Trader):
    """Somebody whose states are what it asks for, one after another, and not what it is shown."""

    def now(self) -> Shown:
        """Return the state that was asked for last, or was found in the store."""
        raise NotImplementedError

    def begin(self) -> None:
        """Forget all states but the last."""
        self.log.shown[:] = [self.now()]

    async def enter(self) -> None:
        """Come into the game."""
        self.client = await self._connect()
        await self.client.enter(self.name)

    async def ask(self, *packets: ClientPacket) -> None:
        """Ask for a state that was chosen just now."""
        assert self.client is not None
        self.log.shown.append(self.now())
        self.client.send(*(packet.encode() for packet in packets))
        await self.client.settle()
        await asyncio.sleep(PAUSE_S)

    def age(self, killed: float) -> float:
        """Return for how long the state in the store had been over when the server was killed."""
        stored = self.now()
        age_s = self.log.age_of(stored.gold, stored.bag, killed)
        assert age_s is not None, f"{self.name}: {stored} was never so, but {self.log.shown[-5:]}"
        return age_s


# --- the game master -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Realm:
    """What a game master has brought about."""

    gold: int = 0
    ground: int = 0  # the thing that lies on the bare tile
    bag: frozenset[int] = frozenset()
    posts: int = 0
    gate: bool = False  # whether the mark of a teleport lies there
    leads: bool = False  # ... and it leads somewhere, which no store keeps
    orders: int = 0  # those that are written down

    @property
    def things(self) -> Bag:
        """Return what there is besides gold, by place."""
        things = {(IN_THE_BAG, item, MADE) for item in self.bag}
        if self.ground:
            things.add((ON_THE_GROUND, self.ground, MADE))
        if self.gate:
            things.add((ON_THE_GROUND, TELEPORT.number, 1))
        return frozenset({*things, (ON_THE_BOARD, 0, self.posts), (IN_THE_BOOK, 0, self.orders)})

    @property
    def bare(self) -> Realm:
        """Return what is left of it by who takes away all that lies about."""
        return replace(self, ground=0, gate=self.leads)


Deed = tuple[Realm, tuple[int, int], ClientPacket]
"""What is then, where one has to stand for it, and the order."""


class Master(Orderer):
    """Makes, destroys, picks up and drops things, mints gold for itself, and puts up notices.

    Opens a teleport and closes it, and once it `cleans`, takes away what lies about in the world.
    """

    def __init__(self, connect: Connect) -> None:
        super().__init__(0, connect)
        self.name = MASTER
        self.realm = Realm()
        self.cleans = False

    def now(self) -> Shown:
        """Return what it has brought about."""
        return Shown(time.monotonic(), self.realm.gold, self.realm.things)

    async def act(self, but: Collection[str] = ()) -> None:
        """Do one thing that can be done now."""
        del but
        client = self.client
        assert client is not None
        self.realm, place, order = self.roll.choice([*self.deeds(client)])
        there = (client.x, client.y) == place
        aim = (said.LeftClick(*GATE),) if isinstance(order, GmTeleportDestroy) else ()
        await self.ask(*(() if there else (GmWarpChar("YO", BARRACKS, *place),)), *aim, order)

    def deeds(self, client: WatchedClient) -> Iterator[Deed]:
        """Go through what can be done now."""
        now, gold = self.realm, self.roll.randrange(HIGHEST_GOLD)
        noted = replace(now, orders=now.orders + 1)
        minted = GmEditChar("YO", int(Field.GOLD), str(gold), "")
        yield replace(noted, gold=gold), SOUTH_OF_IT, minted
        notice = said.ForumPost(0, title_of(now.posts + 1), "texto")
        yield replace(now, posts=now.posts + 1), SOUTH_OF_IT, notice
        if now.gate:
            yield replace(noted, gate=False, leads=False), SOUTH_OF_GATE, GmTeleportDestroy()
        else:
            opened = GmTeleportCreate(BARRACKS, *BEYOND, 0)
            yield replace(noted, gate=True, leads=True), SOUTH_OF_GATE, opened
        if self.cleans:
            yield noted.bare, SOUTH_OF_IT, GmCleanWorld()
        if now.ground:
            yield replace(noted, ground=0), BARE, GmDestroyItems()
            yield noted.bare, SOUTH_OF_IT, GmDestroyAllItemsInArea()
            yield replace(now, ground=0, bag=now.bag | {now.ground}), BARE, said.PickUp()
            return
        for thing in DECREED:
            if thing.number not in now.bag:
                yield replace(noted, ground=thing.number), SOUTH_OF_IT, GmCreateItem(thing.number)
        for slot, values in client.bag.items():
            if values[0] in now.bag:
                item = int(str(values[0]))
                dropped = replace(now, ground=item, bag=now.bag - {item})
                yield dropped, BARE, said.Drop(slot, MADE)


def title_of(number: int) -> str:
    """Return the title of a notice."""
    return f"aviso {number}"


def stored_realm(store: Repository, user_id: UserId) -> Realm:
    """Return what a store holds of it; each thing and each notice must be there once."""
    stats, bag = RedisKeys.player_stats(user_id), RedisKeys.player_inventory(user_id)
    read = store.read([stats, bag, GROUND, POSTS])
    decreed = {thing.number for thing in DECREED}
    places: dict[str, Counter[int]] = {bag: Counter(), GROUND: Counter()}
    for key, found in places.items():
        for (_, item), amount in held_in(key, read.get(key)).items():
            found[item] += amount * (item in decreed)
    everything = places[bag] + places[GROUND]
    assert set(everything.values()) <= {MADE}, everything
    lying = [item for item, amount in places[GROUND].items() if amount]
    assert len(lying) <= 1, lying
    marks = held_in(GROUND, read.get(GROUND)).get((of_map(BARRACKS), TELEPORT.number), 0)
    assert marks <= 1, marks
    return Realm(
        gold=int(read[stats]["gold"]),
        ground=lying[0] if lying else 0,
        bag=frozenset(item for item, amount in places[bag].items() if amount),
        posts=stored_posts(read.get(POSTS, {})),
        gate=bool(marks),
        orders=sum(is_noted(row) for row in store.audit_rows()),
    )


def is_noted(row: Mapping[str, str]) -> bool:
    """Tell whether a line of the audit is about an order itself, not about what it made."""
    return row.get("who") == f"gm:{MASTER}" and row.get("cause") in NOTED


def stored_posts(record: Mapping[str, str]) -> int:
    """Return how many notices were put up: each is there once, the newest first, none missing."""
    titles = [record[number].split("\t")[0] for number in sorted(record, key=int)]
    newest = int(titles[0].split()[1]) if titles else 0
    wanted = [title_of(number) for number in range(newest, max(newest - POSTS_MAX, 0), -1)]
    assert titles == wanted
    return newest


# --- recruits ------------------------------------------------------------------------------------


class Recruit(Orderer):
    """Enlists, and asks for one reward after another."""

    def __init__(self, number: int, connect: Connect) -> None:
        super().__init__(number, connect)
        self.name = recruit_name(number)
        self.gifts = 0  # the welcome, and one for each rank above it

    def now(self) -> Shown:
        """Return how much it was given; the armour itself is counted for all recruits together."""
        return Shown(time.monotonic(), self.gifts, frozenset())

    async def act(self, but: Collection[str] = ()) -> None:
        """Ask for what comes next, at some time."""
        del but
        await asyncio.sleep(self.roll.uniform(0.05, 0.5))
        if self.gifts <= RANK_MAX:
            wish = social.Reward() if self.gifts else social.Enlist()
            self.gifts += 1
            await self.ask(said.LeftClick(*NOBLE_AT), wish)


def stored_gifts(store: Repository, user_id: UserId) -> int:
    """Return how often an army has given something to somebody, by its rank."""
    key = RedisKeys.player(user_id, "flags")
    flags = store.read([key])[key]
    return int(flags["faction_rank"]) + 1 if flags["welcomed_royal"] == "1" else 0


# --- all of them ---------------------------------------------------------------------------------


class Barracks:
    """The game master and the recruits, of whom one plays at a time."""

    def __init__(self, connect: Connect, recruits: int) -> None:
        self.master = Master(connect)
        self.recruits = [Recruit(number, connect) for number in range(recruits)]
        self.names = {MASTER, *(recruit.name for recruit in self.recruits)}

    async def settle_in(self, repository: Repository) -> None:
        """Make the accounts, before any server runs."""
        makers = {one.name: partial(new_recruit, one.number) for one in self.recruits}
        await move_in(repository, {**makers, MASTER: partial(_stranger, MASTER)}, {MASTER: RANK})

    def begin(self, *, cleans: bool) -> list[Trader]:
        """Return who plays this time; the game master `cleans` or leaves the traders' things."""
        self.master.cleans = cleans
        for one in (self.master, *self.recruits):
            one.begin()
        waiting = [one for one in self.recruits if one.gifts <= RANK_MAX]
        return [self.master, *waiting[:1]]

    @property
    def gifts(self) -> int:
        """How many gifts were stored."""
        return sum(one.gifts for one in self.recruits)

    def check(
        self,
        store: Repository,
        accounts: Mapping[str, AccountRecord],
        ever: Mapping[int, int],
        killed: float,
    ) -> float:
        """Check that what is stored was so, all of one moment; return how old it is, in seconds.

        `ever` is what there is or was cleaned away, by item.
        """
        ids = {name: next(iter(accounts[name].characters)) for name in self.names}
        self.master.realm = stored_realm(store, ids[MASTER])
        for one in self.recruits:
            one.gifts = stored_gifts(store, ids[one.name])
        given = [armour_amounts(rank) for one in self.recruits for rank in range(one.gifts)]
        for place, suit in enumerate(SUITS):
            assert ever.get(suit.number, 0) == sum(amounts[place] for amounts in given)
        return max(one.age(killed) for one in (self.master, *self.recruits))
