"""What a real server says of itself to a monitoring system while its store comes and goes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.byte_client import ByteClient
from tests.support.pages import fetch
from tests.support.redis_server import RedisServer
from tests.support.server_process import ServerProcess
from tests.support.stores import StoreOptions
from tests.support.waiting import until


async def test_a_store_that_is_gone_turns_readiness_red_and_back(
    tmp_path: Path, own_redis: RedisServer, redis_options: StoreOptions
) -> None:
    try:
        with ServerProcess(tmp_path / "data", *redis_options.options) as server:
            host, port = server.status["monitoring"]
            address = (str(host), int(port))
            await until(lambda: fetch(address, "/readyz")[0] == 200)
            client = await ByteClient.connect(server.port)
            await client.enter_new("Ana")
            own_redis.freeze()
            await until(lambda: fetch(address, "/readyz")[0] == 503)
            assert fetch(address, "/healthz")[0] == 200
            body = fetch(address, "/metrics")[1]
            assert re.search(r"^pyao_store_up 0", body, re.MULTILINE)
            own_redis.thaw()
            await until(lambda: fetch(address, "/readyz")[0] == 200)
            await client.close()
            assert server.stop() == 0
    finally:
        own_redis.thaw()
