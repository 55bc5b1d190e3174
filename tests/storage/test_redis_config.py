"""Where Redis is, and that its password is nobody's business."""

from __future__ import annotations

import pytest

from pyao.storage.redis_config import DEFAULT_SERVER_CONFIG, RedisConfig, RedisKeys, mask_url


def test_the_defaults_are_the_documented_ones() -> None:
    config = RedisConfig()
    assert (config.host, config.port, config.db) == ("localhost", 6379, 0)
    assert config.decode_responses
    assert config.socket_timeout == 0.5
    assert config.socket_connect_timeout == 0.5


def test_default_settings_are_under_their_keys() -> None:
    assert DEFAULT_SERVER_CONFIG == {
        RedisKeys.CONFIG_SERVER_HOST: "0.0.0.0",
        RedisKeys.CONFIG_SERVER_PORT: "7666",
        RedisKeys.CONFIG_SERVER_MAX_CONNECTIONS: "1000",
    }


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("redis://:geheim@host:1/0", "redis://***@host:1/0"),
        ("rediss://me:geheim@host", "rediss://***@host"),
        ("redis://me:ge@heim@host/2", "redis://***@host/2"),
        ("unix:///run/redis.sock?db=1&password=geheim", "unix:///run/redis.sock?db=1&password=***"),
        ("error at redis://:geheim@h:1/0 again", "error at redis://***@h:1/0 again"),
    ],
)
def test_credentials_never_show(url: str, shown: str) -> None:
    assert mask_url(url) == shown
