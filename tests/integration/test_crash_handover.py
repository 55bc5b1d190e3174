"""What leaves a vault and goes from hand to hand is there once, whenever the server dies.

In full: `PYAO_TEST_TRIALS=100 pytest tests/integration/test_crash_handover.py`; `PYAO_TEST_SEED`
repeats a run. In each trial one player takes a thing out of its vault and hands it to the next,
who may hand it on; the last one logs out at once, and the server is killed around that moment.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections import Counter
from contextlib import closing
from itertools import pairwise

import pytest
from tests.integration.test_crash_trades import check_value, crashing
from tests.support.server_process import ServerProcess
from tests.support.traders import (
    BANK_OK,
    BANKER,
    FIRST_TOKEN,
    TOKENS_EACH,
    AckLog,
    WatchedClient,
    settle_in,
    trader_name,
)

from pyao.protocol import client_packets as said
from pyao.storage import Repository
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import held_in_all
from pyao.storage.verify import verify

__all__ = ["crashing"]

log = logging.getLogger(__name__)

TRIALS = int(os.environ.get("PYAO_TEST_TRIALS", "3"))
SEED = int(os.environ.get("PYAO_TEST_SEED", "0")) or random.randrange(1, 1 << 32)
MOST_S = 0.08
HANDS = (2, 3, 4)  # traders in reach of the banker and of each other
TOKEN = FIRST_TOKEN + HANDS[0] * TOKENS_EACH  # the first one's at the beginning
CONFIRM, OK = said.UserCommerceConfirm().encode(), said.UserCommerceOk().encode()
BANK_SLOT = 1


async def enter(port: int, number: int) -> WatchedClient:
    client = await WatchedClient.connect(port)
    client.watch(AckLog())
    await client.enter(trader_name(number))
    return client


def slot_of(client: WatchedClient, item: int) -> int:
    return next(slot for slot, (number, _) in client.slots.items() if number == item)


async def put_into_vault(client: WatchedClient, item: int) -> None:
    """Leave a thing at the bank, and wait until that is stored."""
    deposit = said.BankDeposit(slot_of(client, item), 1)
    client.send(said.DoubleClick(*BANKER).encode(), deposit.encode(), said.BankEnd().encode())
    await client.get(BANK_OK)


async def hand_over(giver: WatchedClient, taker: WatchedClient, item: int) -> None:
    """Give a thing away in a trade, for nothing."""
    giver.send(said.LeftClick(taker.x, taker.y).encode(), said.CommerceStart().encode())
    await giver.settle()
    taker.send(said.CommerceStart().encode(), CONFIRM)
    await taker.settle()
    giver.send(said.UserCommerceOffer(slot_of(giver, item), 1, 1).encode(), CONFIRM, OK)
    await giver.settle()
    taker.send(OK)
    await taker.settle()


def where(store: Repository) -> tuple[str, int]:
    """Return whether a player or its bank has the token, and which hand that is.

    Everything must be there once.
    """
    with closing(store):
        store.open()
        checked = verify(store)
        assert checked.sound, checked.problems
        check_value(store, checked.findings)
        parts = [(hand + 1, part) for hand in HANDS for part in ("inventory", "bank")]
        keys = [RedisKeys.player(user_id, part) for user_id, part in parts]
        held = held_in_all(dict(store.read(keys)))
    ((holder, _),) = (stake for stake in held if stake[1] == TOKEN)
    kind, _, user_id = holder.partition(":")
    return kind, int(user_id) - 1


async def trial(server: ServerProcess, order: list[int], delay_s: float) -> None:
    """Take the token out of the first one's vault and hand it down the line; then die."""
    hands = [await enter(server.port, number) for number in order]
    first, last = hands[0], hands[-1]
    if any(item == TOKEN for item, _ in first.slots.values()):
        await put_into_vault(first, TOKEN)
    extract = said.BankExtractItem(BANK_SLOT, 1)
    first.send(said.DoubleClick(*BANKER).encode(), extract.encode(), said.BankEnd().encode())
    await first.settle()
    for giver, taker in pairwise(hands):
        await hand_over(giver, taker, TOKEN)
    assert any(item == TOKEN for item, _ in last.slots.values())
    last.send(said.Quit().encode())
    await asyncio.sleep(delay_s)
    server.kill()
    for client in hands:
        await client.until_closed()
        await client.close()


@pytest.mark.timeout(90 + 15 * TRIALS)
async def test_what_goes_from_hand_to_hand_is_there_once(
    crashing: ServerProcess, repository: Repository
) -> None:
    log.warning("PYAO_TEST_SEED=%d PYAO_TEST_TRIALS=%d", SEED, TRIALS)
    crashing.env = {**crashing.env, "PYAO_LOGOUT_S": "0"}
    await settle_in(repository)
    roll = random.Random(SEED)
    ends: Counter[str] = Counter()
    holder = HANDS[0]
    for number in range(TRIALS):
        await asyncio.to_thread(crashing.start)
        others = [other for other in HANDS if other != holder]
        order = [holder, *roll.sample(others, roll.choice((1, 2)))]
        await trial(crashing, order, MOST_S * roll.random() ** 4)
        try:
            kind, holder = where(repository)
        except AssertionError as error:
            raise AssertionError(f"seed {SEED}, trial {number}") from error
        ends[f"{kind} of hand {order.index(holder) + 1} of {len(order)}"] += 1
    log.warning("%d trials, 0 violations; it was with %s", TRIALS, dict(ends))
