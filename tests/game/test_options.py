from __future__ import annotations

from pathlib import Path

from tests.support.byte_client import ByteClient
from tests.support.running import Start, start_fixture
from tests.support.waiting import until
from tests.support.world import ManualClock

from pyao.config import RulesSettings
from pyao.game.options import options_of
from pyao.rules.leveling import CLASSIC
from pyao.rules.options import Options

__all__ = ["start_fixture"]

ATTACK, SWING = b"\x08", 39


def test_the_defaults_of_the_settings_are_those_of_the_rules() -> None:
    assert options_of(RulesSettings(), CLASSIC) == Options()


def test_every_setting_changes_an_option() -> None:
    plain = options_of(RulesSettings(), CLASSIC)
    for name, one in RulesSettings.model_fields.items():
        other: object = "creature"
        if isinstance(one.default, int):
            other = one.default + 1 if one.default > 1 else not one.default
        changed = RulesSettings.model_validate({name: other})
        assert options_of(changed, CLASSIC) != plain, name


async def swings(client: ByteClient, clock: ManualClock, every_ms: int) -> int:
    """Strike at the air four times; return how often that was heard."""
    heard = 0
    for _ in range(4):
        client.send(ATTACK)
        heard += sum(packet.id == SWING for packet in await client.settle())
        clock.advance(every_ms)
    return heard


async def test_a_changed_interval_counts_at_once(start: Start, tmp_path: Path) -> None:
    config = tmp_path / "config" / "main.yaml"
    config.parent.mkdir()
    config.write_text("rules:\n  swing_stamina: creature\n", "utf-8")
    clock = ManualClock()
    running = await start(clock=clock)
    ana = await running.newcomer("Ana")
    assert await swings(ana, clock, 750) == 2
    config.write_text(
        "rules:\n  swing_stamina: creature\n  hit_ms: 700\n  hit_after_cast_ms: 700\n", "utf-8"
    )
    await until(lambda: running.app.game.options.intervals.hit == 700)
    clock.advance(10_000)
    assert await swings(ana, clock, 750) == 4
