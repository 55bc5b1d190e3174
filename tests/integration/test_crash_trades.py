"""The server dies at any moment while value changes hands; nothing is lost or doubled.

In full: `PYAO_TEST_TRIALS=100 pytest tests/integration/test_crash_trades.py`; `PYAO_TEST_SEED`
repeats a run. An auditor reads the store alone, and then what each client was told.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

import pytest
from tests.support.byte_client import ServerClosedError
from tests.support.decrees import Barracks
from tests.support.server_process import ServerProcess
from tests.support.stores import StoreOptions
from tests.support.traders import (
    TRADERS,
    Trader,
    WatchedClient,
    bag_of,
    check_amounts,
    server_of_the_field,
    settle_in,
    trader_name,
)
from tests.support.waiting import Lateness

from pyao.accounts.hashing import PasswordHasher
from pyao.storage import Repository
from pyao.storage.crash_points import AFTER_COMMIT, BEFORE_COMMIT, EXIT_CODE, INSIDE_COMMIT
from pyao.storage.keys import RedisKeys
from pyao.storage.records import AccountRecord
from pyao.storage.stocktaking import Findings
from pyao.storage.verify import Verification, verify

log = logging.getLogger(__name__)

TRIALS = int(os.environ.get("PYAO_TEST_TRIALS", "3"))
SEED = int(os.environ.get("PYAO_TEST_SEED", "0")) or random.randrange(1, 1 << 32)
POINTS = (BEFORE_COMMIT, INSIDE_COMMIT, AFTER_COMMIT)
MOST_VISITS = 15
COVERING = 10  # trials after which everything has happened
PLAY_S = 2.0
POINT_S = 6.0  # how long the visits to a named point may take
PERIOD_S = 1.0
SLACK_S = 1.5
LATE_TOGETHER = 4  # on a busy machine the packets, the tick and the commit are late, one by one


class CrashTrials:
    """One world that is traded in, killed and audited again and again."""

    def __init__(self, server: ServerProcess, repository: Repository) -> None:
        self.server = server
        self.repository = repository
        self.roll = random.Random(SEED)
        self.traders = [Trader(number, self.connect) for number in range(TRADERS)]
        self.begun = 0
        self.at_points = 0
        self.oldest_s = 0.0
        self.lateness = Lateness()
        self.causes: Counter[str] = Counter()  # of the lines of the ledger
        self.levels: set[str] = set()
        self.guilds: set[str] = set()
        self.barracks = Barracks(self.connect, 2 + TRIALS // 3)
        self.actors: list[Trader] = []

    async def settle_in(self) -> None:
        """Make all accounts, before any server runs."""
        await settle_in(self.repository)
        await self.barracks.settle_in(self.repository)

    async def connect(self) -> WatchedClient:
        return await WatchedClient.connect(self.server.port)

    def kill(self) -> None:
        """End what a crash ends; once more does no harm."""
        self.server.kill()

    async def trial(self, number: int) -> None:
        """Play, die and audit once; every other time at a named point."""
        point = self.roll.choice(POINTS) if number % 2 else ""
        visits = self.roll.randint(1, MOST_VISITS)
        extra = {"PYAO_TESTING": "1", "PYAO_CRASH_AT": f"{point}:{visits}"} if point else {}
        self.server.env = {**self.server.env, "PYAO_CRASH_AT": "", **extra}
        # Not before the second half, for it leaves the traders ever less to trade with.
        cleans = 2 * self.begun >= TRIALS
        self.begun += 1
        self.actors = [*self.traders, *self.barracks.begin(cleans=cleans)]
        try:
            await asyncio.to_thread(self.server.start)
        except AssertionError:
            assert point, self.server.output()  # it died at the point before it listened
        else:
            await self.play(POINT_S if point else self.roll.uniform(0.4, PLAY_S))
        killed = time.monotonic()
        if self.server.process is not None and self.server.process.poll() == EXIT_CODE:
            self.at_points += 1
        self.kill()
        await asyncio.gather(*(actor.end() for actor in self.actors))
        await self.audit(killed)

    async def play(self, most_s: float) -> None:
        """Let everybody trade until the server dies, or its time is over."""
        for actor in self.actors:
            actor.roll.seed(self.roll.randrange(1 << 32))
        tasks = [asyncio.create_task(self._one(actor)) for actor in self.actors]
        async with self.lateness.measured():
            await asyncio.wait(tasks, timeout=most_s)
        code = None if self.server.process is None else self.server.process.poll()
        assert code in (None, EXIT_CODE), self.server.output()
        self.kill()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        broken = [one for one in done if isinstance(one, BaseException) and not _is_end(one)]
        assert not broken, broken

    async def _one(self, trader: Trader) -> None:
        await trader.enter()
        await trader.play()

    async def audit(self, killed: float) -> None:
        """Look at the store alone, then compare it with what everybody was told."""
        with closing(self.repository) as store:
            store.open()
            checked = verify(store)
            assert checked.sound, checked.problems
            self.causes = Counter(row.get("cause", "") for row in store.audit_rows())
            cleaned = cleaned_away(store.audit_rows())
            accounts = {
                record["name"]: AccountRecord.from_hash(key, record)
                for key, record in store.read(store.scan("account:")).items()
            }
            self.guilds.update(key.split(":")[1] for key in store.scan("guild:"))
            ever = Counter(checked.findings.held) + cleaned
            self.note_age("barracks", self.barracks.check(store, accounts, ever, killed))
            check_value(store, checked.findings, self.barracks.master.realm.gold, cleaned)
            self.check_names(checked, set(accounts))
            for trader in self.traders:
                await self.check_trader(store, trader, accounts[trader.name], killed)

    def check_names(self, checked: Verification, stored: set[str]) -> None:
        created = {name for trader in self.traders for name in trader.log.created}
        tried = {name for trader in self.traders for name in trader.log.tried}
        traders = {trader_name(number) for number in range(TRADERS)}
        assert created <= stored - traders - self.barracks.names <= tried
        assert checked.characters == checked.accounts

    async def check_trader(
        self, store: Repository, trader: Trader, account: AccountRecord, killed: float
    ) -> None:
        """Check that what is stored of a trader was so, and that what was confirmed is there."""
        hasher = PasswordHasher()
        fits = [one for one in trader.log.passwords if await hasher.verify(account.password, one)]
        await hasher.close()
        assert fits, f"{trader.name}: none of {trader.log.passwords}"
        trader.log.passwords[:] = fits
        user_id = next(iter(account.characters))
        keys = [RedisKeys.player_stats(user_id), RedisKeys.player_inventory(user_id)]
        stats, bag = (store.read(keys)[key] for key in keys)
        self.levels.add(stats["level"])
        if len(trader.log.shown) > trader.log.confirmed + 1:
            age_s = trader.log.age_of(int(stats["gold"]), bag_of(bag), killed)
            assert age_s is not None, f"{trader.name}: {stats['gold']} {bag} was never shown"
            self.note_age(trader.name, age_s)

    def note_age(self, whose: str, age_s: float) -> None:
        """Check that what is stored of somebody was not over for longer than a period."""
        limit_s = PERIOD_S + SLACK_S + LATE_TOGETHER * self.lateness.worst_s
        assert age_s <= limit_s, f"{whose}: {age_s:.2f} s old"
        self.oldest_s = max(self.oldest_s, age_s)


def cleaned_away(rows: Iterable[Mapping[str, str]]) -> Counter[int]:
    """Return how much of each item was cleaned away from the ground, by the lines that say so."""
    cleaned: Counter[int] = Counter()
    for row in rows:
        if row.get("cause") == "cleaned":
            cleaned[int(row["item"])] += int(row["amount"])
    return cleaned


def check_value(
    store: Repository,
    found: Findings,
    minted: int = 0,
    cleaned: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """Check that every coin and every thing exists exactly once, and that the ledger says so."""
    assert found.balanced, found
    assert found.unexplained == 0
    check_amounts(found, minted, cleaned)
    assert list(store.damage()) == []


def _is_end(error: BaseException) -> bool:
    return isinstance(error, OSError | TimeoutError | ServerClosedError)


@pytest.fixture
def crashing(tmp_path: Path, store: StoreOptions) -> Iterator[ServerProcess]:
    """Return a server on the traders' field."""
    server = server_of_the_field(tmp_path / "data", *store.options)
    yield server
    server.kill()


@pytest.mark.timeout(90 + 15 * TRIALS)
async def test_every_coin_and_item_exists_once_however_the_server_dies(
    crashing: ServerProcess, repository: Repository
) -> None:
    log.warning("PYAO_TEST_SEED=%d PYAO_TEST_TRIALS=%d", SEED, TRIALS)
    trials = CrashTrials(crashing, repository)
    await trials.settle_in()
    for number in range(TRIALS):
        try:
            await trials.trial(number)
        except AssertionError as error:
            raise AssertionError(f"seed {SEED}, trial {number}") from error
    log.warning(
        "%d trials, %d of them at named points, 0 violations, at most %.2f s old; levels %s; "
        "%d guilds; %d gifts of an army, %d notices; %s",
        TRIALS, trials.at_points, trials.oldest_s, sorted(trials.levels), len(trials.guilds),
        trials.barracks.gifts, trials.barracks.master.realm.posts, dict(trials.causes),
    )  # fmt: skip
    if TRIALS >= COVERING:
        assert len(trials.levels) > 1, "nobody grew"
        assert trials.guilds, "no guild was founded"
        wanted = {"created", "drop", "pick up", "death", "used", "deposit", "extract"}
        wanted |= {"buy", "sell", "used_up", "made", "trade"}
        wanted |= {"gm made", "gm destroyed", "gm mod", "faction", "laid"}
        wanted |= {"gm limpiar", "cleaned", "gm ct", "gm dt"}
        assert trials.barracks.master.realm.posts, "nothing was put up"
        assert trials.causes.keys() >= wanted
