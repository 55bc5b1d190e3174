"""A world with many characters starts at once: nothing walks over all of them while players wait.

In full, with 10,000: `PYAO_TEST_FULL=1`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.integration.conftest import Connect
from tests.support.server_process import ServerProcess, run_command

from pyao.rules.character import Character, Section, Slot, UserId
from pyao.storage import Repository
from pyao.storage.keys import RedisKeys
from pyao.storage.records import sections
from pyao.storage.values import Value

log = logging.getLogger(__name__)

CHARACTERS = 10_000 if os.environ.get("PYAO_TEST_FULL") == "1" else 500


def people() -> Iterator[tuple[str, Value]]:
    """Yield the records of everybody, as the first layout of the store had them."""
    yield RedisKeys.WORLD_SCHEMA, "1"
    yield RedisKeys.WORLD_EPOCH, "1"
    yield RedisKeys.WORLD_COMMIT, "7"
    yield RedisKeys.WORLD_LAST_USER_ID, str(CHARACTERS)
    for number in range(1, CHARACTERS + 1):
        who = Character(
            user_id=UserId(number),
            name=f"Nadie {number}",
            account=f"Nadie {number}",
            race=1,
            gender=1,
            char_class=3,
            head=5,
            gold=number,
        )
        who.inventory[0] = Slot(460, 1)
        yield from sections(who, Section.everything()).items()
        yield RedisKeys.name(f"nadie {number}"), {"user_id": str(number), "account": who.account}


async def test_a_start_with_many_characters_brings_the_store_up_to_date_and_lets_players_in(
    server: ServerProcess, connect: Connect, repository: Repository, tmp_path: Path
) -> None:
    with closing(repository) as kept:
        (tmp_path / "data").mkdir(exist_ok=True)
        kept.open()
        kept.fill(people(), ())
    began = time.monotonic()
    await asyncio.to_thread(run_command, "--help", cwd=tmp_path)
    idle_s = time.monotonic() - began
    took: list[float] = []
    for _ in range(2):  # the first start also writes the balances of everybody
        began = time.monotonic()
        await asyncio.to_thread(server.start)
        took.append(time.monotonic() - began)
        ana = await connect()
        await (ana.enter("Ana") if took[1:] else ana.enter_new("Ana"))
        await ana.close()
        server.kill()
    log.warning(
        "%s, %d characters: accepting after %.1f s, after %.1f s when the store is upgraded on the "
        "way; a command that does nothing takes %.1f s here",
        repository.kind, CHARACTERS, took[1], took[0], idle_s,
    )  # fmt: skip
    with closing(repository) as kept:
        kept.open()
        found = kept.take_stock()
        assert found.balanced, found.differences[:3]
