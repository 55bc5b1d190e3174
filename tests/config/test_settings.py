"""The tree itself: its defaults, and what does not fit together."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pyao.config import GameSettings, ServerSettings, Settings


def test_the_defaults_are_those_an_operator_is_promised() -> None:
    settings = Settings()
    assert settings.server.host == ["0.0.0.0"]
    assert settings.server.port == 7666
    assert settings.server.max_connections == 3000
    assert (settings.server.packet_rate, settings.server.packet_burst) == (40, 80)
    assert settings.storage.storage == "auto"
    assert settings.storage.snapshot_ms == 1000
    assert settings.game.dice_mode == "classic"
    assert str(settings.data_dir) == "data"


def test_settings_cannot_be_changed_behind_the_servers_back() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.server.port = 1


def test_a_certificate_without_its_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="tls_cert is set but tls_key is not"):
        ServerSettings.model_validate({"tls_cert": "cert.pem"})


def test_dice_that_cannot_be_thrown_are_refused() -> None:
    with pytest.raises(ValidationError, match="dice_min 9 is above dice_max 8"):
        GameSettings(dice_min=9, dice_max=8)


def test_flush_times_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="flush_min_ms 60 is above flush_max_ms 48"):
        ServerSettings(flush_min_ms=60)


def test_udp_needs_a_port() -> None:
    with pytest.raises(ValidationError, match="udp_port is not set"):
        ServerSettings(udp_enabled=True)
