"""Password hashing: parameters, the queue, giving up."""

from __future__ import annotations

import asyncio
import os
import sys
import threading

import pytest

from pyao.accounts.hashing import GIVE_WAY, HasherBusy, PasswordHasher, UnreadableHash


async def test_hashes_are_argon2id_with_the_documented_cost() -> None:
    hasher = PasswordHasher()
    stored = await hasher.hash("secret")
    assert stored.startswith("$argon2id$v=19$m=7168,t=5,p=1$")
    assert not hasher.outdated(stored)
    assert await hasher.verify(stored, "secret")
    assert not await hasher.verify(stored, "Secret")
    assert not await hasher.verify(None, "secret")
    await hasher.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has its own priority")
async def test_hashing_gives_way_to_the_game_on_a_core_they_share() -> None:
    hasher = PasswordHasher(time_cost=1, memory_kib=8)
    await hasher.hash("secret")
    numbers = {thread.name: thread.native_id for thread in threading.enumerate()}
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, numbers["pyao-hash_0"] or 0) == min(own + GIVE_WAY, 19)
    await hasher.close()


async def test_two_hashes_of_one_password_differ() -> None:
    hasher = PasswordHasher(time_cost=1, memory_kib=8)
    assert await hasher.hash("secret") != await hasher.hash("secret")
    await hasher.close()


async def test_a_full_queue_refuses_and_recovers() -> None:
    hasher = PasswordHasher(queue=2, time_cost=1, memory_kib=8)
    results = await asyncio.gather(
        *(hasher.hash("secret") for _ in range(5)), return_exceptions=True
    )
    assert [type(each) for each in results] == [str, str, HasherBusy, HasherBusy, HasherBusy]
    assert (hasher.hashes, hasher.refused) == (2, 3)
    assert await hasher.hash("secret")
    await hasher.close()


async def test_who_gives_up_keeps_a_place_until_the_work_is_done() -> None:
    hasher = PasswordHasher(queue=1)
    leaver = asyncio.create_task(hasher.hash("secret"))
    await asyncio.sleep(0)
    leaver.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaver
    await hasher.close()


# Of "secret", made by another library with the parameters of earlier versions, and with two lanes.
OTHERS = [
    "$argon2id$v=19$m=19456,t=2,p=1$UijlVe7P9j7h7smCsnANpw$0+1Y/MdSqFTdi8tcCXlf643bjcqLKx0RQSznTUI+nzA",
    "$argon2id$v=19$m=64,t=1,p=2$gZrcp1NrBWo0Obp5nHn+aQ$vgbx3+7jYAqCD9f7tMUKHb+1e3/NWMHivguV9frRytw",
]


@pytest.mark.parametrize("stored", OTHERS)
async def test_hashes_of_other_parameters_hold_until_they_are_renewed(stored: str) -> None:
    hasher = PasswordHasher()
    assert await hasher.verify(stored, "secret")
    assert not await hasher.verify(stored, "secret ")
    assert hasher.outdated(stored)
    await hasher.close()


@pytest.mark.parametrize(
    "stored",
    ["plain", "$argon2id$", "$2b$12$abc", f"$argon2id$v=19$m=8,t=1,p=1${'A' * 120}${'A' * 43}"],
)
async def test_what_is_no_hash_is_told(stored: str) -> None:
    hasher = PasswordHasher(time_cost=1, memory_kib=8)
    with pytest.raises(UnreadableHash):
        await hasher.verify(stored, "secret")
    await hasher.close()
